"""TOML with caps: depth of brackets and keys; the standard parser sees it only afterwards."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from lstmviz.files import caps
from lstmviz.files.error_line import BadInput
from lstmviz.files.save import Path
from lstmviz.words import tr

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_toml(text: str, file: Path, *, place: str = "", line: int = 1) -> dict[str, Any]:
    """The entries of a TOML text, checked before the parser sees it.

    Parameters
    ----------
    text : str
        TOML; its size is the caller's business.
    file : str or path
        The file's name, for the error line.
    place : str
        Where in the file the text stands, for the error line; empty when it is the whole file.
    line : int
        Line of the file on which the text begins.

    Raises
    ------
    BadInput
        If it is no TOML, or brackets or keys nest deeper than 32.
    """
    _check_depth(text, file, place, line)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        below = int(found[1]) - 1 if found and found[1] else max(text.count("\n") - 1, 0)
        wrong = tr("this is no TOML: {what}").format(what=_AT.sub("", str(error)).lower())
        raise BadInput(
            file, place, wrong, tr('lines such as gap = 50 or task = "recall"'), line=line + below
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or a date that is none
        raise BadInput(
            file, place, tr("a value is not possible"), tr("ordinary numbers and texts"), line=line
        ) from error


def lines_to_key(text: str, key: str, start: int = 0) -> int:
    """How many lines of the text stand before a key, looked for from the character ``start`` on.

    Parameters
    ----------
    text : str
        TOML.
    key : str
        The last part of a dotted key will do; where it is not found, the lines before ``start`` are counted.
    start : int
        Where the key's table begins.
    """
    found = re.compile(rf'(?m)(?<![\w-])"?{re.escape(key)}"?\s*[=.\]]').search(text, start) if key else None
    return text.count("\n", 0, found.start() if found else start)


def _check_depth(text: str, file: Path, place: str, first: int) -> None:
    depth = 0
    for number, row in enumerate(text.split("\n")):
        bare = _STRING.sub("", row)
        depth += bare.count("[") + bare.count("{")
        if depth > caps.TREE_DEPTH or bare.count(".") > caps.TREE_DEPTH:
            allowed = tr("at most {count}").format(count=caps.TREE_DEPTH)
            raise BadInput(file, place, tr("brackets or keys are nested too deep"), allowed, line=first + number)
        depth = max(0, depth - bare.count("]") - bare.count("}"))
