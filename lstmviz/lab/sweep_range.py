"""Ranges in a sweep's file: ``{ first = 0, count = 5 }``, ``{ from = 0.001, to = 0.1, count = 5, scale = "log" }``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstmviz.files import BadInput, caps
from lstmviz.files.error_line import quoted, shortened
from lstmviz.lab.run_keys import checked, is_whole
from lstmviz.words import tr

FIRST = "{ first = 0, count = 5 }"
FROM = '{ from = 0.001, to = 0.1, count = 5, scale = "log" }'
SCALES = ("linear", "log")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of numbers between two ends, from which a random search draws."""

    key: str
    low: float
    high: float
    log: bool

    def at(self, share: float) -> float | int:
        """The number at a share of the way from one end to the other: a whole one, or one of four digits."""
        value = self.low * (self.high / self.low) ** share if self.log else self.low + (self.high - self.low) * share
        return round(value) if is_whole(self.key) else float(f"{value:.4g}")


@dataclass(frozen=True, slots=True)
class Where:
    """Where a key of a sweep's file stands, for the error line."""

    file: str
    place: str
    line: int

    def refuse(self, key: str, wrong: str, allowed: str) -> BadInput:
        """The error to raise."""
        return BadInput(self.file, f"{self.place}: {key}", wrong, allowed, line=self.line)


def read_range(key: str, table: Mapping[str, Any], where: Where, search: str) -> tuple[Any, ...] | Span:
    """The values of a range; a span, where a random search may take any number in it.

    Parameters
    ----------
    key : str
        One of ``run_keys.KEYS``.
    table : mapping
        ``first`` and ``count``, or ``from``, ``to``, ``count`` and ``scale``.
    where : Where
        Where it stands.
    search : str
        "grid" or "random"; only "random" can do without a count.

    Raises
    ------
    BadInput
        If it is no such table, is empty, or leaves what the key may be.
    """
    for name in table:
        if name not in ("first", "from", "to", "count", "scale"):
            raise where.refuse(key, tr("unknown key {key} of a range").format(key=quoted(name)), f"{FIRST}, {FROM}")
    if "first" in table:
        return _counted(key, table, where)
    ends = [_end(key, name, table, where) for name in ("from", "to")]
    scale = table.get("scale", "linear")
    if scale not in SCALES:
        raise where.refuse(key, tr("{value} is unknown").format(value=shortened(str(scale))), ", ".join(SCALES))
    if not ends[0] < ends[1] or (scale == "log" and ends[0] <= 0):
        raise where.refuse(key, tr("the range is empty"), tr("from below to; above 0 where the scale is log"))
    span = Span(key, ends[0], ends[1], scale == "log")
    if search == "random" and "count" not in table and key != "seed":
        return span
    number = _count(key, table, where)
    return tuple(dict.fromkeys(span.at(n / max(number - 1, 1)) for n in range(number)))


def _counted(key: str, table: Mapping[str, Any], where: Where) -> tuple[Any, ...]:
    first, number = table["first"], _count(key, table, where)
    if len(table) != 2 or type(first) is not int:
        raise where.refuse(key, tr("a range with first has whole numbers and a count"), FIRST)
    for value in (first, first + number - 1):
        checked(key, value, where.file, where.place, where.line)
    return tuple(checked(key, value, where.file, where.place, where.line) for value in range(first, first + number))


def _count(key: str, table: Mapping[str, Any], where: Where) -> int:
    number = table.get("count")
    if type(number) is not int or not 1 <= number <= caps.SPEC_VALUES:
        allowed = tr("count = {low} to {high}").format(low=1, high=caps.SPEC_VALUES)
        raise where.refuse(key, tr("a range needs its count"), allowed)
    return number


def _end(key: str, name: str, table: Mapping[str, Any], where: Where) -> float:
    value = table.get(name)
    if type(value) not in (int, float):
        wrong = tr("{name} of the range is no number").format(name=name)
        raise where.refuse(key, wrong, FROM)
    return float(checked(key, value, where.file, where.place, where.line))
