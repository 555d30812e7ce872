"""Formulas and key caps that stand in a line of a text document, on its base line.

Qt asks a handler for the size of the object and lets it paint. With ``AlignBaseline`` the object hangs below the line
by the descent of its own font, so that font is chosen as deep as the formula.

Words used in this file
    object    one character U+FFFC of the document, whose format says what is painted in its place
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QObject, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from lstmviz.views import fonts
from lstmviz.views.controls import cap_width, paint_cap
from lstmviz.views.formula import Formula, typeset
from lstmviz.views.theme import Theme, qcolor

OBJECT = "\ufffc"
FORMULA, CAP = QTextFormat.ObjectTypes.UserObject + 1, QTextFormat.ObjectTypes.UserObject + 2
_TEXT = QTextFormat.Property.UserProperty + 1  # TeX, or the name of the key
_PX = QTextFormat.Property.UserProperty + 2
_INLINE = QTextFormat.Property.UserProperty + 3
SMALLEST = 0.55  # a formula wider than the panel is set smaller, down to this


class InlineObjects(QPyTextObject):
    """Sizes and paints the objects of one document.

    Parameters
    ----------
    document : QTextDocument
        Whose layout asks.
    theme : Theme
    """

    def __init__(self, document: QTextDocument, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        for kind in (FORMULA, CAP):
            document.documentLayout().registerHandler(int(kind), self)

    def intrinsicSize(self, _document: QTextDocument, _position: int, form: QTextFormat) -> QSizeF:
        """Width, and height from the top of the object to the bottom of its font."""
        return object_size(form.toCharFormat())

    def drawObject(
        self, painter: QPainter, box: QRectF | QRect, _document: QTextDocument, _position: int, form: QTextFormat
    ) -> None:
        """Paint the object; ``box`` ends where its font's descent ends."""
        made = form.toCharFormat()
        box = QRectF(box)
        baseline = box.bottom() - QFontMetricsF(made.font()).descent()
        if made.objectType() == CAP:
            height = fonts.scaled(19)
            top = baseline - fonts.scaled(14)
            cap = QRectF(box.left() + 1, top, box.width() - 2, height)
            paint_cap(painter, cap, _text_of(made), qcolor(self.theme.secondary))
            return
        formula = formula_of(made)
        if formula is not None:
            formula.paint(painter, box.left(), baseline, self.theme)


def object_size(form: QTextCharFormat) -> QSizeF:
    """The size of an object in its line."""
    descent = QFontMetricsF(form.font()).descent()
    if form.objectType() == CAP:
        return QSizeF(cap_width(_text_of(form)) + 2, fonts.scaled(14) + descent)
    formula = formula_of(form)
    return QSizeF(0, 0) if formula is None else QSizeF(formula.width, formula.ascent + descent)


def formula_of(form: QTextCharFormat) -> Formula | None:
    """The typeset formula of an object, from the cache; None for TeX that cannot be set."""
    return try_typeset(_text_of(form), float(form.property(int(_PX))), bool(form.property(int(_INLINE))))


def try_typeset(tex: str, px: float, inline: bool) -> Formula | None:
    """A formula, or None when it cannot be set: the lesson's check says why, the panel shows its TeX."""
    try:
        return typeset(tex, px, inline=inline)
    except ValueError:
        return None


def _text_of(form: QTextCharFormat) -> str:
    return str(form.property(int(_TEXT)))


def insert_formula(cursor: QTextCursor, tex: str, px: float, *, inline: bool, width: float) -> bool:
    """Insert a formula; False, and nothing is inserted, when its TeX cannot be set.

    Parameters
    ----------
    cursor : QTextCursor
    tex : str
    px : float
        Font size in pixels, the text size already applied.
    inline : bool
        Whether it stands in a line of text.
    width : float
        The room there is: a wider formula is set smaller.
    """
    formula = try_typeset(tex, px, inline)
    if formula is None:
        return False
    if formula.width > width > 0:
        px *= max(SMALLEST, width / formula.width)
        formula = try_typeset(tex, px, inline)
        assert formula is not None
    _insert(cursor, int(FORMULA), tex, px, inline, _font_as_deep(round(formula.descent + 0.5)))
    return True


def insert_cap(cursor: QTextCursor, key: str) -> None:
    """Insert a key cap."""
    _insert(cursor, int(CAP), key, 11.0, True, fonts.mono(11, 500))


def _insert(cursor: QTextCursor, kind: int, text: str, px: float, inline: bool, font: QFont) -> None:
    form = QTextCharFormat()
    form.setObjectType(kind)
    form.setFont(font)
    form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
    form.setProperty(int(_TEXT), text)
    form.setProperty(int(_PX), px)
    form.setProperty(int(_INLINE), inline)
    cursor.insertText(OBJECT, form)


@lru_cache(maxsize=64)
def _font_as_deep(descent: int) -> QFont:
    """A font whose descent is at least ``descent`` pixels."""
    px = max(8, descent)
    while QFontMetricsF(fonts.text(px, fixed=True)).descent() < descent:
        px += 1
    return fonts.text(px, fixed=True)
