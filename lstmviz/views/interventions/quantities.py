"""What can be held, as hands see it: its range, its notch, its colour, and what a fresh clamp begins with."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = {"f": "forget", "i": "input", "o": "output", "g": "candidate", "c": "cell", "h": "hidden"}


@dataclass(frozen=True, slots=True)
class Range:
    """Where a held value lies, and what it is before it is moved."""

    low: float
    high: float
    notch: float
    start: float
    places: int = 2  # decimals


GATE = Range(0.0, 1.0, 0.01, 0.1)
STATE = Range(-1.0, 1.0, 0.01, 0.0)
CELL = Range(-10.0, 10.0, 0.05, 0.0)
INPUT = Range(-10.0, 10.0, 0.05, 0.0)
WEIGHT = Range(-10.0, 10.0, 0.05, 0.0, 4)
FIRST = {"rnn": "h", "lstm": "f", "gru": "z"}  # what a drag over a lane holds


def range_of(quantity: str) -> Range:
    """The range of a gate, candidate or state."""
    if quantity in ("f", "i", "o", "r", "z"):
        return GATE
    return CELL if quantity == "c" else STATE
