"""A plot over timesteps: its axis of powers or of numbers, and a network's curves in it.

Words used in this file
    fan    curves of one network that belong together: the largest thick, all others thin
    end    what stands at the right end of a curve: what it belongs to, a value in words, and its height
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from lstmviz.views import fonts
from lstmviz.views.inspect.columns import Span
from lstmviz.views.race import ink
from lstmviz.views.race.curve import line_pen
from lstmviz.views.race.plot_axes import power_of_ten
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme
from lstmviz.words import number

THIN = 1.0
BELOW = 0.2  # a curve is drawn down to this share of the axis below its end: steep ones leave the plot at their slope

End = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """Where values at timesteps are painted."""

    box: QRectF
    span: Span
    scale: Scale
    theme: Theme

    def y(self, value: float) -> float:
        """The height of a value; outside the axis, of its nearer end."""
        kept = min(max(value, self.scale.low), self.scale.high) if math.isfinite(value) else self.scale.low
        return self.box.top() + self.scale.y(kept)

    def end(self, cell: str, text: str, value: float) -> End:
        """The right end of a curve."""
        return cell, text, self.y(value)

    def paint_fan(
        self, painter: QPainter, cell: str, ts: Iterable[int], values: NDArray[np.floating], alpha: float
    ) -> None:
        """Paint one network's curves, values (ts, curves) with the largest first."""
        look = self.theme.network(cell)
        xs, thin = np.array([self.span.middle(t) for t in ts]), line_pen(look.hue, THIN, alpha=alpha)
        for column in range(values.shape[1] - 1, 0, -1):
            self._curve(painter, thin, xs, values[:, column])
        self._curve(painter, line_pen(look.hue, self.theme.lines.curve, look.dash), xs, values[:, 0])

    def _curve(self, painter: QPainter, pen: QPen, xs: NDArray[np.floating], values: NDArray[np.floating]) -> None:
        shown = np.isfinite(values) & (values >= self.scale.low - BELOW * (self.scale.high - self.scale.low))
        ys = self.box.top() + self.scale.y(np.where(shown, values, 0.0).astype(np.float64))
        painter.setPen(pen)
        for run in np.split(np.arange(len(values)), np.flatnonzero(np.diff(shown)) + 1):
            if not len(run) or not shown[run[0]]:
                continue
            points = pg.functions.arrayToQPolygonF(xs[run], ys[run])
            if len(run) == 1:
                painter.drawPoint(points.first())
            else:
                painter.drawPolyline(points)

    def paint_powers(self, painter: QPainter) -> None:
        """Lines and labels of whole powers of ten."""
        for tick in self.scale.ticks(fonts.scaled(30)):
            y = self._line(painter, tick, self.theme.hairline)
            text = power_of_ten(tick, self.theme)
            base = min(max(y + 0.36 * fonts.scaled(12), self.box.top() + 9), self.box.bottom())
            text.paint(painter, self.box.left() - 8 - text.width, base)

    def paint_numbers(self, painter: QPainter) -> None:
        """Lines and labels of round numbers; the line of zero stands out."""
        for tick in linear_ticks(self.scale):
            y = self._line(painter, tick, self.theme.hairline if tick else self.theme.outline)
            box, text = QRectF(0, y - 9, self.box.left() - 8, 18), number(tick, 2) if tick else "0"
            ink.paint_text(painter, box, text, fonts.text(12), self.theme.secondary, ink.RIGHT)

    def _line(self, painter: QPainter, tick: float, colour: str) -> float:
        y = ink.crisp(self.box.top() + self.scale.y(tick))
        ink.line(painter, self.box.left(), y, self.box.right(), y, ink.pen(colour, 1))
        return y


def linear_ticks(scale: Scale) -> list[float]:
    """Three to six round numbers on a linear axis, zero among them where it lies inside."""
    span = scale.high - scale.low
    size = 10.0 ** math.floor(math.log10(span / 3))
    step = next(size * factor for factor in (1, 2, 5, 10) if span / (size * factor) <= 6)
    first = math.ceil(scale.low / step)
    return [k * step for k in range(first, math.floor(scale.high / step) + 1)]
