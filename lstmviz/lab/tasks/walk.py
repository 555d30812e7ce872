"""Random walk: a series of which nothing can be foreseen but that it will stay near."""

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.forecasts import SAME_AS_NOW, forecast, skill, skilled
from lstmviz.lab.tasks.task import Batch, Task
from lstmviz.words import tr

STRIDE = 0.2  # standard deviation of a move
LEAST_SKILL = 0.05


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Walks of ``gap`` + 1 places and the place after each; all moves are independent.

    Parameters
    ----------
    gap : int
        Timesteps from the first place to the last that is read, 1 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    moves = STRIDE * rng.standard_normal((gap + 2, batch, 1))
    return forecast(np.cumsum(moves, axis=0))


WALK = Task(
    name="walk",
    title=tr("Random walk"),
    question=tr("what comes next?"),
    about=tr(
        "Each value is the one before plus chance, as share prices very nearly are. The best forecast there can be is "
        "“same as now”: no network can get below that line, whatever its size. Compare with the noisy waves."
    ),
    source="own toy task; that the last value is the best forecast of a walk follows from its definition",
    inputs=1,
    outputs=1,
    loss="squared_error",
    least_gap=2,
    chance=STRIDE**2,
    chance_means=SAME_AS_NOW,
    criterion=tr("squared error at most 95 % of that of “same as now”, which no forecast can reach"),
    draw=draw,
    score=skill,
    score_name=tr("skill"),
    solved=skilled(LEAST_SKILL),
    loss_at="all",
    group="signals",
    shows="numbers",
    gap_means=tr("timesteps of the series, less one"),
)
