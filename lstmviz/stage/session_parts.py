"""What a session file holds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lstmviz.lab.opened import Opened
from lstmviz.lab.settings import Settings
from lstmviz.stage.intervention_desk import NO_HANDS, Hands
from lstmviz.stage.labs import Picked
from lstmviz.stage.playback import Position
from lstmviz.stage.session_files import Data
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
    opened: Opened | None = None
    data: Data | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # of the labs, see ``lab_options``
    bets: Mapping[str, bool] = field(default_factory=dict)
