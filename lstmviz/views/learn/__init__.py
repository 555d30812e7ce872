"""Parts of the Learn lab: losses, heat maps of the gradient, bet, seeds, other gaps."""
