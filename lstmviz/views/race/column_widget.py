"""What the input strip and the lanes share: columns under the mouse, hovering, and clicks that set the playhead."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views.plain import plain
from lstmviz.views.race.columns import Columns
from lstmviz.views.race.shown import place_at, shown
from lstmviz.views.theme import Theme

FAR = 10  # timesteps that one arrow key goes with Shift
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Hand(Protocol):
    """What takes hold of a column where the clamp tool, or a key held down, says so; True: it was its business."""

    def press(self, event: QMouseEvent) -> bool:
        """A button was pressed."""

    def move(self, event: QMouseEvent) -> object:
        """The pointer moved."""

    def release(self, event: QMouseEvent) -> bool:
        """A button was let go."""


def walk_with_arrows(stage: Stage, frame: Frame | None, event: QKeyEvent) -> bool:
    """Left and right arrow move the playhead along the screen, Shift by ten; True when the key was one of them."""
    direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
    if direction is None or frame is None:
        return False
    far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
    now = shown(frame)
    place = place_at(frame, max(1, min(now.t + direction * far, now.timesteps)))
    if place is not None:
        stage.seek(place)
    return True


class ColumnWidget(QWidget):
    """A picture whose x is the timestep. Subclasses paint, say what a tool tip tells, and have a ``hand``."""

    hand: Hand

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self._columns = Columns(0.0, 1.0, 1)
        self._frame: Frame | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def columns(self) -> Columns:
        """The columns as painted."""
        return self._columns

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def tip_at(self, position: QPoint) -> tuple[str, QRect] | None:
        """What stands under a point, in one line of plain text, and where it stays true."""
        raise NotImplementedError

    def strip(self, first: int, last: int) -> QRect:
        """The columns ``first`` to ``last`` over the whole height, a pixel wider on both sides."""
        left = int(self._columns.centre(first) - self._columns.pitch / 2) - 2
        right = int(self._columns.centre(last) + self._columns.pitch / 2) + 2
        return QRect(left, 0, right - left, self.height())

    def event(self, event: QEvent) -> bool:
        """Show a tool tip as plain text; Enter is the picture's own key, not the window's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in ENTER:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tip = self.tip_at(event.pos())
            if tip is None:
                QToolTip.hideText()
                event.ignore()
            else:
                QToolTip.showText(event.globalPos(), plain(tip[0]), self, tip[1])
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what is in the hand, and hover the timestep under the mouse."""
        self.hand.move(event)
        self._stage.hover(self._columns.at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        self._stage.hover(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take something in the hand, or put the playhead on the timestep that was clicked."""
        if self.hand.press(event):
            return
        t = self._columns.at(event.position().x())
        if event.button() != Qt.MouseButton.LeftButton or t is None or self._frame is None:
            event.ignore()
            return
        self.clicked(t, event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of what was in the hand."""
        if not self.hand.release(event):
            super().mouseReleaseEvent(event)

    def clicked(self, t: int, position: QPoint) -> None:
        """A timestep was clicked; by default the playhead goes there."""
        assert self._frame is not None
        place = place_at(self._frame, t)
        if place is not None:
            self._stage.seek(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the playhead."""
        if not walk_with_arrows(self._stage, self._frame, event):
            super().keyPressEvent(event)
