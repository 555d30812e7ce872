"""The focus ring: 2 px of ink, 2 px outside the focused control, shown while the keyboard is used.

One ring serves a whole window and every kind of widget in it, also those that paint themselves: make it once, last::

    FocusRing(window)

It shows from the first Tab or arrow key on and hides at the next press of the mouse, so that a click leaves no ring.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

WIDTH = 2
DISTANCE = 2
RADIUS = 7
OUTSIDE = WIDTH + DISTANCE

_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}


class FocusRing(QWidget):
    """Follows the focus inside ``window`` and draws a ring round the focused widget."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focus ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._keyboard = False
        self._focused: QWidget | None = None
        # A filter on the application would run Python for every event of every widget, some thousands a second while a
        # sweep plays. Keys and presses are seen at the native window; moves, only at the focused widget and around it.
        self._watched: list[QWidget] = []
        window.winId()
        handle = window.windowHandle()
        assert handle is not None
        handle.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._focused = new if new is not None and new.window() is self.window() else None
        self._watched = []
        around = self._focused
        while around is not None:
            around.installEventFilter(self)
            self._watched.append(around)
            around = None if around is self.window() else around.parentWidget()
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See keys, presses and moves; swallow nothing."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and not self._keyboard:
            self.show_for_keyboard()
        elif kind == QEvent.Type.MouseButtonPress and self._keyboard:
            self._keyboard = False
            self._place()
        elif kind in _MOVES and self._keyboard:
            self._place()
        return False

    def show_for_keyboard(self) -> None:
        """Show the ring as if a key had been pressed, e.g. when help points at the focused control."""
        self._keyboard = True
        self._place()

    def _place(self) -> None:
        focused = self._focused
        if not self._keyboard or focused is None or not isValid(focused) or not focused.isVisible():
            self.hide()
            return
        origin = focused.mapTo(self.window(), QPoint(0, 0))
        ring = QRect(origin, focused.size()).adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)
        seen = ring & self._viewport(focused)
        if seen.height() <= 2 * OUTSIDE or seen.width() <= 2 * OUTSIDE:
            self.hide()
            return
        self.setGeometry(ring & self.window().rect())
        self.show()
        self.raise_()
        self.update()

    def _viewport(self, focused: QWidget) -> QRect:
        # what a scroll area around the widget lets through, in window coordinates
        visible = self.window().rect()
        parent = focused.parentWidget()
        while parent is not None and parent is not self.window():
            if isinstance(parent.parentWidget(), QAbstractScrollArea):
                visible &= QRect(parent.mapTo(self.window(), QPoint(0, 0)), parent.size())
            parent = parent.parentWidget()
        return visible

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ink, over a line of panel colour that fills the gap."""
        palette = self.palette()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for inset, role in ((WIDTH * 1.5, QPalette.ColorRole.Base), (WIDTH / 2, QPalette.ColorRole.WindowText)):
                painter.setPen(QPen(palette.color(role), WIDTH))
                box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
                painter.drawRoundedRect(box, RADIUS, RADIUS)
