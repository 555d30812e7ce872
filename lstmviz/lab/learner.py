"""One network in training: what an update does to it, and what it answers. All that trains or tests comes here.

Words used in this file
    runner    a network, its readout, and what the optimiser keeps of it; frozen, an update makes a new one
    report    what one update found
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.dropout import Masks, draw_masks
from lstmviz.lab.gradient_flow import over_sequences
from lstmviz.lab.pool import picked
from lstmviz.lab.readout import Answer, ask
from lstmviz.lab.recipe import Kept, Recipe
from lstmviz.lab.stack import AnyNetwork
from lstmviz.lab.tasks import Batch, Task
from lstmviz.lab.workers import Stop

Array = NDArray[np.floating]
DROPOUT = 6  # the second seed of its masks; those of batches are in ``lab.batches``
PART_BYTES, TAPE_ARRAYS = 32 << 20, 10


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """One network in training, and what the optimiser keeps of it. Frozen; an update makes a new one."""

    network: AnyNetwork
    readout: ReadoutParameters
    kept: Kept  # of all weights in one block, those of the readout last


class Interrupted(Exception):
    """It was told to stop, and what was begun is not finished: nothing has changed."""


class Turn(NamedTuple):
    """Which update of which training it is."""

    update: int  # from 1
    seed: int  # of the training
    engine: str = "auto"  # "auto", "kernels" or "reference"
    share: bool = False  # whether the report is to say how much of the gradient arrives


class Report(NamedTuple):
    """What one update of one network found."""

    loss: float  # before the update
    norm: float  # of the gradient of all trained parameters, before clipping
    clipped_norm: float  # after clipping
    log10_h: Array  # (T,) log10 |dL/dh_t| before the update, a geometric mean over the batch; entry 0 is t = 1
    log10_share: float = math.nan  # of |dL/dh_1| / |dL/dh_T|, L the last answer alone; NaN when not asked for


def new_runner(network: AnyNetwork, readout: ReadoutParameters, recipe: Recipe) -> Runner:
    """A network at update 0; the optimiser has nothing to remember yet."""
    return Runner(network, readout, recipe.nothing_kept([_flat((*network.weights(), *readout))]))


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
    tape = network.forward(batch.x, engine=turn.engine, masks=masks)
    answer = _asked(runner, tape, batch, task)
    found = network.backward(tape, answer.d_h, engine=turn.engine, window=recipe.window, truncated=recipe.truncated)
    slopes = _flat((*network.weight_gradients(found), *answer.d_parameters))
    share = _log10_share(runner, tape, batch, task, recipe, turn) if turn.share else math.nan
    report = Report(answer.loss, *recipe.clipped([slopes]), over_sequences(found.log10_h[1:]), share)
    before = (*network.weights(), *runner.readout)
    block, kept = _flat(before), tuple(tuple(array.copy() for array in arrays) for arrays in runner.kept)
    views = _views(block, before)
    recipe.decay(views, turn.update)
    recipe.apply([block], [slopes], kept, turn.update)
    fresh = network.with_weights(views[:-2])
    return Runner(fresh, ReadoutParameters(*views[-2:]), kept), report


def _log10_share(runner: Runner, tape: Any, batch: Batch, task: Task, recipe: Recipe, turn: Turn) -> float:
    """How much of the gradient at the last answer of a sequence arrives at t = 1; NaN when there is none.

    The last answer alone, as in the Race: what is asked on the way says something about h_1 from close by.
    """
    network, (timesteps, sequences) = runner.network, batch.x.shape[:2]
    every = np.arange(sequences)
    last = np.full(sequences, timesteps - 1)
    if batch.asked is not None:
        last -= np.argmax(batch.asked[::-1] > 0, axis=0)
    only = np.zeros((timesteps, sequences))
    only[last, every] = 1.0
    d_h = ask(runner.readout, network.seen(tape), batch.targets, task.loss, task.loss_at, only).d_h
    found = network.backward(tape, d_h, engine=turn.engine, window=recipe.window, truncated=recipe.truncated).log10_h
    at_last, at_first = float(found[last + 1, every].mean()), float(found[1].mean())
    return at_first - at_last if math.isfinite(at_last) else math.nan


def _flat(arrays: Sequence[Array]) -> Array:
    """All numbers of some arrays in one block: an optimiser takes them in a few operations."""
    return np.concatenate([array.ravel() for array in arrays])


def _views(block: Array, like: Sequence[Array]) -> list[Array]:
    """The block's parts, in the shapes of the arrays that it was made of."""
    parts, start = [], 0
    for array in like:
        parts.append(block[start : start + array.size].reshape(array.shape))
        start += array.size
    return parts


def _masks(network: AnyNetwork, batch: Batch, recipe: Recipe, turn: Turn) -> Masks | None:
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


def answered(runner: Runner, batch: Batch, task: Task, engine: str, stop: Stop | None = None) -> tuple[Array, float]:
    """Outputs, as ``ask`` gives them, and loss of one network on a batch.

    A large batch is answered in parts, so that no more than 32 MB of hidden quantities are held at a time, and that it
    is asked often whether to stop.

    Raises
    ------
    Interrupted
        When it was told to stop.
    """
    timesteps, sequences = batch.x.shape[:2]
    size = max(1, PART_BYTES // (TAPE_ARRAYS * 8 * timesteps * sum(runner.network.layer_widths)))
    outputs: list[Array] = []
    total = weight = 0.0
    for start in range(0, sequences, size):
        go_on(stop)
        part = batch if size >= sequences else picked(batch, task, slice(start, start + size))
        found = _answer(runner, part, task, engine)
        outputs.append(found.outputs)
        asked = float(part.x.shape[1] if part.asked is None else part.asked.sum())
        if asked:
            total, weight = total + found.loss * asked, weight + asked
    return np.concatenate(outputs, axis=outputs[0].ndim - 2), total / weight


def go_on(stop: Stop | None) -> None:
    """Raise ``Interrupted`` when it was told to stop."""
    if stop is not None and stop.is_set():
        raise Interrupted


def _answer(runner: Runner, batch: Batch, task: Task, engine: str) -> Answer:
    return _asked(runner, runner.network.forward(batch.x, engine=engine), batch, task)


def _asked(runner: Runner, tape: Any, batch: Batch, task: Task) -> Answer:
    network = runner.network
    return ask(runner.readout, network.seen(tape), batch.targets, task.loss, task.loss_at, batch.asked)
