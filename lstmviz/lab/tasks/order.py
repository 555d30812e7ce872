"""Temporal order: the order in which two, three or four symbols came."""

import math
from itertools import product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr

LETTERS = "EabcdXYB"  # E opens the sequence, B closes it
OPEN, DISTRACTORS, X, CLOSE = 0, 4, 5, 7
KINDS = 8
Shares = tuple[tuple[float, float], ...]
TWO: Shares = ((0.1, 0.2), (0.5, 0.6))
THREE: Shares = ((0.1, 0.2), (0.33, 0.43), (0.66, 0.76))
FOUR: Shares = ((0.1, 0.2), (0.3, 0.4), (0.5, 0.6), (0.7, 0.8))


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
    return ordered(gap + 1, batch, TWO, rng)


def draw_three(gap: int, batch: int, rng: Generator) -> Batch:
    """As ``draw``, with three symbols, at T = 100 in 10..20, 33..43 and 66..76: eight classes; gap 4 or more."""
    return ordered(gap + 1, batch, THREE, rng)


def draw_four(gap: int, batch: int, rng: Generator) -> Batch:
    """As ``draw``, with four symbols, at T = 100 in 10..20, 30..40, 50..60 and 70..80: 16 classes; gap 5 or more."""
    return ordered(gap + 1, batch, FOUR, rng)


def ordered(timesteps: int, batch: int, shares: Shares, rng: Generator) -> Batch:
    """Sequences with one X or Y within each share of T; the class is the symbols read as a binary number, X being 0."""
    count = len(shares)
    draws = rng.random((count, batch))
    rows = np.arange(batch)
    places: list[NDArray[np.integer]] = []
    for k, (low, high) in enumerate(shares):
        place = _place(draws[k], (low, high), (k + 1, timesteps - 1 - count + k), timesteps)
        places.append(np.maximum(place, places[-1] + 1) if places else place)
    kinds = rng.integers(0, 2, size=(count, batch))
    tokens = rng.integers(1, 1 + DISTRACTORS, size=(timesteps, batch))
    tokens[0], tokens[-1] = OPEN, CLOSE
    classes = np.zeros(batch, dtype=int)
    for place, kind in zip(places, kinds, strict=True):
        tokens[place, rows] = X + kind
        classes = 2 * classes + kind
    cues = tuple(int(place[0]) + 1 for place in places)
    return Batch(one_hot(tokens, KINDS), classes, letters(tokens, LETTERS), cues, query=timesteps)


def _orders(count: int) -> tuple[str, ...]:
    """Names of the classes: X X, X Y, ..."""
    return tuple(" ".join(pair) for pair in product("XY", repeat=count))


def _place(
    draws: NDArray[np.floating], span: tuple[float, float], room: tuple[int, int], timesteps: int
) -> NDArray[np.integer]:
    """Rows (0-based) between two shares of T, kept inside ``room``."""
    rows = np.floor((span[0] + draws * (span[1] - span[0])) * timesteps).astype(int)
    return np.asarray(np.clip(rows, *room))


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
    outputs=4,
    loss="cross_entropy",
    least_gap=3,
    chance=math.log(4),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=_orders(2),
    solved=mostly_right,
    gap_means=tr("timesteps from the opening token to the query"),
)

ORDER_THREE = Task(
    name="order3",
    title=tr("Temporal order, three symbols"),
    question=tr("which order?"),
    about=tr(
        "Among distractors stand three symbols, each X or Y. At the last timestep the network says which of the eight "
        "orders it saw. One bit more than with two symbols, and the last symbol is far from the first."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.6, experiment 6b",
    inputs=KINDS,
    outputs=8,
    loss="cross_entropy",
    least_gap=4,
    chance=math.log(8),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw_three,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=_orders(3),
    solved=mostly_right,
    gap_means=tr("timesteps from the opening token to the query"),
)

ORDER_FOUR = Task(
    name="order4",
    title=tr("Temporal order, four symbols"),
    question=tr("which order?"),
    about=tr(
        "Among distractors stand four symbols, each X or Y. At the last timestep the network says which of the sixteen "
        "orders it saw: four bits, each with its place. The next step after the experiments of 1997."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.6, carried on to four symbols",
    inputs=KINDS,
    outputs=16,
    loss="cross_entropy",
    least_gap=5,
    chance=math.log(16),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw_four,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=_orders(4),
    solved=mostly_right,
    gap_means=tr("timesteps from the opening token to the query"),
)
