"""Drawn icons: the transport buttons, ticks and arrows, the marks of the networks, and the program's own icon.

Nothing here is a character of a font: a machine without that character would show a box.

Words used in this file
    unit     icons are drawn in a square from (0, 0) to (24, 24) and scaled
    mark     the shape that stands for a network: triangle, square, circle
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer

from lstmviz.resources import resource
from lstmviz.views.theme import Shape, Theme, qcolor

UNIT = 24.0
EDGE = 1.5  # of a mark that lies on a curve, in pixels
LINE = 2.2  # width of the stroked icons, in units
RATIOS = (1, 2, 3)  # a pixmap for each screen density
SIZES = (16, 24, 32, 48, 64, 128, 256)


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _bar(x: float, y: float, width: float, height: float, radius: float = 0.8) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return path


def _stroke(*points: tuple[float, float], width: float = LINE) -> QPainterPath:
    line = QPainterPath(QPointF(*points[0]))
    for x, y in points[1:]:
        line.lineTo(x, y)
    pen = QPainterPathStroker(QPen(Qt.GlobalColor.black, width))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen.createStroke(line)


def _rounded(shape: QPainterPath, radius: float) -> QPainterPath:
    # corners softened by stroking the outline with a round join
    pen = QPainterPathStroker(QPen(Qt.GlobalColor.black, 2 * radius))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return shape.united(pen.createStroke(shape))


def _right(x: float, width: float, half: float) -> QPainterPath:
    return _rounded(_polygon((x, 12 - half), (x + width, 12), (x, 12 + half)), 0.9)


def _mirrored(path: QPainterPath) -> QPainterPath:
    return QTransform(-1, 0, 0, 1, UNIT, 0).map(path)


def _play() -> QPainterPath:
    return _right(8.2, 10.2, 6.6)


def _pause() -> QPainterPath:
    return _bar(7.2, 5.6, 3.6, 12.8) + _bar(13.2, 5.6, 3.6, 12.8)


def _last() -> QPainterPath:
    return _right(5.0, 6.2, 5.0) + _right(12.6, 6.2, 5.0)


def _on() -> QPainterPath:
    return _right(6.6, 7.4, 5.2) + _bar(16.2, 6.0, 2.3, 12.0)


_DRAWN: dict[str, Callable[[], QPainterPath]] = {
    "play": _play,
    "pause": _pause,
    "first": lambda: _mirrored(_last()),
    "back": lambda: _mirrored(_on()),
    "on": _on,
    "last": _last,
    "tick": lambda: _stroke((5.2, 12.6), (10.0, 17.2), (18.8, 7.0), width=2.6),
    "cross": lambda: _stroke((6.5, 6.5), (17.5, 17.5)) + _stroke((17.5, 6.5), (6.5, 17.5)),
    "chevron": lambda: _stroke((6.0, 9.2), (12.0, 15.2), (18.0, 9.2)),
    "chevron-right": lambda: _stroke((9.2, 6.0), (15.2, 12.0), (9.2, 18.0)),
    "minus": lambda: _stroke((6.0, 12.0), (18.0, 12.0)),
    "plus": lambda: _stroke((6.0, 12.0), (18.0, 12.0)) + _stroke((12.0, 6.0), (12.0, 18.0)),
    "triangle": lambda: mark_path("triangle", 16.0).translated(12, 12),
    "square": lambda: mark_path("square", 16.0).translated(12, 12),
    "circle": lambda: mark_path("circle", 16.0).translated(12, 12),
}
NAMES = tuple(_DRAWN)


def icon_path(name: str, size: float = UNIT) -> QPainterPath:
    """The outline of an icon, filling the square from (0, 0) to (``size``, ``size``).

    Raises
    ------
    KeyError
        If there is no icon of that name; ``NAMES`` has them all.
    """
    return QTransform.fromScale(size / UNIT, size / UNIT).map(_outline(name))


@cache
def _outline(name: str) -> QPainterPath:
    path = _DRAWN[name]()
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def icon(name: str, theme: Theme, size: int = 20, *, on_ink: bool = False) -> QIcon:
    """A drawn icon in the theme's ink.

    Parameters
    ----------
    name : str
        One of ``NAMES``.
    theme : Theme
    size : int
        Width and height in device-independent pixels; sharp at 1, 2 and 3 device pixels each.
    on_ink : bool
        True: for a primary button, whose ground is ink.
    """
    made = QIcon()
    colours = {
        QIcon.Mode.Normal: theme.panel if on_ink else theme.ink,
        QIcon.Mode.Disabled: theme.panel if on_ink else theme.outline,
    }
    for mode, colour in colours.items():
        for ratio in RATIOS:
            made.addPixmap(_pixmap(icon_path(name, size), size, ratio, qcolor(colour)), mode)
    return made


def _pixmap(path: QPainterPath, size: int, ratio: int, colour: QColor) -> QPixmap:
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, colour)
    return pixmap


def mark_path(shape: Shape, size: float) -> QPainterPath:
    """A network's mark, about as large to the eye in all three shapes, centred on (0, 0).

    Parameters
    ----------
    shape : str
        ``"triangle"`` (RNN), ``"square"`` (LSTM) or ``"circle"`` (GRU).
    size : float
        Side of the square the marks are balanced against.
    """
    half = size / 2
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(QPointF(0, 0), 0.95 * half, 0.95 * half)
    elif shape == "square":
        side = 0.86 * half
        path.addRect(QRectF(-side, -side, 2 * side, 2 * side))
    else:
        # its centre of gravity, not that of its box, stands on the curve
        path = _polygon((0, -1.38 * half), (1.2 * half, 0.7 * half), (-1.2 * half, 0.7 * half))
    return path


def paint_mark(
    painter: QPainter, shape: Shape, centre: QPointF, size: float, fill: str | None, outline: str | None = None
) -> None:
    """Paint a network's mark.

    Parameters
    ----------
    painter : QPainter
    shape, size
        As for ``mark_path``.
    centre : QPointF
    fill : str or None
        Colour, ``"#RRGGBB"``; the panel's for the hollow mark of a prediction. None: the edge alone.
    outline : str or None
        Colour of a 1.5 px edge, e.g. the panel's, so that the mark is seen where it lies on a curve.
    """
    path = mark_path(shape, size).translated(centre)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if outline is not None:
        # twice the edge, half of it under the fill: the mark keeps its size
        edge = QPen(qcolor(outline), 2 * EDGE)
        edge.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.strokePath(path, edge)
    if fill is not None:
        painter.fillPath(path, qcolor(fill))
    painter.restore()


def program_icon() -> QIcon:
    """The icon of the program in all usual sizes; at 16 px a drawing of its own, since tiles 2 px wide would smear."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(program_pixmap(size))
    return made


