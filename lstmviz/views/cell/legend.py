"""The ramp of the wires with its ends: what the colour of a gradient means."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.cell_frame import CellPart
from lstmviz.views import fonts
from lstmviz.views.cell.ramp import TOP, floor_of
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.number_text import number_runs
from lstmviz.views.race import ink
from lstmviz.views.race.ramps import gradient_colours
from lstmviz.views.theme import Theme
from lstmviz.words import superscript, tr


class RampLegend(QWidget):
    """A horizontal ramp, its ends and its middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.floor = -6
        self.setAccessibleName(tr("Colours of the wires"))

    def draw(self, part: CellPart) -> None:
        """Show the ramp that is in force."""
        self.floor = floor_of(part)
        self.setAccessibleDescription(tr("{low} to 1; paler is smaller").format(low=_power(self.floor)))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """The bar and a line of numbers."""
        return QSize(fonts.scaled(180), fonts.scaled(32))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Colours, frame, numbers."""
        theme, colours = self._theme, gradient_colours(self._theme)
        bar = QRectF(0.5, 0.5, self.width() - 1, fonts.scaled(10))
        with QPainter(self) as painter:
            each = bar.width() / len(colours)
            for k, colour in enumerate(colours):
                painter.fillRect(QRectF(bar.left() + k * each, bar.top(), each + 1, bar.height()), colour)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.outline, 1))
            painter.drawRect(bar)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = self.floor // 2
            for log10, share in ((self.floor, 0.0), (middle, (middle - self.floor) / (TOP - self.floor)), (0, 1.0)):
                text = FormulaText(number_runs(_power(log10)), 12, theme, face="text", colour=theme.secondary)
                x = share * (bar.width() - text.width)
                text.paint(painter, x, bar.bottom() + fonts.scaled(15))


def _power(log10: int) -> str:
    return f"10{superscript(log10)}" if log10 else "1"
