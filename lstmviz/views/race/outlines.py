"""Outlines of tiles without a colour: solid where a gradient is below float64, dashed where no pass has been.

Words used in this file
    rows    y and height of the tiles
    seen    the timesteps that are repainted; what lies outside may be left out
    run     neighbouring timesteps of one look, which share an outline where columns are too thin for one each
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPen

from lstmviz.views.race import ink
from lstmviz.views.race.columns import Columns
from lstmviz.views.theme import Theme, qcolor

STRONG, PALE = 0.9, 0.45  # opacity; a comb of dark lines round thin tiles would hide what it says


def paint_empty(
    painter: QPainter, columns: Columns, rows: tuple[int, int], empty: NDArray[np.intp], seen: range, theme: Theme
) -> None:
    """Reached, but below float64.

    Parameters
    ----------
    painter, columns, rows, seen, theme
        Where, and in which colours.
    empty : int array
        The timesteps that are empty, in order.
    """
    if not len(empty):
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(qcolor(theme.outline, STRONG if columns.linked else PALE), 1))
    painter.setBrush(qcolor(theme.panel))
    if columns.gap == 0:
        runs = [(run[0], run[-1]) for run in np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1)]
    else:
        runs = [(t, t) for t in empty[(empty >= seen.start) & (empty < seen.stop)]]
    tiles = columns.tiles()
    painter.drawRects([_box(tiles[first - 1][0], tiles[last - 1][1], rows) for first, last in runs])


def paint_waiting(
    painter: QPainter, columns: Columns, rows: tuple[int, int], waiting: range, seen: range, theme: Theme
) -> None:
    """Not reached: ``waiting`` are the timesteps, from t = 1 on or up to t = T."""
    if not waiting:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    pen = ink.pen(theme.outline, 1, alpha=STRONG)
    pen.setDashPattern([2, 3])
    painter.setPen(pen)
    painter.setBrush(qcolor(theme.panel))
    tiles = columns.tiles()
    if columns.linked:
        inside = range(max(waiting.start, seen.start), min(waiting.stop, seen.stop))
        painter.drawRects([_box(*tiles[t - 1], rows) for t in inside])
        return
    box = _box(tiles[waiting.start - 1][0], tiles[waiting.stop - 2][1], rows)
    painter.fillRect(box, qcolor(theme.panel))
    # line by line, each from the end that stays: a sweep repaints only the other end, and the dashes must meet
    corners = (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
    for left, right in (corners[:2], corners[2:]):
        painter.drawLine(*((left, right) if waiting.start == 1 else (right, left)))
    painter.drawLine(corners[0], corners[2])
    painter.drawLine(corners[1], corners[3])


def _box(x0: int, x1: int, rows: tuple[int, int]) -> QRect:
    """The rectangle whose outline of one pixel lies just inside the tile."""
    return QRect(x0, rows[0], x1 - x0 - 1, rows[1] - 1)
