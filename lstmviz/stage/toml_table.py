"""One TOML table of a lesson, checked key by key; every fault is one line with the line of the key.

Words used in this file
    entries   what the TOML parser made of a table
    known     the keys a table may have
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lstmviz import files
from lstmviz.files.error_line import quoted
from lstmviz.stage.lesson_blocks import Fence, inline
from lstmviz.stage.lesson_parts import Runs
from lstmviz.stage.lesson_place import Place
from lstmviz.words import tr


class Table:
    """A TOML table of a lesson; reading a key checks it.

    Parameters
    ----------
    entries : mapping
        Keys and values.
    known : sequence of str
        The keys it may have; empty: any, checked by the caller.
    source : Fence
        The block it stands in, to find the line of a key.
    """

    def __init__(self, entries: Mapping[str, Any], known: Sequence[str], source: Fence) -> None:
        self.entries, self.source = entries, source
        for key in entries:
            if known and key not in known:
                raise self.place(key).unknown(tr("key"), key, known)

    def place(self, key: str = "") -> Place:
        """The line of a key, as nearly as it can be found; without a key, the line of the block."""
        return self.source.place.at(self.source.place.line + files.lines_to_key(self.source.text, key))

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def text(self, key: str, longest: int, otherwise: str | None = None) -> str:
        """A string of one line, not empty; ``otherwise`` when the key is not there, None: it must be there."""
        if key not in self.entries and otherwise is not None:
            return otherwise
        value = self._value(key, None)
        allowed = tr("a text of 1 to {n} characters").format(n=longest)
        if not isinstance(value, str) or not value.strip():
            raise self._refuse(key, tr("{value} is no text").format(value=shown(value)), allowed)
        if len(value) > longest:
            raise self._refuse(key, tr("{n} characters are too many").format(n=len(value)), allowed)
        return value.strip()

    def runs(self, key: str, longest: int, otherwise: str | None = None) -> Runs:
        """A string with Markdown for emphasis, formulas and keys."""
        text = self.text(key, longest, otherwise)
        return inline(text.replace("\n", " "), self.place(key)) if text else ()

    def choice(self, key: str, allowed: Sequence[str], otherwise: str | None = None) -> str:
        """One of several words."""
        value = self._value(key, otherwise)
        if not isinstance(value, str) or (value not in allowed and value != otherwise):
            raise self._refuse(key, tr("{value} is unknown").format(value=shown(value)), ", ".join(allowed))
        return value

    def whole(self, key: str, low: int, high: int, otherwise: int | None = None) -> int:
        """A whole number within limits."""
        value = self._value(key, otherwise)
        allowed = tr("a whole number, {low} to {high}").format(low=low, high=high)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._refuse(key, tr("{value} is no whole number").format(value=shown(value)), allowed)
        if not low <= value <= high:
            raise self._refuse(key, tr("{value} is out of range").format(value=shown(value)), allowed)
        return value

    def real(self, key: str) -> float:
        """A finite number."""
        return self._real(key, self._value(key, None))

    def between(self, key: str) -> tuple[float, float]:
        """Two finite numbers, the smaller one first."""
        value = self._value(key, None)
        if not isinstance(value, list) or len(value) != 2:
            raise self._refuse(key, tr("{value} are not two numbers").format(value=shown(value)), "[0.1, 1.0]")
        low, high = (self._real(key, number) for number in value)
        if low > high:
            raise self._refuse(key, tr("{value} is empty").format(value=shown(value)), tr("the smaller number first"))
        return low, high

    def texts(self, key: str, least: int, most: int, longest: int) -> tuple[str, ...]:
        """A list of strings."""
        found = []
        for value in self._list(key, least, most):
            if not isinstance(value, str) or not value.strip() or len(value) > longest:
                allowed = tr("texts of 1 to {n} characters").format(n=longest)
                raise self._refuse(key, tr("{value} is no text, or too long").format(value=shown(value)), allowed)
            found.append(value.strip())
        return tuple(found)

    def table(self, key: str, known: Sequence[str]) -> "Table":
        """A table within the table."""
        value = self._value(key, None)
        if not isinstance(value, dict):
            raise self._refuse(key, tr("{value} is no table").format(value=shown(value)), _like(known))
        return Table(value, known, self.source)

    def tables(self, key: str, known: Sequence[str], least: int, most: int) -> tuple["Table", ...]:
        """A list of tables."""
        found = []
        for value in self._list(key, least, most):
            if not isinstance(value, dict):
                raise self._refuse(key, tr("{value} is no table").format(value=shown(value)), _like(known))
            found.append(Table(value, known, self.source))
        return tuple(found)

    def _list(self, key: str, least: int, most: int) -> list[Any]:
        value = self._value(key, None)
        allowed = tr("a list of {least} to {most}").format(least=least, most=most)
        if not isinstance(value, list):
            raise self._refuse(key, tr("{value} is no list").format(value=shown(value)), allowed)
        if not least <= len(value) <= most:
            raise self._refuse(key, tr("{n} entries").format(n=len(value)), allowed)
        return value

    def _real(self, key: str, value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 1e308 or math.isnan(value):
            raise self._refuse(key, tr("{value} is not a number").format(value=shown(value)), tr("a finite number"))
        return float(value)

    def _value(self, key: str, otherwise: Any) -> Any:
        if key not in self.entries and otherwise is None:
            raise self.place().refuse(tr("there is no {key}").format(key=key), tr("{key} = ...").format(key=key))
        return self.entries.get(key, otherwise)

    def _refuse(self, key: str, wrong: str, allowed: str) -> Exception:
        return self.place(key).refuse(wrong, allowed, key)


def shown(value: Any) -> str:
    """A value of any kind, short enough for one line."""
    if isinstance(value, str):
        return quoted(value)
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        return tr("a very long number")
    return text if len(text) <= 40 else text[:39] + "…"


def _like(known: Sequence[str]) -> str:
    return "{ " + ", ".join(f"{key} = ..." for key in known) + " }"


def parse_toml(fence: Fence) -> dict[str, Any]:
    """The entries of a TOML block; errors as ``files.parse_toml``."""
    return files.parse_toml(fence.text, fence.place.file, place=fence.place.words, line=fence.place.line)
