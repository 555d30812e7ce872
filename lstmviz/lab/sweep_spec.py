"""A sweep's file: which runs it asks for, as TOML; every fault is one line with the line of the key.

Words used in this file
    key      one of ``run_keys.KEYS``
    choice   what a key may be in this sweep: one value, a list, or a range
    group    keys that are swept together; what stands in [runs] holds for all groups
    plan     all runs, each once
"""

import itertools
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmviz.files import BadInput, caps, lines_to_key, parse_toml, read_text
from lstmviz.files.error_line import quoted, shortened
from lstmviz.files.save import Path
from lstmviz.lab.run_keys import KEYS, checked, trial_of, values_of
from lstmviz.lab.sweep_range import Span, Where, read_range
from lstmviz.lab.trial import Trial
from lstmviz.words import count, tr

TOP = ("name", "search", "draws", "draw_seed", "runs", "group")
SEARCHES = ("grid", "random")
MOST_NAME = 80


Choice = tuple[Any, ...] | Span


@dataclass(frozen=True, slots=True)
class Plan:
    """All runs of a sweep, in the order in which they are begun."""

    name: str
    trials: tuple[Trial, ...]
    twins: int  # further runs that would have been the same as one of these


def read_spec(path: Path) -> Plan:
    """The runs that a sweep's file asks for.

    Parameters
    ----------
    path : str or path
        TOML, as in docs/sweeps.md.

    Raises
    ------
    BadInput
        If it cannot be read, or asks for what is not possible.
    """
    return parse_spec(read_text(path, cap=caps.SPEC_BYTES, kind=tr("a sweep")), str(path))


def parse_spec(text: str, file: str) -> Plan:
    """The runs that a text asks for; ``file`` is its name, for the error line."""
    return _Spec(text, file).plan()


