"""The command palette: type a few letters of anything, Enter runs it, and its key stands beside it to be learnt.

Words used in this file
    entry     one line: a command, a lab, a task, a lesson, a setting, a look (see ``palette_entries.py``)
    recent    what was run from here last; it stands first
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from lstmviz.views import fonts
from lstmviz.views.controls import cap_width, paint_cap
from lstmviz.views.palette_entries import Entry
from lstmviz.views.plain import harmless
from lstmviz.views.search_line import SearchLine
from lstmviz.views.theme import Theme
from lstmviz.views.word_match import score
from lstmviz.words import count, tr

Index = QModelIndex | QPersistentModelIndex
WIDTH, ROW, MOST_ROWS = 680, 32, 11  # pixels at 100 %; rows in sight
RECENT = 6
ENTRY = Qt.ItemDataRole.UserRole


class Entries(QAbstractListModel):
    """The entries that fit what was typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        """Other entries."""
        self.beginResetModel()
        self.shown = entries
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Entries."""
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """An entry: itself for the painter, in words for screen readers."""
        entry = self.shown[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return harmless(entry.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(entry)
        return None


class Row(QStyledItemDelegate):
    """Title, remark or reason, kind, key."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One row."""
        return QSize(fonts.scaled(240), fonts.scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The entry in the palette's own ink: greyed where it can do nothing."""
        entry, palette = index.data(ENTRY), option.palette
        box = QRectF(option.rect)
        hint = palette.color(QPalette.ColorRole.PlaceholderText)
        ink = hint if entry.why else palette.color(QPalette.ColorRole.WindowText)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 1.6))
            painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        right = box.right() - fonts.scaled(10)
        if entry.key:
            wide, tall = cap_width(entry.key), fonts.scaled(19)
            cap = QRectF(right - wide, box.center().y() - tall / 2, wide, tall)
            paint_cap(painter, cap, entry.key, ink)
            right = cap.left() - fonts.scaled(10)
        right = _from_right(painter, box, right, entry.kind, hint)
        self._words(painter, box, right, entry, (ink, hint))
        painter.restore()

    def _words(
        self, painter: QPainter, box: QRectF, right: float, entry: Entry, colours: tuple[QColor, QColor]
    ) -> None:
        x = box.left() + fonts.scaled(12)
        font, small = fonts.text(13.5, 500, prose=True), fonts.text(12, prose=True)
        title = QFontMetricsF(font).elidedText(harmless(entry.title), Qt.TextElideMode.ElideRight, right - x)
        place = QRectF(x, box.top(), max(right - x, 1), box.height())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font)
        painter.setPen(colours[0])
        painter.drawText(place, flags, title)
        place.setLeft(x + QFontMetricsF(font).horizontalAdvance(title) + fonts.scaled(12))
        painter.setFont(small)
        painter.setPen(colours[1])
        rest = harmless(entry.why or entry.remark)
        painter.drawText(
            place, flags, QFontMetricsF(small).elidedText(rest, Qt.TextElideMode.ElideRight, place.width())
        )


def _from_right(painter: QPainter, box: QRectF, right: float, text: str, colour: QColor) -> float:
    """Paint a text that ends at ``right``; where the next one to its left may end."""
    painter.setFont(fonts.text(12))
    painter.setPen(colour)
    wide = QFontMetricsF(painter.font()).horizontalAdvance(text) + 1
    painter.drawText(QRectF(right - wide, box.top(), wide, box.height()), Qt.AlignmentFlag.AlignCenter, text)
    return right - wide - fonts.scaled(14)


