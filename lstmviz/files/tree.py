"""JSON with caps: depth, number of nodes, no key twice, no NaN; the standard parser sees it only afterwards."""

from __future__ import annotations

import json
import re
from typing import Any

from lstmviz.files import caps
from lstmviz.files.error_line import BadInput, quoted
from lstmviz.files.save import Path
from lstmviz.words import tr

# What is left when strings and ordinary characters are skipped: the structure. An unfinished string is skipped to
# the end; the parser will say where it starts.
_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)|[\[\]{},]', re.DOTALL)


class _Refused(ValueError):
    """What the parser's hooks object to."""


def parse_json(text: str, file: Path, *, place: str = "", has_lines: bool = True) -> Any:
    """The value of a JSON text, checked before it costs anything.

    Parameters
    ----------
    text : str
        JSON; its size is the caller's business.
    file : str or path
        The file's name, for the error line.
    place : str
        Where in the file the text stands, for the error line; empty when it is the whole file.
    has_lines : bool
        Whether the error line shall carry the text's line and column.

    Returns
    -------
    object
        Dictionaries, lists, strings, numbers, booleans and None.

    Raises
    ------
    BadInput
        If the text is no JSON, nests deeper than 32, holds more than 100,000 nodes, has a key twice in one object, or
        a number that float64 cannot hold.
    """
    _check_structure(text, file, place)
    try:
        return json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant, parse_float=_float)
    except json.JSONDecodeError as error:
        line, column = (error.lineno, error.colno) if has_lines else (None, None)
        wrong = tr("this is no JSON")
        raise BadInput(file, place, wrong, _parser_words(error.msg), line=line, column=column) from error
    except _Refused as error:
        raise BadInput(file, place, str(error), tr("JSON with finite numbers and no key twice")) from error
    except (ValueError, RecursionError) as error:  # a whole number of thousands of digits
        raise BadInput(file, place, tr("a number is too long"), tr("numbers that float64 can hold")) from error


def _check_structure(text: str, file: Path, place: str) -> None:
    depth, nodes = 0, 1
    for match in _STRUCTURE.finditer(text):
        mark = match.group()
        if mark in ("[", "{"):
            depth += 1
            nodes += 1
            if depth > caps.TREE_DEPTH:
                allowed = tr("at most {count}").format(count=caps.TREE_DEPTH)
                raise BadInput(file, place, tr("brackets are nested too deep"), allowed)
        elif mark in ("]", "}"):
            depth -= 1
        elif mark == ",":
            nodes += 1
            if nodes > caps.TREE_NODES:
                allowed = tr("at most {count}").format(count=caps.TREE_NODES)
                raise BadInput(file, place, tr("there are too many entries"), allowed)


def _parser_words(message: str) -> str:
    """The parser's complaint as the middle of a sentence; it quotes nothing from the file."""
    return message[:1].lower() + message[1:]


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Refused(tr("the key {key} stands there twice").format(key=quoted(key)))
        found[key] = value
    return found


def _no_constant(word: str) -> float:
    raise _Refused(tr("{word} is not a finite number").format(word=word))


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _Refused(tr("{number} is not a finite number").format(number=quoted(digits)))
    return value
