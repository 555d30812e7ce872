"""What was opened, on top of every lab's control column: the file, what it reads, who answers; and putting it away."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.opened import put_away
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button, label
from lstmviz.views.elided import ElidedLabel
from lstmviz.views.plain import harmless, plain
from lstmviz.words import tr

HEIGHT = 24


class OpenedCard(QFrame):
    """The network from a file, while one is on show."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Opened from a file"))
        self._stage = stage
        self.name = ElidedLabel("strong", self)
        self.words = label("", "hint", self)
        self.words.setWordWrap(True)
        self.away = button(tr("Put away"), "plain", self)
        self.away.setAccessibleName(tr("Put away"))
        self.away.setToolTip(tr("Show the untrained network of this kind again; undo brings the file's back"))
        self._line = QHBoxLayout()
        self._line.addWidget(self.name, 1)
        self._line.addWidget(self.away)
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(self._line)
        self._rows.addWidget(self.words)
        self.away.clicked.connect(self._put_away)
        self.hide()

    @Slot()
    def _put_away(self) -> None:
        put_away(self._stage)

    def draw(self, frame: Frame) -> None:
        """Show what was opened, or nothing."""
        note = frame.opened
        if note is not None:
            self.name.show_text(note.name)
            if self.words.text() != harmless(note.words):
                self.words.setText(harmless(note.words))
                others = tr("Forget bias, gain and initialisation are those of untrained networks.")
                self.words.setToolTip(plain(others))
        if (note is not None) == self.isHidden():
            self.setVisible(note is not None)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(fonts.scaled(2))
        self._line.setSpacing(fonts.scaled(4))
        self.away.setStyleSheet(f"min-height: 0; padding: 0 {fonts.scaled(4)}px")
        self.away.setFixedHeight(fonts.scaled(HEIGHT))
