"""Curves over the timesteps that can be painted piece by piece, so that a sweep strokes only what is new.

Words used in this file
    piece    the part of a curve between two timesteps
    casing   a line of panel colour under a curve, so that a crossing stays legible
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from lstmviz.views.lecture.geometry import Geometry
from lstmviz.views.theme import qcolor


class Curve:
    """A curve with one point per timestep, broken where a value is not a number.

    Parameters
    ----------
    values : iterable of float
        log10 for t = 1, 2, ...; an infinite one stands on the end of the axis.
    place : Geometry
    """

    def __init__(self, values: Iterable[float], place: Geometry) -> None:
        self._points: list[QPointF | None] = []
        self._lengths: list[float] = []  # of the curve up to each point, from the last break on
        length, before = 0.0, None
        for t, value in enumerate(values, start=1):
            point = None if math.isnan(value) else QPointF(place.x(t), place.y(value))
            step = QPointF(0, 0) if before is None or point is None else point - before
            length = 0.0 if before is None else length + math.hypot(step.x(), step.y())
            self._points.append(point)
            self._lengths.append(length)
            before = point

    def point(self, t: int) -> QPointF | None:
        """Where the curve is at timestep ``t``; None where it has no value."""
        return self._points[t - 1]

    def paint(self, painter: QPainter, timesteps: range, lines: Iterable[tuple[str, float, tuple[float, ...]]]) -> None:
        """Stroke the piece over ``timesteps``, once for each line: its colour, width and dash."""
        path, drawing = QPainterPath(), False
        for t in timesteps:
            point = self._points[t - 1]
            if point is not None:
                path.lineTo(point) if drawing else path.moveTo(point)
            drawing = point is not None
        offset = self._lengths[timesteps[0] - 1] if timesteps else 0.0
        for colour, width, dash in lines:
            pen = curve_pen(colour, width, dash)
            if dash:  # a solid pen with an offset would turn into one that draws nothing
                pen.setDashOffset(offset / width)  # the dashes fall where those of the whole curve fall
            painter.strokePath(path, pen)


def curve_pen(colour: str, width: float, dash: tuple[float, ...]) -> QPen:
    """The pen of a network's curve; ``dash`` as the theme gives it, for a curve 2.6 px wide."""
    pen = QPen(qcolor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)  # round ones look the same here and take five times as long
    if dash:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([each / 2.6 for each in dash])  # as many widths of the line as at the desk
    return pen
