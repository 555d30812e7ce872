"""How networks answer at gaps that they were never trained on: score over the gap, on a log axis."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lstmviz.stage.learn_frame import GapScore, LearnFrame, LengthTest
from lstmviz.views import fonts
from lstmviz.views.guides import describe
from lstmviz.views.icons import paint_mark
from lstmviz.views.race import ink
from lstmviz.views.race.curve import curve_pens
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, number, tr

LEFT, TOP, RIGHT, BOTTOM = 30, 8, 20, 34


class LengthPlot(QWidget):
    """One curve per network; the gap it was trained on is marked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lengths: LengthTest | None = None
        self._names: dict[str, str] = {}
        self._score = ""
        self.setAccessibleName(tr("Score at other gaps"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def draw(self, learn: LearnFrame) -> None:
        """Show the scores so far."""
        if learn.lengths is self._lengths:
            return
        self._lengths, self._score = learn.lengths, learn.score_name
        self._names = dict(zip(learn.cells, learn.names, strict=True))
        describe(self, self.sentence())
        self.update()

    def sentence(self) -> str:
        """Every score in words."""
        if self._lengths is None:
            return tr("Not tested at other gaps yet.")
        text = tr("{name} at gap {gap}: {score}.")
        return " ".join(
            text.format(name=self._names.get(found.cell, found.cell), gap=count(found.gap), score=number(found.score))
            for found in self._lengths.scores
        )

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """A small plot."""
        return QSize(fonts.scaled(220), fonts.scaled(150))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return self.sizeHint()

    def _box(self) -> QRectF:
        left, bottom = fonts.scaled(LEFT), fonts.scaled(BOTTOM)
        return QRectF(
            left, fonts.scaled(TOP), self.width() - left - fonts.scaled(20), self.height() - bottom - fonts.scaled(TOP)
        )

    def point(self, found: GapScore) -> QPointF:
        """Where a score stands."""
        assert self._lengths is not None
        box, gaps = self._box(), self._lengths.gaps
        low, high = math.log(min(gaps)), math.log(max(max(gaps), min(gaps) + 1))
        low_score, high_score = self._range()
        share = (math.log(found.gap) - low) / (high - low)
        score = (min(max(found.score, low_score), high_score) - low_score) / (high_score - low_score)
        return QPointF(box.left() + share * box.width(), box.bottom() - score * box.height())

    def _range(self) -> tuple[float, float]:
        assert self._lengths is not None
        scores = [found.score for found in self._lengths.scores if math.isfinite(found.score)]
        return min([0.0, *scores]), max([1.0, *scores])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, axes, the trained gap, curves and marks."""
        lengths, theme = self._lengths, self._theme
        if lengths is None or not lengths.gaps:
            return
        box, small = self._box(), fonts.text(11)
        with QPainter(self) as painter:
            painter.fillRect(box, qcolor(theme.panel))
            self._paint_axes(painter, box, lengths)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x = self.point(GapScore("", lengths.trained_gap, 0.0, False)).x()
            pen = ink.pen(theme.ink, 1.2)
            pen.setStyle(Qt.PenStyle.DashLine)
            ink.line(painter, x, box.top(), x, box.bottom(), pen)
            for cell in self._names:
                points = [self.point(found) for found in sorted(lengths.scores, key=_gap) if found.cell == cell]
                if not points:
                    continue
                for drawn in curve_pens(theme, cell):
                    painter.setPen(QPen(qcolor(drawn.color().name()), drawn.widthF() * 0.8))
                    painter.drawPolyline(QPolygonF(points))
                look = theme.network(cell)
                for place in points:
                    paint_mark(painter, look.mark, place, 7.0, look.hue, theme.panel)
            name = tr("gap; trained at {gap}").format(gap=count(lengths.trained_gap))
            foot = QRectF(0, self.height() - fonts.scaled(16), self.width() - 10, fonts.scaled(15))
            ink.paint_text(painter, foot, name, small, theme.hint, ink.RIGHT)

    def _paint_axes(self, painter: QPainter, box: QRectF, lengths: LengthTest) -> None:
        theme, small, high = self._theme, fonts.text(11), float(fonts.scaled(14))
        low, top = self._range()
        for value in (low, (low + top) / 2, top):
            y = box.bottom() - (value - low) / (top - low) * box.height()
            ink.line(painter, box.left(), ink.crisp(y), box.right(), ink.crisp(y), ink.pen(theme.hairline, 1))
            text = QRectF(0, y - high / 2, box.left() - 5, high)
            ink.paint_text(painter, text, number(value, 2) if value else "0", small, theme.hint, ink.RIGHT)
        taken = -1e9
        for gap in lengths.gaps:
            x = self.point(GapScore("", gap, 0.0, False)).x()
            width = ink.text_width(count(gap), small)
            if x - width / 2 > taken + 6:
                place = QRectF(x - width / 2, box.bottom() + 2, width, high)
                ink.paint_text(painter, place, count(gap), small, theme.secondary, ink.CENTRE)
                taken = x + width / 2


def _gap(found: GapScore) -> int:
    return found.gap
