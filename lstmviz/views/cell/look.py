"""Sizes and fonts of the diagram, in units of the scene, and the few shapes that several of its parts paint."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen, QPolygonF

from lstmviz.stage.explain import Run
from lstmviz.views import fonts
from lstmviz.views.cell.places import Point
from lstmviz.views.cell.tags import Tag
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.number_text import number_runs
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor

NUMBER, CURRENT, PART, SMALL, TITLE, LARGE, FORMULA = 13.5, 15.0, 11.5, 12.5, 13.0, 20.0, 16.0
LINE = 18.0  # height of a number
WAS = 16.0  # and of the line under it
THIN = 1.4  # a wire that is not reached


def roundings(theme: Theme) -> float:
    """Line width of a node's outline."""
    return theme.lines.focus


@lru_cache(maxsize=1024)
def number(text: str, px: float, weight: int, colour: str, theme: Theme) -> FormulaText:
    """A number in the mono face, its exponent raised; at a fixed size, since the whole scene is scaled."""
    return FormulaText(number_runs(text), px, theme, face="mono", weight=weight, colour=colour, fixed=True)


def formula(runs: Sequence[Run], px: float, theme: Theme, colour: str = "") -> FormulaText:
    """A formula of the diagram."""
    return FormulaText(runs, px, theme, colour=colour or theme.ink, fixed=True)


def small(weight: int = 400) -> QFont:
    """Words of the diagram."""
    return fonts.text(SMALL, weight, fixed=True)


def tag_number(tag: Tag, theme: Theme) -> FormulaText:
    """A tag's number as it is painted."""
    px = PART if tag.part else CURRENT if tag.current else NUMBER
    colour = theme.ink if tag.reached else theme.hint
    return number(tag.text, px, 600 if tag.current else 500, colour, theme)


def tag_box(tag: Tag, theme: Theme) -> QRectF:
    """Where a tag is painted, with its second line if it has one; in units of the scene."""
    width = tag_number(tag, theme).width
    if tag.was:
        width = max(width, ink.text_width(tag.was, small()))
    width += 6
    height = (LINE if not tag.part else 15.0) + (WAS if tag.was else 0.0)
    left = {"left": tag.x - 3, "middle": tag.x - width / 2, "right": tag.x - width + 3}[tag.side]
    return QRectF(left, tag.y - (LINE if not tag.part else 15.0) / 2, width, height)


def path_of(points: Sequence[Point]) -> QPainterPath:
    """A wire's middle line."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path


def beginning(points: Sequence[Point], length: float) -> list[Point]:
    """The first ``length`` units of a wire."""
    kept = [points[0]]
    for a, b in pairwise(points):
        here = abs(b[0] - a[0]) + abs(b[1] - a[1])
        if here >= length:
            share = length / here if here else 0.0
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
            break
        kept.append(b)
        length -= here
    return kept


def wire_pen(colour: str, width: float) -> QPen:
    """A wire: mitred corners, flat ends."""
    made = ink.pen(colour, width)
    made.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return made


def paint_arrow(painter: QPainter, tip: Point, towards: Point, size: float, colour: str) -> None:
    """An arrowhead with its point at ``tip``, flying away from ``towards`` the other way."""
    dx, dy = tip[0] - towards[0], tip[1] - towards[1]
    far = max((dx * dx + dy * dy) ** 0.5, 1e-6)
    dx, dy = dx / far * size, dy / far * size
    head = QPolygonF(
        [
            QPointF(*tip),
            QPointF(tip[0] - dx - 0.5 * dy, tip[1] - dy + 0.5 * dx),
            QPointF(tip[0] - dx + 0.5 * dy, tip[1] - dy - 0.5 * dx),
        ]
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(colour))
    painter.drawPolygon(head)
