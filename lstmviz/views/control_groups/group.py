"""What all groups of the control column have in common.

Words used in this file
    mark     the shape that stands for a network (see ``icons.py``)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractSpinBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from lstmviz.files import BadInput
from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.controls import label
from lstmviz.views.icons import RATIOS, paint_mark
from lstmviz.views.theme import Theme
from lstmviz.words import tr

RESTING = 0.35  # what is left of the colours of a control that rests


class Group(QWidget):
    """One subject of the control column.

    Parameters
    ----------
    stage : Stage
    commands : Commands
        Whose table has the tool tips.
    theme : Theme
    """

    SPOT: ClassVar[str] = ""  # as the ``highlight`` of a lesson names it
    RULED: ClassVar[bool] = False  # a hairline stands over it
    FOLDS: ClassVar[Literal["never", "small"]] = "never"  # under “More” in a small window

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage, self.commands, self.theme = stage, commands, theme
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(2)
        self._veil = Veil(self)

    def draw(self, frame: Frame) -> None:
        """Show the frame; nothing is sent to the stage."""
        raise NotImplementedError

    def rest(self, resting: bool) -> None:
        """Step back while a lesson speaks of another control."""
        if resting == self._veil.isHidden():
            self._veil.setGeometry(self.rect())
            self._veil.setVisible(resting)
            self._veil.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the veil over all of it."""
        super().resizeEvent(event)
        self._veil.setGeometry(self.rect())

    def begin(self) -> None:
        """The key of this group was pressed."""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.theme = theme
        self.update()

    def set_folds(self, folds: bool) -> None:
        """Whether the column is the narrow one of small windows."""

    def set_scale(self) -> None:
        """Take the text size that is now in force."""

    def change(self, changes: dict[str, Any], about: str | None = None) -> None:
        """Change settings; what is not allowed becomes one quiet line, and the control shows the old value again."""
        try:
            self.stage.change(changes, about)
        except BadInput as error:
            self.stage.notify(tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed))
            self.draw(self.stage.frame)


class Veil(QWidget):
    """Lets what lies under it rest at 35 % while a lesson speaks of something else; clicks go through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The panel's colour, over two thirds."""
        colour = self.palette().color(QPalette.ColorRole.Base)
        colour.setAlphaF(1.0 - RESTING)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour)


class Mark(QWidget):
    """A network's mark in its own colour."""

    SIZE = 12.0

    def __init__(self, cell: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell, self._theme = cell, theme
        self.set_scale()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.setFixedSize(fonts.scaled(16), fonts.scaled(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The mark in the middle."""
        look = self._theme.network(self._cell)
        with QPainter(self) as painter:
            middle = QPointF(self.width() / 2, self.height() / 2)
            paint_mark(painter, look.mark, middle, self.SIZE * fonts.text_size(), look.hue)


def mark_icon(cell: str, theme: Theme) -> QIcon:
    """A network's mark as an icon, for a check box."""
    look, size, made = theme.network(cell), fonts.scaled(18), QIcon()
    for ratio in RATIOS:
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            paint_mark(painter, look.mark, QPointF(size / 2, size / 2), Mark.SIZE * fonts.text_size(), look.hue)
        made.addPixmap(pixmap)
    return made


def pad_spin_box(box: QAbstractSpinBox) -> None:
    """Keep a spin box's number off its edge: the style sheet's padding does not reach it."""
    edit = box.findChild(QLineEdit)
    if edit is not None:
        edit.setTextMargins(fonts.scaled(7), 0, 0, 0)


class WheelGuard(QObject):
    """Lets the wheel scroll the column instead of changing what lies under the pointer, until that was chosen."""

    def guard(self, widget: QWidget) -> None:
        """Watch one control."""
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the parents of a control without focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def named_rows(controls: Sequence[tuple[QWidget, str, str]], guard: WheelGuard, parent: QWidget) -> QGridLayout:
    """Controls under each other in the second column, their names before them.

    Parameters
    ----------
    controls : sequence of (QWidget, str, str)
        Each with its name and its tool tip.
    guard : WheelGuard
        Keeps the wheel from changing them.
    parent : QWidget
        Of the names.
    """
    grid = QGridLayout()
    for row, (control, name, about) in enumerate(controls):
        control.setAccessibleName(name)
        control.setToolTip(about)
        guard.guard(control)
        grid.addWidget(label(name, "secondary", parent), row, 0)
        grid.addWidget(control, row, 1)
    return grid
