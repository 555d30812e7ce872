"""A network's curve in pyqtgraph: the line, a casing under it, and for the RNN the bound.

Words used in this file
    run     neighbouring points that are all finite; between two runs the curve has a gap
    casing  a wider line in panel colour under a curve, so that it is seen where it crosses another one
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lstmviz.views.theme import Theme, qcolor

CELLS = ("rnn", "lstm", "gru")


class CurveItem(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A curve whose lines have their width in pixels of the scene.

    pyqtgraph's own cosmetic pens count device pixels: on a dense screen, or in an enlarged picture, their lines are
    thin. They are stroked in data coordinates as well, which takes three times as long.
    """

    def __init__(self, pens: tuple[QPen, ...]) -> None:
        self._pens, self._runs = pens, list[QPolygonF]()
        super().__init__(antialias=True, connect="finite")
        self.set_pens(pens)

    def set_pens(self, pens: tuple[QPen, ...]) -> None:
        """Draw with these pens, one after the other."""
        self._pens = pens
        room = QPen(max(pens, key=QPen.widthF))
        room.setCosmetic(True)
        self.setPen(room)  # only tells pyqtgraph how far the lines reach beyond the data

    def set_data(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """Show these points; where y is not finite there is a gap."""
        finite = np.isfinite(y)
        self._runs = [
            pg.functions.arrayToQPolygonF(x[run], y[run])
            for run in np.split(np.arange(len(y)), np.flatnonzero(np.diff(finite)) + 1)
            if len(run) and finite[run[0]]
        ]
        self.setData(x, np.where(finite, y, np.nan))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Every run with every pen, in coordinates of the scene."""
        to_scene = self.sceneTransform()
        runs = [to_scene.map(run) for run in self._runs]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(to_scene.inverted()[0], combine=True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in self._pens:
            painter.setPen(pen)
            for run in runs:
                if run.size() == 1:
                    painter.drawPoint(run.first())
                else:
                    painter.drawPolyline(run)


class Curve:
    """One network's curve and its bound."""

    def __init__(self, box: pg.ViewBox, cell: str, theme: Theme) -> None:
        self.cell = cell
        self.line, self.bound = CurveItem(curve_pens(theme, cell)), CurveItem((bound_pen(theme, cell),))
        for item, z in ((self.bound, 0), (self.line, 1)):
            box.addItem(item, ignoreBounds=True)
            item.setZValue(z + 2 * (len(CELLS) - CELLS.index(cell)))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's hue and widths."""
        self.line.set_pens(curve_pens(theme, self.cell))
        self.bound.set_pens((bound_pen(theme, self.cell),))

    def set_data(
        self, ts: NDArray[np.floating], heights: NDArray[np.floating], bound: NDArray[np.floating] | None
    ) -> None:
        """Show these timesteps and heights; what is not finite is a gap."""
        self.line.set_data(ts, heights)
        self.bound.set_data(*((ts[:0], ts[:0]) if bound is None else (ts, bound)))

    def set_opacity(self, opacity: float) -> None:
        """1: in full; less when a lesson speaks of something else."""
        self.line.setOpacity(opacity)
        self.bound.setOpacity(opacity)


def curve_pens(theme: Theme, cell: str) -> tuple[QPen, QPen]:
    """Casing and line of a network's curve."""
    look, lines = theme.network(cell), theme.lines
    return line_pen(theme.panel, lines.casing), line_pen(look.hue, lines.curve, look.dash)


def bound_pen(theme: Theme, cell: str) -> QPen:
    """The dashed line of what a network's gradient cannot exceed."""
    return line_pen(theme.network(cell).hue, theme.lines.ghost, (5.0, 4.0))


def line_pen(colour: str, width: float, dash: tuple[float, ...] = (), *, alpha: float = 1.0) -> QPen:
    """A pen for a curve; ``dash`` in pixels."""
    pen = QPen(qcolor(colour, alpha), width)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)  # round joins of 200 points take twice as long
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / width for length in dash])
    return pen
