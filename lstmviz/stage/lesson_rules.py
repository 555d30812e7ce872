"""What the TOML blocks of a lesson may say; every table is checked key by key, and refused in one line."""

HIGHLIGHTS = (
    "gap",
    "input",
    "activations",
    "gradient",
    "plot",
    "bound",
    "headline",
    "transport",
    "task",
    "networks",
    "forget bias",
    "initialisation",
    "gain",
    "seed",
    "training",
)
CONTROLS = frozenset({"task", "networks", "forget bias", "initialisation", "gain", "seed", "training"})
