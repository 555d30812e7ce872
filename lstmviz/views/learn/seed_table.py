"""Solved n of N seeds: one row per network, one dot per seed, filling in live.

Words used in this file
    dot    one training from one seed: filled when it solved the task, hollow when not, a short bar while it is awaited
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lstmviz.stage.learn_frame import SeedRow
from lstmviz.views import fonts
from lstmviz.views.guides import describe
from lstmviz.views.icons import paint_mark
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import power, tr

ROW, HEAD, DOT, PITCH, IN_A_LINE = 46, 34, 7.0, 11.0, 10


class SeedTable(QWidget):
    """Network and start, share at update 0, solved n of N with its dots."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[SeedRow, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def draw(self, rows: tuple[SeedRow, ...]) -> None:
        """Show shares and dots."""
        before, self._rows = self._rows, rows
        if len(before) != len(rows):
            self.updateGeometry()
        if before != rows:
            describe(self, self.sentence())
            self.update()

    def sentence(self) -> str:
        """The table in words."""
        text = tr("{name}, {start}: share at update 0 {share}, solved {solved}.")
        return " ".join(
            text.format(name=row.name, start=row.start, share=_share(row), solved=_solved(row)) for row in self._rows
        )

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Head and rows."""
        return QSize(fonts.scaled(220), fonts.scaled(HEAD + ROW * len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Head, hairlines, rows."""
        theme, width, small = self._theme, float(self.width()), fonts.text(12)
        head, high = float(fonts.scaled(HEAD)), float(fonts.scaled(ROW))
        middle = 0.62 * width
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = head / 2
            for text, right, y in (
                (tr("share at"), middle, 0.0),
                (tr("update 0"), middle, line),
                (tr("solved"), width, line),
            ):
                ink.paint_text(painter, QRectF(0, y, right, line), text, small, theme.hint, ink.RIGHT)
            for index, row in enumerate(self._rows):
                y = head + index * high
                ink.line(painter, 0, ink.crisp(y), width, ink.crisp(y), ink.pen(theme.hairline, 1))
                self._paint_row(painter, row, QRectF(0, y, width, high), middle)

    def _paint_row(self, painter: QPainter, row: SeedRow, box: QRectF, middle: float) -> None:
        theme, small, half = self._theme, fonts.text(12), box.height() / 2
        look = theme.network(row.cell)
        paint_mark(painter, look.mark, QPointF(7, box.top() + half * 0.62), 11 * fonts.text_size(), look.hue)
        x = float(fonts.scaled(22))
        name = QRectF(x, box.top() + 3, middle - x, half - 2)
        ink.paint_text(painter, name, row.name, fonts.text(13, 600), theme.ink)
        start = ink.elided(row.start, small, middle - x)
        ink.paint_text(painter, name.translated(0, half - 4), start, small, theme.hint)
        share = QRectF(0, box.top() + 3, middle, half - 2)
        ink.paint_text(painter, share, _share(row), fonts.text(13), theme.ink, ink.RIGHT)
        solved = QRectF(middle, box.top() + 3, box.width() - middle, half - 2)
        ink.paint_text(painter, solved, _solved(row), fonts.text(13, 650), theme.ink, ink.RIGHT)
        self._paint_dots(painter, row.dots, QRectF(middle, box.top() + half, box.width() - middle, half - 4))

    def _paint_dots(self, painter: QPainter, dots: tuple[bool | None, ...], box: QRectF) -> None:
        theme, size = self._theme, fonts.text_size()
        lines = max(1, math.ceil(len(dots) / IN_A_LINE))
        for number, solved in enumerate(dots):
            line, column = divmod(number, IN_A_LINE)
            here = min(len(dots) - line * IN_A_LINE, IN_A_LINE)
            x = box.right() - (here - column - 0.5) * PITCH * size
            y = box.top() + (line + 0.5) * box.height() / lines
            radius = DOT / 2 * size * (0.8 if lines > 1 else 1.0)
            painter.setPen(QPen(qcolor(theme.outline if solved is None else theme.ink), 1.2))
            painter.setBrush(qcolor(theme.ink) if solved else Qt.BrushStyle.NoBrush)
            if solved is None:
                painter.drawLine(QPointF(x - 1.5, y), QPointF(x + 1.5, y))
            else:
                painter.drawEllipse(QPointF(x, y), radius - 0.6, radius - 0.6)


def _share(row: SeedRow) -> str:
    if math.isnan(row.log10_share):
        return "…" if row.waits else "–"  # nothing arrives at T: there is no share of it
    return power(row.log10_share)


def _solved(row: SeedRow) -> str:
    return tr("{n} of {all}").format(n=row.solved, all=row.known) if row.known else "–"
