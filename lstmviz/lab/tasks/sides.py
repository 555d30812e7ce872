"""Labels that need both directions: each depends on a bit to its left and on one to its right."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.task import Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr

REACH = 3


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 bits; the label at t is x_(t-3) + x_(t+3), where nothing beyond the ends counts as 0.

    Parameters
    ----------
    gap : int
        Timesteps from the first bit to the last, 6 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    bits = rng.integers(0, 2, size=(gap + 1, batch))
    labels = np.zeros_like(bits)
    labels[REACH:] += bits[:-REACH]
    labels[:-REACH] += bits[REACH:]
    return Batch(one_hot(bits, 2), labels, letters(bits, "01"), (gap + 1 - REACH,), query=gap + 1)


def chance(gap: int) -> float:
    """Entropy of one bit near the ends (ln 2), and of the sum of two between them (1.5 ln 2), on average."""
    ends = 2.0 * REACH
    return math.log(2) * (ends + 1.5 * (gap + 1 - ends)) / (gap + 1)


SIDES = Task(
    name="sides",
    title=tr("Both sides"),
    question=tr("which sum?"),
    about=tr(
        "A row of bits. The label of each timestep is the sum of the bit three before it and the bit three after it. "
        "A network that reads from left to right has not seen the second yet: only one that reads both ways can know."
    ),
    source="own toy task, after Schuster & Paliwal (1997) and Graves & Schmidhuber (2005)",
    inputs=2,
    outputs=3,
    loss="cross_entropy",
    least_gap=2 * REACH,
    chance=chance,
    criterion=tr("99.5 % of the labels of 500 unseen sequences right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    answers="012",
    solved=mostly_right,
    loss_at="all",
    gap_means=tr("timesteps from the first bit to the last"),
)
