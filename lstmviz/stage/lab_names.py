"""Names of the labs. Imports nothing, so that the command line can name them at once."""

LABS = ("race", "cell", "learn", "inspect", "map", "claims")  # their order in the switch bar, and Ctrl 1 to 6
EXISTING = ("race", "cell", "learn", "inspect", "map", "claims")  # those that can be opened; the others are not shown
