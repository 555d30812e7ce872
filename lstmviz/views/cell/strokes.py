"""Long curves, stroked piece by piece.

What Qt needs to fill the outline of a stroked polyline grows faster than its points: 200 points wider than a pixel take
7 to 20 ms at once, and a tenth of that in pieces of eight. Dashes go on from one piece to the next.

Words used in this file
    run     neighbouring points that are all finite; between two runs the curve has a gap
    piece   so many neighbouring lines, stroked at once
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from lstmviz.views.theme import qcolor

Array = NDArray[np.floating]
PIECE = 8


def stroke(
    painter: QPainter, xs: Array, ys: Array, colour: str, width: float, dash: tuple[float, ...] = ()
) -> None:  # fmt: skip
    """Draw a curve; where y is not finite there is a gap.

    Parameters
    ----------
    painter : QPainter
    xs, ys : float array (n,)
        In the painter's coordinates.
    colour : str
    width : float
    dash : tuple of float
        Lengths drawn and left out in turn, in pixels; () for a solid line.
    """
    pen = QPen(qcolor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    if dash:
        pen.setDashPattern([length / width for length in dash])
    painter.setPen(pen)
    finite = np.isfinite(ys)
    for run in np.split(np.arange(len(ys)), np.flatnonzero(np.diff(finite)) + 1):
        if len(run) and finite[run[0]]:
            _run(painter, xs[run], ys[run], pen, bool(dash))


def _run(painter: QPainter, xs: Array, ys: Array, pen: QPen, dashed: bool) -> None:
    points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    if len(points) == 1:
        half = QPointF(max(pen.widthF() / 2, 0.5), 0.0)
        painter.drawLine(points[0] - half, points[0] + half)
        return
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    for first in range(0, len(points) - 1, PIECE):
        if dashed:
            pen.setDashOffset(float(along[first]) / pen.widthF())
            painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points[first : first + PIECE + 1]))
