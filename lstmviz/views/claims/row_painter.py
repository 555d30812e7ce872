"""One row of the table of claims, painted: words, vote or verdict, condition, figures, seeds, and the run button.

Words used in this file
    pill    a rounded label; a verdict's outline and sign say the same as its word
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from lstmviz.stage.claims_frame import ClaimRow, Sign
from lstmviz.stage.claims_rows import duration
from lstmviz.views import fonts
from lstmviz.views.claims.columns import Column, Columns
from lstmviz.views.claims.text_lines import line_height, lines_of, paint_lines
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

DOT, PITCH, IN_A_LINE, MOST_DOTS = 6.0, 9.0, 10, 30
PILL = 28  # height


def run_box(row: QRect, columns: Columns) -> QRect:
    """The run button of a row; ``row`` is the part that every row has."""
    height = fonts.scaled(32)
    return QRect(row.left() + columns.run.x, row.center().y() - height // 2, columns.run.width, height)


def vote_boxes(row: QRect, columns: Columns) -> tuple[QRect, QRect]:
    """Yes and No, in the place of a verdict that waits."""
    height, apart = fonts.scaled(PILL), fonts.scaled(6)
    width = (columns.verdict.width - 2 * apart) // 2
    y = row.center().y() - height // 2 + fonts.scaled(7)
    left = row.left() + columns.verdict.x
    return QRect(left, y, width, height), QRect(left + width + apart, y, width, height)


class RowPainter:
    """Paints rows with one painter, theme and set of columns."""

    def __init__(self, painter: QPainter, theme: Theme, columns: Columns) -> None:
        self._painter, self._theme, self._columns = painter, theme, columns

    def paint(self, row: ClaimRow, box: QRect) -> None:
        """The part of a row that is always there."""
        columns = self._columns
        self._paint_words(row, _cell(box, columns.words))
        self._paint_verdict(row, box)
        if columns.condition.width:
            self._paint_text(row.paper or (row.condition if row.shown else ""), _cell(box, columns.condition))
        self._paint_figure(row, _cell(box, columns.figure))
        self._paint_solved(row, box)
        self._paint_run(row, run_box(box, columns))

    def _paint_words(self, row: ClaimRow, box: QRectF) -> None:
        font, small, theme = fonts.text(14, 600), fonts.text(12), self._theme
        lines = lines_of(row.words, font, int(box.width()), 2)
        source = ink.elided(row.source, small, box.width())
        high = len(lines) * line_height(font) + line_height(small)
        top = QRectF(box.left(), box.center().y() - high / 2, box.width(), high)
        paint_lines(self._painter, top, lines, font, theme.ink)
        place = QRectF(top.left(), top.bottom() - line_height(small), top.width(), line_height(small))
        ink.paint_text(self._painter, place, source, small, theme.hint)

    def _paint_text(self, text: str, box: QRectF) -> None:
        font = fonts.text(12)
        lines = lines_of(text, font, int(box.width()), 3)
        top = box.center().y() - len(lines) * line_height(font) / 2
        place = QRectF(box.left(), top, box.width(), box.height())
        paint_lines(self._painter, place, lines, font, self._theme.secondary)

    def _paint_figure(self, row: ClaimRow, box: QRectF) -> None:
        if not row.shown or not row.figure:
            return
        font, small = fonts.text(12, 500), fonts.text(11)
        lines = lines_of(row.figure, font, int(box.width()), 2)
        high = len(lines) * line_height(font) + line_height(small)
        place = QRectF(box.left(), box.center().y() - high / 2, box.width(), high)
        paint_lines(self._painter, place, lines, font, self._theme.ink)
        place.setTop(place.bottom() - line_height(small))
        ink.paint_text(self._painter, place, tr("shipped") if row.shipped else tr("run here"), small, self._theme.hint)

    def _paint_solved(self, row: ClaimRow, box: QRect) -> None:
        columns, theme, painter = self._columns, self._theme, self._painter
        if not row.shown:
            return
        text, font = (row.solved, fonts.text(13, 650)) if row.solved else (tr("measured"), fonts.text(12))
        if row.sign:
            ink.paint_text(painter, _cell(box, columns.solved), text, font, theme.ink if row.solved else theme.hint)
        if columns.seeds.width and row.dots:
            paint_dots(painter, theme, row.dots[:MOST_DOTS], _cell(box, columns.seeds))

    def _paint_run(self, row: ClaimRow, box: QRect) -> None:
        painter, theme, running = self._painter, self._theme, row.running
        painter.setPen(QPen(qcolor(theme.outline), 1))
        painter.setBrush(qcolor(theme.panel))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        text = tr("Run {time}").format(time=duration(row.seconds))
        if running is not None:
            text = tr("Waits") if running.waiting else tr("{n} of {all}").format(n=running.done, all=running.total)
            text = tr("Starts") if not running.waiting and not running.total else text
            share = running.done / running.total if running.total else 0.0
            bar = QRectF(box.left() + 6, box.bottom() - 7, box.width() - 12, 3)
            painter.fillRect(bar, qcolor(theme.hairline))
            painter.fillRect(QRectF(bar.left(), bar.top(), share * bar.width(), 3), qcolor(theme.ink))
        place = QRectF(box).adjusted(0, 0, 0, -4 if running is not None else 0)
        ink.paint_text(painter, place, text, fonts.text(13, 500), theme.ink, ink.CENTRE)

    # -- vote and verdict ----------------------------------------------------------------------------------------

    def _paint_verdict(self, row: ClaimRow, box: QRect) -> None:
        painter, theme, column = self._painter, self._theme, self._columns.verdict
        small = fonts.text(11)
        if not row.shown:
            yes, no = vote_boxes(box, self._columns)
            ask = QRectF(yes.left(), yes.top() - fonts.scaled(18), column.width, fonts.scaled(16))
            ink.paint_text(painter, ask, tr("Does it hold?"), small, theme.hint)
            for button, text in ((yes, tr("Yes")), (no, tr("No"))):
                painter.setPen(QPen(qcolor(theme.outline), 1))
                painter.setBrush(qcolor(theme.panel))
                painter.drawRoundedRect(QRectF(button).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
                ink.paint_text(painter, QRectF(button), text, fonts.text(13, 500), theme.ink, ink.CENTRE)
            return
        whole = _cell(box, column)
        said = "" if row.vote is None else tr("you: yes") if row.vote else tr("you: no")
        lift = fonts.scaled(8) if said else 0
        pill = self._paint_pill(row, whole.left(), whole.center().y() - lift)
        if said:
            place = QRectF(pill.left() + fonts.scaled(10), pill.bottom() + 1, column.width, fonts.scaled(16))
            ink.paint_text(painter, place, said, small, theme.hint)

    def _paint_pill(self, row: ClaimRow, x: float, y: float) -> QRectF:
        painter, theme, font = self._painter, self._theme, fonts.text(13, 600)
        height, sign = float(fonts.scaled(PILL)), float(fonts.scaled(12))
        box = QRectF(x, y - height / 2, ink.text_width(row.verdict, font) + sign + fonts.scaled(26), height)
        if not row.sign:
            ink.paint_text(painter, box, row.verdict, fonts.text(13), theme.hint)
            return box
        filled, dashed = row.sign == "tick", row.sign == "bar"
        pen = QPen(qcolor(theme.outline if dashed else theme.ink), 1.5)
        if dashed:
            pen.setDashPattern([3, 2.5])
        painter.setPen(Qt.PenStyle.NoPen if filled else pen)
        painter.setBrush(qcolor(theme.ink if filled else theme.panel))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 8, 8)
        colour = theme.panel if filled else theme.ink
        middle = QPointF(box.left() + fonts.scaled(9) + sign / 2, box.center().y())
        paint_sign(painter, row.sign, middle, sign, colour)
        text = box.adjusted(sign + fonts.scaled(15), 0, 0, 0)
        ink.paint_text(painter, text, row.verdict, font, colour)
        return box


def paint_sign(painter: QPainter, sign: Sign, middle: QPointF, size: float, colour: str) -> None:
    """Tick, half disc, cross or bar."""
    half = size / 2
    painter.save()
    painter.translate(middle)
    pen = QPen(qcolor(colour), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if sign == "tick":
        tick = QPainterPath(QPointF(-half * 0.8, 0))
        tick.lineTo(-half * 0.2, half * 0.6)
        tick.lineTo(half * 0.8, -half * 0.6)
        painter.drawPath(tick)
    elif sign == "half disc":
        painter.setPen(QPen(qcolor(colour), 1.5))
        painter.drawEllipse(QPointF(0, 0), half * 0.8, half * 0.8)
        painter.setBrush(qcolor(colour))
        painter.drawPie(QRectF(-half * 0.8, -half * 0.8, 1.6 * half, 1.6 * half), 90 * 16, 180 * 16)
    elif sign == "cross":
        painter.drawLine(QPointF(-half * 0.6, -half * 0.6), QPointF(half * 0.6, half * 0.6))
        painter.drawLine(QPointF(-half * 0.6, half * 0.6), QPointF(half * 0.6, -half * 0.6))
    else:
        painter.drawLine(QPointF(-half * 0.7, 0), QPointF(half * 0.7, 0))
    painter.restore()


def paint_dots(painter: QPainter, theme: Theme, dots: tuple[bool, ...], box: QRectF) -> None:
    """One dot per seed, filled when it was solved."""
    size = fonts.text_size()
    lines = (len(dots) + IN_A_LINE - 1) // IN_A_LINE
    painter.setPen(QPen(qcolor(theme.ink), 1.1))
    for number, solved in enumerate(dots):
        line, column = divmod(number, IN_A_LINE)
        x = box.left() + (column + 0.5) * PITCH * size
        y = box.center().y() + (line - (lines - 1) / 2) * (PITCH + 1) * size
        painter.setBrush(qcolor(theme.ink) if solved else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, y), DOT / 2 * size - 0.5, DOT / 2 * size - 0.5)


def _cell(box: QRect, column: Column) -> QRectF:
    return QRectF(box.left() + column.x, box.top(), column.width, box.height())
