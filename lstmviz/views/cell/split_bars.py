"""The gradient at the state before as two bars and their sum: along the state (solid), through the gates (hatched)."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.cell_digits import fewest, written_sum
from lstmviz.stage.cell_frame import WaySplit
from lstmviz.views import fonts
from lstmviz.views.cell.tags import gradient_text
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.number_text import number_runs
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import superscript, tr

BAR = 13.0


class SplitBars(QWidget):
    """Three rows: name, number, bar from a common zero line in the middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.split: WaySplit | None = None
        self._paths: frozenset[str] = frozenset()
        self.setAccessibleName(tr("Gradient by path"))

    def rows(self) -> list[tuple[str, str, float]]:
        """Way, name and size, from top to bottom."""
        split = self.split
        if split is None:
            return []
        along = tr("along the cell state") if split.state == "c" else tr("along the hidden state")
        found = [("along", along, split.along), ("through", tr("through the gates"), split.through)]
        if split.stays:
            found.append(("along", tr("along the frozen h"), split.stays))
        if split.loss:
            found.append(("loss", tr("from the loss there"), split.loss))
        return found

    def draw(self, split: WaySplit, paths: frozenset[str]) -> None:
        """Show a split; ways that are not drawn have no bar."""
        self.split, self._paths = split, paths
        *texts, total = self.texts()
        words = [f"{name} {text}" for (_, name, _), text in zip(self.rows(), texts, strict=True)]
        self.setAccessibleDescription(tr(", ").join([*words, tr("sum {n}").format(n=total)]))
        self.updateGeometry()
        self.update()

    def texts(self) -> list[str]:
        """The numbers of the rows and their sum, in as many digits as make the printed ones add up."""
        split = self.split
        if split is None:
            return []
        values = [value for *_, value in self.rows()]
        if not all(math.isfinite(value) for value in (*values, split.total)):
            return [gradient_text(value) for value in (*values, split.total)]
        more, _ = fewest(lambda more: written_sum(values, split.total, more).exact)
        shown = written_sum(values, split.total, more)
        power = f"×10{superscript(shown.power)}" if shown.power else ""
        signed = [("" if one.negative else "+") + one.text + power for one in (*shown.terms, shown.total)]
        return signed

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines a way, and the sum."""
        return QSize(fonts.scaled(180), len(self.rows()) * self._pitch() + fonts.scaled(28))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return self.sizeHint()

    def _pitch(self) -> int:
        return fonts.scaled(22) + round(BAR) + 6

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names, numbers, bars, sum."""
        split, theme = self.split, self._theme
        if split is None:
            return
        rows, line = self.rows(), fonts.scaled(22)
        *texts, total = self.texts()
        most = max(max(abs(value) for _, _, value in rows), 1e-300)
        low, high = min(0.0, *(value for *_, value in rows)), max(0.0, *(value for *_, value in rows))
        reach = max(high - low, most)
        zero = -low / reach * (self.width() - 4) + 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            y = 0.0
            for (way, name, value), text in zip(rows, texts, strict=True):
                self._paint_words(painter, y, name, text, 400)
                top = y + line
                x = zero + value / reach * (self.width() - 4)
                bar = QRectF(min(zero, x), top, max(abs(x - zero), 1.0), BAR)
                if way in self._paths or way == "loss":
                    self._paint_bar(painter, bar, way)
                ink.line(painter, zero, top - 2, zero, top + BAR + 2, ink.pen(theme.outline, 1))
                y += self._pitch()
            ink.line(painter, 0, y + 0.5, self.width(), y + 0.5, ink.pen(theme.hairline, 1))
            self._paint_words(painter, y + 2, tr("sum"), total, 600)

    def _paint_bar(self, painter: QPainter, bar: QRectF, way: str) -> None:
        colour = qcolor(self._theme.gradient)
        if way == "along":
            painter.fillRect(bar, colour)
            return
        pattern = Qt.BrushStyle.BDiagPattern if way == "through" else Qt.BrushStyle.Dense5Pattern
        painter.fillRect(bar, qcolor(self._theme.panel))
        painter.fillRect(bar, QBrush(colour, pattern))
        painter.setPen(ink.pen(self._theme.gradient, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)

    def _paint_words(self, painter: QPainter, y: float, name: str, text: str, weight: int) -> None:
        theme, line = self._theme, fonts.scaled(22)
        shown = FormulaText(number_runs(text), 13, theme, face="mono", weight=max(weight, 500))
        room = self.width() - shown.width - 8
        font = fonts.text(12.5, weight)
        ink.paint_text(painter, QRectF(0, y, room, line), ink.elided(name, font, room), font, theme.secondary)
        shown.paint(painter, self.width() - shown.width - 1, y + line / 2 + 0.36 * fonts.scaled(13))
