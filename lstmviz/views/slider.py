"""Sliders that paint themselves: the value sliders of the control column, and what the scrubber shares with them.

Qt's own slider pages towards a click and takes PageUp and PageDown, which belong to clickers. These jump to the click,
follow the drag, walk by one with the arrows and by ten with Shift, and leave every other key alone.

Words used in this file
    notch    one whole value of the underlying ``QSlider``
    drag     from a press of the mouse to its release; Esc puts the value back
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QSlider, QWidget

from lstmviz.views import fonts

FAR = 10  # notches that one arrow key goes with Shift


class PaintedSlider(QSlider):
    """A horizontal slider whose look and geometry are a subclass's: give it ``x_of`` and ``notch_at``."""

    moved = Signal(int)  # notch that the user chose; never sent by ``show_notch``
    ended = Signal()  # a drag or a run of key presses is over

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._before_drag = 0
        self.valueChanged.connect(self._value_changed)

    def x_of(self, notch: int) -> float:
        """Where a notch lies, in pixels."""
        raise NotImplementedError

    def notch_at(self, x: float) -> int:
        """The notch nearest to a place, in pixels."""
        raise NotImplementedError

    def show_notch(self, notch: int) -> None:
        """Show a value without telling anybody."""
        if notch != self.value():
            blocked = self.blockSignals(True)
            self.setValue(notch)
            self.blockSignals(blocked)
            self.update()

    def cancel_drag(self) -> None:
        """Leave a drag and put back the value from before it."""
        if self.isSliderDown():
            self.setSliderDown(False)
            self.setValue(self._before_drag)
            self.ended.emit()

    @Slot(int)
    def _value_changed(self, notch: int) -> None:
        self.update()
        self.moved.emit(notch)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the click and begin a drag."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._before_drag = self.value()
        self.setSliderDown(True)
        self.setValue(self.notch_at(event.position().x()))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the drag."""
        if self.isSliderDown():
            self.setValue(self.notch_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.update()
            self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk by one notch, with Shift by ten."""
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        if event.key() not in direction:
            event.ignore()
            return
        far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self.setValue(self.value() + direction[Qt.Key(event.key())] * far)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A run of key presses is one change."""
        if event.isAutoRepeat():
            event.ignore()
            return
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.ended.emit()
        super().keyReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel scrolls the column; it moves the slider only once that was chosen."""
        if not self.hasFocus():
            event.ignore()
            return
        notches = event.angleDelta().y() or event.angleDelta().x()
        self.setValue(self.value() + (notches > 0) - (notches < 0))
        event.accept()


class ValueSlider(PaintedSlider):
    """A setting between two ends, with its whole numbers written under the track.

    Parameters
    ----------
    name : str
        What is set, for screen readers.
    low, high : float
        The ends; whole numbers are labelled.
    notch : float
        Distance of two values.
    """

    chosen = Signal(float)

    HANDLE = 8.0  # radius

    def __init__(self, name: str, low: float, high: float, notch: float, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._low, self._notch, self._high = low, notch, high
        self._hollow = False
        self.setRange(0, round((high - low) / notch))
        self.moved.connect(self._tell)

    @Slot(int)
    def _tell(self, notch: int) -> None:
        self._hollow = False
        self.chosen.emit(round(self._low + notch * self._notch, 6))

    def show_value(self, value: float | None) -> None:
        """Show a value, at the nearer end if it lies outside; None: no value, a hollow handle."""
        hollow = value is None
        if hollow != self._hollow:
            self._hollow = hollow
            self.update()
        if value is not None:
            inside = min(max(value, self._low), self._high)
            self.show_notch(round((inside - self._low) / self._notch))

    def sizeHint(self) -> QSize:
        """As wide as there is room; high enough for the track and its numbers."""
        return QSize(fonts.scaled(160), fonts.scaled(40))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``, narrower."""
        return QSize(fonts.scaled(100), fonts.scaled(40))

    def x_of(self, notch: int) -> float:
        """Where a notch lies, in pixels."""
        inset = self._radius() + 1
        return inset + notch / max(self.maximum(), 1) * (self.width() - 2 * inset)

    def notch_at(self, x: float) -> int:
        """The notch nearest to a place, in pixels."""
        inset = self._radius() + 1
        share = (x - inset) / max(self.width() - 2 * inset, 1)
        return round(min(max(share, 0.0), 1.0) * self.maximum())

    def _radius(self) -> float:
        return self.HANDLE * fonts.text_size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, numbers, handle."""
        palette = QApplication.palette()  # this widget's own ground is made transparent by the style sheet
        ink, enabled = palette.color(QPalette.ColorRole.WindowText), self.isEnabled()
        radius, x = self._radius(), self.x_of(self.value())
        y, left, right = radius + 3, self.x_of(0), self.x_of(self.maximum())
        half = max(2.0, 2.0 * fonts.text_size())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(QRectF(left - half, y - half, right - left + 2 * half, 2 * half), half, half)
            if enabled and not self._hollow:
                painter.setBrush(palette.color(QPalette.ColorRole.Dark))
                painter.drawRoundedRect(QRectF(left - half, y - half, x - left + half, 2 * half), half, half)
            self._paint_numbers(painter, y + radius)
            weak = self._hollow or not enabled
            pen = QPen(palette.color(QPalette.ColorRole.Mid) if weak else ink, 2.0)
            if self._hollow:
                pen.setDashPattern([1.5, 1.5])
            painter.setPen(pen)
            ground = QPalette.ColorRole.AlternateBase if self.isSliderDown() else QPalette.ColorRole.Base
            painter.setBrush(palette.color(ground))
            painter.drawEllipse(QPointF(x, y), radius - 1, radius - 1)

    def number_at(self, whole: int) -> str:
        """What stands under the track at a whole number."""
        return str(whole)

    def _paint_numbers(self, painter: QPainter, top: float) -> None:
        palette, font = QApplication.palette(), fonts.text(11)
        painter.setFont(font)
        measure = QFontMetricsF(font)
        for whole in range(round(self._low), round(self._high) + 1):
            x = self.x_of(round((whole - self._low) / self._notch))
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
            painter.drawLine(QPointF(round(x) + 0.5, top - 1), QPointF(round(x) + 0.5, top + 3))
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            text = self.number_at(whole)
            wide = measure.horizontalAdvance(text)
            left = min(max(x - wide / 2, 0.0), self.width() - wide)  # the numbers at the ends are not cut
            painter.drawText(QPointF(left, top + 4 + measure.ascent()), text)
