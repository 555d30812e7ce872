"""The one line a bad file gets.

Words used in this file
    file      the name as the user gave it, never a resolved path
    place     where inside the file: a tensor, a page, a key; "" when the whole file is meant
    wrong     what is wrong there
    allowed   what would have been right, in brackets at the end
"""

from __future__ import annotations

import os
import unicodedata

from lstmviz.words import tr

LONGEST_NAME = 240  # characters of a file name shown; the middle of a longer one is left out
LONGEST_QUOTE = 40  # characters of a user's own text shown inside a line

# Categories that can break a line, reorder it, or cannot be encoded: controls, formatting (the
# bidirectional marks), surrogates, private use, unassigned, line and paragraph separators.
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

FileName = str | bytes | os.PathLike[str] | os.PathLike[bytes]


class BadInput(ValueError):
    """A user's file or value that cannot be used, told in one line.

    ``str(error)`` is ``<file>[:line[:column]]: <place>: <what is wrong> (<what is allowed>)``. It holds no
    newline, no control character and no bidirectional mark, whatever the file was called or held.

    Parameters
    ----------
    file : str or path
        The name as the user gave it.
    place : str
        Where inside the file, such as ``tensor "weight_ih_l0"``; empty when the whole file is meant.
    wrong : str
        What is wrong there.
    allowed : str
        What is allowed instead; empty leaves the brackets out.
    line, column : int, optional
        Position in a text file, both counted from 1. In a table the column counts fields.
    """

    def __init__(
        self,
        file: FileName,
        place: str,
        wrong: str,
        allowed: str,
        *,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        # All four go into ``args``, so that the error survives a trip between processes.
        super().__init__(file, place, wrong, allowed)
        self.file = shown_name(file)
        self.place = one_line(place)
        self.wrong = one_line(wrong)
        self.allowed = one_line(allowed)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f":{self.line}"
            if self.column is not None:
                where += f":{self.column}"
        parts = [where, self.place, self.wrong] if self.place else [where, self.wrong]
        text = ": ".join(parts)
        return f"{text} ({self.allowed})" if self.allowed else text


def one_line(text: str) -> str:
    r"""``text`` with every character that could break or reorder a line written as an escape.

    A newline becomes ``\n``, a right-to-left mark ``\u200f``, a lone surrogate ``\ud800``. Spaces, letters of every
    script and emoji stay.

    Parameters
    ----------
    text : str
        Any text, also one that cannot be encoded.

    Returns
    -------
    str
        One line, encodable as UTF-8.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(c) if unicodedata.category(c) in _ESCAPED else c for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def shown_name(file: FileName) -> str:
    """The name of a file as an error line shows it: one line, and short enough to read.

    Parameters
    ----------
    file : str or path
        The name as the user gave it.

    Returns
    -------
    str
        The escaped name; ``""`` in quotation marks when there is none.
    """
    name = one_line(os.fsdecode(file))
    if not name:
        return '""'
    return _without_the_middle(name, LONGEST_NAME)


def quoted(text: str) -> str:
    """A user's own text in quotation marks, escaped and cut to 40 characters.

    Parameters
    ----------
    text : str
        Any text from a file.

    Returns
    -------
    str
        The text to show inside an error line.
    """
    return f'"{shortened(text)}"'


def shortened(text: str) -> str:
    """A user's own text, escaped and cut to 40 characters: its start, and no end that was never looked at.

    Parameters
    ----------
    text : str
        Any text from a file or a command.

    Returns
    -------
    str
        One line.
    """
    return _without_the_middle(one_line(text[: 4 * LONGEST_QUOTE]), LONGEST_QUOTE)


def _without_the_middle(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


def size_text(size: int) -> str:
    """A number of bytes as a person reads it: ``12 bytes``, ``3 KB``, ``64 MB``, ``2.5 GB``.

    Parameters
    ----------
    size : int
        Bytes; 1 KB is 1024 of them.

    Returns
    -------
    str
        Rounded up, so that a file just above a cap never reads as the cap itself.
    """
    if size < 1 << 10:
        return tr("{size} bytes").format(size=size)
    for shift, unit in ((30, tr("GB")), (20, tr("MB")), (10, tr("KB"))):
        if size >= 1 << shift:
            tenths = -(-size * 10 // (1 << shift))
            return f"{tenths // 10}.{tenths % 10} {unit}" if tenths % 10 else f"{tenths // 10} {unit}"
    raise AssertionError(size)
