"""What a session file holds, as values."""

from __future__ import annotations

from dataclasses import dataclass

from lstmviz.lab.settings import Settings
from lstmviz.stage.intervention_desk import NO_HANDS, Hands
from lstmviz.stage.labs import Picked
from lstmviz.stage.playback import Position
from lstmviz.stage.trained import Trained

SUFFIX = ".lstmviz"
SCHEMA = "lstmviz.session/2"
SCHEMAS = ("lstmviz.session/1", SCHEMA)  # files of the first one still open
MOST_UPDATES = 100_000
MOST_RECIPES = 10_000
CELLS = ("rnn", "lstm", "gru")


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that a session file holds."""

    settings: Settings
    position: Position
    level: str
    lab: str
    picked: Picked
    training: Trained | None = None
    goal: int = 300
    hands: Hands = NO_HANDS
