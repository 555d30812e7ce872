"""What stands in the picture while no network is ticked: a dashed card with the one button that fills it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr


class EmptyCard(QWidget):
    """Says that there is nothing to draw, and offers to change that."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self.button = QPushButton(tr("Tick RNN and LSTM"), self)
        self.button.setProperty("role", "primary")
        self.button.setAccessibleName(tr("Tick RNN and LSTM"))
        self.button.clicked.connect(self._fill)
        self.setAccessibleName(tr("No network to draw"))
        self.hide()

    @Slot()
    def _fill(self) -> None:
        self._stage.change({"cells": ("rnn", "lstm")})

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def _card(self) -> QRectF:
        width, height = min(480.0, self.width() - 32.0), min(float(fonts.scaled(212)), self.height() - 16.0)
        return QRectF((self.width() - width) / 2, max((self.height() - height) / 2.5, 8.0), width, height)

    def arrange(self, layout: RaceLayout) -> None:
        """The geometry of the other rows does not matter to it."""
        self._place_button()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in the card."""
        super().resizeEvent(event)
        self._place_button()

    def _place_button(self) -> None:
        self.button.setFont(fonts.text(13, 600))
        hint, card = self.button.sizeHint(), self._card()
        width, height = max(hint.width(), fonts.scaled(180)), max(hint.height(), fonts.scaled(36))
        self.button.setGeometry(
            int(card.center().x() - width / 2), int(card.bottom() - height - fonts.scaled(40)), width, height
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dashed edge and two lines of text."""
        card, theme = self._card(), self._theme
        pen = QPen(qcolor(theme.outline), 1.2)
        pen.setDashPattern([6, 5])
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(card, 8, 8)
            line = fonts.scaled(28)
            top = card.top() + card.height() / 2 - 2.2 * line
            box = QRectF(card.left(), top, card.width(), line)
            ink.paint_text(painter, box, tr("No network to draw"), fonts.text(17, 600), theme.ink, ink.CENTRE)
            text = tr("Tick RNN, LSTM or GRU on the left.")
            ink.paint_text(painter, box.translated(0, line), text, fonts.text(13), theme.secondary, ink.CENTRE)
