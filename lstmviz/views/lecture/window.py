"""What the two windows of a lecture have in common: the keys of a clicker, wherever the focus is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.lecture import LectureState
from lstmviz.views.icons import program_icon
from lstmviz.views.lecture.keys import verb_of, wakes


class LectureWindow(QWidget):
    """A top-level window that turns keys into verbs and knows no stage."""

    acted = Signal(str)  # a verb of ``keys``

    def __init__(self) -> None:
        super().__init__()
        self.setWindowIcon(program_icon())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.state = LectureState()

    def set_state(self, state: LectureState) -> None:
        """Take the newest state of the lecture."""
        self.state = state

    def event(self, event: QEvent) -> bool:
        """Keys of the lecture are never a shortcut of another part of the program."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._verb(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key says; while black, any key but Esc returns."""
        verb = self._verb(event)
        if verb:
            event.accept()
            self.acted.emit(verb)
        else:
            super().keyPressEvent(event)

    def _verb(self, event: QKeyEvent) -> str:
        verb = verb_of(event, self.state.arrows)
        return verb or ("wake" if self.state.blank and wakes(event) else "")

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the focus off the buttons, so that Space plays until someone walks to one."""
        super().showEvent(event)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing one window leaves the lecture."""
        super().closeEvent(event)
        self.acted.emit("leave")
