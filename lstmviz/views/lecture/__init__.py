"""The lecture: one picture for the room, and a window for who presents."""
