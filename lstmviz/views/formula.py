r"""Typeset formulas of lessons: TeX in, Qt paths out, in the theme's colours and without a browser.

ziamath sets the formula and hands over SVG; its outlines become ``QPainterPath``s, because Qt's own SVG painter makes
them bold in PDF and crops them on screen.

Words used in this file
    tex      the formula between dollar signs, without them
    shape    one path with the colour role it is filled with
    role     a name of ``theme.py`` used as a TeX colour: ``\textcolor{gradient}{...}``; formulas know no other colours
"""

from __future__ import annotations

import math
import re
import warnings
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPainterPathStroker

from lstmviz.views.formula_text import FormulaLabel, FormulaText, symbol_runs
from lstmviz.views.theme import LIGHT, Theme, qcolor

__all__ = [
    "Formula",
    "FormulaLabel",
    "FormulaText",
    "formula_image",
    "formula_path",
    "symbol_runs",
    "typeset",
]

LONGEST = 1000  # characters of TeX; a longer formula is wider than any screen
DEEPEST = 30  # nested braces; ziamath recurses
ROLES = (*LIGHT.text, "ink", "secondary", "hint")

_NUMBERS = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
_PARTIAL = r"\\partial\s*"
_BRACED = r"\{(?:[^{}]|\{[^{}]*\})*\}"
# dL/dh_t in both spellings: \partial L / \partial h_t and \frac{\partial L}{\partial h_t}
_GRADIENT = re.compile(
    rf"\\[dt]?frac\{{\s*{_PARTIAL}L\s*\}}\s*\{{\s*{_PARTIAL}[ch](?:_(?:{_BRACED}|\w))?\s*\}}"
    rf"|{_PARTIAL}L\s*/\s*{_PARTIAL}[ch](?:_(?:{_BRACED}|\w))?"
)
_COLOURED = re.compile(r"\\(?:text)?color\b")


