"""The operations of the timestep as a row of numbered buttons, over the diagram."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.tab_order import grown
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

GAP = 6


class OperationButton(QPushButton):
    """One operation: filled with ink while it is on show, grey until it is reached."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.number, self.done, self.now = 0, False, False
        self.setProperty("role", "plain")

    def show_as(self, number: int, name: str, done: bool, now: bool) -> None:
        """Take another operation."""
        if (number, name, done, now) == (self.number, self.text(), self.done, self.now):
            return
        self.number, self.done, self.now = number, done, now
        self.setText(name)
        self.setAccessibleName(tr("Operation {n}: {name}").format(n=count(number), name=name))
        state = tr("on show") if now else tr("done") if done else tr("not reached")
        self.setAccessibleDescription(state)
        self.setToolTip(tr("Show the cell after this operation"))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for number and name."""
        wide = ink.text_width(self.text(), fonts.text(12.5, 600)) + ink.text_width("10", fonts.mono(11.5, 500))
        return QSize(round(wide) + 30, fonts.scaled(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, number, name."""
        theme = self.theme
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(ink.pen(theme.ink if self.now else theme.hairline, 1))
            painter.setBrush(qcolor(theme.ink if self.now else theme.panel))
            painter.drawRoundedRect(box, 6, 6)
            if self.underMouse() and not self.now:
                painter.setPen(ink.pen(theme.outline, 1))
                painter.drawRoundedRect(box, 6, 6)
            colour = theme.panel if self.now else theme.ink if self.done else theme.hint
            font, digits = fonts.text(12.5, 600 if self.now else 500), fonts.mono(11.5, 500)
            number = str(self.number)
            wide = ink.text_width(number, digits) + 6
            room = box.width() - wide - 14
            name = ink.elided(self.text(), font, room)
            x = box.left() + max(7.0, (box.width() - wide - ink.text_width(name, font)) / 2)
            middle = QPointF(x, box.top())
            faint = theme.panel if self.now else theme.hint
            ink.paint_text(painter, QRectF(middle.x(), box.top(), wide, box.height()), number, digits, faint)
            words = QRectF(middle.x() + wide, box.top(), room + 2, box.height())
            ink.paint_text(painter, words, name, font, colour)


class OperationStrip(QWidget):
    """The row; a press shows the cell after that operation."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self.buttons: list[OperationButton] = []
        self._shown, self._backward = 0, False
        self.setAccessibleName(tr("Operations of this timestep"))

    def draw(self, part: CellPart) -> None:
        """Show the operations of a pass."""
        self._backward = part.shows == "gradients"
        while len(self.buttons) < len(part.operations):
            made = OperationButton(self._theme, self)
            made.clicked.connect(partial(self._go, len(self.buttons)))
            self.buttons.append(made)
            grown(self)
        for k, button in enumerate(self.buttons):
            button.setVisible(k < len(part.operations))
            if k < len(part.operations):
                one = part.operations[k]
                button.show_as(one.number, one.name, k <= part.current, k == part.current)
        self._shown = len(part.operations)
        self._arrange()

    def _go(self, index: int, _checked: bool = False) -> None:
        self._stage.go_to_operation(index + 1, self._backward)

    def shown(self) -> list[OperationButton]:
        """The buttons of this cell."""
        return self.buttons[: self._shown]

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        for button in self.buttons:
            button.theme = theme
            button.update()

    def resizeEvent(self, _event: object) -> None:
        """Share the width by what the names need."""
        self._arrange()

    def _arrange(self) -> None:
        shown = self.shown()
        if not shown:
            return
        wanted = [button.sizeHint().width() for button in shown]
        spare = self.width() - sum(wanted) - GAP * (len(shown) - 1)
        most = fonts.scaled(150)
        each = spare / len(shown)
        x = 0.0
        for button, width in zip(shown, wanted, strict=True):
            takes = min(width + each, max(most, width))
            button.setGeometry(round(x), 0, round(x + takes) - round(x), self.height())
            x += takes + GAP
