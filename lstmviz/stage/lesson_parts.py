"""A lesson as frozen values: what the reader makes of a Markdown file and the player plays. No code, no Markdown.

Words used in this file
    state     everything a page makes of the stage: absolute, never a difference to the page before
    prepared  a state on a number key, for "what if"
"""

import math
from dataclasses import dataclass
from typing import Literal

from lstmviz.lab.settings import Settings
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.stage.playback import Position

Runs = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What a page makes of the stage."""

    settings: Settings
    position: Position
    level: str
    highlight: str  # one of ``lesson_rules.HIGHLIGHTS``; "" none
    lab: str = "race"  # one of ``lab_names.EXISTING``


@dataclass(frozen=True, slots=True)
class Condition:
    """A named quantity between two numbers, ends included."""

    quantity: str
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, slots=True)
class Predict:
    """A question that is answered before something is shown."""

    kind: Literal["curve", "choice", "number"]
    ask: Runs
    hides_gradient: bool
    cell: str = ""  # of a curve: whose gradient
    options: tuple[str, ...] = ()  # of a choice
    answer: int = 0  # of a choice: index of what happens
    quantity: str = ""  # of a number


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question about what was seen."""

    text: str
    right: bool
    because: Runs


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about what was seen."""

    ask: Runs
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A task for the controls, judged by live numbers."""

    ask: Runs
    holds: Condition
    hint: Runs


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prepared state of a page."""

    key: int  # 1 to 9
    label: str
    state: State


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its text, its questions, and what the stage is while it is open."""

    title: str
    line: int  # of its heading, in the file
    state: State
    before: tuple[Block, ...]
    after: tuple[Block, ...]  # what stands under the prediction
    predict: Predict | None
    asks: tuple[Ask, ...]
    check: Check | None
    notes: tuple[Block, ...]
    prepared: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A whole lesson; reading it has checked everything that can go wrong while it is played."""

    file: str  # as named by the user
    title: str
    number: int  # from the file's name, 0 when it has none
    minutes: int
    needs: tuple[str, ...]
    pages: tuple[Page, ...]
