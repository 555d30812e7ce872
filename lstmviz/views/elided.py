"""A label that shortens its text when there is no room, and says the whole of it in its tool tip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lstmviz.views.plain import harmless, plain


class ElidedLabel(QLabel):
    """One line of any text; never wider than its place, never HTML.

    Parameters
    ----------
    role : str
        Of the style sheet.
    """

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole, self._short = "", ""

    def show_text(self, text: str, short: str = "") -> None:
        """Show ``text``, or ``short`` where that alone fits; line breaks become spaces."""
        if (text, short) != (self._whole, self._short):
            self._whole, self._short = text, harmless(short)
            self.setText(" ".join(harmless(text).split("\n")))
            self.setToolTip(plain(text))
            self.setAccessibleDescription(harmless(text))

    def whole(self) -> str:
        """The text as it was given."""
        return self._whole

    def shown(self) -> str:
        """What there is room for."""
        measure, text = self.fontMetrics(), self.text()
        if self._short and measure.horizontalAdvance(text) > self.width():
            text = self._short
        return measure.elidedText(text, Qt.TextElideMode.ElideRight, self.width())

    def minimumSizeHint(self) -> QSize:
        """As narrow as one likes."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The text, with an ellipsis where it was cut."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(self.rect(), int(self.alignment()), self.shown())
