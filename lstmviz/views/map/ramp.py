"""The colour scale of the maps."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.race.plot_axes import power_of_ten
from lstmviz.views.race.ramps import gradient_colours, gradient_index
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme
from lstmviz.words import tr

WIDTH = 12


class RampScale(QWidget):
    """A strip of the gradient ramp with powers of ten beside it."""

    def __init__(self, low: float, high: float, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high, self._theme = low, high, theme
        self.setAccessibleName(tr("Colour scale"))

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Strip, ticks, numbers."""
        theme, height = self._theme, max(self.height() - 2.0, 1.0)
        scale = Scale(self._low, self._high, height)
        values = np.array([scale.value(row + 0.5) for row in range(int(height))])
        entries = np.maximum(gradient_index(values, self._low), 0)
        table = np.array([colour.rgb() for colour in gradient_colours(theme)], dtype=np.uint32)
        pixels = np.ascontiguousarray(table[entries].reshape(-1, 1))  # a row of the strip each
        image = QImage(pixels.data, 1, len(pixels), 4, QImage.Format.Format_RGB32)
        with QPainter(self) as painter:
            painter.drawImage(QRectF(0, 1, WIDTH, len(pixels)), image)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.outline, 1))
            painter.drawRect(QRectF(0.5, 0.5, WIDTH, height))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for tick in scale.ticks(fonts.scaled(40)):
                y = ink.crisp(1 + scale.y(tick))
                ink.line(painter, WIDTH + 1, y, WIDTH + 5, y, ink.pen(theme.outline, 1))
                text = power_of_ten(tick, theme)
                text.paint(painter, WIDTH + 9, min(max(y + 0.36 * fonts.scaled(12), text.ascent), height))
