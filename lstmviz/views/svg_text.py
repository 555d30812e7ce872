"""Letters of an SVG drawing as outlines: it then looks the same on a machine that has none of the program's fonts.

Qt writes texts with the names of their fonts; a reader without them would lay every line out anew, too wide or too
narrow. The words stay readable in ``aria-label``.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from PySide6.QtGui import QFont, QPainterPath

from lstmviz.views import fonts

_TEXT = re.compile(r"<text ([^>]*)>(.*?)</text>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')


def outlined(svg: bytes) -> bytes:
    """The drawing with every ``<text>`` turned into a ``<path>``.

    Parameters
    ----------
    svg : bytes
        As ``QSvgGenerator`` writes it.
    """
    return _TEXT.sub(_as_path, svg.decode("utf-8")).encode("utf-8")


def _as_path(found: re.Match[str]) -> str:
    given = dict(_ATTRIBUTE.findall(found[1]))
    words = html.unescape(found[2])
    family, size, weight = given["font-family"], round(float(given["font-size"])), int(given["font-weight"])
    path = QPainterPath()
    font = _font(family, size, weight, given.get("font-style", "normal") != "normal")
    path.addText(float(given["x"]), float(given["y"]), font, words)
    label = html.escape(words, quote=True)
    fill = f'fill="{given["fill"]}" fill-opacity="{given["fill-opacity"]}" stroke="none" fill-rule="nonzero"'
    return f'<path {fill} aria-label="{label}" d="{_data(path)}"/>'


@lru_cache(maxsize=256)
def _font(family: str, size: int, weight: int, italic: bool) -> QFont:
    names = [name.strip("'\" ") for name in family.split(",")]
    font = fonts.text(size, weight, fixed=True) if len(names) > 1 else QFont()
    font.setFamilies(names)
    font.setPixelSize(size)
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _data(path: QPainterPath) -> str:
    """The ``d`` of an SVG path."""
    parts, index = [], 0
    kinds = QPainterPath.ElementType
    while index < path.elementCount():
        here = path.elementAt(index)
        if here.type == kinds.CurveToElement:
            second, third = path.elementAt(index + 1), path.elementAt(index + 2)
            points = (here, second, third)
            parts.append("C" + " ".join(f"{_short(p.x)},{_short(p.y)}" for p in points))
            index += 3
        else:
            letter = "M" if here.type == kinds.MoveToElement else "L"
            parts.append(f"{letter}{_short(here.x)},{_short(here.y)}")
            index += 1
    return "".join(parts)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
