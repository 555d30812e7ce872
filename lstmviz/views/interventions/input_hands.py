"""What hands do on a strip of inputs: with the tool on a click flips or chooses, a drag moves a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.hands import InputEdit, Intervention, codes
from lstmviz.stage.stage import Stage
from lstmviz.views.interventions.edits import set_input
from lstmviz.views.interventions.hands import hands_of
from lstmviz.views.race.column_widget import ENTER

PER_PIXEL = 0.01  # change of a number for each pixel of a drag
FAR_ENOUGH = 3  # pixels after which a press is a drag


@dataclass(slots=True)
class Drag:
    """A press on a timestep."""

    t: int
    y: float
    values: tuple[float, ...]
    moved: bool = False


class InputHands:
    """The hands of one strip.

    Parameters
    ----------
    widget : QWidget
        The strip.
    stage : Stage
    at : callable
        The timestep under a point; None outside.
    """

    def __init__(self, widget: QWidget, stage: Stage, at: Callable[[QPointF], int | None]) -> None:
        self._widget, self._stage, self._at = widget, stage, at
        self._drag: Drag | None = None

    def armed(self) -> bool:
        """Whether the tool is on."""
        hands = hands_of(self._widget)
        return hands is not None and hands.tool_on

    def show_cursor(self) -> None:
        """A hand where a click changes something."""
        shape = Qt.CursorShape.PointingHandCursor if self.armed() else Qt.CursorShape.ArrowCursor
        if self._widget.cursor().shape() != shape:
            self._widget.setCursor(shape)

    def press(self, event: QMouseEvent) -> bool:
        """Take a timestep in the hand; False when this press is for something else."""
        t = self._at(event.position())
        if event.button() == Qt.MouseButton.RightButton and t is not None:
            self.open(t, event.globalPosition().toPoint())
            return True
        values = self._values(t) if t is not None else ()
        if event.button() != Qt.MouseButton.LeftButton or t is None or not values or not self.armed():
            return False
        self._stage.close_entry()
        self._drag = Drag(t, event.position().y(), values)
        return True

    def _values(self, t: int) -> tuple[float, ...]:
        comparison = self._stage.frame.comparison
        return () if comparison is None else tuple(map(float, comparison.batch.x[t - 1, 0]))

    def _letters(self) -> list[tuple[float, ...]]:
        return list(codes(self._stage.settings.task).values())

    def move(self, event: QMouseEvent) -> bool:
        """Up is more, down is less, where the input is a number; False when nothing is in the hand."""
        drag = self._drag
        if drag is None:
            return False
        up = drag.y - event.position().y()
        if not self._letters() and (drag.moved or abs(up) >= FAR_ENOUGH):
            drag.moved = True
            fresh = (round(drag.values[0] + PER_PIXEL * up, 2), *drag.values[1:])
            set_input(self._stage, drag.t, fresh, f"dragged input {drag.t}")
        return True

    def release(self, event: QMouseEvent) -> bool:
        """A click flips where there are two letters, and opens the card elsewhere."""
        drag, self._drag = self._drag, None
        if drag is None:
            return False
        self._stage.close_entry()
        if not drag.moved:
            self.touch(drag.t, event.globalPosition().toPoint())
        return True

    def touch(self, t: int, where: QPoint) -> None:
        """Flip the letter of a timestep where there are only two; else let one choose."""
        letters, now = self._letters(), self._values(t)
        if len(letters) == 2 and now in letters:
            set_input(self._stage, t, letters[1 - letters.index(now)])
        else:
            self.open(t, where)

    def open(self, t: int, where: QPoint) -> None:
        """The card of a timestep."""
        hands = hands_of(self._widget)
        if hands is not None and self._stage.frame.comparison is not None:
            hands.open_input(t, where)

    def key(self, event: QKeyEvent, t: int, where: QPoint) -> bool:
        """Enter changes what is read at the playhead; False for any other key."""
        if event.key() not in ENTER:
            return False
        self.touch(t, where)
        return True


def edited_timesteps(interventions: Iterable[Intervention], timesteps: int) -> tuple[int, ...]:
    """Timesteps at which something else is read."""
    found = {one.t for one in interventions if isinstance(one, InputEdit) and one.on and one.t <= timesteps}
    return tuple(sorted(found))
