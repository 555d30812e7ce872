"""Missing beat: a regular beat, and the question whether one beat was left out."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.adding import numbers
from lstmviz.lab.tasks.task import Batch, Task, mostly_right_sets, right_sets
from lstmviz.words import tr

PERIODS = (3, 6)  # timesteps between beats
NOISE = 0.05
LEAST = 3 * PERIODS[1]  # three beats and more, so that there is one to miss between two others


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Beats of ``gap`` + 1 timesteps, every third to sixth of them 1 and the others 0, with a little noise.

    In half of the sequences one beat is left out, neither the first two nor the last.

    Parameters
    ----------
    gap : int
        Timesteps from the first to the query, 18 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps = gap + 1
    periods = rng.integers(PERIODS[0], PERIODS[1] + 1, size=batch)
    lots = rng.random((2, batch))
    missed = rng.integers(0, 2, size=batch)
    x = NOISE * rng.standard_normal((timesteps, batch, 1))
    phases = np.floor(lots[0] * np.minimum(periods, timesteps - 3 * periods)).astype(int)
    beats = (timesteps - 1 - phases) // periods + 1
    lost = phases + periods * (2 + np.floor(lots[1] * (beats - 3)).astype(int))
    on = (np.arange(timesteps)[:, None] - phases) % periods == 0
    rows = np.flatnonzero(missed)
    on[lost[rows], rows] = False
    x[..., 0] += on
    cues = (int(lost[0]) + 1,) if missed[0] else ()
    return Batch(x, missed.astype(float)[:, None], numbers(x), cues, query=timesteps)


BEAT = Task(
    name="beat",
    title=tr("Missing beat"),
    question=tr("one missing?"),
    about=tr(
        "A regular beat, faster or slower; in half of the series one beat is left out. At the end the network says "
        "whether. It has to measure the tempo first, and then to notice that nothing happened: anomaly detection."
    ),
    source="own toy task for anomaly detection, after the timing tasks of Gers, Schraudolph & Schmidhuber (2002)",
    inputs=1,
    outputs=1,
    loss="binary",
    least_gap=LEAST,
    chance=math.log(2),
    criterion=tr("99.5 % of 500 unseen series right"),
    draw=draw,
    score=right_sets,
    score_name=tr("accuracy"),
    solved=mostly_right_sets,
    group="signals",
    shows="numbers",
    gap_means=tr("timesteps from the first to the query"),
)
