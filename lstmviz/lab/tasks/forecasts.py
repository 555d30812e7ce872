"""What forecasting tasks share: the series as input and next value, and "same as now" as the mark to beat.

Words used in this file
    same as now   the forecast that the next value is the present one
    skill         1 - squared error / squared error of "same as now": 0 is no better, 1 is perfect
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.adding import numbers
from lstmviz.lab.tasks.task import Array, Batch, error
from lstmviz.words import tr

SAME_AS_NOW = tr("“same as now”")


def forecast(series: Array, horizon: int = 1) -> Batch:
    """Each value of the series as input, and the one ``horizon`` timesteps later as its target.

    Parameters
    ----------
    series : float (T + horizon, B, K)
        What is to be foreseen.
    horizon : int
        How far ahead, 1 or more.
    """
    x = np.ascontiguousarray(series[:-horizon])
    return Batch(x, np.ascontiguousarray(series[horizon:]), numbers(x), (), query=len(x))


def same_as_now(batch: Batch) -> float:
    """Squared error of answering with the present values."""
    return error(batch.x[..., : batch.targets.shape[-1]], batch)


def skill(outputs: Array, batch: Batch) -> float:
    """1 - squared error / squared error of "same as now"."""
    unmoved = same_as_now(batch)
    return 1.0 - error(outputs, batch) / unmoved if unmoved > 0 else 0.0


def skilled(least: float) -> Callable[[Array, Batch], bool]:
    """The criterion of a forecast: this much skill."""
    return lambda outputs, batch: skill(outputs, batch) >= least


def frequencies(shape: tuple[int, ...], periods: tuple[float, float], rng: Generator) -> Array:
    """Angular frequencies drawn evenly between those of the two periods (timesteps, the longer first)."""
    return rng.uniform(2.0 * np.pi / periods[0], 2.0 * np.pi / periods[1], size=shape)


def mean_cosine(times: float, periods: tuple[float, float]) -> float:
    """Mean of cos(``times`` w) over those frequencies."""
    low, high = 2.0 * np.pi / periods[0], 2.0 * np.pi / periods[1]
    return float((np.sin(times * high) - np.sin(times * low)) / (times * (high - low)))
