"""What hands need in one window: the clamp tool, and the cards in which a thing is held, read or weighed.

Words used in this file
    tool    while it is on, a drag over timesteps holds a quantity, and a click on an input changes it
    card    lies over the content beside the mouse; one at a time
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

from PySide6.QtCore import QObject, QPoint, QRect, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.hands import Clamp, Freeze, InputEdit, WeightEdit
from lstmviz.stage.stage import Stage
from lstmviz.stage.weight_blocks import Entry
from lstmviz.views import fonts
from lstmviz.views.interventions.clamp_card import ClampCard
from lstmviz.views.interventions.gates_card import GatesCard
from lstmviz.views.interventions.input_card import InputCard
from lstmviz.views.interventions.weights_card import WeightsCard
from lstmviz.views.theme import Theme

AWAY = 14  # pixels between the mouse and the card
LEAST_ROOM = 300  # pixels; a smaller part of the content holds no card
MANY = 12  # timesteps; a longer course is drawn on a larger card
Card: TypeAlias = ClampCard | InputCard | WeightsCard | GatesCard


class Stroke(Protocol):
    """What is drawn while the button is held."""

    def cancel(self) -> bool:
        """Esc: nothing has happened; False when nothing is drawn."""


class Hands(QObject):
    """The tool and the cards of one window.

    Parameters
    ----------
    stage : Stage
    body : QWidget
        What the cards are children of.
    content : QWidget
        The part of the body that they keep to.
    """

    def __init__(self, stage: Stage, body: QWidget, content: QWidget) -> None:
        super().__init__(body)
        self._stage, self._body, self._content = stage, body, content
        self.tool_on = False
        theme: Theme = body.window().theme  # type: ignore[attr-defined]  # the main window
        self.clamp = ClampCard(stage, theme, body)
        self.input = InputCard(stage, theme, body)
        self.weights = WeightsCard(stage, theme, body)
        self.gates = GatesCard(stage, theme, body)
        self.stroke: Stroke | None = None
        self._back_to: QWidget | None = None
        for card in self.cards():
            card.closed.connect(self._give_back)
        self.set_scale()

    def cards(self) -> tuple[Card, ...]:
        """All cards, open or not."""
        return self.clamp, self.input, self.weights, self.gates

    def draw(self, frame: Frame) -> None:
        """Show the frame in what is open."""
        for card in self.cards():
            if not card.isHidden():
                card.draw(frame)

    # -- the tool ----------------------------------------------------------------------------------------------

    def set_tool(self, on: bool) -> None:
        """Take the clamp tool into the hand, or put it away; every picture shows which."""
        if on != self.tool_on:
            self.tool_on = on
            self._body.window().draw(self._stage.frame)  # type: ignore[attr-defined]  # the main window

    # -- the cards ---------------------------------------------------------------------------------------------

    def open_clamp(self, index: int, where: QPoint | None = None) -> None:
        """Edit a clamp or a frozen stretch beside a point of the screen; beside the mouse when left out."""
        if self.clamp.open(index):
            self._show(self.clamp, where)
            self.clamp.value.setFocus()

    def open_input(self, t: int, where: QPoint | None = None) -> None:
        """Choose what is read at a timestep."""
        self.input.open(t)
        self._show(self.input, where)
        self.input.first_control().setFocus()

    def open_weights(self, entry: Entry | None = None) -> None:
        """Show the weights of the selected network."""
        frame = self._stage.frame
        if frame.comparison is None or frame.comparison.racer(frame.selection.network) is None:
            return
        self._show(self.weights, None)
        self.weights.draw(frame)
        if entry is not None:
            self.weights.picture.choose(entry)
        self.weights.picture.setFocus()

    def open_gates(self) -> None:
        """Draw the gates that are held by hand."""
        frame = self._stage.frame
        if self.gates.rows_of(frame):
            self._show(self.gates, None)
            self.gates.draw(frame)
            self.gates.plots[0].setFocus()

    def toggle_weights(self) -> None:
        """Show the weights, or put them away."""
        if self.weights.isHidden():
            self.open_weights()
        else:
            self.weights.leave()

    def open_of(self, index: int, where: QPoint | None = None) -> None:
        """The card in which an intervention is changed."""
        one = self._stage.interventions[index]
        if isinstance(one, Clamp) and len(one.values) > 1 and one.last - one.first >= MANY:
            self._stage.select(network=one.cell)
            self._stage.tick(0.0)
            self.open_gates()
        elif isinstance(one, Clamp | Freeze):
            self.open_clamp(index, where)
        elif isinstance(one, InputEdit):
            self.open_input(one.t, where)
        elif isinstance(one, WeightEdit):
            self._stage.select(network=one.cell)
            self._stage.tick(0.0)
            self.open_weights(Entry(one.array, one.row, one.column))
        else:
            self._stage.select(network=one.cell)
            self._stage.tick(0.0)
            self.open_weights(Entry("weight_hh", one.target, one.source))

    def leave(self) -> bool:
        """Esc: the stroke, else the topmost card, else the tool; False when there is none of them."""
        if self.stroke is not None and self.stroke.cancel():
            return True
        for card in self.cards():
            if not card.isHidden():
                if card is not self.weights or not self.weights.picture.cancel_drag():
                    card.leave()
                return True
        if self.tool_on:
            self.set_tool(False)
            return True
        return False

    def _show(self, card: Card, where: QPoint | None) -> None:
        focused = self._body.window().focusWidget()
        inside = focused is not None and any(other.isAncestorOf(focused) for other in self.cards())
        if not inside:
            self._back_to = focused
        for other in self.cards():
            if other is not card and not other.isHidden():
                other.hide()
        card.show()
        card.adjustSize()
        card.raise_()
        if card in (self.weights, self.gates):
            self.place()
        else:
            self._place_at(card, QCursor.pos() if where is None else where)

    @Slot()
    def _give_back(self) -> None:
        if self._back_to is not None and self._back_to.isVisible():
            self._back_to.setFocus()
        self._back_to = None

    # -- places ------------------------------------------------------------------------------------------------

    def _room(self) -> QRect:
        """The content, or the part of it that is scrolled into sight where the window is smaller than its parts."""
        whole = QRect(self._content.mapTo(self._body, QPoint(0, 0)), self._content.size())
        view = self._body.parentWidget()
        seen = whole & QRect(-self._body.pos(), view.size()) if view is not None else whole
        room = seen if seen.width() >= LEAST_ROOM and seen.height() >= LEAST_ROOM else whole
        return room.adjusted(8, 8, -8, -8)

    def _place_at(self, card: QWidget, where: QPoint) -> None:
        """Beside a point of the screen and inside the content, never over the point."""
        room, at, size = self._room(), self._body.mapFromGlobal(where), card.sizeHint().expandedTo(card.minimumSize())
        width, height = card.width(), max(size.height(), card.height())
        right = at.x() + AWAY + width <= room.right()
        x = at.x() + AWAY if right else at.x() - AWAY - width
        x = max(room.left(), min(x, room.right() - width))
        y = max(room.top(), min(at.y() + AWAY, room.bottom() - height))
        card.move(x, y)

    def place(self) -> None:
        """Keep the cards inside the content."""
        room = self._room()
        if not self.weights.isHidden():
            width = min(room.width(), fonts.scaled(560))
            self.weights.setGeometry(room.right() - width, room.top(), width, room.height())
        if not self.gates.isHidden():
            height = min(room.height(), fonts.scaled(360))
            self.gates.setGeometry(room.left(), room.bottom() - height, room.width(), height)
        for card in (self.clamp, self.input):
            if not card.isHidden():
                x = max(room.left(), min(card.x(), room.right() - card.width()))
                card.move(x, max(room.top(), min(card.y(), room.bottom() - card.height())))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        for card in self.cards():
            card.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        for card in self.cards():
            card.set_scale()
        self.place()


def hands_of(widget: QWidget) -> Hands | None:
    """The hands of the window that a widget is in; None outside a main window."""
    panels = getattr(widget.window(), "panels", None)
    found = getattr(panels, "hands", None)
    return found if isinstance(found, Hands) else None
