"""The lesson that is open, and its verbs; the lesson's own state is in ``lesson_player``."""

from typing import TYPE_CHECKING

from lstmviz.lab.comparison import Comparison
from lstmviz.stage.lesson_frame import LessonFrame
from lstmviz.stage.playback import Position

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage


class LessonDesk:
    """Opens lessons, turns pages and takes answers; a page makes the stage what it says."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage

    def frame(self, comparison: Comparison | None, position: Position) -> LessonFrame | None:
        """What the lesson panel draws; None when no lesson is open."""
        return None
