"""Small painting helpers that the pictures of the Race share."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from lstmviz.views.theme import Theme, qcolor

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
ONE_LINE = int(Qt.TextFlag.TextSingleLine) | int(Qt.TextFlag.TextDontClip)


def paint_text(painter: QPainter, box: QRectF, text: str, font: QFont, colour: str, align: int = LEFT) -> None:
    """One line of plain text inside ``box``; not wrapped and not cut."""
    painter.setFont(font)
    painter.setPen(qcolor(colour))
    painter.drawText(box, align | ONE_LINE, text)


def text_width(text: str, font: QFont) -> float:
    """Width of one line of text, in pixels."""
    return QFontMetricsF(font).horizontalAdvance(text)


def elided(text: str, font: QFont, width: float) -> str:
    """``text``, with an ellipsis at its end where it is wider than ``width``."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0.0))


def crisp(value: float) -> float:
    """The middle of the pixel that holds ``value``: where a line of 1 px is sharp."""
    return float(int(value)) + 0.5


def line(painter: QPainter, x0: float, y0: float, x1: float, y1: float, pen: QPen) -> None:
    """A straight line."""
    painter.setPen(pen)
    painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))


def pen(colour: str, width: float, *, alpha: float = 1.0) -> QPen:
    """A solid pen with flat ends."""
    made = QPen(qcolor(colour, alpha), width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    return made


def paint_label(painter: QPainter, box: QRectF, text: str, font: QFont, theme: Theme) -> None:
    """Text on a panel-coloured ground with round corners: a label that stands over something."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.panel))
    painter.drawRoundedRect(box, 3, 3)
    paint_text(painter, box.adjusted(8, 0, -8, 0), text, font, theme.ink)


def paint_pill(painter: QPainter, box: QRectF, text: str, font: QFont, theme: Theme) -> None:
    """Text in panel colour on ink: the number at the playhead."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.ink))
    painter.drawRoundedRect(box, 3, 3)
    paint_text(painter, box, text, font, theme.panel, CENTRE)
