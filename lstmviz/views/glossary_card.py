"""The glossary: a line to search in, the words, and what the chosen one means, with links from word to word.

Words used in this file
    word     one entry of the glossary, by its name
    here     words that stand in the text of the open lesson's page; they are listed first
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QScrollArea, QVBoxLayout, QWidget

from lstmviz.stage.glossary import glossary, linked, words_in, words_like
from lstmviz.stage.lesson_frame import TextRun
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import label
from lstmviz.views.lesson_text import LessonText
from lstmviz.views.palette import Entries, Row
from lstmviz.views.palette_entries import Entry
from lstmviz.views.search_line import SearchLine
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

WIDTH, LIST = 640, 216  # pixels at 100 %


class GlossaryCard(QFrame):
    """A card at the right of the content.

    Parameters
    ----------
    stage : Stage
        Whose open lesson is asked for its words.
    theme : Theme
    """

    left = Signal()  # whoever placed the card puts it away

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._here: list[str] = []
        self.setProperty("role", "card")
        self.setStyleSheet("GlossaryCard { border: 1px solid palette(mid); } QListView { border: none; }")
        self.setAccessibleName(tr("Glossary"))
        self.line = SearchLine(tr("Find a word"), tr("Find a word"), self, tab_moves=False)
        self.model, self.list = Entries(self), QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(Row(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(tr("Words"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title = LessonText(theme, self, px=19, weight=650)
        self.group = label("", "hint", self)
        self.text = LessonText(theme, self, walks=True)
        self.hint = label(tr("↑ ↓ words   Tab follow a link   Esc close"), "hint", self)
        self._lay_out()
        self.line.textChanged.connect(self._search)
        self.line.moved.connect(self._move)
        self.list.clicked.connect(self._click)
        self.text.word_clicked.connect(self.show_word)
        self.set_scale()
        self.hide()

    def _lay_out(self) -> None:
        inside = QFrame(self)
        inside.setProperty("role", "panel")
        self._body = QVBoxLayout(inside)
        for part in (self.title, self.group, self.text):
            self._body.addWidget(part)
        self._body.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        columns = QHBoxLayout()
        columns.addWidget(self.list)
        columns.addWidget(self.area, 1)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(self.line)
        self._rows.addLayout(columns, 1)
        self._rows.addWidget(self.hint)

    # -- words -------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """All words, those of the text on show first."""
        lesson = self._stage.frame.lesson
        self._here = [] if lesson is None else words_in((*lesson.before, *lesson.after))
        self.line.clear()
        self._search("")

    @property
    def word(self) -> str:
        """The word whose meaning is shown."""
        row = self.list.currentIndex().row()
        return self.model.shown[row].title if 0 <= row < len(self.model.shown) else ""

    @Slot(str)
    def show_word(self, name: str) -> None:
        """Show what a word means."""
        listed = [entry.title for entry in self.model.shown]
        if name not in listed:
            self.line.clear()
            listed = [entry.title for entry in self.model.shown]
        if name in listed:
            self._choose(listed.index(name))

    @Slot(str)
    def _search(self, text: str) -> None:
        found = words_like(text)
        if not text.strip():
            found = [*self._here, *(name for name in found if name not in self._here)]
        near = tr("on this page")
        self.model.show(
            [Entry(f"word {name}", near if name in self._here else "", name, lambda: None) for name in found]
        )
        self._choose(0)

    @Slot(int)
    def _move(self, direction: int) -> None:
        if self.model.shown:
            self._choose((self.list.currentIndex().row() + direction) % len(self.model.shown))

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _choose(self, row: int) -> None:
        if row < len(self.model.shown):
            self.list.setCurrentIndex(self.model.index(row, 0))
        entry = glossary().get(self.word)
        if entry is None:
            self.title.show_runs((TextRun(tr("No word like this")),))
            self.group.setText("")
            self.text.show_blocks(())
            self.line.setAccessibleDescription(tr("Nothing was found"))
            return
        self.title.show_runs((TextRun(entry.name),))
        self.group.setText(entry.group)
        self.text.show_blocks(linked(entry.blocks, entry.name))
        self.area.verticalScrollBar().setValue(0)
        place = tr("{n} of {all}").format(n=count(row + 1), all=count(len(self.model.shown)))
        self.line.setAccessibleDescription(f"{entry.name}: {self.text.plain_text()}; {place}")

    # -- look --------------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self.line

    def place(self, room: QRect) -> None:
        """At the right of the room."""
        width = min(fonts.scaled(WIDTH), room.width())
        self.setGeometry(QRect(room.right() - width, room.top(), width, min(room.height(), fonts.scaled(560))))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        for text in (self.title, self.text):
            text.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(12)
        self._rows.setContentsMargins(side, side, side, fonts.scaled(8))
        self._rows.setSpacing(fonts.scaled(8))
        self._body.setContentsMargins(side, fonts.scaled(4), side, side)
        self._body.setSpacing(fonts.scaled(4))
        self.line.setFixedHeight(fonts.scaled(34))
        self.list.setFixedWidth(fonts.scaled(LIST))
        self.list.doItemsLayout()
        for text in (self.title, self.text):
            text.set_scale()
