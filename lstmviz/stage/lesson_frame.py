"""What a lesson panel draws at one instant: the page, its question, the learner's prediction and its outcome.

Words used in this file
    block     a paragraph, formula, list or picture of a page, already parsed; views never see Markdown
    run       a stretch of text in one style
"""

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "strong", "emphasis", "code", "key", "math", "link"]


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text in one style; ``math`` runs hold TeX without dollar signs, ``key`` runs a key cap such as "PageDown"."""

    text: str
    style: Style = "plain"
    target: str = ""  # of a link


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, quotation, formula on a line of its own, code, table or picture."""

    kind: Literal["paragraph", "item", "quote", "formula", "code", "table", "picture"]
    runs: tuple[TextRun, ...] = ()
    tex: str = ""
    number: int = 0  # of an item in a numbered list; 0 is a bullet, -1 a further paragraph of the item before
    depth: int = 0  # of an item: 0 is the outer list
    path: str = ""  # of a picture, checked already
    alternative: str = ""
    rows: tuple[tuple[tuple[TextRun, ...], ...], ...] = ()  # of a table: the header first


@dataclass(frozen=True, slots=True)
class PredictFrame:
    """A question that asks for a commitment before something is revealed."""

    kind: Literal["curve", "choice", "number"]
    ask: tuple[TextRun, ...]
    cell: str  # of a curve: whose gradient is drawn
    points: tuple[tuple[float, float], ...]  # of a curve: (t, log10), from t = 1 to t = T, 7 of them; empty: not drawn
    point: int  # of a curve: the point that the arrow keys move
    options: tuple[str, ...]  # of a choice
    chosen: int | None
    number: str  # of a number: as typed
    readout: str  # "It ends at t = 1 near 10⁻⁴"
    ready: bool  # something was drawn, chosen or typed
    committed: bool
    skipped: bool
    outcome: tuple[tuple[str, str], ...]  # label and value: "You predicted", "10⁻⁴" ...
    value: str = ""  # the number alone: of a curve where it ends, of a number what was typed


@dataclass(frozen=True, slots=True)
class AskFrame:
    """A question about what was seen, answered by choosing; told as what happened, never as praise or blame."""

    ask: tuple[TextRun, ...]
    options: tuple[str, ...]
    chosen: int | None
    right: bool
    because: tuple[TextRun, ...]  # shown once something is chosen


@dataclass(frozen=True, slots=True)
class CheckFrame:
    """A task done with the controls, judged by live numbers."""

    ask: tuple[TextRun, ...]
    holds: bool
    now: str  # "now 0.0012, wanted 0.1 or more"
    hint: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A prepared state of a page, on a number key."""

    key: int
    label: str


@dataclass(frozen=True, slots=True)
class LessonFrame:
    """Everything the lesson panel and the presenter window draw."""

    title: str
    number: str  # "Lesson 2"
    minutes: int
    page: int  # from 0
    pages: int
    page_title: str
    before: tuple[Block, ...]  # always shown
    predict: PredictFrame | None
    after: tuple[Block, ...]  # shown once the prediction is committed or skipped; () before that
    asks: tuple[AskFrame, ...]
    check: CheckFrame | None
    can_back: bool
    can_next: bool
    reason: str  # why Next is off: "commit a prediction first"
    hides_gradient: bool  # a prediction is open: gradient tiles, curves and shares are not shown yet
    highlight: str  # part of the window the page names; "" none
    sandbox: bool  # the learner left the page to try things; "Back to page 3" is shown
    notes: tuple[Block, ...]
    what_ifs: tuple[WhatIf, ...]
    next_title: str
    shows_controls: bool  # the page names a control, so the control column stays
