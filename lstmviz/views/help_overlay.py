"""The help. F1: a tour of the screen, its parts outlined and numbered, one explained at a time; F1 again: every key.

Words used in this file
    part     one thing on the screen that is explained: its widget, a title and a few sentences
    badge    the number of a part, at its corner
    tour     the parts one after the other; the one explained now has a thick outline and the card beside it
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from lstmviz.views import fonts
from lstmviz.views.help_keys import Groups, KeyCard, said
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

BADGE = 9.5  # radius
CARD = 400  # width of the card of a part, at 100 %
ALONG = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Tab: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Backtab: -1,
}


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """One thing on the screen that is explained."""

    widget: QWidget
    about: str
    title: str = ""


class HelpOverlay(QWidget):
    """Covers the window while it is open; any click or Esc puts it away, F1 turns from the tour to the keys.

    Parameters
    ----------
    tell : callable
        The parts, and the keys by group; asked each time the help is opened.
    theme : Theme
    """

    def __init__(self, tell: Callable[[], tuple[list[Part], Groups]], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._tell, self._theme, self._covered = tell, theme, parent
        self._groups: Groups = []
        self._parts: Sequence[Part] = ()
        self.page, self.chosen = "screen", 0
        self.setAccessibleName(tr("Help"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setMouseTracking(True)
        self.hide()

    def begin(self) -> None:
        """Look what there is to explain: the parts in sight, and the keys that do something in the open lab."""
        parts, self._groups = self._tell()
        self._parts = [part for part in parts if part.widget.isVisible()]
        self.page, self.chosen = "screen" if self._parts else "keys", 0
        self._say()

    def turn(self) -> bool:
        """From the tour to the keys; False when these are shown already."""
        if self.page == "keys":
            return False
        self.page = "keys"
        self._say()
        return True

    def choose(self, index: int) -> None:
        """Explain another part."""
        if self._parts and self.page == "screen":
            self.chosen = index % len(self._parts)
            self._say()

    def _say(self) -> None:
        if self.page == "keys":
            self.setAccessibleDescription(said(self._groups))
        elif self._parts:
            part = self._parts[self.chosen]
            self.setAccessibleDescription(". ".join(text for text in (part.title, part.about) if text))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.update()

    # -- hands -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Put the help away."""
        self.hide()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Explain the part under the pointer: of several the smallest."""
        under = [k for k, part in enumerate(self._parts) if self._box(part).contains(event.position().toPoint())]
        if under and self.page == "screen":
            nearest = min(under, key=lambda k: self._box(self._parts[k]).width() * self._box(self._parts[k]).height())
            if nearest != self.chosen:
                self.choose(nearest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the tour; other keys that no command has do nothing while the help is open."""
        self.choose(self.chosen + ALONG.get(Qt.Key(event.key()), 0))
        event.accept()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab walks the tour, too."""
        self.choose(self.chosen + (1 if following else -1))
        return True

    # -- picture -----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A veil; the outlines and the card of one part, or the card of all keys."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.page == "keys":
                painter.fillRect(self.rect(), qcolor(theme.window, 0.55))
                self._paint_keys(painter)
                return
            chosen = self._parts[self.chosen]
            seen = self._box(chosen)
            painter.save()
            painter.setClipRegion(QRegion(self.rect()) - QRegion(seen))
            painter.fillRect(self.rect(), qcolor(theme.window, 0.5))
            painter.restore()
            for part in self._parts:
                self._outline(painter, part, 2.5 if part is chosen else 1.0)
            for number, part in enumerate(self._parts, 1):
                self._paint_badge(painter, self._box(part).topLeft(), number, part is chosen)
            self._paint_part(painter, chosen, seen)

    def _box(self, part: Part) -> QRect:
        origin = part.widget.mapTo(self._covered, QPoint(0, 0))
        return QRect(origin, part.widget.size()) & self.rect().adjusted(2, 2, -2, -2)

    def _outline(self, painter: QPainter, part: Part, width: float) -> None:
        painter.setPen(QPen(qcolor(self._theme.ink), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self._box(part)), 4, 4)

    def _paint_badge(self, painter: QPainter, corner: QPoint, number: int, chosen: bool) -> None:
        radius = BADGE * fonts.text_size()
        box = QRectF(max(corner.x() - 2 * radius, 1.0), max(corner.y() - radius / 2, 1.0), 2 * radius, 2 * radius)
        painter.setPen(QPen(qcolor(self._theme.ink), 1.5))
        painter.setBrush(qcolor(self._theme.ink if chosen else self._theme.panel))
        painter.drawEllipse(box)
        painter.setPen(qcolor(self._theme.panel if chosen else self._theme.ink))
        painter.setFont(fonts.text(11, 600))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, count(number))

    def _paint_part(self, painter: QPainter, part: Part, seen: QRect) -> None:
        """The card: title, sentences, and how to go on."""
        pad, theme = fonts.scaled(16), self._theme
        body, foot = fonts.text(14, prose=True), fonts.text(12)
        width = min(fonts.scaled(CARD), self.width() - 32)
        inner = width - 2 * pad
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
        tall = QFontMetricsF(body).boundingRect(QRectF(0, 0, inner, 2000), flags, part.about).height()
        head, below = fonts.scaled(26) if part.title else 0, fonts.scaled(34)
        card = self._beside(seen, QSize(width, round(2 * pad + head + tall + below)))
        self._paint_ground(painter, card)
        x, y = card.left() + pad, card.top() + pad
        if part.title:
            painter.setFont(fonts.text(15, 650))
            painter.setPen(qcolor(theme.ink))
            painter.drawText(QRectF(x, y, inner, head), flags, part.title)
        painter.setFont(body)
        painter.setPen(qcolor(theme.ink))
        painter.drawText(QRectF(x, y + head, inner, tall + 4), flags, part.about)
        text = tr("{n} of {all}   ← → next   F1 every key   Esc close")
        painter.setFont(foot)
        painter.setPen(qcolor(theme.hint))
        row = QRectF(x, card.bottom() - pad - fonts.scaled(16), inner, fonts.scaled(18))
        painter.drawText(row, flags, text.format(n=count(self.chosen + 1), all=count(len(self._parts))))

    def _beside(self, seen: QRect, size: QSize) -> QRect:
        """Where the card covers least of its part: below, above, at the right, at the left, else in its middle."""
        gap, room = 10, self.rect().adjusted(8, 8, -8, -8)
        places = (
            QPoint(seen.left(), seen.bottom() + gap),
            QPoint(seen.left(), seen.top() - gap - size.height()),
            QPoint(seen.right() + gap, seen.top()),
            QPoint(seen.left() - gap - size.width(), seen.top()),
        )
        best = QRect(seen.center() - QPoint(size.width() // 2, size.height() // 2), size)
        for place in places:
            box = QRect(place, size)
            box.moveLeft(max(room.left(), min(box.left(), room.right() - size.width())))
            box.moveTop(max(room.top(), min(box.top(), room.bottom() - size.height())))
            if not box.intersects(seen):
                return box
        best.moveLeft(max(room.left(), min(best.left(), room.right() - size.width())))
        best.moveTop(max(room.top(), min(best.top(), room.bottom() - size.height())))
        return best

    # -- keys --------------------------------------------------------------------------------------------------

    def keys_card(self) -> tuple[KeyCard, QRect]:
        """The card of the keys and where it stands: whole, and smaller where a window or large text needs it."""
        room = self.size() - QSize(32, 32)
        keys = KeyCard(self._groups, room.width(), room.height())
        fits = min(1.0, room.width() / keys.size.width(), room.height() / keys.size.height())
        box = QRect(QPoint(0, 0), keys.size * fits)
        box.moveCenter(self.rect().center())
        return keys, box

    def _paint_keys(self, painter: QPainter) -> None:
        keys, box = self.keys_card()
        self._paint_ground(painter, box)
        painter.save()
        painter.translate(box.topLeft())
        painter.scale(box.width() / keys.size.width(), box.height() / keys.size.height())
        keys.paint(painter, self._theme)
        painter.restore()

    def _paint_ground(self, painter: QPainter, card: QRect) -> None:
        painter.setPen(QPen(qcolor(self._theme.outline), 1))
        painter.setBrush(qcolor(self._theme.panel))
        painter.drawRoundedRect(QRectF(card), 8, 8)
