"""Marking timesteps (and units) with the mouse or with keys: the clamp is there from the first pixel, and follows.

Words used in this file
    tool     while it is on, a drag over timesteps holds a quantity; Shift and a drag do so at any time
    stroke   one clamp being drawn, from its first timestep to the release of the button; one undo entry
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.hands import Clamp
from lstmviz.stage.stage import Stage
from lstmviz.views.interventions.edits import change, make
from lstmviz.views.interventions.hands import hands_of
from lstmviz.views.interventions.quantities import range_of
from lstmviz.views.race.column_widget import ENTER

ABOUT = "drawn clamp"
ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True, slots=True)
class Place:
    """A timestep and, where rows are units, the units from the row of the press to this one."""

    t: int
    row: int = -1


@dataclass(slots=True)
class Stroke:
    """The clamp being drawn."""

    index: int
    begun: Place
    ended: Place
    cell: str
    quantity: str


class Marker:
    """What a picture with a column per timestep does when hands mark a stretch of it.

    Parameters
    ----------
    widget : QWidget
        The picture.
    stage : Stage
    target : callable
        Network and quantity that a drag holds; None where nothing can be held.
    place : callable
        What lies under a point; None outside.
    units : callable
        The units of the rows between two rows; () for all.
    """

    def __init__(
        self,
        widget: QWidget,
        stage: Stage,
        target: Callable[[], tuple[str, str] | None],
        place: Callable[[QPointF], Place | None],
        units: Callable[[int, int], tuple[int, ...]] = lambda _first, _last: (),
    ) -> None:
        self._widget, self._stage = widget, stage
        self._target, self._place, self._units = target, place, units
        self._stroke: Stroke | None = None

    @property
    def marking(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._stroke is not None

    def armed(self) -> bool:
        """Whether the tool is on and there is something to hold here."""
        hands = hands_of(self._widget)
        return hands is not None and hands.tool_on and self._target() is not None

    def show_cursor(self) -> None:
        """A cross where a drag would hold something."""
        shape = Qt.CursorShape.CrossCursor if self.armed() else Qt.CursorShape.ArrowCursor
        if self._widget.cursor().shape() != shape:
            self._widget.setCursor(shape)

    # -- mouse -------------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> bool:
        """Begin a stroke; False when this press is for something else."""
        wanted = self.armed() or bool(event.modifiers() & SHIFT)
        if event.button() != Qt.MouseButton.LeftButton or not wanted:
            return False
        found = self._place(event.position())
        return found is not None and self._begin(found)

    def move(self, event: QMouseEvent) -> bool:
        """Follow the mouse; False when there is no stroke."""
        if self._stroke is None:
            return False
        found = self._place(event.position())
        if found is not None:
            self._to(found)
        return True

    def release(self, event: QMouseEvent) -> bool:
        """The stroke is over: its card opens at the mouse."""
        return self._finish(event.globalPosition().toPoint())

    def cancel(self) -> bool:
        """Esc during a stroke: nothing has happened; False when there is no stroke."""
        if self._stroke is None:
            return False
        self._stroke = None
        self._stage.undo()
        return True

    # -- keys --------------------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent, at: Place, last: int, where: QPoint) -> bool:
        """With the tool on: Shift and an arrow draw from the playhead on, Enter holds; False for any other key.

        Parameters
        ----------
        event : QKeyEvent
        at : Place
            Where the keyboard is.
        last : int
            T.
        where : QPoint
            Where the card opens, on the screen.
        """
        if not self.armed():
            return False
        if event.key() in ALONG and event.modifiers() & SHIFT:
            if self._stroke is None:
                return self._begin(at)
            t = max(1, min(self._stroke.ended.t + ALONG[Qt.Key(event.key())], last))
            self._to(Place(t, self._stroke.ended.row))
            return True
        if event.key() in ENTER:
            if self._stroke is None and not self._begin(at):
                return False
            return self._finish(where)
        return False

    # -- the stroke --------------------------------------------------------------------------------------------

    def _begin(self, place: Place) -> bool:
        target = self._target()
        if target is None:
            return False
        cell, quantity = target
        units = self._units(place.row, place.row)
        one = Clamp(cell, quantity, place.t, place.t, (range_of(quantity).start,), units)
        self._stage.close_entry()
        index = make(self._stage, one, ABOUT)
        if index is None:
            return False
        self._stroke = Stroke(index, place, place, cell, quantity)
        hands = hands_of(self._widget)
        if hands is not None:
            hands.stroke = self
        return True

    def _to(self, place: Place) -> None:
        stroke = self._stroke
        if stroke is None or place == stroke.ended:
            return
        stroke.ended = place
        first, last = sorted((stroke.begun.t, place.t))
        units = self._units(*sorted((stroke.begun.row, place.row)))
        value = range_of(stroke.quantity).start
        change(self._stage, stroke.index, Clamp(stroke.cell, stroke.quantity, first, last, (value,), units), ABOUT)

    def _finish(self, where: QPoint) -> bool:
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return False
        self._stage.close_entry()
        hands = hands_of(self._widget)
        if hands is not None:
            hands.stroke = None
            hands.open_clamp(stroke.index, where)
        return True
