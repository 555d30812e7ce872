"""Text wrapped into lines, the last of which is shortened where there are more than fit."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout

from lstmviz.views.plain import harmless
from lstmviz.views.race import ink


@lru_cache(maxsize=2048)
def lines_of(text: str, font: QFont, width: int, most: int) -> tuple[str, ...]:
    """``text`` in at most ``most`` lines of ``width`` pixels; a last line that goes on ends in an ellipsis."""
    layout, rest = QTextLayout(harmless(text), font), 0
    found: list[str] = []
    layout.beginLayout()
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(width, 1))
        if len(found) == most - 1:
            rest = line.textStart()
        found.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    if len(found) > most:
        found = [*found[: most - 1], ink.elided(text[rest:].strip(), font, width)]
    return tuple(found)


def line_height(font: QFont) -> float:
    """Distance of two lines."""
    return QFontMetricsF(font).height() + 1


def paint_lines(painter: QPainter, box: QRectF, lines: tuple[str, ...], font: QFont, colour: str) -> None:
    """Lines from the top of ``box``."""
    high = line_height(font)
    for number, line in enumerate(lines):
        place = QRectF(box.left(), box.top() + number * high, box.width(), high)
        ink.paint_text(painter, place, line, font, colour)