class Palette(QFrame):
    """The card with the line and the list.

    Parameters
    ----------
    find : callable
        Everything that can be found now; asked each time the palette is opened.
    typed : callable
        Entries for a setting and a number in one line.
    """

    left = Signal()  # whoever placed the palette puts it away and gives the keyboard back

    def __init__(
        self, find: Callable[[], list[Entry]], typed: Callable[[str], list[Entry]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._find, self._typed = find, typed
        self._all: list[Entry] = []
        self.recent: list[str] = []
        self._room = QRect()
        self.setProperty("role", "card")
        self.setStyleSheet("Palette { border: 1px solid palette(mid); } QListView { border: none; }")
        self.setAccessibleName(tr("Command palette"))
        self.line = SearchLine(tr("Find anything"), tr("Type a command, lab, task, lesson, setting or word"), self)
        self.model, self.list = Entries(self), QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(Row(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(tr("What was found"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(self.line)
        self._rows.addWidget(self.list, 1)
        self.line.textChanged.connect(self._search)
        self.line.moved.connect(self._move)
        self.line.entered.connect(self.enter)
        self.list.clicked.connect(self._click)
        self.set_scale()
        self.hide()

    # -- what is found -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Look what there is now, and begin with an empty line."""
        self._all = self._find()
        self.line.clear()
        self._search("")

    @Slot(str)
    def _search(self, text: str) -> None:
        self.model.show(self.fitting(text))
        self.place(self._room)
        first = next((row for row, entry in enumerate(self.model.shown) if not entry.why), 0)
        self._choose(first)

    def fitting(self, text: str) -> list[Entry]:
        """The entries that fit a text, best first; recent ones before others, impossible ones after possible ones."""
        if not text.strip():
            return sorted(self._all, key=lambda entry: self._age(entry.name))
        found = [(score(text, entry.title, f"{entry.words} {entry.kind}"), entry) for entry in self._all]
        fits = [(value, entry) for value, entry in found if value is not None]
        fits.sort(key=lambda pair: (bool(pair[1].why), -pair[0] - 0.3 * self._favour(pair[1])))
        return [*self._typed(text), *(entry for _, entry in fits)]

    def _favour(self, entry: Entry) -> int:
        """Recent entries before others that fit as well; explanations after what does something."""
        return (self._age(entry.name) < RECENT) - entry.name.startswith("word ")

    def _age(self, name: str) -> int:
        return self.recent.index(name) if name in self.recent else RECENT

    @property
    def chosen(self) -> Entry | None:
        """The entry that Enter runs."""
        row = self.list.currentIndex().row()
        return self.model.shown[row] if 0 <= row < len(self.model.shown) else None

    # -- hands -------------------------------------------------------------------------------------------------

    @Slot(int)
    def _move(self, direction: int) -> None:
        if self.model.shown:
            self._choose((self.list.currentIndex().row() + direction) % len(self.model.shown))

    def _choose(self, row: int) -> None:
        if row < len(self.model.shown):
            self.list.setCurrentIndex(self.model.index(row, 0))
        entry, all_of = self.chosen, len(self.model.shown)
        place = tr("{n} of {all}").format(n=count(row + 1), all=count(all_of))
        self.line.setAccessibleDescription(f"{spoken(entry)}; {place}" if entry else tr("Nothing was found"))

    @Slot(QModelIndex)
    def _click(self, _index: QModelIndex) -> None:
        self.enter()

    @Slot()
    def enter(self) -> None:
        """Run what is chosen; what is impossible stays, with its reason."""
        entry = self.chosen
        if entry is None:
            return
        if entry.fills:
            if entry.fills.strip() != self.line.text().strip():
                self.line.setText(entry.fills)
        elif not entry.why:
            self.recent = [entry.name, *(name for name in self.recent if name != entry.name)][:RECENT]
            self.left.emit()
            entry.run()

    # -- look --------------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.line

    def place(self, room: QRect) -> None:
        """At the top of the room, in its middle."""
        self._room = room
        width = min(fonts.scaled(WIDTH), room.width())
        rows = max(1, min(len(self.model.shown), MOST_ROWS))
        height = min(fonts.scaled(ROW) * rows + fonts.scaled(66), room.height())
        self.setGeometry(room.left() + (room.width() - width) // 2, room.top(), width, height)

    def set_theme(self, _theme: Theme) -> None:
        """Nothing to do: everything here is painted with the application's colours."""

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(10)
        self._rows.setContentsMargins(side, side, side, side)
        self._rows.setSpacing(fonts.scaled(6))
        self.line.setFixedHeight(fonts.scaled(34))
        self.list.doItemsLayout()


def spoken(entry: Entry) -> str:
    """An entry as it is read out."""
    parts = (harmless(entry.title), entry.kind, entry.key, harmless(entry.why or entry.remark))
    return ", ".join(part for part in parts if part)
