"""All weights of one network as a picture in which each can be taken in the hand.

Words used in this file
    field    where one array is painted; fields stand side by side, with the same rows
    chosen   the entry that keys and drags change
    edited   entries that are not what training or chance made them; yellow
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from lstmviz.stage.weight_blocks import Blocks, Entry
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.inspect.colours import image_from
from lstmviz.views.interventions.quantities import ROLES
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.race.ramps import signed_index, signed_table
from lstmviz.views.theme import Theme
from lstmviz.words import tr

BETWEEN = 12  # pixels between two arrays
MOST_WIDE = 26.0  # pixels of a column
PER_PIXEL = 0.01  # change of a weight for each pixel of a drag
NOTCH, FAR = 0.05, 10  # change of a weight by + and −; entries that Shift and an arrow go
FAR_ENOUGH = 3  # pixels after which a press is a drag
WAYS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
STEPS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
OWN = (Qt.Key.Key_X, Qt.Key.Key_Delete, *STEPS)
TITLES = {
    "weight_ih": tr("from x"),
    "weight_hh": tr("from h"),
    "weight_gates": tr("from the gates before"),
    "peephole": tr("c"),
    "bias": tr("b"),
    "bias_hn": tr("b′"),
    "readout_weight": tr("from h"),
    "readout_bias": tr("b"),
}


@dataclass(frozen=True, slots=True)
class Drag:
    """A press on an entry, and what its value was."""

    y: float
    value: float
    moved: bool = False


class WeightsPicture(QWidget):
    """The arrays side by side; a click chooses an entry, a drag up or down changes it."""

    chose = Signal(object)  # Entry
    looked = Signal()  # the pointer went to another entry, or away
    changed = Signal(object, float)  # Entry, value
    ended = Signal()  # a drag or a run of keys is over
    cut = Signal(object)  # Entry whose recurrent connection is cut, or put back

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._blocks: Blocks | None = None
        self._images: dict[str, QImage] = {}
        self._limit = 1.0
        self._edited: frozenset[Entry] = frozenset()
        self._symbols: tuple[str, ...] = ()
        self._drag: Drag | None = None
        self.chosen = Entry("weight_hh", 0, 0)
        self.hovered: Entry | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Weights"))

    @property
    def blocks(self) -> Blocks | None:
        """As painted."""
        return self._blocks

    @property
    def edited(self) -> frozenset[Entry]:
        """Entries marked in yellow."""
        return self._edited

    def draw(self, blocks: Blocks, limit: float, edited: frozenset[Entry], symbols: tuple[str, ...]) -> None:
        """Show weights; ``limit`` is the end of the colours, ``symbols`` are the names of the inputs."""
        before = {} if self._blocks is None else self._blocks.arrays
        if any(array is not before.get(name) for name, array in blocks.arrays.items()):
            self._images.clear()
        if limit != self._limit:
            self._images.clear()
        self._blocks, self._limit, self._edited, self._symbols = blocks, limit, edited, symbols
        if self.hovered is not None and not blocks.has(self.hovered):
            self.hovered = None
        if not blocks.has(self.chosen):
            self._drag = None  # its entry is gone
            self.chosen = Entry("weight_hh" if "weight_hh" in blocks.arrays else next(iter(blocks.arrays)), 0, 0)
        self._describe()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self._images.clear()
        self.update()

    def choose(self, entry: Entry) -> None:
        """Take an entry in the hand."""
        if entry != self.chosen:
            self.chosen = entry
            self._describe()
            self.update()
            self.chose.emit(entry)

    def words(self, entry: Entry) -> str:
        """Which connection an entry is, and its exact value."""
        if self._blocks is None:
            return ""
        text = tr("{connection}: {value}")
        value = repr(self._blocks.value(entry)).replace("-", "−")
        return text.format(connection=self._blocks.words(entry, self._symbols), value=value)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.words(self.chosen))

    # -- geometry ----------------------------------------------------------------------------------------------

    def fields(self) -> dict[str, QRectF]:
        """Where each array is painted."""
        if self._blocks is None:
            return {}
        left, top = float(fonts.scaled(22)), float(fonts.scaled(20))
        arrays = self._blocks.arrays
        columns = sum(array.shape[1] for array in arrays.values())
        room = self.width() - left - BETWEEN * (len(arrays) - 1) - 4
        wide = min(max(room, 1.0) / columns, MOST_WIDE * fonts.text_size())
        tall = max(self.height() - top - 4, 1.0) / self._blocks.height
        found, x = {}, left
        for name, array in arrays.items():
            width = wide * array.shape[1]
            first, end = self._blocks.extent(name)
            found[name] = QRectF(x, top + tall * first, width, tall * (end - first))
            x += width + BETWEEN
        return found

    def box(self, entry: Entry) -> QRectF:
        """Where an entry is painted."""
        assert self._blocks is not None
        field, (first, end) = self.fields()[entry.array], self._blocks.extent(entry.array)
        wide, tall = field.width() / self._blocks.arrays[entry.array].shape[1], field.height() / (end - first)
        line = int(self._blocks.lines[entry.array][entry.row]) - first
        return QRectF(field.left() + entry.column * wide, field.top() + line * tall, wide, tall)

    def entry_at(self, where: QPointF) -> Entry | None:
        """The entry under a place."""
        if self._blocks is None:
            return None
        for name, field in self.fields().items():
            if field.contains(where):
                columns, (first, end) = self._blocks.arrays[name].shape[1], self._blocks.extent(name)
                line = min(first + int((where.y() - field.top()) / field.height() * (end - first)), end - 1)
                column = min(int((where.x() - field.left()) / field.width() * columns), columns - 1)
                row = self._blocks.row_at(name, line)
                return None if row is None else Entry(name, row, column)
        return None

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names, arrays, edited entries, the chosen one."""
        blocks, theme = self._blocks, self._theme
        if blocks is None:
            return
        fields = self.fields()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_names(painter, blocks, fields)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            for name, field in fields.items():
                painter.drawImage(field, self._image(blocks, name))
            self._paint_lines(painter, blocks, fields)
            for entry in self._edited:
                if blocks.has(entry):
                    under = theme.panel if theme.dark else theme.clamp_outline
                    self._outline(painter, self.box(entry), under, 4.4, theme.clamp, 2.0)
            if self.hovered is not None and blocks.has(self.hovered):
                self._outline(painter, self.box(self.hovered), theme.panel, 3.0, theme.outline, 1.2)
            self._outline(painter, self.box(self.chosen), theme.panel, 4.0, theme.ink, 1.6)
            if self.hasFocus():
                painter.setPen(ink.pen(theme.ink, theme.lines.focus))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)

    def _image(self, blocks: Blocks, name: str) -> QImage:
        if name not in self._images:
            table = np.array(signed_table(self._theme), dtype=np.uint32)
            first, end = blocks.extent(name)
            array = blocks.arrays[name]
            pixels = np.zeros((end - first, array.shape[1]), dtype=np.uint32)  # clear where there is no number
            pixels[blocks.lines[name] - first] = table[signed_index(array / self._limit)]
            self._images[name] = image_from(pixels)
        return self._images[name]

    def _paint_names(self, painter: QPainter, blocks: Blocks, fields: dict[str, QRectF]) -> None:
        font, theme = fonts.text(12), self._theme
        for name, field in fields.items():
            box = QRectF(field.left(), 0, field.width() + BETWEEN, fonts.scaled(18))
            ink.paint_text(painter, box, ink.elided(TITLES[name], font, box.width()), font, theme.secondary)
        whole = next(iter(fields.values()))
        tall = whole.height() / len(blocks.blocks)
        for k, block in enumerate(blocks.blocks):
            symbol = FormulaText(symbol_runs(block), 15, theme, colour=theme.text.get(ROLES.get(block, ""), theme.ink))
            symbol.paint(painter, 4, whole.top() + (k + 0.5) * tall + 5)

    def _paint_lines(self, painter: QPainter, blocks: Blocks, fields: dict[str, QRectF]) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for name, field in fields.items():
            first, end = blocks.extent(name)
            parts = (end - first) // blocks.hidden
            tall = field.height() / parts
            painter.setPen(ink.pen(self._theme.panel, 3))
            for k in range(1, parts):
                y = field.top() + k * tall
                painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(ink.pen(self._theme.outline, 1))
            painter.drawRect(field.adjusted(-0.5, -0.5, 0.5, 0.5))

    @staticmethod
    def _outline(painter: QPainter, box: QRectF, under: str, wide: float, over: str, thin: float) -> None:
        """Two outlines round an entry, never smaller than the hand can see."""
        grown = box.adjusted(-max(0.0, 5 - box.width()) / 2, -max(0.0, 5 - box.height()) / 2, 0, 0)
        grown.setSize(grown.size().expandedTo(QRectF(0, 0, 5, 5).size()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((under, wide), (over, thin)):
            painter.setPen(ink.pen(colour, width))
            painter.drawRect(grown)

    # -- hands -------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """A tool tip with the exact value under the pointer; keys of the picture are not the window's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in OWN:
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            entry = self.entry_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain(self.words(entry)) if entry else "", self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the entry under the pointer; a drag from here on changes it."""
        entry = self.entry_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and entry is not None and self._blocks is not None:
            self.choose(entry)
            self._drag = Drag(event.position().y(), self._blocks.value(entry))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Up is more, down is less; without a button, only look."""
        if self._drag is None:
            hovered = self.entry_at(event.position())
            if hovered != self.hovered:
                self.hovered = hovered
                self.update()
                self.looked.emit()
            return
        up = self._drag.y - event.position().y()
        if self._drag.moved or abs(up) >= FAR_ENOUGH:
            self._drag = Drag(self._drag.y, self._drag.value, moved=True)
            self.changed.emit(self.chosen, round(self._drag.value + PER_PIXEL * up, 4))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        moved, self._drag = self._drag is not None and self._drag.moved, None
        if moved:
            self.ended.emit()
        event.accept()

    def cancel_drag(self) -> bool:
        """Put back the value from before a drag; False when there is none."""
        if self._drag is None or not self._drag.moved:
            return False
        self.changed.emit(self.chosen, self._drag.value)
        self._drag = None
        self.ended.emit()
        return True

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        self.hovered = None
        self.update()
        self.looked.emit()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from entry to entry, + and − change it, Delete or X cuts the connection."""
        key, blocks = Qt.Key(event.key()), self._blocks
        if blocks is None:
            return
        if key in WAYS:
            far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            down, right = WAYS[key]
            self.choose(blocks.moved(self.chosen, far * down, far * right))
        elif key in STEPS:
            self.changed.emit(self.chosen, round(blocks.value(self.chosen) + NOTCH * STEPS[key], 4))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_X):
            self.cut.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A run of + or − is one change."""
        if not event.isAutoRepeat() and Qt.Key(event.key()) in STEPS:
            self.ended.emit()
        super().keyReleaseEvent(event)
