"""Adding: the sum of two marked numbers."""

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.task import Array, Batch, Task, Write, error, share
from lstmviz.words import number, tr


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 pairs (number, marker): numbers from 0 to 1, one marker in each half.

    Parameters
    ----------
    gap : int
        Timesteps from the first timestep to the query, 1 or more; the first marker may stand later than t = 1.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.

    References
    ----------
    Arjovsky, Shah & Bengio (2016), section 4.2: numbers from U[0, 1], one marker in each half.
    """
    timesteps = gap + 1
    half = timesteps // 2
    places = rng.random((2, batch))  # drawn before the numbers, so that they move smoothly while the gap is dragged
    first = np.floor(places[0] * half).astype(int)
    second = half + np.floor(places[1] * (timesteps - half)).astype(int)
    x = np.zeros((timesteps, batch, 2))
    x[:, :, 0] = rng.random((timesteps, batch))
    rows = np.arange(batch)
    x[first, rows, 1] = 1.0
    x[second, rows, 1] = 1.0
    targets = (x[first, rows, 0] + x[second, rows, 0])[:, None]
    return Batch(x, targets, _write(x), cues=(int(first[0]) + 1, int(second[0]) + 1), query=timesteps)


def _write(x: Array) -> Write:
    first = x[:, 0, 0]
    return lambda: tuple(number(value) for value in first)


def near(outputs: Array, batch: Batch) -> float:
    """Share of the sums that are right within 0.04, the margin of the 1997 paper."""
    return share((np.abs(outputs - batch.targets) < 0.04).all(axis=-1), batch)


def solved(outputs: Array, batch: Batch) -> bool:
    """Whether the mean squared error is under 0.005."""
    return error(outputs, batch) < 0.005


ADDING = Task(
    name="adding",
    title=tr("Adding"),
    question=tr("what sum?"),
    about=tr(
        "Each timestep brings a number from 0 to 1 and a marker. Two numbers are marked, one in each half; at the last "
        "timestep the network gives their sum. A real value has to be kept, not only one bit."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.4; coding of Arjovsky, Shah & Bengio (2016), section 4.2",
    inputs=2,
    outputs=1,
    loss="squared_error",
    least_gap=2,
    chance=1.0 / 6.0,  # the variance of a sum of two U[0, 1]
    criterion=tr("mean squared error under 0.005 on 500 unseen sequences"),
    draw=draw,
    score=near,
    score_name=tr("within 0.04"),
    solved=solved,
    shows="numbers",
)
