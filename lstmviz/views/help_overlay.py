"""The help: outlines and numbers on everything on the screen, what each thing is, and every key.

Words used in this file
    part     one thing on the screen that is explained: its widget, and one sentence
    badge    the number of a part, on the screen and in the list
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from lstmviz.views import fonts
from lstmviz.views.controls import cap_width, paint_cap
from lstmviz.views.keys import Command, shown_key
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

BADGE = 11.0  # radius


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """One thing on the screen that is explained."""

    widget: QWidget
    about: str


class HelpOverlay(QWidget):
    """Covers the window while it is open; any click, Esc or F1 puts it away.

    Parameters
    ----------
    table : iterable of Command
        The keys.
    theme : Theme
    """

    def __init__(self, table: Iterable[Command], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._covered = theme, parent
        self._groups = _grouped(table)
        self._parts: Sequence[Part] = ()
        self.setAccessibleName(tr("Help"))
        self.setAccessibleDescription(
            "; ".join(f"{shown_key(command)}: {command.about}" for _, group in self._groups for command in group)
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()

    def set_parts(self, parts: Sequence[Part]) -> None:
        """What is explained."""
        self._parts = parts

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.update()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Put the help away."""
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no command has do nothing while the help is open."""
        event.accept()

    # -- picture -----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A veil, the outlines with their numbers, and the card."""
        theme = self._theme
        card, natural = self._card(), self._natural()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), qcolor(theme.window, 0.55))
            painter.setPen(QPen(qcolor(theme.outline), 1))
            painter.setBrush(qcolor(theme.panel))
            painter.drawRoundedRect(QRectF(card), 8, 8)
            painter.save()
            painter.translate(card.topLeft())
            painter.scale(card.width() / natural.width(), card.height() / natural.height())
            self._paint_card(painter, natural)
            painter.restore()
            for number, part in enumerate(self._shown(), 1):
                self._paint_part(painter, number, part, card)

    def _shown(self) -> list[Part]:
        return [part for part in self._parts if part.widget.isVisible()]

    def _natural(self) -> QSize:
        """The card's size where there is room for it."""
        longest = max(sum(len(group) + 2 for _, group in column) for column in self._columns())
        lines = max(longest, 2 * len(self._shown()) + 2)
        return QSize(fonts.scaled(1120), fonts.scaled(56) + self._line() * lines)

    def _card(self) -> QRect:
        """Where the card stands: whole, and smaller where a window or large text leaves too little room."""
        natural = self._natural()
        fits = min(1.0, (self.width() - 32) / natural.width(), (self.height() - 32) / natural.height())
        box = QRect(QPoint(0, 0), natural * fits)
        box.moveCenter(self.rect().center())
        return box

    def _line(self) -> int:
        return fonts.scaled(20)

    def _columns(self) -> list[list[tuple[str, list[Command]]]]:
        """The groups of keys in two columns of about the same length."""
        total = sum(len(group) + 2 for _, group in self._groups)
        columns: list[list[tuple[str, list[Command]]]] = [[], []]
        filled = 0
        for title, group in self._groups:
            columns[0 if filled + len(group) / 2 < total / 2 else 1].append((title, group))
            filled += len(group) + 2
        return columns

    def _paint_part(self, painter: QPainter, number: int, part: Part, card: QRect) -> None:
        origin = part.widget.mapTo(self._covered, QPoint(0, 0))
        box = QRect(origin, part.widget.size()) & self.rect().adjusted(2, 2, -2, -2)
        painter.save()
        outside = [QRect(0, 0, self.width(), card.top()), QRect(0, card.bottom(), self.width(), self.height())]
        outside += [QRect(0, 0, card.left(), self.height()), QRect(card.right(), 0, self.width(), self.height())]
        seen = next((box & area for area in outside if not (box & area).isEmpty()), QRect())
        painter.setClipRegion(_without(self.rect(), card))
        painter.setPen(QPen(qcolor(self._theme.ink), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box), 4, 4)
        painter.restore()
        if not seen.isEmpty():
            radius = BADGE * fonts.text_size()
            self._paint_badge(painter, seen.left() + radius, seen.top() + radius, number)

    def _paint_badge(self, painter: QPainter, x: float, y: float, number: int) -> None:
        radius = BADGE * fonts.text_size()
        box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.setPen(QPen(qcolor(self._theme.panel), 1.5))
        painter.setBrush(qcolor(self._theme.ink))
        painter.drawEllipse(box)
        painter.setPen(qcolor(self._theme.panel))
        painter.setFont(fonts.text(12, 600))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))

    def _paint_card(self, painter: QPainter, size: QSize) -> None:
        pad = fonts.scaled(22)
        third = (size.width() - 2 * pad) / 3
        top = fonts.scaled(34)
        self._heading(painter, pad, top, tr("On the screen"))
        self._paint_list(painter, pad, top + 1.5 * self._line(), third - pad)
        for number, column in enumerate(self._columns(), 1):
            self._paint_keys(painter, pad + number * third, top, third - pad, column)

    def _heading(self, painter: QPainter, x: float, y: float, text: str) -> None:
        painter.setFont(fonts.text(13, 600))
        painter.setPen(qcolor(self._theme.ink))
        painter.drawText(round(x), round(y), text)

    def _paint_list(self, painter: QPainter, x: float, y: float, width: float) -> None:
        font = fonts.text(12)
        measure = QFontMetricsF(font)
        for number, part in enumerate(self._shown(), 1):
            self._paint_badge(painter, x + BADGE, y - 4, number)
            painter.setFont(font)
            painter.setPen(qcolor(self._theme.secondary))
            box = QRectF(x + 2 * BADGE + 10, y - self._line() + 5, width - 2 * BADGE - 10, 4 * self._line())
            flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
            drawn = painter.drawText(box, flags, part.about)
            y += max(drawn.height(), measure.height()) + fonts.scaled(8)

    def _paint_keys(
        self, painter: QPainter, x: float, y: float, width: float, column: list[tuple[str, list[Command]]]
    ) -> None:
        font = fonts.text(12)
        measure = QFontMetricsF(font)
        reserve = max(cap_width(shown_key(command)) for _, group in column for command in group) + 10
        for title, group in column:
            self._heading(painter, x, y, title)
            y += 1.2 * self._line()
            for command in group:
                key = shown_key(command)
                box = QRectF(x, y - fonts.scaled(14), cap_width(key), fonts.scaled(18))
                paint_cap(painter, box, key, qcolor(self._theme.ink))
                painter.setFont(font)
                painter.setPen(qcolor(self._theme.secondary))
                about = measure.elidedText(command.about, Qt.TextElideMode.ElideRight, width - reserve)
                painter.drawText(round(x + reserve), round(y), about)
                y += self._line()
            y += 0.8 * self._line()


def _grouped(commands: Iterable[Command]) -> list[tuple[str, list[Command]]]:
    """The commands by group, in the table's order; the nine prepared states of a page share one line."""
    groups: dict[str, list[Command]] = {}
    table = list(commands)
    states = [command for command in table if command.name.startswith("what_if_") and command.name != "what_if_0"]
    for command in table:
        if command not in states:
            groups.setdefault(command.group, []).append(command)
        elif command is states[0]:
            key = f"{shown_key(states[0])} … {shown_key(states[-1])}"
            shared = replace(command, keys=(key,), about=tr("Prepared states of the page"))
            groups.setdefault(command.group, []).append(shared)
    return list(groups.items())


def _without(whole: QRect, hole: QRect) -> QRegion:
    """The region of one rectangle without another."""
    return QRegion(whole) - QRegion(hole)
