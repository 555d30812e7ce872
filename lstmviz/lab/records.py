"""Records: what is known of one network in training, update by update and test by test.

Words used in this file
    test      500 sequences that no update was made on; the same ones at every test
    best      the update after which the loss on the validation sequences was lowest
    patience  tests without a new best after which a network stops
"""

import math

from lstmviz.lab.learner import Examination, Report
from lstmviz.lab.series import GrowingHeatMap, Series


class Record:
    """What all updates and tests of one network found. It only grows; an earlier part of it is a record of its own.

    Parameters
    ----------
    timesteps : int
        T.
    patience : int
        Tests without a lower validation loss after which the network stops; 0 for never.
    """

    def __init__(self, timesteps: int, patience: int = 0) -> None:
        self.loss, self.norm, self.clipped_norm = Series(), Series(), Series()
        self.heat = GrowingHeatMap(timesteps)
        self.log10_share = math.nan  # of the gradient that arrives at t = 1, before training
        self.examinations: tuple[Examination, ...] = ()
        self.best_at: int | None = None
        self.stopped_at: int | None = None
        self._patience, self._best_loss, self._waited = patience, math.inf, 0

    @property
    def solved_at(self) -> int | None:
        """The update of the first test that met the task's criterion."""
        return next((found.update for found in self.examinations if found.solved), None)

    def add(self, report: Report) -> None:
        """Take in one update."""
        if not len(self.loss):
            self.log10_share = report.log10_share
        self.loss.append(report.loss)
        self.norm.append(report.norm)
        self.clipped_norm.append(report.clipped_norm)
        self.heat.append(report.log10_h)

    def examine(self, found: Examination) -> bool:
        """Take in one test, and say whether it is the best so far; the network may have to stop at it."""
        self.examinations += (found,)
        if not self._patience:
            return False
        if found.validation_loss < self._best_loss:
            self._best_loss, self.best_at, self._waited = found.validation_loss, found.update, 0
            return True
        self._waited += 1
        if self._waited >= self._patience:
            self.stopped_at = found.update
        return False

    def up_to(self, update: int) -> "Record":
        """A record of its own, of the first updates; its heat map may miss the last of them, see there."""
        fresh = Record(1, self._patience)
        fresh.loss, fresh.norm, fresh.clipped_norm = (
            series.up_to(min(update, len(series))) for series in (self.loss, self.norm, self.clipped_norm)
        )
        fresh.heat = self.heat.up_to(update)
        fresh.log10_share = self.log10_share
        for found in self.examinations:
            if found.update <= update:
                fresh.examine(found)
        return fresh
