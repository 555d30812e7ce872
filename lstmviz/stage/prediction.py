"""A drawn prediction: seven points of a curve that never rises on its way back from t = T to t = 1.

Words used in this file
    point   0 is at t = 1, 6 at t = T; the last one is not the learner's: it is where the true curve starts
    pin     the value a learner gave to a point; points without a pin lie on the line between their neighbours,
            or, left of every pin, level with the first
    stroke  pairs (t, log10) as the mouse or pen gave them
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstmviz.words import count, number, power, tr

POINTS = 7
LAST = POINTS - 1


@dataclass(frozen=True, slots=True)
class Curve:
    """What was drawn so far."""

    pins: tuple[float | None, ...] = (None,) * LAST

    @property
    def empty(self) -> bool:
        """Whether nothing was drawn."""
        return all(pin is None for pin in self.pins)

    def values(self, end: float) -> tuple[float, ...]:
        """log10 at all seven points.

        Parameters
        ----------
        end : float
            log10 of the true gradient at t = T, where every prediction starts.
        """
        known = [(k, pin) for k, pin in enumerate(self.pins) if pin is not None] + [(LAST, end)]
        places, pins = zip(*known, strict=True)
        return tuple(map(float, np.minimum(np.interp(range(POINTS), places, pins), end)))

    def points(self, timesteps: int, end: float) -> tuple[tuple[float, float], ...]:
        """The seven points as (t, log10), t = 1 first; none when nothing was drawn."""
        if self.empty:
            return ()
        return tuple((1.0 + k * (timesteps - 1) / LAST, value) for k, value in enumerate(self.values(end)))

    def drawn(self, stroke: Sequence[tuple[float, float]], timesteps: int, end: float, floor: float) -> "Curve":
        """The curve after a stroke; what the stroke does not pass stays, as far as the curve then never rises.

        Parameters
        ----------
        stroke : pairs (t, log10)
            In any order; pairs that are no finite numbers are left out.
        timesteps : int
            T.
        end, floor : float
            The highest and the lowest log10 a point may have.
        """
        scale = LAST / max(timesteps - 1, 1)
        passed = sorted(((t - 1.0) * scale, y) for t, y in stroke if math.isfinite(t) and math.isfinite(y))
        if not passed:
            return self
        places, heights = zip(*passed, strict=True)
        touched = [k for k in range(LAST) if places[0] - 0.5 <= k <= places[-1] + 0.5]
        if not touched:
            return self
        levels = np.clip(np.interp(touched, places, heights), floor, end)
        levels = np.minimum.accumulate(levels[::-1])[::-1]  # from right to left it only falls
        pins = list(self.pins)
        for k, level in zip(touched, levels, strict=True):
            pins[k] = float(level)
        return _falling(pins, touched[0], touched[-1])

    def moved(self, point: int, delta: float, end: float, floor: float) -> "Curve":
        """The curve with one point moved by ``delta``; the points beside it give way."""
        if not 0 <= point < LAST:
            return self
        pins = list(self.pins)
        pins[point] = min(max(self.values(end)[point] + delta, floor), end)
        return _falling(pins, point, point)


def _falling(pins: list[float | None], first: int, last: int) -> Curve:
    """Points left of ``first`` may not lie higher, points right of ``last`` not lower."""
    low, high = pins[first], pins[last]
    assert low is not None and high is not None
    left = [None if pin is None else min(pin, low) for pin in pins[:first]]
    right = [None if pin is None else max(pin, high) for pin in pins[last + 1 :]]
    return Curve((*left, *pins[first : last + 1], *right))


def factor_words(log10: float) -> str:
    """A factor of 10**``log10``, 1 or more, as it is said: ``50 million``."""
    log10 = abs(log10)
    if log10 >= 12:
        return power(log10, 2)
    if log10 < 1:
        return number(10.0**log10, 2)
    rounded = float(f"{10.0**log10:.1e}")
    for size, name in ((1e9, tr("{n} billion")), (1e6, tr("{n} million"))):
        if rounded >= size:
            return name.format(n=f"{rounded / size:g}")
    return count(round(rounded))
