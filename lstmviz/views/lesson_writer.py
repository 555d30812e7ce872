"""Writes the blocks of a lesson into a text document: paragraphs, formulas, tables, pictures; never as HTML.

Words used in this file
    run    text in one style; formulas and key caps stand in the line as objects (see ``inline_objects.py``)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTableFormat,
)

from lstmviz.files import BadInput, caps, read_bytes
from lstmviz.stage.explain import Run
from lstmviz.stage.glossary import TARGET
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.views import fonts
from lstmviz.views.inline_objects import insert_cap, insert_formula
from lstmviz.views.number_text import level_exponents
from lstmviz.views.plain import harmless
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

LINE = 1.5
FORMULA = 1.14  # size of a formula, in sizes of the text round it
DISPLAY = 1.22  # of a formula on a line of its own
JOINER = "\u2060"  # no line break between a formula and the sign after it
_TOGETHER = re.compile(r"(?<=\d) × (?=10)|(?<=\bt) = (?=\S)|(?<=\bT) [−-] (?=\d)")


class Writer:
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
        elif run.style == "link" and run.target.startswith(TARGET):
            form.setAnchor(True)
            form.setAnchorHref(run.target)
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            form.setUnderlineColor(qcolor(self._theme.outline))
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
