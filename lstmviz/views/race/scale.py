"""The vertical scale of a plot: values to pixels and back, and where its ticks stand. Pure geometry, no Qt."""

import math
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

TICK_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map from ``low`` .. ``high`` to ``height`` pixels, high at the top (y = 0)."""

    low: float
    high: float
    height: float

    @overload
    def y(self, value: float) -> float: ...

    @overload
    def y(self, value: NDArray[np.float64]) -> NDArray[np.float64]: ...

    def y(self, value: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Pixels below the top, of one value or of many."""
        return (self.high - value) / (self.high - self.low) * self.height

    def value(self, y: float) -> float:
        """The value at ``y`` pixels below the top, kept between ``low`` and ``high``."""
        inside = min(max(y / self.height, 0.0), 1.0)
        return self.high - inside * (self.high - self.low)

    def ticks(self, apart: float) -> list[int]:
        """Whole values with a tick, high to low, multiples of one round number and at least ``apart`` pixels apart."""
        per_unit = self.height / (self.high - self.low)
        step = next((step for step in TICK_STEPS if step * per_unit >= apart), TICK_STEPS[-1])
        first = math.floor(self.high / step) * step
        return list(range(first, math.ceil(self.low) - 1, -step))


def timestep_ticks(timesteps: int, pitch: float, apart: float) -> list[int]:
    """Timesteps with a number under the plot: 1, T and multiples of a round number between them.

    Parameters
    ----------
    timesteps : int
        T.
    pitch : float
        Pixels per timestep.
    apart : float
        Least distance of two numbers, pixels.
    """
    step = next((step for step in TICK_STEPS if step * pitch >= apart), TICK_STEPS[-1])
    inner = [t for t in range(step, timesteps, step) if t > 1 and (t - 1) * pitch >= 0.75 * apart]
    inner = [t for t in inner if (timesteps - t) * pitch >= 0.75 * apart]
    return sorted({1, *inner, timesteps})
