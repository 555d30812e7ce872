"""Make text that came from a file, a lesson or a person safe to show.

QLabel, QToolTip, QMessageBox and pyqtgraph guess whether a string is HTML, and an ``<img>`` in it opens local files.
Every user-fed string goes through ``plain`` (for places that may take it as HTML) or stands in a ``plain_label``.

Words used in this file
    hostile   a character that changes what its neighbours look like, or that cannot be drawn at all: controls,
              bidirectional overrides, invisible format characters, lone surrogates, non-characters
"""

from __future__ import annotations

import html
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

LONGEST = 10_000  # characters; a QLabel lays out the whole string on every paint
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
CUT = "…"
JOINERS = "\u200c\u200d"  # format characters that Persian, Hindi and emoji need
MOST_MARKS = 4  # combining marks on one letter; more are piled up to cover the lines above


def plain(text: str) -> str:
    """``text`` as it may be handed to anything that could take it for HTML.

    Parameters
    ----------
    text : str
        Any string at all.

    Returns
    -------
    str
        Escaped (``<`` becomes ``&lt;``); line breaks and tabs kept; hostile characters replaced by U+FFFD; cut after
        10,000 characters of ``text``, with an ellipsis.
    """
    return html.escape(harmless(text), quote=True)


def harmless(text: str) -> str:
    """``text`` without hostile characters, cut to length, not escaped: for places that are surely plain text."""
    kept = text if len(text) <= LONGEST else text[: LONGEST - 1] + CUT
    kept = kept.replace("\r\n", "\n").replace("\r", "\n")
    if kept.isascii() and kept.isprintable():
        return kept
    return _fewer_marks("".join(_shown(character) for character in kept))


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character in "\n\t" or character in JOINERS:
        return character
    if character in "\u2028\u2029":
        return "\n"
    category = unicodedata.category(character)
    hostile = category in ("Cc", "Cf", "Cs") or ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"
    return REPLACEMENT if hostile else character


def _fewer_marks(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def plain_label(text: str, parent: QWidget | None = None) -> QLabel:
    """A ``QLabel`` that shows ``text`` literally: nothing in it is HTML, a link or a shortcut."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(harmless(text))
    return label
