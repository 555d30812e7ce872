"""The banner: one line about something that went wrong, until it is dismissed."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button
from lstmviz.views.elided import ElidedLabel
from lstmviz.words import tr


class Banner(QFrame):
    """What went wrong, what is kept, and a way to put it away."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "error")
        self.setAccessibleName(tr("Something went wrong"))
        self._stage = stage
        self.text = ElidedLabel("strong", self)
        self.dismiss = button(tr("Dismiss"), "", self)
        self.dismiss.setAccessibleName(tr("Dismiss"))
        self.dismiss.setToolTip(tr("Put this line away; it stays in the log"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self.dismiss)
        self.dismiss.clicked.connect(self._dismiss)
        self.hide()
        self.set_scale()

    @Slot()
    def _dismiss(self) -> None:
        self._stage.dismiss()

    def draw(self, frame: Frame) -> None:
        """Show the line, or nothing."""
        self.text.show_text(frame.banner)
        if bool(frame.banner) == self.isHidden():
            self.setVisible(bool(frame.banner))

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._row.setContentsMargins(fonts.scaled(20), fonts.scaled(6), fonts.scaled(16), fonts.scaled(6))
        self.text.setMinimumHeight(fonts.scaled(20))
