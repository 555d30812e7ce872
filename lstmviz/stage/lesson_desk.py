"""The lesson that is open, and its verbs; the lesson's own state is in ``lesson_player``.

Words used in this file
    place   page and answers of a lesson; a closed lesson keeps its place
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lstmviz.lab.comparison import Comparison
from lstmviz.stage.intervention_desk import NO_HANDS
from lstmviz.stage.lesson_frame import LessonFrame
from lstmviz.stage.lesson_parts import Lesson, State
from lstmviz.stage.lesson_player import LessonPlayer
from lstmviz.stage.lesson_progress import LessonProgress, Reached
from lstmviz.stage.lesson_resolve import resolve_lesson
from lstmviz.stage.playback import Position

if TYPE_CHECKING:
    from lstmviz.stage.stage import Situation, Stage


class LessonDesk:
    """Opens lessons, turns pages and takes answers; a page makes the stage what it says.

    Parameters
    ----------
    stage : Stage
        Whose verbs ``enter_page`` and ``reveal`` the pages use.
    """

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self._player: LessonPlayer | None = None
        self._places: dict[str, LessonPlayer] = {}  # by file
        self._latest = ""  # file of the lesson opened last
        self._progress: LessonProgress | None = None
        self._left: Situation | None = None  # what the stage was when the learner went to the sandbox
        self._comparison: Comparison | None = None
        self._frame: LessonFrame | None = None
        self._drawn_from = (0, 0, 0)

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is open, or None."""
        return self._player.lesson if self._player else None

    # -- open and close ----------------------------------------------------------------------------------------

    def open(self, lesson: Lesson, page: int = 0) -> None:
        """Open a lesson at a page, from 0; answers given before are kept."""
        player = self._places.get(lesson.file)
        if player is None or player.lesson != lesson:
            player = self._places[lesson.file] = LessonPlayer(lesson)
        self._player, self._latest = player, lesson.file
        self.go(page)

    def resume(self, lesson: Lesson) -> None:
        """Open a lesson where it was left, in this run of the program or before; else at its first page."""
        player, reached = self._places.get(lesson.file), self.reached(lesson.file)
        self.open(lesson, player.index if player else reached.page if reached else 0)

    def close(self) -> None:
        """Put the lesson away; it keeps its place, and the stage stays as it is."""
        self._player, self._left = None, None
        if self._progress is not None:
            self._progress.save()

    def keep_progress(self, path: Path) -> None:
        """Keep the pages reached, and nothing else, in a file from now on; without this call nothing is kept."""
        self._progress = LessonProgress(path)

    def reached(self, file: str) -> Reached | None:
        """How far the learner came in a lesson; None when it was never opened, or nothing is kept."""
        return self._progress.of(file) if self._progress else None

    def toggle(self) -> bool:
        """Close the open lesson, or open the one closed last; False when there is none."""
        if self._player is not None:
            self.close()
        elif self._latest:
            self.resume(self._places[self._latest].lesson)
        return self._player is not None

    # -- pages -------------------------------------------------------------------------------------------------

    def next(self) -> None:
        """The next page, when it may be opened."""
        if self._player is not None and self._player.can_next:
            self.go(self._player.index + 1)

    def back(self) -> None:
        """The page before."""
        if self._player is not None and self._player.index > 0:
            self.go(self._player.index - 1)

    def go(self, page: int) -> None:
        """Open a page, from 0; the stage becomes what the page says."""
        if self._player is not None:
            self._player.go(page)
            self._left = None
            self._enter(self._player.state)
            if self._progress is not None:
                lesson = self._player.lesson
                self._progress.note(lesson.file, self._player.index, len(lesson.pages))

    def what_if(self, key: int) -> None:
        """A prepared state of the page, 1 to 9; 0 is the page itself."""
        if self._player is None:
            return
        for prepared in self._player.page.prepared:
            if prepared.key == key:
                self._enter(prepared.state)
        if key == 0:
            self._enter(self._player.state)

    def to_sandbox(self) -> None:
        """Leave the page to try anything; ``to_page`` comes back to the same state."""
        if self._player is not None and not self._player.sandbox:
            self._left = self._stage.situation()
            self._player.set_sandbox(True)

    def to_page(self) -> None:
        """Back from the sandbox."""
        if self._player is not None and self._player.sandbox:
            if self._left is not None:
                self._stage.enter_page(self._left)
            self._left = None
            self._player.set_sandbox(False)

    def _enter(self, state: State) -> None:
        now = replace(self._stage.situation(), tile=None, hands=NO_HANDS)
        self._stage.enter_page(
            replace(now, settings=state.settings, position=state.position, level=state.level, lab=state.lab)
        )

    # -- predictions -------------------------------------------------------------------------------------------

    def draw(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw the prediction: pairs (t, log10) of a stroke, so far or whole, in any order."""
        if self._player is not None and self._comparison is not None:
            end, floor = self._ends()
            if end is not None:
                self._player.draw(points, self._comparison.settings.timesteps(), end, floor)

    def choose_point(self, delta: int) -> None:
        """Choose the point that ``move_point`` moves: ``delta`` points to the right."""
        if self._player is not None:
            self._player.choose_point(delta)

    def move_point(self, delta_log10: float) -> None:
        """Move the chosen point up (positive) or down by powers of ten."""
        if self._player is not None:
            end, floor = self._ends()
            if end is not None:
                self._player.move_point(delta_log10, end, floor)

    def clear(self) -> None:
        """Throw away a prediction that is not committed yet."""
        if self._player is not None:
            self._player.clear()

    def type_number(self, text: str) -> None:
        """Type a predicted number."""
        if self._player is not None:
            self._player.type_number(text)

    def choose(self, question: int, option: int) -> None:
        """Choose an option: of the prediction (``question`` -1), or of question 0, 1, ... about what was seen."""
        if self._player is None:
            return
        if question < 0:
            self._player.choose(option)
        else:
            self._player.answer_ask(question, option)

    def commit(self) -> None:
        """Lock the prediction and run the backward sweep."""
        self._settle(skipped=False)

    def skip(self) -> None:
        """Reveal without a prediction."""
        self._settle(skipped=True)

    def _settle(self, skipped: bool) -> None:
        player = self._player
        if player is None or not player.settle(skipped):
            return
        self.to_page()
        page = player.page
        if self._stage.settings != page.state.settings or self._stage.interventions:
            self._enter(page.state)
        if page.predict is not None and page.predict.hides_gradient:
            self._stage.reveal()

    def _ends(self) -> tuple[float | None, float]:
        """The highest log10 of a predicted curve, where the true one starts, and the lowest that is drawn."""
        predict = self._player.predict if self._player else None
        racer = self._comparison.racer(predict.cell) if predict and self._comparison else None
        if racer is None:
            return None, 0.0
        end = float(racer.trace.flow.log10_h[-1])
        return (end, float(self._stage.frame.axis.floor)) if math.isfinite(end) else (None, 0.0)

    # -- what is drawn -----------------------------------------------------------------------------------------

    def frame(self, comparison: Comparison | None, position: Position) -> LessonFrame | None:
        """What the lesson panel draws; None when no lesson is open. The same object until something changes.

        Parameters
        ----------
        comparison : Comparison or None
            What the window shows.
        position : Position
            Of the playhead: a reveal is over when it arrives at t = 1.
        """
        self._comparison = comparison
        if self._player is None:
            return None
        self._player.look(comparison, position)
        now = (id(self._player), self._player.changes, id(comparison))  # both are kept alive by this desk
        if self._frame is None or now != self._drawn_from:
            self._drawn_from = now
            self._frame = resolve_lesson(self._player, comparison, self._ends()[0])
        return self._frame
