"""Colours of gradients on the wires: absolute, from 1 down to one of a few marked ends.

The Race's ramp reaches down to what float64 can add, sixteen decades; the gradients of one timestep lie within four or
five, and would all have one colour. So the ramp of the diagram ends at 10⁻⁶, or, where all that arrives is smaller, at
the next notch; the legend in the control column says which.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from lstmviz.stage.cell_frame import CellPart
from lstmviz.views.race.ramps import gradient_colours
from lstmviz.views.theme import Theme

TOP = 0.0  # log10 of the last colour
FLOORS = (-6, -12, -24, -48, -96, -192, -324)
ROOM = 2.0  # decades that the largest gradient stands over the floor at least


def floor_of(part: CellPart) -> int:
    """log10 of the first colour: the first notch with room under the largest gradient of the timestep."""
    largest = log10_size(max((abs(size) for size in _finite(part.gradients)), default=0.0))
    return next(
        (floor for floor in FLOORS if largest - floor >= ROOM), FLOORS[0] if largest == -math.inf else FLOORS[-1]
    )


def _finite(gradients: Mapping[str, float]) -> list[float]:
    return [size for size in gradients.values() if math.isfinite(size)]


def log10_size(value: float) -> float:
    """log10 of the size of a number; minus infinity of zero."""
    size = abs(value)
    return math.log10(size) if size > 0 else -math.inf


def colour_of(value: float, floor: int, theme: Theme) -> str | None:
    """The colour of a gradient; None below the ramp, and of what is no number."""
    log10 = log10_size(value) if math.isfinite(value) else math.nan if value != value else TOP
    if not log10 >= floor:
        return None
    share = min((log10 - floor) / (TOP - floor), 1.0)
    return gradient_colours(theme)[round(255 * share)].name()
