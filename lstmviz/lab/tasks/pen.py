"""Pen strokes: foresee the next movement of a pen that writes loops."""

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.forecasts import SAME_AS_NOW, forecast, frequencies, mean_cosine, skill, skilled
from lstmviz.lab.tasks.task import Batch, Task
from lstmviz.words import tr

PERIODS = (16.0, 8.0)  # timesteps of a loop
SIZES = (0.5, 1.5)  # of a movement, half-axes
DRIFT = (0.1, 0.4)  # to the right, by timestep
NOISE = 0.05  # of a trembling hand, standard deviation
LEAST_SKILL = 0.9


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Movements (right, up) of ``gap`` + 1 timesteps and the movement after each; loops like a row of handwritten e's.

    Parameters
    ----------
    gap : int
        Timesteps from the first movement to the last that is read, 1 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    sizes = rng.uniform(*SIZES, size=(2, batch))
    phases = rng.uniform(0.0, 2.0 * np.pi, size=batch)
    drift = rng.uniform(*DRIFT, size=batch)
    angles = frequencies((batch,), PERIODS, rng) * np.arange(gap + 2)[:, None] + phases
    moves = NOISE * rng.standard_normal((gap + 2, batch, 2))
    moves[..., 0] += drift + sizes[0] * np.cos(angles)
    moves[..., 1] += sizes[1] * np.sin(angles)
    return forecast(moves)


def chance() -> float:
    """Squared error of "same movement as now", both directions together."""
    low, high = SIZES
    square = (low * low + low * high + high * high) / 3.0
    return 2.0 * (square * (1.0 - mean_cosine(1.0, PERIODS)) + 2.0 * NOISE**2)


PEN = Task(
    name="pen",
    title=tr("Pen strokes"),
    question=tr("where to next?"),
    about=tr(
        "A pen writes loops, as in a row of handwritten e's; the network reads its movements and foresees the next. "
        "Size, speed and slant differ from hand to hand. Networks that write by hand are trained in just this way."
    ),
    source="own toy task for handwriting, after Graves (2013), section 4",
    inputs=2,
    outputs=2,
    loss="squared_error",
    least_gap=2,
    chance=chance(),
    chance_means=SAME_AS_NOW,
    criterion=tr("squared error at most 10 % of that of “same as now” on 500 unseen hands"),
    draw=draw,
    score=skill,
    score_name=tr("skill"),
    solved=skilled(LEAST_SKILL),
    loss_at="all",
    group="signals",
    shows="numbers",
    gap_means=tr("movements that are read, less one"),
)
