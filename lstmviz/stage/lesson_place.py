"""Where in a lesson something stands, and the one line that says what is wrong there."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lstmviz.files import BadInput
from lstmviz.files.error_line import quoted
from lstmviz.words import tr

# What authors write when they mean a key of ours; difflib finds spelling mistakes, not other words.
MEANT = {
    "lag": "gap",
    "delay": "gap",
    "steps": "gap",
    "length": "gap",
    "networks": "cells",
    "units": "hidden",
    "size": "hidden",
    "bias": "lstm.forget_bias",
    "forget_bias": "lstm.forget_bias",
    "init": "rnn.initialisation",
    "initialisation": "rnn.initialisation",
    "initialization": "rnn.initialisation",
    "fair": "fair_by",
    "question": "ask",
    "text": "ask",
    "minimum": "at_least",
    "maximum": "at_most",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a lesson."""

    file: str
    page: int  # from 1; 0 is the lesson as a whole
    line: int  # from 1

    def at(self, line: int) -> "Place":
        """The same page, another line."""
        return replace(self, line=line)

    @property
    def words(self) -> str:
        """The page as the error line names it."""
        return tr("page {n}").format(n=self.page) if self.page else ""

    def refuse(self, wrong: str, allowed: str, key: str = "") -> BadInput:
        """The error to raise.

        Parameters
        ----------
        wrong, allowed : str
            What is wrong, and what would have been right.
        key : str
            The key of a block that is meant.
        """
        place = ": ".join(part for part in (self.words, key) if part)
        return BadInput(self.file, place, wrong, allowed, line=self.line)

    def unknown(self, what: str, name: str, known: Iterable[str]) -> BadInput:
        """The error for a name that is not in a list: with the nearest one, and the list."""
        known = tuple(known)
        wrong = tr("unknown {what} {name}").format(what=what, name=quoted(name))
        near = nearest(name, known)
        if near:
            wrong = tr("{wrong}, did you mean {near}?").format(wrong=wrong, near=near)
        return self.refuse(wrong, ", ".join(known))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or nothing."""
    known = tuple(known)
    name = name[:80].lower()
    if MEANT.get(name) in known:
        return MEANT[name]
    close = difflib.get_close_matches(name, known, 1, 0.6)
    return close[0] if close else ""
