"""The presenter's notes and the page's own text, as large as the presenter wants them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from lstmviz.stage.lesson_frame import Block, LessonFrame, TextRun
from lstmviz.views import fonts
from lstmviz.views.lesson_text import LessonText
from lstmviz.views.theme import DARK
from lstmviz.words import tr

SCROLLS = (Qt.Key.Key_Up, Qt.Key.Key_Down)
SPACE = 16


class Notes(QScrollArea):
    """What to ask and to say on this page, and under it what the page says: the room does not see its paragraphs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Notes"))
        self._px = 0
        self._page: tuple[str, int] | None = None
        self._texts: list[LessonText] = []

    def draw(self, lesson: LessonFrame, px: int) -> None:
        """Show a page; ``px`` is the size of the text at 100 %."""
        if px != self._px:
            self._px = px
            self._make()
        ask = lesson.predict.ask if lesson.predict is not None and not _settled(lesson) else ()
        question = (Block("paragraph", (TextRun(tr("Ask:") + " ", "strong"), *ask)),) if ask else ()
        title = (Block("paragraph", (TextRun(lesson.page_title, "strong"),)),)
        for text, blocks in zip(
            self._texts, (question + lesson.notes, title + lesson.before + lesson.after), strict=True
        ):
            text.show_blocks(blocks)
        page = (lesson.title, lesson.page)
        if page != self._page:
            self._page = page
            self.verticalScrollBar().setValue(0)

    def _make(self) -> None:
        # made anew for another size, which is rarely chosen
        inside = QWidget()
        rows = QVBoxLayout(inside)
        space = fonts.scaled(SPACE)
        rows.setContentsMargins(space, space, space, space)
        rows.setSpacing(2 * space)
        self._texts = [LessonText(DARK, inside, px=self._px, role=role) for role in ("ink", "hint")]
        for text in self._texts:
            rows.addWidget(text)
        rows.addStretch(1)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # the area fills it with the palette of the rest of the program

    def plain_text(self) -> str:
        """All of it as a screen reader says it."""
        return "\n".join(text.plain_text() for text in self._texts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down scroll; every other key belongs to the lecture."""
        if event.key() in SCROLLS and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        else:
            event.ignore()


def _settled(lesson: LessonFrame) -> bool:
    return lesson.predict is None or lesson.predict.committed or lesson.predict.skipped
