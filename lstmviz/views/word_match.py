"""Fuzzy matching on words: what was typed, against the names of things. No Qt.

Words used in this file
    typed    words that were typed, lower case
    score    how well they fit; a word of the title counts more than one of the rest
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\s,;:()|…]+")
EXACT, BEGINS, WITHIN, LETTERS, SINGLE = 4.0, 3.0, 1.5, 0.8, 1.0
REST = 0.5  # what a word beside the title counts
LEAST = 3  # typed letters from which they may be spread over a word


def words_of(text: str) -> list[str]:
    """The words of a text, lower case, with hyphens both kept and taken apart."""
    found = [word.lower() for word in _WORD.findall(text)]
    return found + [part for word in found if "-" in word[1:] for part in word.split("-") if part]


def score(typed: str, title: str, rest: str = "") -> float | None:
    """How well what was typed fits; None when one of its words fits nothing.

    Parameters
    ----------
    typed : str
    title : str
        What is shown.
    rest : str
        Further words that find it.
    """
    wanted = words_of(typed)
    total = 0.0
    titled, others = words_of(title), words_of(rest)
    for word in wanted:
        best = max([_fit(word, one) for one in titled] + [REST * _fit(word, one) for one in others], default=0.0)
        if best <= 0.0:
            return None
        total += best
    if wanted and title.lower().startswith(typed.strip().lower()):
        total += 1.0
    return total / max(len(wanted), 1) - 0.01 * len(titled)


def _fit(typed: str, word: str) -> float:
    if word == typed:
        return EXACT
    if word.startswith(typed):
        return BEGINS if len(typed) > 1 else SINGLE
    if len(typed) > 1 and typed in word:
        return WITHIN
    if len(typed) >= LEAST and word[0] == typed[0] and _spread(typed, word):
        return LETTERS
    return 0.0


def _spread(typed: str, word: str) -> bool:
    """Whether the letters stand in the word in this order: ``intlisation`` in ``initialisation``."""
    letters = iter(word)
    return all(letter in letters for letter in typed)
