"""A line to type in over a list: arrows and Enter go to the list, whatever shortcuts they are elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Backtab: -1,
    Qt.Key.Key_Tab: 1,
}
LONGEST = 100  # characters


class SearchLine(QLineEdit):
    """Keeps the keyboard while a list under it is walked; ``tab_moves``: Tab walks the list, too."""

    moved = Signal(int)  # up or down the list
    entered = Signal()

    def __init__(self, name: str, hint: str, parent: QWidget | None = None, *, tab_moves: bool = True) -> None:
        super().__init__(parent)
        tabs = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        self._moves = {key: way for key, way in MOVES.items() if tab_moves or key not in tabs}
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setMaxLength(LONGEST)

    def event(self, event: QEvent) -> bool:
        """Take the keys of the list before the window's shortcuts do."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if Qt.Key(event.key()) in (*self._moves, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.entered.emit()
                return True
            if key in self._moves:
                self.moved.emit(self._moves[key])
                return True
        return super().event(event)
