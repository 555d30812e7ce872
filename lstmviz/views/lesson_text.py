"""The text of a lesson page: blocks of ``stage.lesson_frame`` written into a text document, never as HTML.

Words used in this file
    write    put blocks into the document; done again only when they changed, or the width, theme or text size
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from lstmviz.files import BadInput, caps, read_bytes
from lstmviz.stage.explain import Run
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.views import fonts
from lstmviz.views.inline_objects import InlineObjects, insert_cap, insert_formula
from lstmviz.views.number_text import level_exponents
from lstmviz.views.plain import harmless
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

BODY = 14.5  # px at a text size of 100 %
LINE = 1.5
FORMULA = 1.14  # size of a formula, in sizes of the text round it
DISPLAY = 1.22  # of a formula on a line of its own
JOINER = "\u2060"  # no line break between a formula and the sign after it
_TOGETHER = re.compile(r"(?<=\d) × (?=10)|(?<=\bt) = (?=\S)|(?<=\bT) [−-] (?=\d)")


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
    """

    link_clicked = Signal(str)  # an https address; nothing is opened here

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        px: float = BODY,
        weight: int = 400,
        role: str = "ink",
        inset: int = 0,
    ) -> None:
        super().__init__(parent)
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
        writer = _Writer(document, self._theme, self._px, self._weight, self._role, width)
        for k, block in enumerate(self._blocks):
            writer.write(block, first=k == 0)
        self.setFixedHeight(round(document.size().height() + 0.5))
        self.setAccessibleName(self.plain_text())
        links = any(run.style == "link" for block in self._blocks for run in block.runs)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        if links:
            flags |= Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(flags)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if links else Qt.FocusPolicy.NoFocus)


