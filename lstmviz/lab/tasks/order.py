"""Temporal order: the order in which two symbols came."""

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr

LETTERS = "EabcdXYB"  # E opens the sequence, B closes it
OPEN, DISTRACTORS, X, CLOSE = 0, 4, 5, 7
KINDS, CLASSES = 8, 4


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 tokens: E, distractors, X or Y twice, B; the class says which pair it was.

    Parameters
    ----------
    gap : int
        Timesteps from the first timestep to the query, 3 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.

    References
    ----------
    Hochreiter & Schmidhuber (1997), section 5.6: at T = 100 the symbols stand at t1 in 10..20 and t2 in 50..60; other
    lengths keep these shares of T.
    """
    timesteps = gap + 1
    draws = rng.random((2, batch))
    first = _place(draws[0], 0.1, 0.2, 1, timesteps - 3, timesteps)
    second = np.maximum(_place(draws[1], 0.5, 0.6, 2, timesteps - 2, timesteps), first + 1)
    pair = rng.integers(0, 2, size=(2, batch))
    tokens = rng.integers(1, 1 + DISTRACTORS, size=(timesteps, batch))
    rows = np.arange(batch)
    tokens[0], tokens[-1] = OPEN, CLOSE
    tokens[first, rows], tokens[second, rows] = X + pair[0], X + pair[1]
    cues = (int(first[0]) + 1, int(second[0]) + 1)
    return Batch(one_hot(tokens, KINDS), 2 * pair[0] + pair[1], letters(tokens, LETTERS), cues, query=timesteps)


def _place(
    draws: NDArray[np.floating], low: float, high: float, least: int, most: int, timesteps: int
) -> NDArray[np.integer]:
    """Rows (0-based) between two shares of T, kept inside ``least`` to ``most``."""
    rows = np.floor((low + draws * (high - low)) * timesteps).astype(int)
    return np.asarray(np.clip(rows, least, most))


ORDER = Task(
    name="order",
    title=tr("Temporal order"),
    question=tr("which order?"),
    about=tr(
        "Among distractors stand two symbols, each X or Y. At the last timestep the network says which of the four "
        "orders it saw: X X, X Y, Y X or Y Y. What came first must not be overwritten by what came second."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.6, experiment 6a",
    inputs=KINDS,
    outputs=CLASSES,
    loss="cross_entropy",
    least_gap=3,
    chance=math.log(CLASSES),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    solved=mostly_right,
)
