"""What is on show: settings, playhead, training, lessons, undo. No Qt, no colours."""
