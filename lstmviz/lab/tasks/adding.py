"""Adding: the sum of two marked numbers, in the form used today and in that of 1997."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Array, Batch, Task, Write, error, share
from lstmviz.words import decimal, tr

Cues = tuple[int, ...]


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
    x, values, cues = marked_pairs(gap + 1, batch, rng)
    return Batch(x, (values[0] + values[1])[:, None], numbers(x), cues, query=gap + 1)


def marked_pairs(timesteps: int, batch: int, rng: Generator) -> tuple[Array, Array, Cues]:
    """Pairs (T, B, 2) of a number and a marker, the two marked numbers (2, B), and where the first sequence has them.

    Parameters
    ----------
    timesteps, batch : int
        T, 2 or more, and sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    half = timesteps // 2
    places = rng.random((2, batch))  # drawn before the numbers, so that they move smoothly while the gap is dragged
    first = np.floor(places[0] * half).astype(int)
    second = half + np.floor(places[1] * (timesteps - half)).astype(int)
    x = np.zeros((timesteps, batch, 2))
    x[:, :, 0] = rng.random((timesteps, batch))
    rows = np.arange(batch)
    x[first, rows, 1] = 1.0
    x[second, rows, 1] = 1.0
    return x, x[(first, second), rows, 0], (int(first[0]) + 1, int(second[0]) + 1)


def numbers(x: Array) -> Write:
    """The first input of the first sequence as texts, written on demand."""
    first = x[:, 0, 0]
    return lambda: tuple(decimal(value, 2) for value in first)


def near(outputs: Array, batch: Batch) -> float:
    """Share of the answers that are right within 0.04, the margin of the 1997 paper."""
    return share((np.abs(outputs - batch.targets) < 0.04).all(axis=-1), batch)


def solved(outputs: Array, batch: Batch) -> bool:
    """Whether the mean squared error is under 0.005."""
    return error(outputs, batch) < 0.005


def draw_1997(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of up to ``gap`` + 1 pairs in the coding of 1997; the first is the longest.

    Parameters
    ----------
    gap : int
        Timesteps from the first timestep of the longest sequence to its query, 10 or more; the shortest sequence has
        that length divided by 1.1.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps = gap + 1
    least = shortest(timesteps)
    lengths = rng.integers(least, timesteps + 1, size=batch)
    lengths[0] = timesteps
    x, sums, cues = pairs_1997(lengths, least, rng)
    answers = np.broadcast_to(0.5 + sums / 4.0, (timesteps, batch))[..., None].copy()
    asked = np.zeros((timesteps, batch))
    asked[lengths - 1, np.arange(batch)] = 1.0
    return Batch(x, answers, numbers(x), cues, query=timesteps, asked=asked)


def pairs_1997(lengths: NDArray[np.integer], least: int, rng: Generator) -> tuple[Array, Array, Cues]:
    """Pairs of the 1997 experiment, zero beyond each length, and the sums X1 + X2 (B,).

    Parameters
    ----------
    lengths : int (B,)
        Timesteps of each sequence.
    least : int
        T of the paper, 10 or more: the first marker is among the first ten pairs, the second among the first
        T / 2 - 1 others.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    x : float (T, B, 2)
        Numbers from U[-1, 1]; markers 1 twice, -1 at the first and the last pair, 0 elsewhere.
    sums : float (B,)
        X1 + X2. Where a marker falls on the first pair, the -1 stays and its number counts as 0.
    cues : tuple of int
        Timesteps of the first sequence's marks.

    References
    ----------
    Hochreiter & Schmidhuber (1997), section 5.4.
    """
    batch, rows = len(lengths), np.arange(len(lengths))
    first, second = _marks_1997(batch, least, rng)
    x = np.zeros((int(lengths.max()), batch, 2))
    x[:, :, 0] = rng.uniform(-1.0, 1.0, size=x.shape[:2])
    x[np.arange(len(x))[:, None] >= lengths] = 0.0
    x[first, rows, 1] = 1.0
    x[second, rows, 1] = 1.0
    x[0, :, 1] = -1.0
    x[lengths - 1, rows, 1] = -1.0
    sums = np.where(first > 0, x[first, rows, 0], 0.0) + np.where(second > 0, x[second, rows, 0], 0.0)
    cues = tuple(sorted({int(first[0]) + 1, int(second[0]) + 1}))
    return x, sums, cues


def _marks_1997(batch: int, least: int, rng: Generator) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    others = max(least // 2 - 1, 2)
    first = rng.integers(0, min(10, others), size=batch)
    second = rng.integers(0, others - 1, size=batch)
    return first, second + (second >= first)


def shortest(timesteps: int) -> int:
    """T of the paper where lengths go from T to 1.1 T and the longest is ``timesteps``."""
    return -(-timesteps * 10 // 11)


def chance_1997(gap: int) -> float:
    """The variance of 0.5 + (X1 + X2) / 4, where a number on the first pair counts as 0."""
    others = max(shortest(gap + 1) // 2 - 1, 2)
    tens = min(10, others)
    lost = 1.0 / tens + (1.0 - 1.0 / tens) / (others - 1)
    return (2.0 - lost) / 3.0 / 16.0


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
    gap_means=tr("timesteps from the first number to the query"),
)

ADDING_1997 = Task(
    name="adding97",
    title=tr("Adding, as in 1997"),
    question=tr("what sum?"),
    about=tr(
        "Numbers from −1 to 1, of which two are marked by a 1 in the first half; a −1 marks both ends. The target is "
        "0.5 plus a quarter of the sum. Lengths vary by a tenth, so that the network cannot count to the end."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.4, experiment 4",
    inputs=2,
    outputs=1,
    loss="squared_error",
    least_gap=10,
    chance=chance_1997,
    criterion=tr("99.5 % of 500 unseen sequences right within 0.04"),
    draw=draw_1997,
    score=near,
    score_name=tr("within 0.04"),
    solved=lambda outputs, batch: near(outputs, batch) >= 0.995,
    shows="numbers",
    gap_means=tr("timesteps of the longest sequence, less one"),
)
