"""One network in training: what an update and a test do to it. The window, trials and the command line all come here.

Words used in this file
    runner    a network, its readout, and what the optimiser keeps of it; frozen, an update makes a new one
    report    what one update found
    test      what a network answers to sequences that it was never trained on
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.dropout import Masks, draw_masks
from lstmviz.lab.gradient_flow import over_sequences
from lstmviz.lab.network import Network
from lstmviz.lab.pool import picked
from lstmviz.lab.readout import Answer, ask
from lstmviz.lab.recipe import Kept, Recipe
from lstmviz.lab.tasks import Batch, Task

Array = NDArray[np.floating]
TEST_SEQUENCES = 500
DROPOUT = 6  # the second seed of its masks; those of batches are in ``lab.batches``
PART_BYTES, TAPE_ARRAYS = 32 << 20, 10


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """One network in training, and what the optimiser keeps of it. Frozen; an update makes a new one."""

    network: Network
    readout: ReadoutParameters
    kept: Kept


class Turn(NamedTuple):
    """Which update of which training it is."""

    update: int  # from 1
    seed: int  # of the training
    engine: str = "auto"  # "auto", "kernels" or "reference"


class Report(NamedTuple):
    """What one update of one network found."""

    loss: float  # before the update
    norm: float  # of the gradient of all trained parameters, before clipping
    clipped_norm: float  # after clipping
    log10_h: Array  # (T,) log10 |dL/dh_t| before the update, a geometric mean over the batch; entry 0 is t = 1

    @property
    def log10_share(self) -> float:
        """log10 of |dL/dh_1| / |dL/dh_T|; NaN when nothing arrives at h_T."""
        first, last = float(self.log10_h[0]), float(self.log10_h[-1])
        return first - last if math.isfinite(last) else math.nan


@dataclass(frozen=True, slots=True)
class Examination:
    """What one network answered to unseen sequences after some updates."""

    update: int
    loss: float
    score: float  # in the task's own measure
    solved: bool
    validation_loss: float = math.nan  # on other unseen sequences, which early stopping looks at


def new_runner(network: Network, readout: ReadoutParameters, recipe: Recipe) -> Runner:
    """A network at update 0; the optimiser has nothing to remember yet."""
    return Runner(network, readout, recipe.nothing_kept((*network.weights(), *readout)))


def updated(runner: Runner, batch: Batch, task: Task, recipe: Recipe, turn: Turn) -> tuple[Runner, Report]:
    """The network after one update on the batch, and what was found on the way.

    Parameters
    ----------
    runner : Runner
        Where it stands.
    batch : Batch
        The sequences of this update.
    task : Task
        Says what is asked, and what a wrong answer costs.
    recipe : Recipe
        Optimiser, learning rate, clipping, dropout and truncation.
    turn : Turn
        Which update this is.
    """
    network = runner.network
    masks = _masks(network, batch, recipe, turn)
    tape = network.forward(batch.x.astype(network.dtype), engine=turn.engine, masks=masks)
    answer = _asked(runner, tape, batch, task)
    found = network.backward(tape, answer.d_h, engine=turn.engine, window=recipe.window, truncated=recipe.truncated)
    slopes = [*network.weight_gradients(found), *answer.d_parameters]
    report = Report(answer.loss, *recipe.clipped(slopes), over_sequences(found.log10_h[1:]))
    arrays = [array.copy() for array in (*network.weights(), *runner.readout)]
    kept = tuple(tuple(array.copy() for array in arrays_kept) for arrays_kept in runner.kept)
    recipe.apply(arrays, slopes, kept, turn.update)
    fresh = network.with_weights(arrays[:-2])
    return Runner(fresh, ReadoutParameters(*arrays[-2:]), kept), report


def _masks(network: Network, batch: Batch, recipe: Recipe, turn: Turn) -> Masks | None:
    """Dropout of one update, drawn from (seed, update): all networks miss the same inputs."""
    if not recipe.dropout and not recipe.input_dropout:
        return None
    rng = np.random.default_rng([turn.seed, DROPOUT, turn.update])
    timesteps, sequences, inputs = batch.x.shape
    found = draw_masks(
        rng,
        (timesteps, sequences, inputs),
        network.layer_widths,
        dropout=recipe.dropout,
        input_dropout=recipe.input_dropout,
    )
    if found is None or network.dtype == "float64":
        return found
    inputs = None if found.inputs is None else found.inputs.astype(network.dtype)
    return Masks(inputs, tuple(mask.astype(network.dtype) for mask in found.between))


def answered(runner: Runner, batch: Batch, task: Task, engine: str) -> tuple[Array, float]:
    """Outputs, as ``ask`` gives them, and loss of one network on a batch.

    A large batch is answered in parts, so that no more than 32 MB of hidden quantities are held at a time.
    """
    timesteps, sequences = batch.x.shape[:2]
    size = max(1, PART_BYTES // (TAPE_ARRAYS * 8 * timesteps * sum(runner.network.layer_widths)))
    if size >= sequences:
        found = _answer(runner, batch, task, engine)
        return found.outputs, found.loss
    parts = [picked(batch, task, slice(start, start + size)) for start in range(0, sequences, size)]
    answers = [_answer(runner, part, task, engine) for part in parts]
    weights = [float(part.x.shape[1] if part.asked is None else part.asked.sum()) for part in parts]
    loss = sum(found.loss * weight for found, weight in zip(answers, weights, strict=True) if weight) / sum(weights)
    return np.concatenate([found.outputs for found in answers], axis=answers[0].outputs.ndim - 2), loss


def examined(runner: Runner, batch: Batch, task: Task, update: int, engine: str) -> Examination:
    """What one network answers to unseen sequences, in the task's own measure."""
    outputs, loss = answered(runner, batch, task, engine)
    return Examination(update, loss, task.score(outputs, batch), task.solved(outputs, batch))


def _answer(runner: Runner, batch: Batch, task: Task, engine: str) -> Answer:
    return _asked(runner, runner.network.forward(batch.x.astype(runner.network.dtype), engine=engine), batch, task)


def _asked(runner: Runner, tape: Any, batch: Batch, task: Task) -> Answer:
    network = runner.network
    return ask(runner.readout, network.seen(tape), batch.targets, task.loss, task.loss_at, batch.asked)
