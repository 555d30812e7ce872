"""What may lie over the content for a while: the plot as a table, the plot in words, the help. Esc leaves the topmost.

Words used in this file
    panel    one of the three; a child of the window's body, placed by hand, never a window of its own
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from lstmviz.files import csv_bytes
from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button, label
from lstmviz.views.help_overlay import HelpOverlay
from lstmviz.views.interventions.hands import Hands
from lstmviz.views.plain import plain_label
from lstmviz.views.theme import Theme
from lstmviz.words import tr

Index = QModelIndex | QPersistentModelIndex


class TableModel(QAbstractTableModel):
    """The rows of a ``PlotTable`` for a table view."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._header: list[str] = []
        self._rows: list[list[str]] = []

    def fill(self, header: list[str], rows: list[list[str]]) -> None:
        """Show other rows."""
        if (header, rows) != (self._header, self._rows):
            self.beginResetModel()
            self._header, self._rows = header, rows
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Painted timesteps."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """The timestep, and one column per network."""
        return 0 if parent is not None and parent.isValid() else len(self._header)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._header[section] if section < len(self._header) else None
        return None


class _Card(QFrame):
    """A card with a heading, something in the middle, and buttons below."""

    def __init__(self, stage: Stage, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.stage = stage
        self.rows = QVBoxLayout(self)
        self.buttons = QHBoxLayout()
        self.close_button = button(tr("Close"), "", self)
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.clicked.connect(self.hide)
        self.title = label(title, "heading", self)
        self.rows.addWidget(self.title)
        self.hide()

    def finish(self) -> None:
        """Put the buttons under everything else."""
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.close_button)
        self.rows.addLayout(self.buttons)
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(16)
        self.rows.setContentsMargins(side, side, side, side)
        self.rows.setSpacing(fonts.scaled(10))


class TableCard(_Card):
    """The plot on show as a table that can be copied.

    ``tell`` gives the table of a frame.
    """

    def __init__(self, stage: Stage, tell: Callable[[Frame], PlotTable], parent: QWidget) -> None:
        super().__init__(stage, tr("The plot as a table"), parent)
        self._tell = tell
        self._drawn: tuple[object, ...] = ()
        self.model = TableModel(self)
        self.view = QTableView(self)
        self.view.setModel(self.model)
        self.view.verticalHeader().hide()
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.view.setTabKeyNavigation(False)
        self.view.setAcceptDrops(False)
        self.view.setAccessibleName(tr("Table of the plot"))
        self.copy = button(tr("Copy as CSV"), "", self)
        self.copy.setToolTip(tr("Every digit, for a spreadsheet"))
        self.copy.clicked.connect(self._copy)
        self.rows.addWidget(self.view, 1)
        self.buttons.addWidget(self.copy)
        self.finish()

    def draw(self, frame: Frame) -> None:
        """Show the frame, while the table is open."""
        now = (frame.lab, frame.lanes, frame.painted_gradient, frame.level, frame.training, frame.part)
        if self.isHidden() or now == self._drawn:
            return
        self._drawn = now
        table = self._tell(frame)
        self.title.setText(table.title)
        self.model.fill(table.header, table.rows)

    @Slot()
    def _copy(self) -> None:
        table = self._tell(self.stage.frame)
        QGuiApplication.clipboard().setText(csv_bytes(table.names, table.numbers).decode())
        self.stage.notify(tr("Table copied"))


class SentenceCard(_Card):
    """The plot on show in words that can be copied.

    ``say`` gives the words.
    """

    def __init__(self, stage: Stage, say: Callable[[], str], parent: QWidget) -> None:
        super().__init__(stage, tr("The plot in words"), parent)
        self._say = say
        self.text = plain_label("", self)
        self.text.setProperty("role", "body")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = button(tr("Copy"), "", self)
        self.copy.setToolTip(tr("Copy the sentence"))
        self.copy.clicked.connect(self._copy)
        self.rows.addWidget(self.text, 1)
        self.buttons.addWidget(self.copy)
        self.finish()

    def draw(self, frame: Frame) -> None:
        """Show the frame, while the card is open."""
        if not self.isHidden():
            self.text.setText(self._say())

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.text())
        self.stage.notify(tr("Sentence copied"))


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

    def add(self, extra: Any) -> None:
        """Take in a panel from elsewhere: a widget that is an ``Extra``."""
        self._extras.append(extra)
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

    def place(self) -> None:
        """Fit the panels to the body's size."""
        origin = self._content.mapTo(self._body, self._content.rect().topLeft())
        seen = self._body.visibleRegion().boundingRect()  # a window that is too small shows a part of its body
        room = QRect(origin, self._content.size())
        room = (room & seen if room.intersects(seen) else room).adjusted(16, 16, -16, -16)
        wide = min(room.width(), fonts.scaled(560))
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
