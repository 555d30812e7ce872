"""What the numbers mean: networks, tasks, traces, gradient flow, training, comparison."""
