"""Records: what is known of one network in training, update by update and test by test.

Words used in this file
    test      500 sequences that no update was made on; the same ones at every test
    best      the update after which the loss on the validation sequences was lowest
    patience  tests without a new best after which a network stops
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.examiner import Examination
from lstmviz.lab.learner import Report
from lstmviz.lab.series import GrowingHeatMap, Series

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False, slots=True)
class Progress:
    """What is known after some updates; all arrays are read-only and stay as they are.

    A network that stopped early has shorter series than the others.
    """

    update: int
    names: tuple[str, ...]
    losses: tuple[Array, ...]  # one (updates,) per network; entry u is the loss before update u + 1
    solved_at: tuple[int | None, ...]
    norms: tuple[Array, ...]  # as losses: norm of the gradient before clipping
    clipped_norms: tuple[Array, ...]  # as losses: after clipping
    learning_rates: Array  # (updates,)
    examinations: tuple[tuple[Examination, ...], ...]  # the tests of each network, in the order of updates
    log10_shares: tuple[float, ...]  # of |dL/dh_1| / |dL/dh_T| before training; NaN before the first update
    best_at: tuple[int | None, ...]  # of early stopping: update with the lowest loss on validation sequences
    stopped_at: tuple[int | None, ...]  # update at which a network took its best weights back and stopped


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
        self.solved_at: int | None = None  # the update of the first test that met the task's criterion
        self.best_at: int | None = None
        self.stopped_at: int | None = None
        self._patience, self._best_loss, self._waited = patience, math.inf, 0

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
        if found.solved and self.solved_at is None:
            self.solved_at = found.update
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
