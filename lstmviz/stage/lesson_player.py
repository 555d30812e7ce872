"""The state of one lesson: which page, what was predicted, what was answered. It knows no stage and no window.

Words used in this file
    answer     what the learner did on one page; kept while pages are turned
    committed  the prediction is locked; skipped: the learner went on without one; settled: one of the two
    revealed   the backward sweep has reached t = 1 since then, so the outcome can be told
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lstmviz.lab.comparison import Comparison
from lstmviz.stage.lesson_parts import Lesson, Page, Predict, State
from lstmviz.stage.playback import Position
from lstmviz.stage.prediction import LAST, POINTS, Curve
from lstmviz.stage.quantities import QUANTITIES
from lstmviz.stage.typed_number import LONGEST, typed_number

FURTHEST = Position("backward", 1)  # where a reveal ends


@dataclass
class Answer:
    """What the learner did on one page."""

    curve: Curve = field(default_factory=Curve)
    point: int = 0  # the one that the arrow keys move
    chosen: int | None = None
    number: str = ""
    committed: bool = False
    skipped: bool = False
    revealed: bool = False
    actual: float | None = None  # what happened, on the scale of the quantity; None until it is known
    asks: dict[int, int] = field(default_factory=dict)  # question -> option

    @property
    def settled(self) -> bool:
        """Whether the prediction was committed or skipped."""
        return self.committed or self.skipped


class LessonPlayer:
    """One lesson being played.

    Parameters
    ----------
    lesson : Lesson
        What is played.
    page : int
        Where to begin, from 0; beyond the end counts as the last page.
    """

    def __init__(self, lesson: Lesson, page: int = 0) -> None:
        self.lesson = lesson
        self.index = 0
        self.sandbox = False
        self.changes = 0  # counts up with every change, so that nobody need compare
        self._answers: dict[int, Answer] = {}
        self.go(page)

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.lesson.pages[self.index]

    @property
    def predict(self) -> Predict | None:
        """The prediction of the page that is open."""
        return self.page.predict

    @property
    def answer(self) -> Answer:
        """What was done on the page that is open."""
        return self._answers.setdefault(self.index, Answer())

    @property
    def waits(self) -> bool:
        """Whether the page still asks for a commitment."""
        return self.predict is not None and not self.answer.settled

    @property
    def can_next(self) -> bool:
        """Whether the next page may be opened."""
        return self.index + 1 < len(self.lesson.pages) and not self.waits

    @property
    def state(self) -> State:
        """What the stage is while this page is open; a page whose sweep was revealed stays revealed."""
        state = self.page.state
        if self.predict is not None and self.predict.hides_gradient and self.answer.settled:
            return replace(state, position=FURTHEST)
        return state

    @property
    def ready(self) -> bool:
        """Whether there is something to commit."""
        kind = self.predict.kind if self.predict else ""
        answer = self.answer
        return (
            (kind == "curve" and not answer.curve.empty)
            or (kind == "choice" and answer.chosen is not None)
            or (kind == "number" and typed_number(answer.number) is not None)
        )

    # -- pages -------------------------------------------------------------------------------------------------

    def go(self, page: int) -> None:
        """Open a page; outside the lesson counts as the nearer end."""
        self.index = max(0, min(page, len(self.lesson.pages) - 1))
        self.sandbox = False
        self.changes += 1

    def set_sandbox(self, sandbox: bool) -> None:
        """Leave the page to try things, or come back to it."""
        self.sandbox = sandbox
        self.changes += 1

    # -- predictions -------------------------------------------------------------------------------------------

    def draw(self, stroke: Sequence[tuple[float, float]], timesteps: int, end: float, floor: float) -> None:
        """Draw on the prediction; see ``Curve.drawn``."""
        if self._open("curve"):
            self.answer.curve = self.answer.curve.drawn(stroke, timesteps, end, floor)
            self.changes += 1

    def choose_point(self, delta: int) -> None:
        """Choose another point of the curve; the one at t = T is not the learner's."""
        if self._open("curve"):
            self.answer.point = max(0, min(self.answer.point + delta, LAST - 1))
            self.changes += 1

    def move_point(self, delta: float, end: float, floor: float) -> None:
        """Move the chosen point by ``delta`` powers of ten."""
        if self._open("curve"):
            self.answer.curve = self.answer.curve.moved(self.answer.point, delta, end, floor)
            self.changes += 1

    def choose(self, option: int) -> None:
        """Choose an option of the prediction."""
        if self._open("choice") and self.predict is not None and 0 <= option < len(self.predict.options):
            self.answer.chosen = option
            self.changes += 1

    def type_number(self, text: str) -> None:
        """Type the prediction, as far as it is typed; whether it is a number shows in ``ready``."""
        if self._open("number"):
            self.answer.number = text[:LONGEST]
            self.changes += 1

    def clear(self) -> None:
        """Throw the prediction away, as long as it is not committed."""
        if self.waits:
            fresh = Answer(asks=self.answer.asks)
            self._answers[self.index] = fresh
            self.changes += 1

    def settle(self, skipped: bool = False) -> bool:
        """Lock the prediction, or go on without one; False when there is nothing to lock."""
        if not self.waits or not (skipped or self.ready):
            return False
        self.answer.skipped, self.answer.committed = skipped, not skipped
        self.changes += 1
        return True

    def _open(self, kind: str) -> bool:
        return self.waits and self.predict is not None and self.predict.kind == kind

    # -- questions ---------------------------------------------------------------------------------------------

    def answer_ask(self, question: int, option: int) -> None:
        """Answer a question about what was seen; another option may be chosen afterwards."""
        asks = self.page.asks
        if 0 <= question < len(asks) and 0 <= option < len(asks[question].options):
            self.answer.asks[question] = option
            self.changes += 1

    # -- what the stage shows ----------------------------------------------------------------------------------

    def look(self, comparison: Comparison | None, position: Position) -> None:
        """Notice that a reveal has run its course, and keep what happened at the page's own settings."""
        if self.predict is None or not self.answer.settled:
            return
        answer = self.answer
        if not answer.revealed and (position == FURTHEST or not self.predict.hides_gradient):
            answer.revealed = True
            self.changes += 1
        if answer.revealed and answer.actual is None and comparison is not None:
            answer.actual = self._happened(comparison)
            self.changes += answer.actual is not None

    def _happened(self, comparison: Comparison) -> float | None:
        if self.predict is None or comparison.settings != self.page.state.settings:
            return None
        if comparison.update or comparison.interventions:
            return None
        if self.predict.kind == "choice":
            return float(self.predict.answer)
        name = f"{self.predict.cell}.gradient_start" if self.predict.kind == "curve" else self.predict.quantity
        value = QUANTITIES[name].read(comparison)
        return math.nan if value is None else value


__all__ = ["FURTHEST", "POINTS", "Answer", "LessonPlayer"]
