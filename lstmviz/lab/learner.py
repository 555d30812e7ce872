"""One network in training: what an update and a test do to it. The window, trials and the command line all come here.

Words used in this file
    runner    a network, its readout, and what the optimiser keeps of it; frozen, an update makes a new one
    report    what one update found
    test      what a network answers to sequences that it was never trained on
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.gradient_flow import over_sequences
from lstmviz.lab.network import Network
from lstmviz.lab.readout import Answer, ask
from lstmviz.lab.recipe import Kept, Recipe
from lstmviz.lab.tasks import Batch, Task

Array = NDArray[np.floating]
TEST_SEQUENCES = 500


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """One network in training, and what the optimiser keeps of it. Frozen; an update makes a new one."""

    network: Network
    readout: ReadoutParameters
    kept: Kept


class Report(NamedTuple):
    """What one update of one network found."""

    loss: float  # before the update
    norm: float  # of the gradient of all trained parameters, before clipping
    clipped_norm: float  # after clipping
    log10_h: Array  # (T,) log10 |dL/dh_t| before the update, a geometric mean over the batch; entry 0 is t = 1


@dataclass(frozen=True, slots=True)
class Examination:
    """What one network answered to unseen sequences after some updates."""

    update: int
    loss: float
    score: float  # in the task's own measure
    solved: bool


def new_runner(network: Network, readout: ReadoutParameters, recipe: Recipe) -> Runner:
    """A network at update 0; the optimiser has nothing to remember yet."""
    return Runner(network, readout, recipe.nothing_kept((*network.weights(), *readout)))


def updated(
    runner: Runner, batch: Batch, task: Task, update: int, recipe: Recipe, engine: str
) -> tuple[Runner, Report]:
    """The network after one update on the batch, and what was found on the way.

    Parameters
    ----------
    runner : Runner
        Where it stands.
    batch : Batch
        The sequences of this update.
    task : Task
        Says what is asked, and what a wrong answer costs.
    update : int
        Number of this update, from 1.
    recipe : Recipe
        Optimiser, learning rate and clipping.
    engine : str
        "auto", "kernels" or "reference".
    """
    network = runner.network
    tape = network.forward(batch.x.astype(network.dtype), engine=engine)
    answer = _asked(runner, tape, batch, task)
    found = network.backward(tape, answer.d_h, engine=engine)
    slopes = [slope.copy() for slope in network.weight_gradients(found)] + [*answer.d_parameters]
    report = Report(answer.loss, *recipe.clipped(slopes), over_sequences(found.log10_h[1:]))
    arrays = [array.copy() for array in (*network.weights(), *runner.readout)]
    kept = tuple(tuple(array.copy() for array in arrays_kept) for arrays_kept in runner.kept)
    recipe.apply(arrays, slopes, kept, update)
    fresh = network.with_weights(arrays[:-2])
    return Runner(fresh, ReadoutParameters(*arrays[-2:]), kept), report


def answered(runner: Runner, batch: Batch, task: Task, engine: str) -> Answer:
    """Outputs and loss of one network on a batch."""
    return _asked(runner, runner.network.forward(batch.x.astype(runner.network.dtype), engine=engine), batch, task)


def examined(runner: Runner, batch: Batch, task: Task, update: int, engine: str) -> Examination:
    """What one network answers to unseen sequences, in the task's own measure."""
    answer = answered(runner, batch, task, engine)
    return Examination(update, answer.loss, task.score(answer.outputs, batch), task.solved(answer.outputs, batch))


def _asked(runner: Runner, tape: Any, batch: Batch, task: Task) -> Answer:
    network = runner.network
    return ask(runner.readout, network.seen(tape), batch.targets, task.loss, task.loss_at, batch.asked)
