"""A lecture: what the room sees of the stage, the presenter's clock, and the verbs of a clicker. No Qt.

The audience and the presenter see the same frame as the desk; a lecture adds only what no desk needs: black or not, the
time, and the page to come back to.

Words used in this file
    clicker   a presenter's remote: it sends next, previous, black, start and leave, and on some of them arrows
    stop      without a lesson, a place of the walk that Next and Previous go to
    black     the projector shows nothing; the stage goes on
    strip     a narrow column of notes on the projector, for a lecture with one screen
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psygnal import Signal

from lstmviz.stage.lesson_frame import LessonFrame

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

SMALLEST_NOTES, LARGEST_NOTES = 15, 28


@dataclass(frozen=True, slots=True)
class LectureState:
    """All that a lecture adds to the stage; a new one is made whenever something changes."""

    running: bool = False
    blank: bool = False
    elapsed: int = 0  # whole seconds, without the time spent at the desk
    minutes: int = 0  # planned; 0 when no lesson is open
    lesson: str = ""  # file of what was last lectured on; "" is the stage without a lesson
    page: int | None = None  # where the lecture was left, from 0
    arrows: bool = False  # the clicker sends arrows: they turn pages
    strip: bool = False
    swapped: bool = False  # audience and presenter have changed screens
    notes_px: int = SMALLEST_NOTES


class Lecture:
    """Runs, blacks out and leaves a lecture, and turns what a clicker sends into verbs of the stage.

    ``changed`` is emitted with the new ``LectureState`` whenever it changes, so once a second while a lecture runs.
    """

    changed = Signal(object)

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self.state = LectureState()
        self._second = 0.0  # the part of a second that ``elapsed`` leaves out

    def tick(self, dt: float) -> None:
        """Advance the presenter's clock by ``dt`` seconds."""
        if self.state.running:
            whole, self._second = divmod(self._second + dt, 1.0)
            self._set(elapsed=self.state.elapsed + int(whole))

    # -- beginning and end -------------------------------------------------------------------------------------

    def start(self, from_page: bool = False) -> None:
        """Begin a lecture, or go on with the one that was left; in a lecture it does nothing.

        A remote's one button sends start and leave in turn; out of step, start must never leave.

        Parameters
        ----------
        from_page : bool
            True: begin on the page that is open. False: on the page where this lesson's lecture was left, and on the
            first page of a lesson that was not lectured on yet.
        """
        if self.state.running:
            return
        lesson = self._lesson()
        opened = self._stage.lesson.lesson
        name = "" if opened is None else opened.file
        known = name == self.state.lesson and self.state.page is not None
        if not known:
            self.restart_clock()
        if lesson is not None and not from_page:
            self._open(lesson, (self.state.page or 0) if known else 0)
        page = 0 if lesson is None else lesson.page
        minutes = 0 if lesson is None else lesson.minutes
        self._set(running=True, blank=False, lesson=name, page=page, minutes=minutes)

    def leave(self) -> None:
        """Back to the desk; the stage stays as it is, and the page is kept for the next ``start``."""
        if not self.state.running:
            return
        lesson = self._lesson()
        self._set(running=False, blank=False, page=0 if lesson is None else lesson.page)

    # -- pages, or the stops of the walk -----------------------------------------------------------------------

    def next(self) -> None:
        """The next prepared event: reveal what the page asks about, else the next page; without a lesson, a stop."""
        lesson = self._lesson()
        if lesson is None:
            self._walk(1)
        elif _asks(lesson):
            self._stage.lesson.skip()
        elif lesson.page + 1 < lesson.pages:
            self._stage.lesson.go(lesson.page + 1)  # not lesson.next(): an unanswered check must not hold up a room

    def previous(self) -> None:
        """The page before; without a lesson, the stop before."""
        lesson = self._lesson()
        if lesson is None:
            self._walk(-1)
        elif lesson.page > 0:
            self._stage.lesson.go(lesson.page - 1)

    def skip(self) -> None:
        """Reveal what the page asks about without a prediction."""
        lesson = self._lesson()
        if lesson is not None and _asks(lesson):
            self._stage.lesson.skip()

    def what_if(self, key: int) -> None:
        """A prepared state of the page at once, 1 to 9; 0 is the page's own."""
        lesson = self._lesson()
        if lesson is not None and (key == 0 or any(prepared.key == key for prepared in lesson.what_ifs)):
            self._stage.lesson.what_if(key)

    # -- what the room and the presenter see -------------------------------------------------------------------

    def black(self) -> None:
        """Show the room nothing."""
        self._set(blank=True)

    def wake(self) -> bool:
        """Return from black; True when it was black, so that the key that woke it does nothing else."""
        was = self.state.blank
        self._set(blank=False)
        return was

    def swap_screens(self) -> None:
        """Audience and presenter change screens; remembered for the next lecture."""
        self._set(swapped=not self.state.swapped)

    def toggle_strip(self) -> None:
        """Show or hide the notes on the projector, where there is only one screen."""
        self._set(strip=not self.state.strip)

    def larger_notes(self) -> None:
        """Notes one pixel larger, up to 28."""
        self._set(notes_px=min(self.state.notes_px + 1, LARGEST_NOTES))

    def smaller_notes(self) -> None:
        """Notes one pixel smaller, down to 15."""
        self._set(notes_px=max(self.state.notes_px - 1, SMALLEST_NOTES))

    def use_arrows(self, arrows: bool) -> None:
        """Whether the clicker sends arrows, which then turn pages."""
        self._set(arrows=arrows)

    def restart_clock(self) -> None:
        """Count from zero again."""
        self._second = 0.0
        self._set(elapsed=0)

    # -- inside ------------------------------------------------------------------------------------------------

    def _lesson(self) -> LessonFrame | None:
        # asked afresh, since two presses of a clicker may come between two ticks
        return self._stage.lesson.frame(self._stage.frame.comparison, self._stage.playback.position)

    def _open(self, lesson: LessonFrame, page: int) -> None:
        page = min(page, lesson.pages - 1)
        if lesson.page != page or lesson.sandbox:
            self._stage.lesson.go(page)

    def _walk(self, direction: int) -> None:
        """To the next stop: start, forward pass done, loss, backward pass done; at level Update, first or last."""
        stage = self._stage
        if stage.playback.level == "update":
            stage.last() if direction > 0 else stage.first()
            return
        last, here = stage.playback.timesteps, stage.playback.place
        stops = (0, last - 1, last, 2 * last)
        ahead = [stop for stop in stops if (stop - here) * direction > 0]
        stage.playback.pause()
        if ahead:
            stage.seek(min(ahead) if direction > 0 else max(ahead))

    def _set(self, **changes: object) -> None:
        fresh = replace(self.state, **changes)  # type: ignore[arg-type]
        if fresh != self.state:
            self.state = fresh
            self.changed.emit(fresh)


def _asks(lesson: LessonFrame) -> bool:
    """Whether the page waits for a prediction."""
    predict = lesson.predict
    return predict is not None and not predict.committed and not predict.skipped
