"""Parity: whether the number of ones so far is odd."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.task import Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 bits; asked at every timestep: 1 where the bits so far hold an odd number of ones.

    Parameters
    ----------
    gap : int
        Timesteps from the first bit to the last, 1 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    bits = rng.integers(0, 2, size=(gap + 1, batch))
    return Batch(one_hot(bits, 2), np.cumsum(bits, axis=0) % 2, letters(bits, "01"), (1,), query=gap + 1)


PARITY = Task(
    name="parity",
    title=tr("Parity"),
    question=tr("odd or even?"),
    about=tr(
        "A row of bits; at each timestep the network says whether it has seen an odd number of ones. Every single bit "
        "changes the answer for good: the network has to build a switch, and one mistake stays until the end."
    ),
    source="Hochreiter & Schmidhuber (1997), section 1; asked at every timestep, without which it is far harder",
    inputs=2,
    outputs=2,
    loss="cross_entropy",
    least_gap=2,
    chance=math.log(2),
    criterion=tr("99.5 % of the answers to 500 unseen sequences right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=(tr("even"), tr("odd")),
    solved=mostly_right,
    loss_at="all",
    group="counting",
    gap_means=tr("timesteps from the first bit to the last"),
)
