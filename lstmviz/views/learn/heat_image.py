"""A heat map as an image that grows by columns: x updates, y timesteps with t = T on top, next to the loss.

Words used in this file
    row, column   of the picture; a row of a ``HeatMap`` is a column here
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from lstmviz.stage.frame import FLOAT64_DIGITS, HeatMap
from lstmviz.views.race.ramps import gradient_index
from lstmviz.views.theme import Theme

BAND = FLOAT64_DIGITS  # log10 of the first colour: absolute, for a gradient of 1 at t = T; never rescaled
FIRST_COLUMNS = 128


class HeatImage:
    """The picture of one network's heat map; only columns that are new are coloured."""

    def __init__(self) -> None:
        self._heat: HeatMap | None = None
        self._theme: Theme | None = None
        self._buffer = np.zeros((0, 0), dtype=np.uint32)
        self._columns = 0
        self.coloured = 0  # columns that were coloured in all, for tests

    @property
    def columns(self) -> int:
        """How many there are."""
        return self._columns

    def show(self, heat: HeatMap, theme: Theme) -> None:
        """Take a heat map; one that goes on where the one before ended is only extended."""
        before, self._heat = self._heat, heat
        rows, height = heat.log10.shape
        goes_on = (
            before is not None
            and theme is self._theme
            and self._buffer.shape[0] == height
            and before.updates_per_row == heat.updates_per_row
            and rows >= self._columns
            and same_start(before, heat)
        )
        start = max(self._columns - 1, 0) if goes_on else 0  # the last one may have held fewer updates than the others
        self._theme = theme
        if not goes_on or rows > self._buffer.shape[1]:
            size = max(FIRST_COLUMNS, 1 << max(rows - 1, 1).bit_length())
            fresh = np.full((height, size), QColor(theme.panel).rgb(), dtype=np.uint32)
            if goes_on:
                fresh[:, :start] = self._buffer[:, :start]
            self._buffer = fresh
        self._buffer[:, start:rows] = colours(heat.log10[start:rows], theme).T[::-1]
        self.coloured += rows - start
        self._columns = rows

    def clear(self) -> None:
        """Show nothing."""
        self._heat, self._columns = None, 0

    def image(self) -> QImage:
        """The columns so far; it shares this object's memory, so paint it at once."""
        height, stride = self._buffer.shape
        return QImage(self._buffer.data, self._columns, height, 4 * stride, QImage.Format.Format_RGB32)


def same_map(before: HeatMap, heat: HeatMap) -> bool:
    """Whether two heat maps hold the same, looked up in their number of updates, first and last rows."""
    if before is heat:
        return True
    same = before.updates == heat.updates and before.log10.shape == heat.log10.shape
    return same and same_start(before, heat) and np.array_equal(before.log10[-1:], heat.log10[-1:], equal_nan=True)


def same_start(before: HeatMap, heat: HeatMap) -> bool:
    """Whether a heat map begins with another one, looked up in its first and last whole row."""
    whole = before.updates // before.updates_per_row
    return all(
        np.array_equal(before.log10[row], heat.log10[row], equal_nan=True) for row in {0, max(whole - 1, 0)} if whole
    )


def colours(log10: NDArray[np.floating], theme: Theme) -> NDArray[np.uint32]:
    """Colours of gradients as 0xffRRGGBB; what float64 loses, is exactly zero, or is no number stays panel."""
    ramp = theme.ramp_gradient.astype(np.uint32)
    table = np.append(ramp[:, 0] << 16 | ramp[:, 1] << 8 | ramp[:, 2], QColor(theme.panel).rgb()) | 0xFF000000
    found: NDArray[np.uint32] = table.astype(np.uint32)[gradient_index(log10, BAND)]  # NOTHING is -1: the last entry
    return found
