"""What may lie over the content for a while: the plot as a table or in words, help, palette, glossary. Esc leaves it.

Words used in this file
    panel    one of them; a child of the window's body, placed by hand, never a window of its own
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import (
    QEvent,
    QObject,
    QRect,
    Qt,
    SignalInstance,
    Slot,
)
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.help_overlay import HelpOverlay
from lstmviz.views.interventions.hands import Hands
from lstmviz.views.plot_cards import SentenceCard, TableCard
from lstmviz.views.theme import Theme


class Extra(Protocol):
    """A panel that comes from elsewhere: palette, glossary."""

    left: SignalInstance

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""

    def begin(self) -> None:
        """It is about to be shown."""

    def place(self, room: QRect) -> None:
        """Take a place in the room."""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""

    def set_scale(self) -> None:
        """Take the text size that is now in force."""


class Panels(QObject):
    """The three panels over one body.

    Parameters
    ----------
    stage : Stage
    body : QWidget
        What they lie over; the help covers it whole.
    content : QWidget
        The table and the sentence keep to its part of the body.
    help_overlay : HelpOverlay
    say : callable
        The plot on show in words.
    tell : callable
        The plot on show as a table.
    """

    def __init__(
        self,
        stage: Stage,
        body: QWidget,
        content: QWidget,
        help_overlay: HelpOverlay,
        say: Callable[[], str],
        tell: Callable[[Frame], PlotTable],
    ) -> None:
        super().__init__(body)
        self._stage, self._body, self._content = stage, body, content
        self.table, self.sentence = TableCard(stage, tell, body), SentenceCard(stage, say, body)
        self.help = help_overlay
        self.hands = Hands(stage, body, content)
        self._back_to: QWidget | None = None
        self._extras: list[Any] = []  # widgets that are an Extra
        self.table.resized.connect(self.place)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the content when a banner or a lesson moves it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.place()
        return False

    def draw(self, frame: Frame) -> None:
        """Show the frame in what is open."""
        self.table.draw(frame)
        self.sentence.draw(frame)
        self.hands.draw(frame)

    def toggle_table(self) -> None:
        """Open or close the table."""
        self._toggle(self.table, self.table.view)

    def toggle_sentence(self) -> None:
        """Open or close the sentence."""
        self._toggle(self.sentence, self.sentence.copy)

    def toggle_help(self) -> None:
        """Open the help, go on to its keys, close it."""
        if self.help.isHidden():
            self.help.begin()
        elif self.help.turn():
            return
        self._toggle(self.help, self.help)

    def add(self, *extras: Any) -> None:
        """Take in panels from elsewhere: widgets that are an ``Extra``."""
        self._extras += extras
        for extra in extras:
            extra.left.connect(self._left)

    @Slot()
    def _left(self) -> None:
        extra = self.sender()
        assert isinstance(extra, QWidget)
        self._close(extra)

    def toggle(self, extra: Any) -> None:
        """Open or close one of them."""
        if extra.isHidden():
            extra.begin()
        self._toggle(extra, extra.first)

    def leave(self) -> bool:
        """Close the topmost panel; False when none is open."""
        for panel in self._all():
            if not panel.isHidden():
                self._close(panel)
                return True
        return self.hands.leave()

    def _toggle(self, panel: QWidget, first: QWidget) -> None:
        if panel.isHidden():
            for other in self._all():
                other.hide()
            focused = self._body.window().focusWidget()
            if focused is not None and not self._inside(focused):
                self._back_to = focused
            panel.show()
            panel.raise_()
            self.place()
            self.draw(self._stage.frame)
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._close(panel)

    def _close(self, panel: QWidget) -> None:
        panel.hide()
        if self._back_to is not None and self._back_to.isVisible():
            self._back_to.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _inside(self, widget: QWidget) -> bool:
        return any(panel.isAncestorOf(widget) or panel is widget for panel in self._all())

    def _all(self) -> list[QWidget]:
        return [self.help, *self._extras, self.sentence, self.table]

    @Slot()
    def place(self) -> None:
        """Fit the panels to the body's size."""
        origin = self._content.mapTo(self._body, self._content.rect().topLeft())
        seen = self._body.visibleRegion().boundingRect()  # a window that is too small shows a part of its body
        room = QRect(origin, self._content.size())
        room = (room & seen if room.intersects(seen) else room).adjusted(16, 16, -16, -16)
        wide = min(room.width(), fonts.scaled(560))
        wide = min(room.width(), max(wide, self.table.wanted_width()))
        self.table.setGeometry(QRect(room.right() - wide, room.top(), wide, room.height()))
        tall = min(room.height(), self.sentence.sizeHint().height() + fonts.scaled(60))
        self.sentence.setGeometry(QRect(room.left(), room.bottom() - tall, min(room.width(), fonts.scaled(640)), tall))
        self.help.setGeometry(self._body.window().rect())
        for extra in self._extras:
            extra.place(room)
        self.hands.place()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        for part in (self.help, *self._extras):
            part.set_theme(theme)
        self.hands.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.table.set_scale()
        self.sentence.set_scale()
        for part in (self.help, *self._extras):
            part.set_scale()
        self.place()
        self.hands.set_scale()
