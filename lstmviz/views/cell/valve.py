"""A gate or candidate as a valve: its gauge with a handle, its value, and what it is the function of.

The handle moves nothing but a clamp: dragging it holds the value there, and the stage computes the rest again. With
gradients on the wires the gauge makes room for slope, value and dL/da.

Words used in this file
    hundredths   what the underlying slider counts in
    stop         the handle while the gate is clamped: yellow, pushed into the gauge
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.frame import Frame
from lstmviz.stage.hands import quantities_of
from lstmviz.stage.stage import Stage
from lstmviz.views.cell import valve_paint
from lstmviz.views.cell.holding import held_value, hold_at, let_go
from lstmviz.views.cell.plan import Node
from lstmviz.views.cell.tags import name_of, value_text
from lstmviz.views.interventions.quantities import Range, range_of
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

FAR = 10  # hundredths that one arrow key goes with Shift
REACH = 28.0  # of the handle's area, in pixels on the screen
ARROWS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class Valve(QSlider):
    """One quantity of the drawn unit that can be held: a block of the diagram, or the gauge of a state.

    Parameters
    ----------
    quantity : str
        Its letter.
    node : Node or None
        The block that it is; None for the small gauge of a state beside its wire.
    stage : Stage
    theme : Theme
    """

    def __init__(
        self, quantity: str, node: Node | None, stage: Stage, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.quantity, self.node = quantity, node
        self._stage, self._theme = stage, theme
        self._part: CellPart | None = None
        self._frame: Frame | None = None
        self.everyone = False  # a fresh clamp holds all units
        self.zoom = 1.0
        self.look: valve_paint.Look | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def reach(self) -> Range:
        """Where its values lie."""
        return range_of(self.quantity) if self.node is not None else valve_paint.state_range(self._value())

    def _value(self) -> float:
        return self._part.values.get(self.quantity, 0.0) if self._part is not None else 0.0

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    # -- showing -----------------------------------------------------------------------------------------------

    def draw(self, frame: Frame, part: CellPart) -> None:
        """Show the unit's value, and whether it is held."""
        self._frame, self._part = frame, part
        held = held_value(frame.interventions, part, self.quantity, part.t)
        self.look = valve_paint.look_of(self.quantity, self.node, part, held, self.reach, self.can_hold())
        blocked = self.blockSignals(True)
        self.setRange(round(100 * self.reach.low), round(100 * self.reach.high))
        value = self._value()
        self.setValue(round(100 * value) if value == value and abs(value) < 1e6 else 0)
        self.blockSignals(blocked)
        self._describe(held)
        self.update()

    def can_hold(self) -> bool:
        """Whether this network has such a thing to hold."""
        return (
            self._part is not None
            and self._frame is not None
            and self._part.cell in self._frame.settings.cells
            and self.quantity in quantities_of(self._frame.settings, self._part.cell)
        )

    def _describe(self, held: float | None) -> None:
        part, look = self._part, self.look
        assert part is not None and look is not None
        self.setAccessibleName(tr("{name} {letter}").format(name=name_of(self.quantity), letter=self.quantity))
        words = [tr("timestep {t}").format(t=count(part.t)), value_text(self._value())]
        if held is not None:
            words.append(tr("clamped"))
        if look.was:
            words.append(look.was)
        self.setAccessibleDescription(tr(", ").join(words))
        self.setToolTip(
            tr("Drag the handle to hold this value (C, then ↑ ↓); with Shift, of all units")
            if held is None
            else tr("Held here; drag it on, or let it go (C)")
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The block in units of the scene."""
        if self.look is None or self._part is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self.zoom, self.zoom)
            painter.translate(valve_paint.MARGIN, valve_paint.MARGIN)
            valve_paint.paint(painter, self.look, self._theme)

    # -- hands -------------------------------------------------------------------------------------------------

    def gauge(self) -> QRectF:
        """The gauge in pixels of this widget."""
        box = valve_paint.gauge_box(self.node is not None)
        return QRectF(
            (box.left() + valve_paint.MARGIN) * self.zoom,
            (box.top() + valve_paint.MARGIN) * self.zoom,
            box.width() * self.zoom,
            box.height() * self.zoom,
        )

    def handle(self) -> QPointF:
        """The tip of the handle, in pixels of this widget."""
        gauge, reach = self.gauge(), self.reach
        value = min(max(self._value(), reach.low), reach.high)
        share = (value - reach.low) / (reach.high - reach.low)
        return QPointF(gauge.right(), gauge.bottom() - share * gauge.height())

    def value_at(self, y: float) -> float:
        """The value at a height, in hundredths."""
        gauge, reach = self.gauge(), self.reach
        share = min(max((gauge.bottom() - y) / gauge.height(), 0.0), 1.0)
        return round(reach.low + share * (reach.high - reach.low), 2)

    def _grabs(self, where: QPointF) -> bool:
        if self._part is None or self._part.shows != "values" or not self.can_hold():
            return False
        tip, gauge = self.handle(), self.gauge()
        beside = gauge.adjusted(-4, -6, REACH, 6)
        return (beside.contains(where) and abs(where.y() - tip.y()) <= REACH) or gauge.contains(where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the handle."""
        if event.button() == Qt.MouseButton.LeftButton and self._grabs(event.position()):
            self._dragging = True
            self.everyone = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._hold(self.value_at(event.position().y()))
            event.accept()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._dragging:
            self._hold(self.value_at(event.position().y()))
        else:
            over = self._grabs(event.position())
            self.setCursor(Qt.CursorShape.SizeVerCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is one undo entry."""
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self._stage.close_entry()

    @property
    def dragging(self) -> bool:
        """Whether a hand is on it."""
        return self._dragging

    def leave_drag(self) -> bool:
        """Esc: put back what was before the drag; False when there is none."""
        if not self._dragging:
            return False
        self._dragging = False
        self._stage.close_entry()
        self._stage.undo()
        return True

    def event(self, event: QEvent) -> bool:
        """C and the arrows are this gate's while it has the keyboard."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if _is_c(event) or key in ARROWS or key == Qt.Key.Key_Delete:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """C holds the value or lets it go, Shift C that of all units; ↑ ↓ move what is held by 0.01, Shift by 0.1."""
        part, key = self._part, Qt.Key(event.key())
        if part is None or not self.can_hold():
            event.ignore()
            return
        held = held_value(self._stage.interventions, part, self.quantity, part.t)
        if _is_c(event):
            self.everyone = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.toggle()
        elif key == Qt.Key.Key_Delete and held is not None:
            let_go(self._stage, part, self.quantity)
        elif key in ARROWS and held is not None:
            far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._hold(round(held + ARROWS[key] * far / 100, 2))
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A run of key presses is one change."""
        if not event.isAutoRepeat() and Qt.Key(event.key()) in ARROWS:
            self._stage.close_entry()
        event.ignore()

    def toggle(self) -> None:
        """Hold what it is now, in hundredths, or let it go."""
        part = self._part
        if part is None:
            return
        if held_value(self._stage.interventions, part, self.quantity, part.t) is None:
            self._hold(round(self._value(), 2))
        else:
            let_go(self._stage, part, self.quantity)
        self._stage.close_entry()

    def _hold(self, value: float) -> None:
        part, reach = self._part, range_of(self.quantity)
        if part is not None:
            hold_at(self._stage, part, self.quantity, min(max(value, reach.low), reach.high), self.everyone)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page; it clamps nothing."""
        event.ignore()


def _is_c(event: QKeyEvent) -> bool:
    """C or Shift C, and not a shortcut with it."""
    others = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return event.key() == Qt.Key.Key_C and others == Qt.KeyboardModifier.NoModifier
