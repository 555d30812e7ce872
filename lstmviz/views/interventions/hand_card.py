"""What the cards of the hands share: a heading, a button that puts the card away, and how it goes."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QWidget

from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button, label
from lstmviz.views.icons import icon
from lstmviz.views.theme import Theme
from lstmviz.words import tr


class HandCard(QFrame):
    """A card over the picture; what it says takes effect at once and stays when it goes.

    Parameters
    ----------
    stage : Stage
    name : str
        For screen readers.
    heading : str
        Role of the heading: "heading" or "strong".
    leaving : str
        Tool tip of the button that puts the card away.
    """

    closed = Signal()

    def __init__(self, stage: Stage, name: str, heading: str, leaving: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self._stage = stage
        self.title = label("", heading, self)
        self.close_button = button("", "plain", self)
        self.close_button.setAccessibleName(tr("Close"))
        self.close_button.setToolTip(leaving)
        self.close_button.clicked.connect(self.leave)

    @Slot()
    def leave(self) -> None:
        """Put the card away; what it said stays."""
        if not self.isHidden():
            self.hide()
            self._stage.close_entry()
            self.closed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.close_button.setIcon(icon("cross", theme, 16))

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.close_button.setFixedSize(fonts.scaled(28), fonts.scaled(28))
