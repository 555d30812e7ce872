"""What stands left of a lane: the network's mark and name, its units, what is held, and the symbols of both rows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from lstmviz.stage.frame import Lane
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.icons import paint_mark
from lstmviz.views.interventions.spans import Stretch, told_stretches
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

APART = 10  # pixels between the symbols and the first column


class LaneName:
    """The label of one lane.

    Parameters
    ----------
    theme : Theme
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._text_size = 0.0
        self.lay_out(theme)

    def lay_out(self, theme: Theme) -> None:
        """Take colours and the text size that is now in force."""
        if theme is self._theme and fonts.text_size() == self._text_size:
            return
        self._theme, self._text_size = theme, fonts.text_size()
        self._state = FormulaText(symbol_runs("h_t"), 15, theme, colour=theme.secondary)
        self._gradient = FormulaText(symbol_runs("∂L/∂h_t", "gradient"), 14, theme)

    def paint(
        self, painter: QPainter, lane: Lane, held: tuple[Stretch, ...], box: QRectF, middles: tuple[float, float]
    ) -> None:
        """Paint the label into ``box``; ``middles`` are y of the activations' and of the tiles' middle."""
        theme, look = self._theme, self._theme.network(lane.cell)
        line, size = fonts.scaled(22), fonts.scaled(13)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, look.mark, QPointF(box.left() + size / 2, line / 2 + 1), size, look.hue)
        x = box.left() + size + fonts.scaled(8)
        ink.paint_text(painter, QRectF(x, 0, 200, line), lane.name, fonts.text(15, 600), theme.ink)
        units = tr("1 unit") if lane.units == 1 else tr("{n} units").format(n=count(lane.units))
        right, small = box.right() - APART, fonts.text(12)
        below = QRectF(box.left(), line, right - self._state.width - box.left() - 6, fonts.scaled(17))
        ink.paint_text(painter, below, ink.elided(lane.remark or units, small, below.width()), small, theme.hint)
        low = min(middles[1] + 0.32 * fonts.scaled(14), box.bottom() - 0.34 * fonts.scaled(14))
        middle = max(middles[0] + 4, line + 4)
        if low - middle > fonts.scaled(16):
            self._state.paint(painter, right - self._state.width, middle)
        self._gradient.paint(painter, right - self._gradient.width, low)
        told = below.translated(0, below.height())
        told.setWidth(right - self._gradient.width - box.left() - 6)
        if held and told.bottom() <= box.bottom() + 2:
            told_stretches(painter, told, held, theme)
        elif lane.remark and told.bottom() <= box.bottom() + 2:
            ink.paint_text(painter, told, units, small, theme.hint)
