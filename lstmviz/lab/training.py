"""Training: every network of a comparison on the same batches, one update at a time, exactly reversible.

Words used in this file
    update      one optimiser update of every network, on one batch drawn from (seed, update)
    keyframe    a state kept every few updates; the updates between are run again, bit for bit
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.batches import training_batch, unseen_batch
from lstmviz.lab.comparison import Comparison, build, race, readout_for
from lstmviz.lab.learner import TEST_SEQUENCES, Examination, Report, Runner, examined, new_runner, updated
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch

Array = NDArray[np.floating]
KEYFRAME_EVERY = 25


class Series:
    """Numbers that only grow in number; what was given out stays as it is, and is never copied."""

    def __init__(self) -> None:
        self._values, self._count = np.empty(64), 0

    def __len__(self) -> int:
        return self._count

    def append(self, value: float) -> None:
        """Add one number."""
        if self._count == len(self._values):
            self._values = np.concatenate([self._values, np.empty_like(self._values)])
        self._values[self._count] = value
        self._count += 1

    def so_far(self) -> Array:
        """All numbers (count,), read-only."""
        view = self._values[: self._count]
        view.flags.writeable = False
        return view


class Known(NamedTuple):
    """What all updates of one network found, one number each."""

    loss: Series
    norm: Series
    clipped_norm: Series


@dataclass(frozen=True, eq=False, slots=True)
class Progress:
    """What is known after some updates: one loss per update and network, and when each solved the task."""

    update: int
    names: tuple[str, ...]
    losses: tuple[Array, ...]  # one (updates,) per network; entry u is the loss before update u + 1
    solved_at: tuple[int | None, ...]
    norms: tuple[Array, ...]  # as losses: norm of the gradient before clipping
    clipped_norms: tuple[Array, ...]  # as losses: after clipping
    learning_rates: Array  # (updates,)


class Training:
    """Trains all networks of the settings side by side; any earlier update can be gone back to.

    Parameters
    ----------
    settings : Settings
        Networks, task, gap and seed.
    recipe : Recipe
        Optimiser, learning rate, clipping and batch.
    engine : str
        "kernels" or "reference"; one for the whole training, since the two differ in the last bit.

    References
    ----------
    Kingma & Ba (2015): Adam. Pascanu, Mikolov & Bengio (2013): clipping by norm. The others: ``engine.optimiser``.
    """

    def __init__(self, settings: Settings, recipe: Recipe | None = None, engine: str = "kernels") -> None:
        self.settings, self.recipe, self.engine = settings, recipe or Recipe(), engine
        self.task = TASKS[settings.task]
        start = tuple(
            new_runner(build(settings, cell), readout_for(settings, cell), self.recipe) for cell in settings.cells
        )
        self._keyframes: dict[int, tuple[Runner, ...]] = {0: start}
        self._runners = start
        self.update = 0
        self._known = [Known(Series(), Series(), Series()) for _ in start]
        self._shares = [math.nan] * len(start)
        self._rates = Series()
        self._solved_at: list[int | None] = [None] * len(start)

    def advance(self) -> Progress:
        """Train by one update and say how far it went."""
        self._runners, reports = self._after(self._runners, self.update)
        self.update += 1
        if self.update > self._trained():
            if self.update == 1:
                self._shares = [float(report.log10_h[0] - report.log10_h[-1]) for report in reports]
            for known, report in zip(self._known, reports, strict=True):
                for name in Known._fields:
                    getattr(known, name).append(getattr(report, name))
            self._rates.append(self.recipe.rate(self.update))
            if self.update % self.recipe.test_every == 0:
                self._test()
        if self.update % KEYFRAME_EVERY == 0:
            self._keyframes.setdefault(self.update, self._runners)
        return self.progress()

    def seek(self, update: int) -> None:
        """Go to an update already trained, forward or back; the parameters come back bit for bit.

        Parameters
        ----------
        update : int
            0 to the number of updates trained so far.

        Raises
        ------
        ValueError
            If that update was not reached yet.
        """
        trained = self._trained()
        if not 0 <= update <= trained:
            raise ValueError(f"update {update} was not trained (0 to {trained})")
        start = max(known for known in self._keyframes if known <= update)
        self._runners = self._keyframes[start]
        for number in range(start, update):
            self._runners, _ = self._after(self._runners, number)
        self.update = update

    def progress(self) -> Progress:
        """Losses and norms so far, as read-only arrays."""
        names = tuple(runner.network.title for runner in self._runners)
        losses, norms, clipped_norms = (
            tuple(getattr(known, field).so_far() for known in self._known) for field in Known._fields
        )
        rates = self._rates.so_far()
        return Progress(self.update, names, losses, tuple(self._solved_at), norms, clipped_norms, rates)

    def comparison(self) -> Comparison:
        """The networks as they stand now, on the sequence of the settings."""
        pairs = [(runner.network, runner.readout) for runner in self._runners]
        return race(self.settings, pairs, self.update, self.engine)

    def batch(self, update: int) -> Batch:
        """The batch of one update; drawn from (seed, update) alone, so it can be drawn again."""
        return training_batch(self.settings, update, self.recipe.batch)

    def examine(self) -> tuple[Examination, ...]:
        """What each network answers now to 500 unseen sequences, the same at every test."""
        batch = unseen_batch(self.settings, TEST_SEQUENCES)
        return tuple(examined(runner, batch, self.task, self.update, self.engine) for runner in self._runners)

    def log10_shares(self) -> tuple[float, ...]:
        """log10 of |dL/dh_1| / |dL/dh_T| of each network before training, on the first batch."""
        if not self._trained():
            self._shares = [
                float(report.log10_h[0] - report.log10_h[-1]) for report in self._after(self._runners, 0)[1]
            ]
        return tuple(self._shares)

    def _trained(self) -> int:
        """How many updates were made so far; ``update`` is lower after going back."""
        return len(self._rates)

    def _after(self, runners: tuple[Runner, ...], update: int) -> tuple[tuple[Runner, ...], list[Report]]:
        batch = self.batch(update)
        trained = [updated(runner, batch, self.task, update + 1, self.recipe, self.engine) for runner in runners]
        return tuple(runner for runner, _ in trained), [report for _, report in trained]

    def _test(self) -> None:
        for index, test in enumerate(self.examine()):
            if self._solved_at[index] is None and test.solved:
                self._solved_at[index] = self.update
