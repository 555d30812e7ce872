"""Nested brackets of two kinds: which one may be closed next.

Words used in this file
    depth     how many brackets are open after a timestep
    innermost the kind of the bracket that was opened last and is still open
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Batch, Task, entropy, letters, mostly_right_sets, one_hot, right_sets
from lstmviz.words import tr

BRACKETS = "([)]"


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 brackets; asked at every timestep: whether ")", "]" or the end may come next.

    Opening is always allowed and not asked. Where nothing is open a bracket is opened; elsewhere one is opened or
    closed with equal chances.

    Parameters
    ----------
    gap : int
        Timesteps from the first bracket to the last, 1 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps = gap + 1
    # the distance of a walk from 0 goes up where it is 0, and elsewhere up or down with equal chances
    walk = np.cumsum(2 * rng.integers(0, 2, size=(timesteps, batch)) - 1, axis=0, dtype=np.int16)
    depth = np.abs(walk)
    opened = np.ones(depth.shape, dtype=bool)
    np.greater(depth[1:], depth[:-1], out=opened[1:])
    kinds = rng.integers(0, 2, size=(timesteps, batch))
    innermost = _innermost(depth, opened, kinds)
    closed = np.empty_like(kinds)  # a closing bracket is of the kind that was innermost before
    closed[0], closed[1:] = 0, innermost[:-1]
    tokens = np.where(opened, kinds, 2 + closed)
    targets = one_hot(np.where(depth == 0, 2, innermost), 3)
    cues = () if depth[-1, 0] == 0 else (int(np.flatnonzero(opened[:, 0] & (depth[:, 0] == depth[-1, 0]))[-1]) + 1,)
    return Batch(one_hot(tokens, 4), targets, letters(tokens, BRACKETS), cues, query=timesteps)


def _innermost(
    depth: NDArray[np.integer], opened: NDArray[np.bool_], kinds: NDArray[np.integer]
) -> NDArray[np.integer]:
    """The kind of the innermost open bracket, (T, B): that of the last bracket opened to the present depth."""
    by_depth = np.argsort(depth, axis=0, kind="stable")  # within a depth, in the order of time
    # each depth above 0 begins with a timestep that opened; the highest such rank so far is that of the last one
    rank = np.arange(len(depth))[:, None]
    latest = np.maximum.accumulate(rank * np.take_along_axis(opened, by_depth, axis=0), axis=0)
    sorted_kinds = np.take_along_axis(kinds, by_depth, axis=0)
    found = np.empty_like(kinds)
    np.put_along_axis(found, by_depth, np.take_along_axis(sorted_kinds, latest, axis=0), axis=0)
    return found


def chance(gap: int) -> float:
    """Entropies of the three answers by timestep: a walk is back at 0 after t steps with chance C(t, t/2) / 2^t."""
    total, home = 0.0, 1.0
    for t in range(1, gap + 2):
        if t % 2 == 0:
            home *= (t - 1) / t
        at_home = home if t % 2 == 0 else 0.0
        total += float(entropy([(1.0 - at_home) / 2.0, (1.0 - at_home) / 2.0, at_home]).sum())
    return total / (gap + 1)


NESTED = Task(
    name="brackets",
    title=tr("Nested brackets"),
    question=tr("what may close?"),
    about=tr(
        "Round and square brackets, nested at will. At each timestep the network says which closing bracket would be "
        "right, or that all are closed. It needs a stack: what was opened last must be closed first."
    ),
    source="after Suzgun, Gehrmann, Belinkov & Shieber (2019), Dyck languages",
    inputs=4,
    outputs=3,
    loss="binary",
    least_gap=2,
    chance=chance,
    criterion=tr("99.5 % of the answers to 500 unseen sequences right"),
    draw=draw,
    score=right_sets,
    score_name=tr("answers right"),
    answers=(")", "]", tr("end")),
    solved=mostly_right_sets,
    loss_at="all",
    group="counting",
    gap_means=tr("timesteps from the first bracket to the last"),
)
