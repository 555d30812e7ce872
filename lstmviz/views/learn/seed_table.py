"""Solved n of N seeds: one row per network, one dot per seed, filling in live.

Words used in this file
    dot    one training from one seed: filled when it solved the task, hollow when not, a short bar while it is awaited
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lstmviz.stage.learn_frame import LearnFrame, SeedRuns
from lstmviz.stage.learn_words import solved_words
from lstmviz.views import fonts
from lstmviz.views.icons import paint_mark
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import power, tr

ROW, HEAD, DOT, PITCH, IN_A_LINE = 46, 34, 7.0, 11.0, 10


class SeedTable(QWidget):
    """Network and start, share at update 0, solved n of N with its dots."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._learn: LearnFrame | None = None
        self._starts: tuple[str, ...] = ()
        self.setAccessibleName(tr("Solved, of all seeds"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def draw(self, starts: tuple[str, ...], learn: LearnFrame) -> None:
        """Show shares and dots; ``starts`` says how each network begins."""
        same = self._learn is learn and self._starts == starts
        grown = self._learn is None or len(self._learn.cells) != len(learn.cells)
        self._learn, self._starts = learn, starts
        if grown:
            self.updateGeometry()
        if not same:
            self.setAccessibleDescription(self.sentence())
            self.update()

    def sentence(self) -> str:
        """The table in words."""
        if self._learn is None:
            return ""
        return " ".join(
            tr("{name}: share at update 0 {share}, solved {solved}.").format(
                name=name, share=_share(share, self._learn.can_bet), solved=_solved(self._learn.seeds, cell)
            )
            for cell, name, share in zip(self._learn.cells, self._learn.names, self._learn.log10_shares, strict=True)
        )

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Head and rows."""
        rows = len(self._learn.cells) if self._learn is not None else 2
        return QSize(fonts.scaled(220), fonts.scaled(HEAD + ROW * rows))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Head, hairlines, rows."""
        learn, theme = self._learn, self._theme
        if learn is None:
            return
        width, small = float(self.width()), fonts.text(12)
        head, row = float(fonts.scaled(HEAD)), float(fonts.scaled(ROW))
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
            for index, cell in enumerate(learn.cells):
                y = head + index * row
                ink.line(painter, 0, ink.crisp(y), width, ink.crisp(y), ink.pen(theme.hairline, 1))
                look, half = theme.network(cell), row / 2
                paint_mark(painter, look.mark, QPointF(7, y + half * 0.62), 11 * fonts.text_size(), look.hue)
                x = float(fonts.scaled(22))
                name = QRectF(x, y + 3, middle - x, half - 2)
                ink.paint_text(painter, name, learn.names[index], fonts.text(13, 600), theme.ink)
                start = ink.elided(self._starts[index], small, middle - x)
                ink.paint_text(painter, name.translated(0, half - 4), start, small, theme.hint)
                share = QRectF(0, y + 3, middle, half - 2)
                ink.paint_text(
                    painter,
                    share,
                    _share(learn.log10_shares[index], learn.can_bet),
                    fonts.text(13),
                    theme.ink,
                    ink.RIGHT,
                )
                solved = QRectF(middle, y + 3, width - middle, half - 2)
                said = _solved(learn.seeds, cell)
                ink.paint_text(painter, solved, said, fonts.text(13, 650), theme.ink, ink.RIGHT)
                if learn.seeds is not None:
                    self._paint_dots(painter, learn.seeds, cell, QRectF(middle, y + half, width - middle, half - 4))

    def _paint_dots(self, painter: QPainter, seeds: SeedRuns, cell: str, box: QRectF) -> None:
        theme, size = self._theme, fonts.text_size()
        known = {dot.seed: dot.solved_at is not None for dot in seeds.of(cell)}
        lines = math.ceil(len(seeds.seeds) / IN_A_LINE)
        for number, seed in enumerate(seeds.seeds):
            line, column = divmod(number, IN_A_LINE)
            here = min(len(seeds.seeds) - line * IN_A_LINE, IN_A_LINE)
            x = box.right() - (here - column - 0.5) * PITCH * size
            y = box.top() + (line + 0.5) * box.height() / lines
            radius = DOT / 2 * size * (0.8 if lines > 1 else 1.0)
            painter.setPen(QPen(qcolor(theme.ink if seed in known else theme.outline), 1.2))
            painter.setBrush(qcolor(theme.ink) if known.get(seed) else Qt.BrushStyle.NoBrush)
            if seed in known:
                painter.drawEllipse(QPointF(x, y), radius - 0.6, radius - 0.6)
            else:
                painter.drawLine(QPointF(x - 1.5, y), QPointF(x + 1.5, y))


def _share(log10: float, waits: bool) -> str:
    if math.isnan(log10):
        return "…" if waits else "–"  # nothing arrives at T: there is no share of it
    return power(log10)


def _solved(seeds: SeedRuns | None, cell: str) -> str:
    return "–" if seeds is None or not seeds.of(cell) else solved_words(seeds, cell)
