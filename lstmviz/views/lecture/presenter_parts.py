"""Parts of the presenter's window that Qt does not have: page bars, the mirror's column, key buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from lstmviz.views import fonts
from lstmviz.views.controls import KeyButton, cap_width, paint_cap
from lstmviz.views.plain import plain
from lstmviz.views.theme import DARK, qcolor
from lstmviz.words import tr


class PageBars(QWidget):
    """One bar per page: done, open (thicker), to come."""

    LONGEST, SPACE = 46, 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page, self._pages = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Pages"))

    def show_page(self, page: int, pages: int) -> None:
        """Show page ``page`` (from 0) of ``pages``."""
        if (page, pages) != (self._page, self._pages):
            self._page, self._pages = page, pages
            self.setAccessibleDescription(tr("page {page} of {pages}").format(page=page + 1, pages=pages))
            self.update()

    def sizeHint(self) -> QSize:
        """As long as all bars."""
        return QSize(max(self._pages, 1) * (self.LONGEST + self.SPACE), 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars, shorter when there are many."""
        if not self._pages:
            return
        pitch = min(self.width() / self._pages, self.LONGEST + self.SPACE)
        space = min(float(self.SPACE), 0.3 * pitch)
        left = (self.width() - pitch * self._pages) / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for k in range(self._pages):
                colour = DARK.hint if k < self._page else DARK.ink if k == self._page else DARK.hairline
                height = 10 if k == self._page else 6
                painter.setBrush(qcolor(colour))
                box = QRectF(left + k * pitch, (self.height() - height) / 2, pitch - space, height)
                painter.drawRoundedRect(box, 3, 3)


class MirrorColumn(QWidget):
    """A heading, a picture as large as there is room for at its shape, and what stands right below it.

    Placed by hand: no layout of Qt's makes a height follow a width and still lets it shrink.
    """

    ABOVE, BELOW, SMALLEST = 8, 22, 160

    def __init__(self, head: QWidget, picture: QWidget, below: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head, self._picture, self._below = head, picture, below
        self._shape = 16 / 9
        for part in (head, picture, below):
            part.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_shape(self, shape: float) -> None:
        """Take another shape (width over height), e.g. that of a 4:3 projector."""
        self._shape = shape
        self._place()

    def minimumSizeHint(self) -> QSize:
        """Room for the parts and a picture that can still be read."""
        heights = self._head.sizeHint().height() + self.ABOVE + self.SMALLEST + self.BELOW
        return QSize(round(self.SMALLEST * self._shape), heights + self._below.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the parts."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """A part has changed its size, e.g. there are fewer prepared states."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        head = self._head.sizeHint().height()
        below = 0 if self._below.isHidden() else self._below.sizeHint().height()
        top = head + self.ABOVE
        room = max(self.height() - top - (self.BELOW + below if below else 0), 1)
        width = min(self.width(), round(room * self._shape))
        height = min(room, round(width / self._shape))
        self._head.setGeometry(0, 0, self.width(), head)
        self._picture.setGeometry(0, top, width, height)
        self._below.setGeometry(0, top + height + self.BELOW, self.width(), below)


class VerbButton(KeyButton):
    """A button that does what its key does; a click leaves the keyboard where it is."""

    def __init__(self, text: str, key: str, verb: str, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, key, role, parent)
        self.setProperty("verb", verb)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{text} ({key})")


class WhatIfButton(QPushButton):
    """A prepared state of the page, with its number key in a cap at the left."""

    def __init__(self, key: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._text = str(key), text
        self.setToolTip(plain(text))
        self.setProperty("verb", f"what_if_{key}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{text} ({key})")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A third of the mirror's width; the text is cut before the button grows."""
        return QSize(fonts.scaled(160), fonts.scaled(46))

    def minimumSizeHint(self) -> QSize:
        """Room for the cap and a few letters."""
        return QSize(fonts.scaled(90), fonts.scaled(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, the cap, and the text beside it."""
        super().paintEvent(event)
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        height = fonts.scaled(26)
        width = max(height, cap_width(self._key))
        with QPainter(self) as painter:
            paint_cap(painter, QRectF(10, (self.height() - height) / 2, width, height), self._key, colour)
            painter.setFont(fonts.text(14, 500))
            painter.setPen(colour)
            left = 10 + width + 12
            room = QRectF(left, 0, self.width() - left - 8, self.height())
            text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
