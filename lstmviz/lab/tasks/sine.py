"""Noisy sine mixture: foresee the next value of two waves."""

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.forecasts import SAME_AS_NOW, forecast, frequencies, mean_cosine, skill, skilled
from lstmviz.lab.tasks.task import Batch, Task
from lstmviz.words import tr

WAVES = 2
PERIODS = (25.0, 8.0)  # timesteps
AMPLITUDES = (0.5, 1.0)
NOISE = 0.1  # standard deviation
LEAST_SKILL = 0.75


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Series of ``gap`` + 1 values and the value after each: two sines of random period, size and phase, and noise.

    Parameters
    ----------
    gap : int
        Timesteps from the first value to the last that is read, 1 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    sizes = rng.uniform(*AMPLITUDES, size=(WAVES, batch))
    phases = rng.uniform(0.0, 2.0 * np.pi, size=(WAVES, batch))
    steps = frequencies((WAVES, batch), PERIODS, rng)
    times = np.arange(gap + 2)[:, None]
    series = NOISE * rng.standard_normal((gap + 2, batch))
    for size, phase, step in zip(sizes, phases, steps, strict=True):
        series += size * np.sin(step * times + phase)
    return forecast(series[..., None])


def chance() -> float:
    """Squared error of "same as now": a wave moves by a² (1 - cos w) on average, the noise by twice its variance."""
    low, high = AMPLITUDES
    square = (low * low + low * high + high * high) / 3.0
    return WAVES * square * (1.0 - mean_cosine(1.0, PERIODS)) + 2.0 * NOISE**2


SINE = Task(
    name="sine",
    title=tr("Noisy waves"),
    question=tr("what comes next?"),
    about=tr(
        "A sum of two sines with noise; at each timestep the network foresees the next value. Period, size and phase "
        "differ from series to series, so they have to be read off the past. The line to beat is “same as now”."
    ),
    source="own toy task for forecasting",
    inputs=1,
    outputs=1,
    loss="squared_error",
    least_gap=2,
    chance=chance(),
    chance_means=SAME_AS_NOW,
    criterion=tr("squared error at most 25 % of that of “same as now” on 500 unseen series"),
    draw=draw,
    score=skill,
    score_name=tr("skill"),
    solved=skilled(LEAST_SKILL),
    loss_at="all",
    group="signals",
    shows="numbers",
    gap_means=tr("timesteps of the series, less one"),
)