def program_pixmap(size: int, *, dark: bool = False) -> QPixmap:
    """The program's icon, ``size`` px square; ``dark``: light ground, for a dark theme."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if size <= 20:
            _paint_small_icon(painter, size, dark)
        else:
            QSvgRenderer(QByteArray(_icon_source(dark))).render(painter, QRectF(0, 0, size, size))
    return pixmap


TILES = ("#43263C", "#7A2A6B", "#C24C9A", "#F5AEB4")
TILES_ON_LIGHT = ("#F2CBCC", "#E57EA5", "#B63492", "#661B68")  # they fade towards the ground, whichever it is


def _icon_source(dark: bool) -> bytes:
    source = resource("assets", "icon.svg").read_text(encoding="utf-8")
    if dark:
        swap = {"#FFFFFF": "#14171B", "#14171B": "#EEF1F4"} | dict(zip(TILES, TILES_ON_LIGHT, strict=True))
        source = re.sub("#[0-9A-F]{6}", lambda found: swap[found[0]], source)
    return source.encode()


def _paint_small_icon(painter: QPainter, size: int, dark: bool) -> None:
    whole = size / 16
    painter.scale(whole, whole)
    ground, line, tiles = ("#EEF1F4", "#14171B", TILES_ON_LIGHT) if dark else ("#14171B", "#FFFFFF", TILES)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(ground))
    painter.drawRoundedRect(QRectF(0, 0, 16, 16), 3.6, 3.6)
    painter.fillRect(QRectF(3, 4.5, 10, 1.5), qcolor(line))
    for k, colour in enumerate(tiles):
        painter.fillRect(QRectF(3 + 2.667 * k, 9, 2, 4), qcolor(colour))
