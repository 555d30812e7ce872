"""One network's map: a triangle of squares, row t and column k, coloured by how much of a change at k is left at t.

Words used in this file
    pair    column k and row t that are chosen; another one may lie under the pointer
    field   the square that holds the triangle, without title and axes
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.map_desk import MapDesk
from lstmviz.stage.map_frame import FLOOR, MapPart, NetworkMap
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.icons import paint_mark
from lstmviz.views.number_text import power_runs
from lstmviz.views.race import ink
from lstmviz.views.race.ramps import gradient_colours, gradient_index
from lstmviz.views.race.scale import timestep_ticks
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, power, tr

KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class TriangleMap(QWidget):
    """Paints one network's map; a click or the arrow keys choose a pair.

    Parameters
    ----------
    desk : MapDesk
        Told of the pair that is chosen.
    theme : Theme
    """

    def __init__(self, desk: MapDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self._map: NetworkMap | None = None
        self._part: MapPart | None = None
        self._image: QImage | None = None
        self._hovered: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # -- what is drawn -----------------------------------------------------------------------------------------

    def draw(self, one: NetworkMap, part: MapPart) -> None:
        """Show a network's map and the pair that is chosen."""
        if one is not self._map:
            self._map, self._image = one, None
        if part is not self._part:
            self._part = part
            self.setAccessibleName(tr("Map of the {name}").format(name=one.name))
            self.setAccessibleDescription(self.sentence())
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme, self._image = theme, None
        self.update()

    def sentence(self) -> str:
        """The pair that is chosen, in words."""
        if self._map is None or self._part is None:
            return ""
        if self._map.refused:
            return tr("{name}: {what}.").format(name=self._map.name, what=self._map.refused)
        text = tr("{name}: from timestep {k} to {t} all entries of the Jacobian together are {value}.")
        if self._part.norm == "spectral":
            text = tr("{name}: of a change at timestep {k}, at most {value} is left at timestep {t}.")
        name = tr("{name}, {layer}").format(name=self._map.name, layer=self._part.layer)
        name = name if self._part.layer else self._map.name
        value = power(self._part.value(self._map.cell))
        return text.format(name=name, k=count(self._part.start), t=count(self._part.end), value=value)

    @property
    def image(self) -> QImage | None:
        """The map, a pixel for each pair; None before the first picture."""
        return self._image

    # -- geometry ----------------------------------------------------------------------------------------------

    def field(self) -> QRectF:
        """The square that holds the triangle."""
        left, top, below = fonts.scaled(44), fonts.scaled(28), fonts.scaled(38)
        side = max(min(self.width() - left - fonts.scaled(16), self.height() - top - below), 10)
        return QRectF(left, top, side, side)

    def pair_at(self, place: QPointF) -> tuple[int, int] | None:
        """Column k and row t under a place; None outside the field."""
        field, size = self.field(), len(self._map.log10) if self._map else 0
        if not size or not field.contains(place):
            return None
        k = int((place.x() - field.left()) / field.width() * size) + 1
        t = int((place.y() - field.top()) / field.height() * size) + 1
        return min(k, size), min(t, size)

    def square(self, k: int, t: int) -> QRectF:
        """Where a pair is painted."""
        field, size = self.field(), len(self._map.log10) if self._map else 1
        pitch = field.width() / size
        return QRectF(field.left() + (k - 1) * pitch, field.top() + (t - 1) * pitch, pitch, pitch)

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, field, axes, chosen and hovered pair."""
        one, part, theme = self._map, self._part, self._theme
        if one is None or part is None:
            return
        field = self.field()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_title(painter, one, field)
            painter.fillRect(field, qcolor(theme.panel))
            if one.refused:
                self._paint_refusal(painter, one.refused, field)
            else:
                painter.drawImage(field, self._colours(one))
                self._paint_axes(painter, field, len(one.log10))
                self._paint_upper(painter, field)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.outline, 1))
            painter.drawRect(field.adjusted(-0.5, -0.5, 0.5, 0.5))
            if not one.refused:
                self._paint_pair(painter, one, part, field)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(ink.pen(theme.ink, theme.lines.focus))
                painter.drawRoundedRect(field.adjusted(-4, -4, 4, 4), 4, 4)

    def _colours(self, one: NetworkMap) -> QImage:
        """One pixel for each pair; clear over the diagonal and where nothing is left that float64 could add to 1."""
        if self._image is None:
            table = np.array([*(colour.rgb() for colour in gradient_colours(self._theme)), 0], dtype=np.uint32)
            pixels = np.ascontiguousarray(table[gradient_index(one.log10, FLOOR)])
            size = len(pixels)
            self._image = QImage(pixels.data, size, size, 4 * size, QImage.Format.Format_ARGB32_Premultiplied).copy()
        return self._image

    def _paint_title(self, painter: QPainter, one: NetworkMap, field: QRectF) -> None:
        theme, font = self._theme, fonts.text(14, 600)
        look, middle = theme.network(one.cell), field.top() - fonts.scaled(14)
        paint_mark(painter, look.mark, QPointF(field.left() + 6, middle), 11 * fonts.text_size(), look.hue)
        x = field.left() + fonts.scaled(18)
        ink.paint_text(painter, QRectF(x, middle - 10, field.width(), 20), one.name, font, theme.ink)
        state = self._part.by if self._part is not None and one.cell == "lstm" else "h"
        norm = "2" if self._part is not None and self._part.norm == "spectral" else "F"
        symbols = symbol_runs(rf"log_{{10}} ‖∂{state}_{{t}} / ∂{state}_{{k}}‖_{{{norm}}}")
        line = FormulaText(symbols, 14, theme, colour=theme.secondary)
        x += ink.text_width(one.name, font) + fonts.scaled(14)
        layer, small = self._part.layer if self._part is not None else "", fonts.text(12)
        if layer:
            ink.paint_text(painter, QRectF(x, middle - 10, field.right() - x, 20), layer, small, theme.secondary)
            x += ink.text_width(layer, small) + fonts.scaled(14)
        if x + line.width <= field.right():
            line.paint(painter, x, middle + 0.36 * fonts.scaled(14))

    def _paint_refusal(self, painter: QPainter, refused: str, field: QRectF) -> None:
        painter.setFont(fonts.text(13))
        painter.setPen(qcolor(self._theme.secondary))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(field.adjusted(12, 12, -12, -12), flags, refused)

    def _paint_axes(self, painter: QPainter, field: QRectF, size: int) -> None:
        theme, font, pitch = self._theme, fonts.text(12), field.width() / size
        for tick in timestep_ticks(size, pitch, max(44.0, fonts.scaled(34))):
            middle = (tick - 0.5) * pitch
            x, y = ink.crisp(field.left() + middle), ink.crisp(field.top() + middle)
            ink.line(painter, x, field.bottom() + 1, x, field.bottom() + 5, ink.pen(theme.outline, 1))
            ink.line(painter, field.left() - 5, y, field.left() - 1, y, ink.pen(theme.outline, 1))
            below = QRectF(x - 24, field.bottom() + 5, 48, fonts.scaled(16))
            ink.paint_text(painter, below, count(tick), font, theme.secondary, ink.CENTRE)
            beside = QRectF(0, y - 9, field.left() - 8, 18)
            ink.paint_text(painter, beside, count(tick), font, theme.secondary, ink.RIGHT)
        name = QRectF(field.left(), field.bottom() + fonts.scaled(20), field.width(), fonts.scaled(17))
        ink.paint_text(painter, name, tr("from timestep k"), font, theme.hint, ink.CENTRE)
        head = QRectF(0, field.top() - fonts.scaled(20), field.left() - fonts.scaled(8), fonts.scaled(16))
        ink.paint_text(painter, head, tr("to t"), font, theme.hint, ink.RIGHT)

    def _paint_upper(self, painter: QPainter, field: QRectF) -> None:
        text, font = tr("later cannot act on earlier"), fonts.text(12)
        if ink.text_width(text, font) < 0.7 * field.width():
            box = QRectF(field.left(), field.top() + 6, field.width() - 10, fonts.scaled(18))
            ink.paint_text(painter, box, text, font, self._theme.hint, ink.RIGHT)

    def _paint_pair(self, painter: QPainter, one: NetworkMap, part: MapPart, field: QRectF) -> None:
        theme = self._theme
        pairs = [((part.start, part.end), theme.ink, 2.0)]
        if self._hovered is not None and self._hovered[0] <= self._hovered[1]:
            pairs.append((self._hovered, theme.secondary, 1.2))
        size = len(one.log10)  # of the map before, while the one of a longer sequence is worked out
        pairs = [pair for pair in pairs if max(pair[0]) <= size]
        for (k, t), colour, width in pairs:
            box = self.square(k, t)
            room = max(0.0, (8.0 - box.width()) / 2)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.panel, width + 2))
            painter.drawRect(box.adjusted(-room, -room, room, room))
            painter.setPen(ink.pen(colour, width))
            painter.drawRect(box.adjusted(-room, -room, room, room))
        if pairs:
            self._paint_value(painter, one, part, pairs[-1][0], field)

    def _paint_value(
        self, painter: QPainter, one: NetworkMap, part: MapPart, pair: tuple[int, int], field: QRectF
    ) -> None:
        """The absolute value of a pair, in a label beside it that hides neither the pair nor its row's end."""
        (k, t), theme = pair, self._theme
        font: QFont = fonts.text(12)
        words = tr("t = {t}, k = {k}:").format(t=count(t), k=count(k))
        value = FormulaText(power_runs(part.value(one.cell, t, k)), 12, theme, face="text", weight=700)
        space = fonts.scaled(8)
        width = ink.text_width(words, font) + value.width + 3 * space
        height, box = fonts.scaled(24), self.square(k, t)
        x = max(min(max(box.right() + 10, field.left() + 4), field.right() - width - 4), 2)
        y = box.top() - height - 8
        y = box.bottom() + 8 if y < field.top() + 4 else y
        label = QRectF(x, min(y, field.bottom() - height - 4), width, height)
        painter.setPen(ink.pen(theme.outline, 1))
        painter.setBrush(qcolor(theme.panel))
        painter.drawRoundedRect(label, 3, 3)
        ink.paint_text(painter, label.adjusted(space, 0, 0, 0), words, font, theme.secondary)
        value.paint(painter, label.right() - space - value.width, label.center().y() + 0.36 * fonts.scaled(12))

    # -- hands -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the pair under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the value under the pointer; with the button held, choose it."""
        pair = self.pair_at(event.position())
        if pair != self._hovered:
            self._hovered = pair
            self.update()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def _choose(self, place: QPointF) -> None:
        pair = self.pair_at(place)
        if pair is not None and pair[0] <= pair[1] and self._map is not None:
            self._desk.choose(*pair, network=self._map.cell)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel is not for maps."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → change the column k, ↑ ↓ the row t; Shift by 10."""
        step = KEYS.get(Qt.Key(event.key()))
        if step is None or self._part is None:
            super().keyPressEvent(event)
            return
        factor = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        start, end = self._part.start + factor * step[0], self._part.end + factor * step[1]
        self._desk.choose(min(max(start, 1), max(end, 1)) if step[0] == 0 else start, end)

    def heat(self, k: int, t: int) -> float:
        """log10 of the value painted at a pair; nan where nothing is painted."""
        if self._map is None or not (1 <= k <= t <= len(self._map.log10)):
            return math.nan
        return float(self._map.log10[t - 1, k - 1])
