"""The text of a lesson page: blocks of ``stage.lesson_frame`` written into a text document, never as HTML.

Words used in this file
    write    put blocks into the document; done again only when they changed, or the width, theme or text size
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QToolTip, QWidget

from lstmviz.stage.glossary import TARGET, glossary
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.views import fonts
from lstmviz.views.inline_objects import InlineObjects
from lstmviz.views.lesson_writer import Writer
from lstmviz.views.plain import harmless, plain
from lstmviz.views.theme import Theme

BODY = 14.5  # px at a text size of 100 %


class LessonText(QTextBrowser):
    """Blocks as flowing text, as high as it needs to be.

    Parameters
    ----------
    theme : Theme
    px : float
        Size of the text at 100 %.
    weight : int
        Of plain text.
    role : str
        Colour of plain text: an attribute of the theme.
    inset : int
        Space at the left and right, at 100 %, so that text in a card and text beside it stand in one line.
    walks : bool
        Whether Tab goes through words of the glossary, too: where the text is there to be followed.
    """

    link_clicked = Signal(str)  # an https address; nothing is opened here
    word_clicked = Signal(str)  # a word of the glossary

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        px: float = BODY,
        weight: int = 400,
        role: str = "ink",
        inset: int = 0,
        walks: bool = False,
    ) -> None:
        super().__init__(parent)
        self._walks = walks
        self._theme, self._px, self._weight, self._role, self._inset = theme, px, weight, role, inset
        self._blocks: tuple[Block, ...] = ()
        self._written: tuple[object, ...] = ()
        self.setProperty("role", "page")
        self.setStyleSheet("background: transparent; border: none; padding: 0;")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self._objects = InlineObjects(self.document(), theme, self)
        self.anchorClicked.connect(self._clicked)
        self.set_scale()
        self.hide()

    # -- what is shown -----------------------------------------------------------------------------------------

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show a page's blocks; none hides the widget."""
        self._blocks = tuple(blocks)
        self._write()

    def show_runs(self, runs: Sequence[TextRun]) -> None:
        """Show one paragraph."""
        self.show_blocks((Block("paragraph", tuple(runs)),) if runs else ())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = self._objects.theme = theme
        self._write()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(self._inset)
        self.setViewportMargins(side, 0, side, 0)
        self._write()

    def plain_text(self) -> str:
        """The text as a screen reader says it."""
        return plain_text(self._blocks)

    def loadResource(self, _kind: int, _name: QUrl | str) -> None:
        """Nothing is ever loaded from the disk or elsewhere."""
        return None

    @Slot(QUrl)
    def _clicked(self, address: QUrl) -> None:
        if address.scheme() == "https":
            self.link_clicked.emit(address.toString())
        elif address.toString().startswith(TARGET):
            self.word_clicked.emit(address.toString().removeprefix(TARGET))

    def event(self, event: QEvent) -> bool:
        """Enter on a link follows it, before the window's shortcuts take it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            enter = Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and self.textCursor().hasSelection():
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """A word of the glossary tells what it means."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            told = self.tip_at(self.anchorAt(event.pos()))
            if told:
                QToolTip.showText(event.globalPos(), told, self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def tip_at(self, anchor: str) -> str:
        """The tool tip of a link, as markup; empty for none."""
        entry = glossary().get(QUrl(anchor).toString().removeprefix(TARGET)) if anchor.startswith(TARGET) else None
        return f"<p><b>{plain(entry.name)}</b></p><p>{plain(entry.short)}</p>" if entry is not None else ""

    # -- layout ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height follows the width."""
        super().resizeEvent(event)
        self._write()

    def wheelEvent(self, event: QEvent) -> None:
        """The wheel scrolls the panel, not this text."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """As high as the text."""
        return QSize(fonts.scaled(240), self.minimumHeight())

    def _write(self) -> None:
        self.setVisible(bool(self._blocks))
        width = self.viewport().width()
        state = (self._blocks, width, self._theme, fonts.text_size())
        if not self._blocks or state == self._written:
            return
        self._written = state
        document = self.document()
        document.clear()
        document.setDefaultFont(fonts.text(self._px, self._weight, prose=True))
        document.setTextWidth(width)
        writer = Writer(document, self._theme, self._px, self._weight, self._role, width)
        for k, block in enumerate(self._blocks):
            writer.write(block, first=k == 0)
        self.setFixedHeight(round(document.size().height() + 0.5))
        self.setAccessibleName(self.plain_text())
        runs = [run for block in self._blocks for part in (block.runs, *chain(*block.rows)) for run in part]
        targets = [run.target for run in runs if run.style == "link"]
        links = any(self._walks or not target.startswith(TARGET) for target in targets)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        if targets:
            flags |= Qt.TextInteractionFlag.LinksAccessibleByMouse
        if links:
            flags |= Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(flags)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if links else Qt.FocusPolicy.NoFocus)


def plain_text(blocks: Sequence[Block]) -> str:
    """Blocks as text alone: for screen readers and for tests."""
    lines = []
    for block in blocks:
        rows = [" ".join("".join(run.text for run in cell) for cell in row) for row in block.rows]
        text = "".join(run.text for run in block.runs)
        lines.append("\n".join(part for part in (text, block.tex, block.alternative, *rows) if part))
    return harmless("\n".join(lines))
