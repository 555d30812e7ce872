"""A two-voice melody: the second voice sings what the first sang four notes before."""

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Batch, Task, Write, accuracy, mostly_right
from lstmviz.words import tr

NOTES = "CDEGA"  # pentatonic: no two of them clash
DELAY = 4
SILENT = len(NOTES)


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Canons of ``gap`` + 1 notes; the second voice's next note is asked, once it has begun.

    Parameters
    ----------
    gap : int
        Timesteps from the first note to the last that is read, 4 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps = gap + 1
    first = rng.integers(0, SILENT, size=(timesteps, batch))
    second = np.full((timesteps, batch), SILENT)
    second[DELAY:] = first[:-DELAY]
    targets = np.zeros((timesteps, batch), dtype=int)
    targets[DELAY - 1 :] = first[: timesteps - DELAY + 1]  # the note after this one
    asked = np.zeros((timesteps, batch))
    asked[DELAY - 1 :] = 1.0
    table = np.eye(SILENT + 1)[:, :SILENT]  # a silent voice is all zeros
    x = np.concatenate([table[first], table[second]], axis=2)
    return Batch(x, targets, _notes(first, second), (timesteps - DELAY + 1,), query=timesteps, asked=asked)


def _notes(first: NDArray[np.integer], second: NDArray[np.integer]) -> Write:
    one, two = first[:, 0].copy(), second[:, 0].copy()
    names = NOTES + "–"
    return lambda: tuple(f"{names[a]}{names[b]}" for a, b in zip(one, two, strict=True))


MELODY = Task(
    name="melody",
    title=tr("Two-voice melody"),
    question=tr("which note?"),
    about=tr(
        "A canon: one voice sings any notes, the other follows four notes behind. At each timestep the network names "
        "the follower's next note. The last four notes have to be kept in order, and moved along at every timestep."
    ),
    source="own toy task for music",
    inputs=2 * SILENT,
    outputs=SILENT,
    loss="cross_entropy",
    least_gap=DELAY,
    chance=math.log(SILENT),
    criterion=tr("99.5 % of the notes of 500 unseen canons right"),
    draw=draw,
    score=accuracy,
    score_name=tr("notes right"),
    answers=NOTES,
    solved=mostly_right,
    loss_at="all",
    group="signals",
    gap_means=tr("timesteps from the first note to the last"),
)