class _Spec:
    """One file while it is read."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.entries = parse_toml(text, file)
        for key in self.entries:
            if key not in TOP:
                hint = tr("; settings stand under [runs]") if key in KEYS else ""
                raise self.refuse("", key, tr("unknown key") + hint, ", ".join(TOP))
        self.name = self.entries.get("name", tr("sweep"))
        if not isinstance(self.name, str) or not 1 <= len(self.name.strip()) <= MOST_NAME:
            wrong = tr("{value} is no name").format(value=shortened(str(self.name)))
            raise self.refuse("", "name", wrong, tr("a text of 1 to {n} characters").format(n=MOST_NAME))
        self.search = self.entries.get("search", "grid")
        if self.search not in SEARCHES:
            wrong = tr("{value} is unknown").format(value=shortened(str(self.search)))
            raise self.refuse("", "search", wrong, ", ".join(SEARCHES))
        self.draws = self.whole("draws", 1, caps.RUNS, 20)
        self.draw_seed = self.whole("draw_seed", 0, 9999, 0)

    def plan(self) -> Plan:
        """All groups together, each run once."""
        groups = list(self.groups())
        sizes = [self.size(choices) for choices, _, _ in groups]
        if sum(sizes) > caps.RUNS:
            wrong = tr("{n} runs are too many").format(n=count(sum(sizes)))
            raise BadInput(self.file, "", wrong, tr("at most {count}").format(count=count(caps.RUNS)))
        found: list[tuple[int, Trial]] = []
        for choices, place, line in groups:
            for turn, values in self.combinations(choices):
                found.append((turn, trial_of(values, self.file, place, line)))
        found.sort(key=lambda run: run[0])  # seed by seed: a sweep cut short has a bit of everything
        trials = {repr(values_of(trial)): trial for _, trial in found}
        return Plan(self.name.strip(), tuple(trials.values()), sum(sizes) - len(trials))

    def groups(self) -> Iterator[tuple[dict[str, Choice], str, int]]:
        """Keys and choices of every group, its place in words, and its line."""
        common = self.entries.get("runs", {})
        if not isinstance(common, dict):
            raise self.refuse("", "runs", tr("this is no table"), "[runs]")
        shared = self.choices(common, "runs", self.start_of("[runs]"))
        groups = self.entries.get("group", [])
        if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
            raise self.refuse("", "group", tr("this is no list of tables"), "[[group]]")
        if len(groups) > caps.SPEC_GROUPS:
            wrong = tr("{n} groups are too many").format(n=len(groups))
            raise self.refuse("", "group", wrong, tr("at most {count}").format(count=caps.SPEC_GROUPS))
        for number, group in enumerate(groups, start=1):
            place, start = tr("group {n}").format(n=number), self.start_of("[[group]]", number)
            yield shared | self.choices(group, place, start), place, 1 + lines_to_key(self.text, "", start)
        if not groups:
            yield shared, "runs", 1 + lines_to_key(self.text, "", self.start_of("[runs]"))

    def choices(self, table: Mapping[str, Any], place: str, start: int) -> dict[str, Choice]:
        """What each key of one table may be, checked."""
        found: dict[str, Choice] = {}
        for key, value in _flat(table):
            line = 1 + lines_to_key(self.text, key.rpartition(".")[2], start)
            if key not in KEYS:
                raise BadInput(
                    self.file, place, tr("unknown key {key}").format(key=quoted(key)), ", ".join(KEYS), line=line
                )
            found[key] = self.choice(key, value, place, line)
        return found

    def choice(self, key: str, value: Any, place: str, line: int) -> Choice:
        """One value, a list of values, or a range."""
        if isinstance(value, dict):
            return read_range(key, value, Where(self.file, place, line), self.search)
        values = value if isinstance(value, list) else [value]
        if not 1 <= len(values) <= caps.SPEC_VALUES:
            wrong = tr("{n} values").format(n=len(values))
            allowed = tr("{low} to {high}").format(low=1, high=caps.SPEC_VALUES)
            raise BadInput(self.file, f"{place}: {key}", wrong, allowed, line=line)
        return tuple(dict.fromkeys(checked(key, value, self.file, place, line) for value in values))

    def size(self, choices: Mapping[str, Choice]) -> int:
        """How many runs a group asks for."""
        lists = {key: len(choice) for key, choice in choices.items() if isinstance(choice, tuple)}
        return math.prod(lists.values()) if self.search == "grid" else self.draws * lists.get("seed", 1)

    def combinations(self, choices: Mapping[str, Choice]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The values of every run of a group, each with the turn of its seed."""
        others = [key for key in choices if key != "seed"]
        for turn, seed in enumerate(choices.get("seed", (0,))):  # type: ignore[arg-type]
            if self.search == "grid":
                lists = [choices[key] for key in others]
                for values in itertools.product(*lists):  # type: ignore[arg-type]
                    yield turn, {"seed": seed, **dict(zip(others, values, strict=True))}
            else:
                for draw in range(self.draws):
                    yield turn, {"seed": seed, **{key: self.drawn(key, choices[key], draw) for key in others}}

    def drawn(self, key: str, choice: Choice, draw: int) -> Any:
        """One value at random: decided by the key and the draw alone, so that more draws go on where fewer ended."""
        rng = np.random.default_rng([self.draw_seed, draw, zlib.crc32(key.encode())])
        if isinstance(choice, Span):
            return choice.at(float(rng.random()))
        return choice[int(rng.integers(len(choice)))]

    def whole(self, key: str, low: int, high: int, otherwise: int) -> int:
        """A whole number at the top of the file."""
        value = self.entries.get(key, otherwise)
        if type(value) is not int or not low <= value <= high:
            wrong = tr("{value} is no whole number in the range").format(value=shortened(str(value)))
            raise self.refuse("", key, wrong, tr("{low} to {high}").format(low=low, high=high))
        return value

    def start_of(self, header: str, number: int = 1) -> int:
        """Where the table with a header begins; 0 where it is written in another way."""
        found = list(itertools.islice(re.finditer(rf"(?m)^\s*{re.escape(header)}", self.text), number))
        return found[-1].end() if len(found) == number else 0

    def refuse(self, place: str, key: str, wrong: str, allowed: str) -> BadInput:
        """The error for a key at the top of the file."""
        label = ": ".join(part for part in (place, key) if part)
        return BadInput(self.file, label, wrong, allowed, line=1 + lines_to_key(self.text, key))


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Keys and values; ``lstm.forget_bias = 1`` is a table in a table to TOML."""
    for key, value in table.items():
        outer = any(known.startswith(f"{before}{key}.") for known in KEYS)
        if isinstance(value, dict) and outer:
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, value