class _Writer:
    """Writes blocks at the end of a document."""

    def __init__(self, document: QTextDocument, theme: Theme, px: float, weight: int, role: str, width: float) -> None:
        self._cursor = QTextCursor(document)
        self._theme, self._px, self._width = theme, px, width
        self._em = px * fonts.text_size()
        self._weight, self._colour = weight, getattr(theme, role)

    def write(self, block: Block, first: bool) -> None:
        """One block; a space above all but the first."""
        above = 0.0 if first else self._em * (0.25 if block.kind == "item" else 0.75)
        if block.kind == "table":
            self._table(block, first)
            return
        self._begin(block, above, first)
        if block.kind == "formula":
            if not insert_formula(self._cursor, block.tex, self._em * DISPLAY, inline=False, width=self._width):
                self._text(block.tex, TextRun(block.tex, "code"))
        elif block.kind == "picture":
            self._picture(block)
        else:
            if block.kind == "item" and block.number >= 0:
                self._text(f"{block.number}.\u2002" if block.number else "•\u2002", TextRun("", "plain"))
            self.runs(block.runs)

    def _begin(self, block: Block, above: float, first: bool) -> None:
        form = QTextBlockFormat()
        form.setTopMargin(above)
        form.setLineHeight(self._em * LINE, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        if block.kind == "item":
            hang = self._em * (1.5 if block.number > 0 else 1.0)
            form.setLeftMargin(hang + block.depth * self._em * 1.2)
            form.setTextIndent(-hang if block.number >= 0 else 0)
        elif block.kind == "quote":
            form.setLeftMargin(self._em)
        elif block.kind == "formula":
            form.setBottomMargin(self._em * 0.15)
        if first:
            self._cursor.setBlockFormat(form)
        else:
            self._cursor.insertBlock(form)

    def runs(self, runs: Sequence[TextRun]) -> None:
        """The runs of one paragraph."""
        after_object = False
        for run in runs:
            if run.style == "key":
                insert_cap(self._cursor, harmless(run.text))
            elif run.style != "math":
                self._text(JOINER + run.text if after_object and run.text[:1] in ",.;:)!?’”" else run.text, run)
            elif not insert_formula(self._cursor, run.text, self._em * FORMULA, inline=True, width=self._width):
                self._text(run.text, TextRun(run.text, "code"))
            after_object = run.style in ("key", "math")

    def _text(self, text: str, run: TextRun) -> None:
        form = self._format(run)
        for part in level_exponents(Run(_TOGETHER.sub(_stay, _harmless(text)))):
            raised = QTextCharFormat(form)
            if part.role == "sup":
                raised.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
                font = raised.font()
                font.setPixelSize(round(font.pixelSize() * 1.15))  # Qt takes two thirds of it
                raised.setFont(font)
            self._cursor.insertText(part.text.replace("\n", "\u2028"), raised)

    def _format(self, run: TextRun) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(self._font(run))
        form.setForeground(qcolor(self._colour))
        if run.style == "link" and run.target.startswith("https://"):
            form.setAnchor(True)
            form.setAnchorHref(run.target)
            form.setFontUnderline(True)
            form.setForeground(qcolor(self._theme.ink))
        return form

    def _font(self, run: TextRun) -> QFont:
        if run.style == "code":
            return fonts.mono(self._px - 1.5)
        font = fonts.text(self._px, max(self._weight, 600) if run.style == "strong" else self._weight, prose=True)
        font.setItalic(run.style == "emphasis")
        return font

    def _picture(self, block: Block) -> None:
        image = load_picture(block.path)
        if image is None or self._width < 1:
            self._text(block.alternative or tr("picture"), TextRun("", "emphasis"))
            return
        name = f"picture:{self._cursor.position()}"
        document = self._cursor.document()
        assert document is not None
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
        form = QTextImageFormat()
        form.setName(name)
        width = min(self._width, float(image.width()))
        form.setWidth(width)
        form.setHeight(width * image.height() / image.width())
        self._cursor.insertImage(form)

    def _table(self, block: Block, first: bool) -> None:
        columns = max((len(row) for row in block.rows), default=0)
        if not columns:
            return
        form = QTextTableFormat()
        form.setBorder(0)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        form.setCellSpacing(0)
        form.setCellPadding(self._em * 0.18)
        form.setTopMargin(0 if first else self._em * 0.6)
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        end = QTextCursor(self._cursor)
        table = end.insertTable(len(block.rows), columns, form)
        whole = self._width
        self._width = 0.6 * whole  # of one column: formulas in a table are set to fit
        for r, row in enumerate(block.rows):
            for c, cell in enumerate(row):
                self._cursor = table.cellAt(r, c).firstCursorPosition()
                plain, self._weight = self._weight, 600 if r == 0 or c == 0 else self._weight
                self.runs(cell)
                self._weight = plain
        self._width = whole
        self._cursor = table.lastCursorPosition()
        self._cursor.movePosition(QTextCursor.MoveOperation.End)


def _harmless(text: str) -> str:
    return JOINER + harmless(text[1:]) if text.startswith(JOINER) else harmless(text)


def _stay(found: re.Match[str]) -> str:
    """The same with spaces at which no line breaks."""
    return found[0].replace(" ", "\u00a0")


def load_picture(path: str) -> QImage | None:
    """A picture that the lesson's reader has checked; None when it has gone or is damaged since."""
    try:
        image = QImage.fromData(read_bytes(path, cap=caps.IMAGE_BYTES, kind=tr("a picture")))
    except BadInput:
        return None
    usable = not image.isNull() and max(image.width(), image.height()) <= caps.IMAGE_SIDE
    return image if usable else None


def plain_text(blocks: Sequence[Block]) -> str:
    """Blocks as text alone: for screen readers and for tests."""
    lines = []
    for block in blocks:
        rows = [" ".join("".join(run.text for run in cell) for cell in row) for row in block.rows]
        text = "".join(run.text for run in block.runs)
        lines.append("\n".join(part for part in (text, block.tex, block.alternative, *rows) if part))
    return harmless("\n".join(lines))
