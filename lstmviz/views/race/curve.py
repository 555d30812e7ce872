"""A network's curve in pyqtgraph: the line, a casing under it, and for the RNN the bound."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from lstmviz.views.theme import Theme, qcolor

CELLS = ("rnn", "lstm", "gru")


class Curve:
    """One network's curve: a line and, under it, a casing in panel colour."""

    def __init__(self, box: pg.ViewBox, cell: str, theme: Theme) -> None:
        self.cell = cell
        self.casing = pg.PlotCurveItem(antialias=True, connect="finite", skipFiniteCheck=False)
        self.line = pg.PlotCurveItem(antialias=True, connect="finite", skipFiniteCheck=False)
        self.bound = pg.PlotCurveItem(antialias=True, connect="finite", skipFiniteCheck=False)
        self.casing.setSegmentedLineMode("on")  # faster, and its seams are panel on panel
        for item, z in ((self.bound, 0), (self.casing, 1), (self.line, 2)):
            box.addItem(item, ignoreBounds=True)
            item.setZValue(z + 3 * (len(CELLS) - CELLS.index(cell)))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's hue and width."""
        look, lines = theme.network(self.cell), theme.lines
        line = QPen(qcolor(look.hue), lines.curve)
        line.setCosmetic(True)
        line.setJoinStyle(Qt.PenJoinStyle.BevelJoin)  # round joins of 200 points take three times as long
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        if look.dash:
            line.setDashPattern([length / lines.curve for length in look.dash])
        casing = QPen(qcolor(theme.panel), lines.casing)
        casing.setCosmetic(True)
        casing.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        bound = QPen(qcolor(look.hue), lines.ghost)
        bound.setCosmetic(True)
        bound.setDashPattern([3.0, 2.5])
        self.line.setPen(line)
        self.casing.setPen(casing)
        self.bound.setPen(bound)

    def set_data(self, ts: np.ndarray, heights: np.ndarray, bound: np.ndarray | None) -> None:
        """Show these timesteps and heights; what is not finite is a gap."""
        shown_heights = np.where(np.isfinite(heights), heights, np.nan)
        for item in (self.casing, self.line):
            item.setData(ts, shown_heights)
        if bound is None:
            self.bound.setData([], [])
        else:
            self.bound.setData(ts, np.where(np.isfinite(bound), bound, np.nan))

    def set_opacity(self, opacity: float) -> None:
        """1: in full; less when a lesson speaks of something else."""
        for item in (self.casing, self.line, self.bound):
            item.setOpacity(opacity)
