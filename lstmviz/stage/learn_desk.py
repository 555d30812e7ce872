"""The Learn lab on the stage: hands out what the training desk knows around a training, and runs other starts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lstmviz.stage.frame import Frame
from lstmviz.stage.jobs import Result
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.learn_starts import Starts, shown_rows

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage


class LearnDesk:
    """Bets, seeds and other gaps come from the training desk; other starts are run here."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.starts = Starts(stage)
        self._part: tuple[tuple[object, ...], LearnFrame] | None = None

    @property
    def working(self) -> bool:
        """Whether the shares before training are still being computed."""
        desk = self._stage.desk
        return bool(self._stage.settings.cells) and not desk.trained and not desk.learning.shares

    def part(self, shown: Frame) -> LearnFrame:
        """Bets, seeds, other gaps and other starts; the same object until something changes."""
        learn, starts = self._stage.desk.learn_frame(shown.settings), self.starts.shown()
        now = (learn, starts, shown.settings, shown.opened)
        if self._part is None or now != self._part[0]:
            self._part = now, replace(learn, shown=shown_rows(shown.settings, learn, shown.opened), starts=starts)
        return self._part[1]

    def take(self, result: Result) -> None:
        """Keep what other starts gave; the training desk takes its own results itself."""
        if result.kind == "learn starts":
            self.starts.take(result)
