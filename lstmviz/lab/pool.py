"""Where a training takes its batches from: new sequences for every update, or a fixed number of distinct ones.

Words used in this file
    pool   the distinct training sequences, when their number is limited
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.batches import TRAINING, pool_batch, training_batch
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch, Task


class Batches:
    """The batches of a training, each a function of (seed, update) alone.

    Parameters
    ----------
    settings : Settings
        Task, gap, seed, noise and missing timesteps.
    sequences : int
        Distinct training sequences; 0 for as many as are asked for.
    """

    def __init__(self, settings: Settings, sequences: int) -> None:
        self._settings = settings
        self._pool = pool_batch(settings, sequences) if sequences else None

    def batch(self, update: int, size: int) -> Batch:
        """The batch of one update, counted from 0; no sequence of a pool comes twice in it, so it may be smaller."""
        if self._pool is None:
            return training_batch(self._settings, update, size)
        rng = np.random.default_rng([self._settings.seed, TRAINING, update])
        known = self._pool.x.shape[1]
        return picked(self._pool, TASKS[self._settings.task], rng.permutation(known)[:size])


def picked(batch: Batch, task: Task, rows: NDArray[np.integer] | slice) -> Batch:
    """Some sequences of a batch, without what is written over their timesteps.

    Parameters
    ----------
    batch : Batch
        Sequences (T, B, I).
    task : Task
        Whose they are: says whether there is an answer to each timestep.
    rows : int array or slice
        Which of the B.
    """
    everywhere = batch.asked is not None or task.loss_at == "all"
    targets = batch.targets[:, rows] if everywhere else batch.targets[rows]
    asked = None if batch.asked is None else batch.asked[:, rows]
    blank = ("",) * len(batch.x)
    return replace(batch, x=batch.x[:, rows], targets=targets, asked=asked, write=lambda: blank)
