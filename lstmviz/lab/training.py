"""Training: every network of a comparison on the same batches, one update at a time, exactly reversible.

Words used in this file
    update      one optimiser update of every network, on one batch drawn from (seed, update)
    keyframe    a state kept every few updates; the updates between are run again, bit for bit
"""

from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.comparison import Comparison, build, race, readout_for
from lstmviz.lab.network import Network
from lstmviz.lab.readout import ask
from lstmviz.lab.recipe import Kept, Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch

Array = NDArray[np.floating]
Value = TypeVar("Value")
KEYFRAME_EVERY = 25
TEST_SEQUENCES = 500


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """One network in training, and what the optimiser keeps of it. Frozen; an update makes a new one."""

    network: Network
    readout: ReadoutParameters
    kept: Kept


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


class Report(NamedTuple, Generic[Value]):
    """What one update of one network found, or the series of all updates."""

    loss: Value  # before the update
    norm: Value  # of the gradient of all trained parameters, before clipping
    clipped_norm: Value  # after clipping


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
        self._reports = [Report(Series(), Series(), Series()) for _ in start]
        self._rates = Series()
        self._solved_at: list[int | None] = [None] * len(start)

    def advance(self) -> Progress:
        """Train by one update and say how far it went."""
        self._runners, reports = self._after(self._runners, self.update)
        self.update += 1
        if self.update > self._trained():
            for known, report in zip(self._reports, reports, strict=True):
                for series, value in zip(known, report, strict=True):
                    series.append(value)
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
            tuple(getattr(known, field).so_far() for known in self._reports) for field in Report._fields
        )
        rates = self._rates.so_far()
        return Progress(self.update, names, losses, tuple(self._solved_at), norms, clipped_norms, rates)

    def comparison(self) -> Comparison:
        """The networks as they stand now, on the sequence of the settings."""
        pairs = [(runner.network, runner.readout) for runner in self._runners]
        return race(self.settings, pairs, self.update, self.engine)

    def batch(self, update: int) -> Batch:
        """The batch of one update; drawn from (seed, update) alone, so it can be drawn again."""
        rng = np.random.default_rng([self.settings.seed, 2, update])
        return self.task.draw(self.settings.gap, self.recipe.batch, rng)

    def _trained(self) -> int:
        """How many updates were made so far; ``update`` is lower after going back."""
        return len(self._rates)

    def _after(self, runners: tuple[Runner, ...], update: int) -> tuple[tuple[Runner, ...], list[Report[float]]]:
        batch = self.batch(update)
        trained = [updated(runner, batch, self.task.loss, update + 1, self.recipe, self.engine) for runner in runners]
        return tuple(runner for runner, _ in trained), [report for _, report in trained]

    def _test(self) -> None:
        rng = np.random.default_rng([self.settings.seed, 3])
        unseen = self.task.draw(self.settings.gap, TEST_SEQUENCES, rng)
        for index, runner in enumerate(self._runners):
            if self._solved_at[index] is None and self.task.solved(self.outputs(runner, unseen), unseen.targets):
                self._solved_at[index] = self.update

    def outputs(self, runner: Runner, batch: Batch) -> Array:
        """Answers (B, K) of one network to a batch."""
        tape = runner.network.forward(batch.x.astype(runner.network.dtype), engine=self.engine)
        return ask(runner.readout, tape.h, _targets(batch, self.task.loss, runner), self.task.loss).outputs


def new_runner(network: Network, readout: ReadoutParameters, recipe: Recipe) -> Runner:
    """A network at update 0; the optimiser has nothing to remember yet."""
    return Runner(network, readout, recipe.nothing_kept((*network.parameters, *readout)))


def updated(
    runner: Runner, batch: Batch, loss: str, update: int, recipe: Recipe, engine: str
) -> tuple[Runner, Report[float]]:
    """The network after one update on the batch, and the loss before it.

    Parameters
    ----------
    runner : Runner
        Where it stands.
    batch : Batch
        The sequences of this update.
    loss : str
        "cross_entropy" or "squared_error".
    update : int
        Number of this update, from 1.
    recipe : Recipe
        Optimiser, learning rate and clipping.
    engine : str
        "auto", "kernels" or "reference".
    """
    network = runner.network
    tape = network.forward(batch.x.astype(network.dtype), engine=engine)
    answer = ask(runner.readout, tape.h, _targets(batch, loss, runner), loss)
    found = network.backward(tape, answer.d_h, engine=engine)
    slopes = [getattr(found, name).copy() for name in network.parameters._fields] + [*answer.d_parameters]
    if network.cell == "gru":  # the second bias of its candidate stays where it started (docs/model.md)
        slopes[3][:] = 0.0
    report = Report(answer.loss, *recipe.clipped(slopes))
    arrays = [array.copy() for array in (*network.parameters, *runner.readout)]
    kept = tuple(tuple(array.copy() for array in arrays_kept) for arrays_kept in runner.kept)
    recipe.apply(arrays, slopes, kept, update)
    size = len(network.parameters)
    fresh = network.with_parameters(type(network.parameters)(*arrays[:size]))
    return Runner(fresh, ReadoutParameters(*arrays[size:]), kept), report


def _targets(batch: Batch, loss: str, runner: Runner) -> NDArray[Any]:
    return batch.targets.astype(runner.network.dtype) if loss == "squared_error" else batch.targets
