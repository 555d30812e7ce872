"""Live formulas: runs of symbols and numbers, laid out on one base line in a tenth of a millisecond.

For formulas whose numbers change while one looks: tooltips, cards, lane labels, headlines. A formula of a lesson, with
fractions and products, is typeset by ``formula.py`` instead.

Words used in this file
    run      text with a role; the role chooses face, colour and height (see ``stage.explain.Run``)
    piece    a stretch of text in one font at one place: what is painted
    em       the font size of the base line, in pixels
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QSize, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lstmviz.stage.explain import Run
from lstmviz.views import fonts
from lstmviz.views.number_text import level_exponents
from lstmviz.views.theme import Theme, qcolor

Face = Literal["maths", "text", "mono"]

SMALL = 0.70  # size of an index or exponent, in em
LOWER = 0.20  # baseline of an index under the base line, in em
RAISE = 0.36  # baseline of an exponent over it
LABEL = 0.78  # size of a label among numbers ("from x")

# quantities, by the letter the papers give them, and the colour role of each
QUANTITIES = {
    "f": "forget",
    "i": "input",
    "o": "output",
    "g": "candidate",
    "c": "cell",
    "h": "hidden",
    "gradient": "gradient",
    "rnn": "rnn",
    "lstm": "lstm",
    "gru": "gru",
}
_WORD = re.compile(r"[A-Za-z]{2,}|[A-Za-zα-ωΑ-ΩÀ-ÿ]|[∂∇Σ∏]|[^A-Za-zα-ωΑ-ΩÀ-ÿ∂∇Σ∏]+")
_ITALIC_SIGNS = {"∂": "𝜕"}
_INDEX = re.compile(r"([_^])(\{[^{}]*\}|.)")


@dataclass(frozen=True, eq=False, slots=True)
class _Piece:
    text: str
    font: QFont
    colour: str
    x: float
    lower: float  # how far its baseline lies under the formula's


class FormulaText:
    """A line of runs, laid out once, painted as often as wanted.

    Parameters
    ----------
    runs : sequence of Run
        In reading order. An index or exponent takes the colour of what it hangs on; superscript characters in a text
        (``10⁻¹²``) become real exponents.
    px : float
        Font size at a text size of 100 %.
    theme : Theme
    face : str
        ``"maths"`` for formulas, ``"text"`` for numbers among interface text, ``"mono"`` for readouts that change.
    weight : int
        400 .. 700, for the text and mono faces.
    colour : str, optional
        Of the runs whose role names no quantity; the theme's ink by default.
    fixed : bool
        True: the text size setting does not apply (lecture, export).
    """

    def __init__(
        self,
        runs: Sequence[Run],
        px: float,
        theme: Theme,
        *,
        face: Face = "maths",
        weight: int = 400,
        colour: str | None = None,
        fixed: bool = False,
    ) -> None:
        self.text = plain_words(runs)
        self._fonts = _fonts(face, px, weight, fixed, fonts.text_size())
        self._pieces: list[_Piece] = []
        self.width = 0.0
        self._lay_out(runs, theme, colour or theme.ink)
        measure = QFontMetricsF(self._fonts.base)
        em = self._fonts.base.pixelSize()
        depths = [piece.lower for piece in self._pieces]
        # ``ascent`` and ``descent`` hold every glyph: an exponent may rise above the base font's own ascent
        self.ascent = max(measure.ascent(), RAISE * em + SMALL * measure.ascent() if min(depths, default=0) < 0 else 0)
        self.descent = max(
            measure.descent(), LOWER * em + SMALL * measure.descent() if max(depths, default=0) > 0 else 0
        )

    def size(self) -> QSizeF:
        """Width and height of the whole line, in device-independent pixels."""
        return QSizeF(self.width, self.ascent + self.descent)

    def paint(self, painter: QPainter, x: float, baseline: float) -> None:
        """Paint with the left end at ``x`` and the base line at ``baseline``."""
        for piece in self._pieces:
            painter.setFont(piece.font)
            painter.setPen(qcolor(piece.colour))
            painter.drawText(QPointF(x + piece.x, baseline + piece.lower), piece.text)

    def _lay_out(self, runs: Sequence[Run], theme: Theme, ink: str) -> None:
        em, hangs_on, overhang = self._fonts.base.pixelSize(), ink, 0.0
        for run in (part for whole in runs for part in level_exponents(whole)):
            index = run.role in ("sub", "sup")
            colour = hangs_on if index else _colour(theme, run.role, ink)
            hangs_on = colour
            lower = {"sub": LOWER * em, "sup": -RAISE * em}.get(run.role, 0.0)
            for text, font in self._fonts.split(run.text, run.role):
                measure = QFontMetricsF(font)
                # a slanted letter leans over what follows; only an exponent, at the same height, must make room
                x = self.width + (overhang if run.role == "sup" else 0.0)
                self._pieces.append(_Piece(text, font, colour, x, lower))
                self.width = x + measure.horizontalAdvance(text)
                overhang = max(0.0, -measure.rightBearing(text[-1])) if font.italic() else 0.0
        self.width += overhang


class _Fonts:
    """The fonts of one kind of formula; never changed, since formulas share them."""

    def __init__(self, face: Face, px: float, weight: int, fixed: bool) -> None:
        self._face = face
        self._weight = weight
        self._fixed = fixed
        self.base = self._make(px, italic=False)
        self._by_role = {
            (small, italic): self._make(px * SMALL if small else px, italic=italic)
            for small in (False, True)
            for italic in (False, True)
        }
        self._signs = {small: fonts.signs(px * SMALL if small else px, fixed=fixed) for small in (False, True)}
        self._label = fonts.text(px * LABEL, fixed=fixed)

    def _make(self, px: float, *, italic: bool) -> QFont:
        if self._face == "text":
            return fonts.text(px, self._weight, fixed=self._fixed)
        if self._face == "mono":
            return fonts.mono(px, self._weight, fixed=self._fixed)
        return fonts.maths(px, italic, fixed=self._fixed)

    def split(self, text: str, role: str) -> Iterator[tuple[str, QFont]]:
        """Stretches of ``text`` in one font: variables slanted, words such as tanh, figures and operators upright."""
        if role == "label":
            yield text, self._label
            return
        if self._face != "maths":
            yield text, self._by_role[role in ("sub", "sup"), False]
            return
        small = role in ("sub", "sup")
        slants = role in QUANTITIES or role in ("symbol", "sub", "sup", "r", "z")
        for part in _WORD.findall(text):
            if part in "∂∇Σ∏":
                yield _ITALIC_SIGNS.get(part, part), self._signs[small]
            else:
                yield part, self._by_role[small, slants and len(part) == 1 and part.isalpha()]


@lru_cache(maxsize=64)
def _fonts(face: Face, px: float, weight: int, fixed: bool, _text_size: float) -> _Fonts:
    # making the QFonts takes longer than laying the formula out
    return _Fonts(face, px, weight, fixed)


def _colour(theme: Theme, role: str, ink: str) -> str:
    if role in QUANTITIES:
        return theme.text[QUANTITIES[role]]
    return theme.hint if role == "label" else ink


def symbol_runs(markup: str, role: str = "symbol") -> tuple[Run, ...]:
    """Runs of a symbol written the short way: ``h_t``, ``c_{t−1}``, ``|∂L/∂h_t|``, ``10^{−12}``.

    Parameters
    ----------
    markup : str
        ``_`` and ``^`` lower and raise the next character, or what stands in braces.
    role : str
        Of everything on the base line: ``"symbol"`` (ink) or a quantity (``"gradient"``, ``"h"`` ...).
    """
    runs, end = [], 0
    for match in _INDEX.finditer(markup):
        runs.append(Run(markup[end : match.start()], role))
        runs.append(Run(match[2].strip("{}"), "sub" if match[1] == "_" else "sup"))
        end = match.end()
    runs.append(Run(markup[end:], role))
    return tuple(run for run in runs if run.text)


def plain_words(runs: Sequence[Run]) -> str:
    """The runs as one line of plain text, for screen readers and copying: indices are said as ``_t`` and ``^−12``."""
    signs = {"sub": "_", "sup": "^"}
    return "".join(signs.get(run.role, "") + run.text for run in runs)


class FormulaLabel(QWidget):
    """A formula as a widget of exactly its size; screen readers get its plain words."""

    def __init__(self, formula: FormulaText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._formula = formula
        self.draw(formula)

    def draw(self, formula: FormulaText) -> None:
        """Show another formula; the widget takes its size."""
        self._formula = formula
        self.setAccessibleName(formula.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The formula's size in whole pixels."""
        size = self._formula.size()
        return QSize(int(size.width()) + 1, int(size.height()) + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the formula."""
        with QPainter(self) as painter:
            self._formula.paint(painter, 0, self._formula.ascent)
