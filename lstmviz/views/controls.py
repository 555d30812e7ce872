"""Small controls Qt does not have: a segmented choice, a tab of the switch bar, a button that names its key.

They paint with the palette (see ``style_sheet.palette``), so they follow the theme without being told.

Words used in this file
    cap     a small frame round the name of a key, as on a keyboard
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from lstmviz.views import fonts

Box = TypeVar("Box", bound=QAbstractSpinBox)


def button(text: str, role: str = "", parent: QWidget | None = None) -> QPushButton:
    """A push button with a role of the style sheet (``"primary"``, ``"icon"``, ``"link"`` ...)."""
    made = QPushButton(text, parent)
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor if role == "link" else Qt.CursorShape.ArrowCursor)
    return made


def label(text: str, role: str = "", parent: QWidget | None = None) -> QLabel:
    """A label of the program's own text with a role of the style sheet; user-fed text goes into a ``plain_label``."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setProperty("role", role)
    return made


def rule(parent: QWidget | None = None) -> QFrame:
    """A horizontal hairline between groups."""
    made = QFrame(parent)
    made.setProperty("role", "rule")
    made.setFixedHeight(1)
    return made


def stepper(box: Box) -> Box:
    """Give a spin box the space before its number that a style sheet cannot: Qt ignores its padding there."""
    edit = box.findChild(QLineEdit)
    if edit is not None:
        edit.setTextMargins(fonts.scaled(8), 0, 0, 0)
    return box


class StateCard(QFrame):
    """A card of the content area: ``"error"`` has a thick left edge, ``"empty"`` a dashed one.

    Painted here, since a style sheet rounds uneven borders badly and draws dashes as dots.
    """

    EDGE = 7

    def __init__(self, kind: Literal["error", "empty"], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and frame."""
        palette = QApplication.palette()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._kind == "empty":
                pen = QPen(palette.color(QPalette.ColorRole.Mid), 1.2)
                pen.setDashPattern([5, 4])
                painter.setPen(pen)
                painter.drawRoundedRect(box, 8, 8)
                return
            whole, edge = QPainterPath(), QPainterPath()
            whole.addRoundedRect(box, 8, 8)
            edge.addRect(QRectF(0, 0, self.EDGE, self.height()))
            painter.fillPath(whole, palette.color(QPalette.ColorRole.Base))
            painter.fillPath(whole.intersected(edge), palette.color(QPalette.ColorRole.WindowText))
            painter.strokePath(whole, QPen(palette.color(QPalette.ColorRole.WindowText), 1.5))


class SegmentedControl(QFrame):
    """One of a few choices, all in sight, in a sunk frame; arrow keys move between them.

    Parameters
    ----------
    labels : sequence of str
        What the segments say, already translated.
    name : str
        What is chosen, for screen readers.
    """

    chosen = Signal(int)  # index of the segment the user picked

    def __init__(self, labels: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "segmented")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for k, text in enumerate(labels):
            segment = button(text, "segment", self)
            segment.setCheckable(True)
            segment.setAccessibleName(f"{name}: {text}")
            segment.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(segment, k)
            row.addWidget(segment, 1)
        self._group.idClicked.connect(self._clicked)

    def index(self) -> int:
        """Index of the chosen segment, -1 if none is."""
        return self._group.checkedId()

    def choose(self, index: int) -> None:
        """Show ``index`` as chosen, without a signal."""
        self._group.button(index).setChecked(True)

    def show_index(self, index: int) -> None:
        """As ``choose``; -1 shows none as chosen."""
        if index >= 0:
            self.choose(index)
        elif self.index() >= 0:
            self._group.setExclusive(False)
            self.segment(self.index()).setChecked(False)
            self._group.setExclusive(True)

    def segment(self, index: int) -> QPushButton:
        """One segment, for its tooltip or to disable it."""
        found = self._group.button(index)
        assert isinstance(found, QPushButton)
        return found

    @Slot(int)
    def _clicked(self, index: int) -> None:
        self.chosen.emit(index)


class TabButton(QPushButton):
    """A lab's name in the switch bar: heavier, on a sunk ground and underlined while its lab is open."""

    UNDERLINE = 2.5
    INSET = 11
    SIDE, TIGHT_SIDE = 20, 10  # left and right of the text; in a small window

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._side = self.SIDE
        self.setCheckable(True)
        self.setProperty("role", "plain")

    def set_tight(self, tight: bool) -> None:
        """Whether there is little room."""
        self._side = self.TIGHT_SIDE if tight else self.SIDE
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Wide enough for the heavier type, so that opening a lab moves nothing."""
        width = QFontMetricsF(fonts.text(14, 600)).horizontalAdvance(self.text())
        return QSize(int(width) + 2 * fonts.scaled(self._side), fonts.scaled(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, text and underline."""
        # not the widget's own: the style sheet's text colour stands in it
        palette, on = QApplication.palette(), self.isChecked()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if on or self.underMouse():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
                painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
            role = QPalette.ColorRole.WindowText if on else QPalette.ColorRole.Dark
            painter.setPen(palette.color(role))
            painter.setFont(fonts.text(14, 600 if on else 500))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
            if on:
                line = QPen(palette.color(QPalette.ColorRole.WindowText), self.UNDERLINE)
                line.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(line)
                y = self.height() - self.UNDERLINE / 2
                painter.drawLine(QPointF(self.INSET, y), QPointF(self.width() - self.INSET, y))


class KeyButton(QPushButton):
    """A button that names its key in a cap at its right end: “Reset all [R]”."""

    SPACE = 10  # between the text and the cap, and from the cap to the edge

    def __init__(self, text: str, key: str, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", role)
        self._key = key

    def sizeHint(self) -> QSize:
        """The button's own size and room for the cap."""
        hint = super().sizeHint()
        return QSize(hint.width() + round(self._cap_width()) + self.SPACE, hint.height())

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``: a cap that is cut off names no key."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The empty button, then text and cap side by side in it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        text, option.text = option.text, ""
        colour = self.palette().color(QPalette.ColorRole.ButtonText)
        width, height = self._cap_width(), fonts.scaled(19)
        cap = QRect(round(self.width() - width) - self.SPACE, (self.height() - height) // 2, round(width), height)
        free = QRect(self.SPACE, 0, cap.left() - 2 * self.SPACE, self.height())
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
            painter.setPen(colour)
            painter.drawText(free, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic, text)
            paint_cap(painter, QRectF(cap), self._key, colour)

    def _cap_width(self) -> float:
        return cap_width(self._key)


def cap_width(key: str) -> float:
    """Width of the cap that names ``key``, in pixels."""
    return max(fonts.scaled(19), QFontMetricsF(fonts.mono(11, 500)).horizontalAdvance(key) + fonts.scaled(10))


def paint_cap(painter: QPainter, box: QRectF, key: str, colour: QColor) -> None:
    """Paint a key cap that fills ``box`` (device-independent pixels) in one colour on the ground that is there."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = QColor(colour)
    edge.setAlphaF(0.75 * colour.alphaF())
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setPen(colour)
    painter.setFont(fonts.mono(11, 500))
    painter.drawText(QRectF(box), Qt.AlignmentFlag.AlignCenter, key)
