"""Training: every network of a comparison on the same batches, one update at a time, exactly reversible.

Words used in this file
    update      one optimiser update of every network, on one batch drawn from (seed, update)
    keyframe    parameters and optimiser moments kept every few updates; the updates between are run again, bit for bit
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import optimiser
from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.comparison import Comparison, build, race, readout_for
from lstmviz.lab.network import Network
from lstmviz.lab.readout import ask
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch

Array = NDArray[np.floating]
KEYFRAME_EVERY = 25
BATCH = 32
TEST_SEQUENCES = 500


@dataclass(frozen=True, slots=True)
class Recipe:
    """How networks are trained; the same for all of them."""

    learning_rate: float = 3e-3
    clip: float = 1.0  # the gradient is shrunk to this norm when it is larger
    batch: int = BATCH
    test_every: int = 25  # updates between two tests on unseen sequences


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """One network in training: its arrays and Adam's moments of each. Frozen; an update makes a new one."""

    network: Network
    readout: ReadoutParameters
    moments: tuple[tuple[Array, ...], tuple[Array, ...]]


@dataclass(frozen=True, eq=False, slots=True)
class Progress:
    """What is known after some updates: one loss per update and network, and when each solved the task."""

    update: int
    names: tuple[str, ...]
    losses: tuple[Array, ...]  # one (updates,) per network; entry u is the loss before update u + 1
    solved_at: tuple[int | None, ...]


class Training:
    """Trains all networks of the settings side by side; any earlier update can be gone back to.

    Parameters
    ----------
    settings : Settings
        Networks, task, gap and seed.
    recipe : Recipe
        Learning rate, clipping and batch.
    engine : str
        "kernels" or "reference"; one for the whole training, since the two differ in the last bit.

    References
    ----------
    Kingma & Ba (2015): Adam. Pascanu, Mikolov & Bengio (2013): clipping by norm.
    """

    def __init__(self, settings: Settings, recipe: Recipe | None = None, engine: str = "kernels") -> None:
        self.settings, self.recipe, self.engine = settings, recipe or Recipe(), engine
        self.task = TASKS[settings.task]
        start = tuple(new_runner(build(settings, cell), readout_for(settings, cell)) for cell in settings.cells)
        self._keyframes: dict[int, tuple[Runner, ...]] = {0: start}
        self._runners = start
        self.update = 0
        self._losses: list[list[float]] = [[] for _ in start]
        self._solved_at: list[int | None] = [None] * len(start)

    def advance(self) -> Progress:
        """Train by one update and say how far it went."""
        self._runners, losses = self._after(self._runners, self.update)
        self.update += 1
        if self.update > len(self._losses[0] if self._losses else []):
            for kept, loss in zip(self._losses, losses, strict=True):
                kept.append(loss)
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
        trained = len(self._losses[0]) if self._losses else 0
        if not 0 <= update <= trained:
            raise ValueError(f"update {update} was not trained (0 to {trained})")
        start = max(known for known in self._keyframes if known <= update)
        self._runners = self._keyframes[start]
        for number in range(start, update):
            self._runners, _ = self._after(self._runners, number)
        self.update = update

    def progress(self) -> Progress:
        """Losses so far, as read-only arrays."""
        losses = tuple(np.array(kept) for kept in self._losses)
        for array in losses:
            array.flags.writeable = False
        names = tuple(runner.network.title for runner in self._runners)
        return Progress(self.update, names, losses, tuple(self._solved_at))

    def comparison(self) -> Comparison:
        """The networks as they stand now, on the sequence of the settings."""
        pairs = [(runner.network, runner.readout) for runner in self._runners]
        return race(self.settings, pairs, self.update, self.engine)

    def batch(self, update: int) -> Batch:
        """The batch of one update; drawn from (seed, update) alone, so it can be drawn again."""
        rng = np.random.default_rng([self.settings.seed, 2, update])
        return self.task.draw(self.settings.gap, self.recipe.batch, rng)

    def _after(self, runners: tuple[Runner, ...], update: int) -> tuple[tuple[Runner, ...], list[float]]:
        batch = self.batch(update)
        trained = [updated(runner, batch, self.task.loss, update + 1, self.recipe, self.engine) for runner in runners]
        return tuple(runner for runner, _ in trained), [loss for _, loss in trained]

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


def new_runner(network: Network, readout: ReadoutParameters) -> Runner:
    """A network at update 0, with Adam's moments at zero."""
    arrays = (*network.parameters, *readout)
    zeros = tuple(np.zeros_like(array) for array in arrays)
    return Runner(network, readout, (zeros, tuple(np.zeros_like(array) for array in arrays)))


def updated(runner: Runner, batch: Batch, loss: str, update: int, recipe: Recipe, engine: str) -> tuple[Runner, float]:
    """The network after one Adam update on the batch, and the loss before it.

    Parameters
    ----------
    runner : Runner
        Where it stands.
    batch : Batch
        The sequences of this update.
    loss : str
        "cross_entropy" or "squared_error".
    update : int
        Number of this update, from 1; Adam's bias correction needs it.
    recipe : Recipe
        Learning rate and clipping.
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
    optimiser.clip_by_norm(slopes, recipe.clip)
    arrays = [array.copy() for array in (*network.parameters, *runner.readout)]
    mean, square = (tuple(moment.copy() for moment in moments) for moments in runner.moments)
    optimiser.adam(arrays, slopes, mean, square, update, recipe.learning_rate)
    size = len(network.parameters)
    fresh = network.with_parameters(type(network.parameters)(*arrays[:size]))
    return Runner(fresh, ReadoutParameters(*arrays[size:]), (mean, square)), answer.loss


def _targets(batch: Batch, loss: str, runner: Runner) -> NDArray[Any]:
    return batch.targets.astype(runner.network.dtype) if loss == "squared_error" else batch.targets
