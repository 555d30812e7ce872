"""One line over the labs while a network from a file is on show: what was opened, what it reads, who answers."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.opened import put_away
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button
from lstmviz.views.elided import ElidedLabel
from lstmviz.words import tr


class OpenedBar(QFrame):
    """What was opened, and a way to put it away."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setAccessibleName(tr("Opened from a file"))
        self._stage = stage
        self.text = ElidedLabel("secondary", self)
        self.away = button(tr("Put away"), "plain", self)
        self.away.setAccessibleName(tr("Put away"))
        self.away.setToolTip(tr("Show the untrained network of this kind again; undo brings the file's back"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self.away)
        self.away.clicked.connect(self._put_away)
        self.hide()
        self.set_scale()

    @Slot()
    def _put_away(self) -> None:
        put_away(self._stage)

    def draw(self, frame: Frame) -> None:
        """Show the line, or nothing."""
        self.text.show_text(frame.opened.words if frame.opened is not None else "")
        if (frame.opened is not None) == self.isHidden():
            self.setVisible(frame.opened is not None)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._row.setContentsMargins(fonts.scaled(20), 0, fonts.scaled(16), fonts.scaled(1))
        self.text.setMinimumHeight(fonts.scaled(20))