@dataclass(frozen=True, eq=False, slots=True)
class Formula:
    """A typeset formula; its paths start at the left end of the base line."""

    tex: str
    shapes: tuple[tuple[str, QPainterPath], ...]
    width: float
    ascent: float  # height over the base line
    descent: float

    def size(self) -> QSizeF:
        """Width and height in device-independent pixels."""
        return QSizeF(self.width, self.ascent + self.descent)

    def paint(self, painter: QPainter, x: float, baseline: float, theme: Theme) -> None:
        """Paint with the left end at ``x`` and the base line at ``baseline``."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(x, baseline)
        for role, path in self.shapes:
            painter.fillPath(path, qcolor(_colour(theme, role)))
        painter.restore()


def _colour(theme: Theme, role: str) -> str:
    return theme.text[role] if role in theme.text else str(getattr(theme, role))


@lru_cache(maxsize=512)
def typeset(tex: str, px: float, *, inline: bool = False) -> Formula:
    r"""Set a formula; what was set before comes from a cache.

    Parameters
    ----------
    tex : str
        TeX without dollar signs. Colours are role names (``\textcolor{gradient}{...}``). Where the formula names none,
        each dL/dh and dL/dc is coloured as a gradient.
    px : float
        Font size in device-independent pixels, the text size setting already applied.
    inline : bool
        True: set to stand in a line of text (smaller fractions and limits).

    Raises
    ------
    ValueError
        In one line, if the TeX is not whole, uses an unknown command or colour, is longer than 1000 characters or
        nested deeper than 30 braces.
    """
    _check(tex)
    source = _spelled(tex)
    try:
        made = _library().Latex(source, size=px, inline=inline)
        svg, box = made.svgxml(), made.node.bbox
        commands = [node.text for node in made.mathml.iter() if node.text and node.text.startswith("\\")]
    except Exception as error:  # ziamath and latex2mathml raise some twenty kinds, none of them documented
        raise ValueError(_refusal(tex, _reason(error))) from error
    if commands:
        raise ValueError(_refusal(tex, f"unknown command {commands[0]}"))
    shapes = tuple(_shapes(tex, svg, "black"))
    return Formula(tex, shapes, box.xmax - min(box.xmin, 0.0), box.ymax, -box.ymin)


@cache
def _library() -> ModuleType:
    # imported when the first formula is set: it takes a fifth of a second, and most windows open without a lesson
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it finds its font by a call Python 3.11 wants replaced
        import ziamath
    ziamath.config.svg2 = False  # with SVG 2 the glyphs become <use> elements, which Qt crops
    return ziamath


def _spelled(tex: str) -> str:
    # as the two libraries need it: gradients coloured, the derivative sign as a letter (as an operator it is set with a
    # gap after it), braces round the argument of an alphabet
    if not _COLOURED.search(tex):
        tex = _GRADIENT.sub(lambda found: rf"\textcolor{{gradient}}{{{found[0]}}}", tex)
    tex = re.sub(r"\\partial(?![A-Za-z])\s*", "𝜕 ", tex)
    return re.sub(r"\\(math[a-z]{2,3})\s+(\w)", r"\\\1{\2}", tex)


def formula_path(tex: str, px: float) -> tuple[QPainterPath, float]:
    """A formula as one path in one colour, for PDF.

    Parameters
    ----------
    tex, px
        As for ``typeset``.

    Returns
    -------
    path : QPainterPath
        Its top left corner is (0, 0).
    baseline : float
        Height of the base line under the top, in pixels.
    """
    formula = typeset(tex, px)
    whole = QPainterPath()
    whole.setFillRule(Qt.FillRule.WindingFill)
    for _, path in formula.shapes:
        whole.addPath(path)
    return whole.translated(0, formula.ascent), formula.ascent


def formula_image(
    tex: str, px: float, theme: Theme, *, ratio: float = 1.0, inline: bool = False
) -> tuple[QImage, float]:
    """A formula as an image with a clear ground, e.g. for a text document.

    Parameters
    ----------
    tex, px, inline
        As for ``typeset``.
    theme : Theme
    ratio : float
        Device pixels per device-independent pixel of the screen.

    Returns
    -------
    image : QImage
        Its ``devicePixelRatio`` is ``ratio``.
    baseline : float
        Height of the base line under the top, in device-independent pixels.
    """
    formula = typeset(tex, px, inline=inline)
    size = formula.size() + QSizeF(2, 2)  # a pixel all round for the smoothed edges
    image = QImage(
        math.ceil(size.width() * ratio), math.ceil(size.height() * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        formula.paint(painter, 1, 1 + formula.ascent, theme)
    return image, 1 + formula.ascent


def _check(tex: str) -> None:
    if len(tex) > LONGEST:
        raise ValueError(_refusal(tex, f"{len(tex)} characters long (at most {LONGEST})"))
    if not tex.strip():
        raise ValueError("formula: empty (TeX between the dollar signs)")
    if any(not character.isprintable() and character not in "\n\t" for character in tex):
        raise ValueError(_refusal(tex, "a character that cannot be printed"))
    if "&" in tex.replace("\\&", "") and "\\begin" not in tex:
        raise ValueError(_refusal(tex, "& outside a table (\\& for the sign)"))
    if "^^" in tex or "__" in tex:
        raise ValueError(_refusal(tex, "two exponents or indices in a row (braces round one of them)"))
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", tex):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
        if depth < 0:
            break
    if depth:
        raise ValueError(_refusal(tex, "braces do not match (one } for each {)"))
    if deepest > DEEPEST:
        raise ValueError(_refusal(tex, f"braces nested {deepest} deep (at most {DEEPEST})"))


def _refusal(tex: str, wrong: str) -> str:
    shown = ascii(tex[:60])[1:-1].replace("\\\\", "\\")
    return f"formula {shown}{'…' if len(tex) > 60 else ''}: {wrong}"


def _reason(error: Exception) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
    return {"no available tokens": "it ends too early", "parse": "a sign TeX has no place for"}.get(name, name)


def _shapes(tex: str, element: ET.Element, fill: str) -> list[tuple[str, QPainterPath]]:
    # ziamath writes only g, path, rect, and for \cancel and the like polygon and ellipse
    fill = element.get("fill", fill)
    if element.tag in ("svg", "g"):
        return [shape for child in element for shape in _shapes(tex, child, fill)]
    if element.tag == "path":
        path = _path(element.get("d", ""))
    elif element.tag == "rect":
        path = QPainterPath()
        path.addRect(QRectF(*(float(element.get(name, "0")) for name in ("x", "y", "width", "height"))))
    else:
        raise ValueError(_refusal(tex, "a frame or arrow that cannot be drawn"))
    if element.get("stroke", "none") != "none":
        pen = QPainterPathStroker()
        pen.setWidth(float(element.get("stroke-width", "1")))
        path, fill = pen.createStroke(path), element.get("stroke", fill)
    role = "ink" if fill == "black" else fill
    if role not in ROLES:
        raise ValueError(_refusal(tex, f"unknown colour {role!r} (one of {', '.join(ROLES)})"))
    return [(role, path)]


def _path(data: str) -> QPainterPath:
    # SVG path data as ziafont writes it: absolute M, L, Q, C and Z with single spaces
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    words = iter(_NUMBERS.findall(data))

    def point() -> QPointF:
        return QPointF(float(next(words)), float(next(words)))

    for command in words:
        if command == "M":
            path.moveTo(point())
        elif command == "L":
            path.lineTo(point())
        elif command == "Q":
            path.quadTo(point(), point())
        elif command == "C":
            path.cubicTo(point(), point(), point())
        elif command == "Z":
            path.closeSubpath()
    return path
