"""Long curves, stroked as single straight lines.

Qt joins the corners of a polyline, which takes 7 to 20 ms for 200 points of a line wider than a pixel; as single lines
with square ends the same points take half a millisecond, and look the same. Dashes are cut here for the same reason.

Words used in this file
    run     neighbouring points that are all finite; between two runs the curve has a gap
    stop    where a line begins or ends: at a point, or at an end of a dash
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from lstmviz.views.theme import qcolor

Array = NDArray[np.floating]


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
        Lengths drawn and left out in turn; () for a solid line.
    """
    pen = QPen(qcolor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.SquareCap)
    painter.setPen(pen)
    finite = np.isfinite(ys)
    for run in np.split(np.arange(len(ys)), np.flatnonzero(np.diff(finite)) + 1):
        if not len(run) or not finite[run[0]]:
            continue
        if len(run) == 1:
            painter.drawLine(QLineF(xs[run[0]] - 0.5, ys[run[0]], xs[run[0]] + 0.5, ys[run[0]]))
        else:
            painter.drawLines(lines(xs[run], ys[run], dash))


def lines(xs: Array, ys: Array, dash: tuple[float, ...] = ()) -> list[QLineF]:
    """The straight lines of a curve of finite points, or of its dashes."""
    if not dash:
        points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        return [QLineF(a, b) for a, b in pairwise(points)]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    period = sum(dash)
    begins = np.concatenate([[0.0], np.cumsum(dash)[:-1]])[::2]
    ends = np.cumsum(dash)[::2]
    rounds = period * np.arange(int(along[-1] / period) + 1)[:, None]
    edges = np.stack([(rounds + begins).ravel(), (rounds + ends).ravel()], axis=1)
    stops = np.unique(np.concatenate([along, edges.ravel()]))
    stops = stops[stops <= along[-1]]
    x, y = np.interp(stops, along, xs).tolist(), np.interp(stops, along, ys).tolist()
    middles = (stops[:-1] + stops[1:]) / 2
    nearest = np.searchsorted(edges[:, 0], middles, side="right") - 1
    inside = np.flatnonzero(middles < edges[nearest, 1]).tolist()
    return [QLineF(x[k], y[k], x[k + 1], y[k + 1]) for k in inside]
