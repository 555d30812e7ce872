"""The runs of a sweep in order: which keys differ, and what belongs in one row, one column, one cell of a grid.

Words used in this file
    varied      a key that is not the same in all runs; the seed never counts
    continuous  a varied key with more numbers than a grid has columns: it is cut into bins
    row         one network in one set-up: all runs that agree in every varied key but that of the columns
    cell        of the grid: where a row and a column meet; its runs differ in their seeds, or within a bin
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from lstmviz.lab.settings import CELLS
from lstmviz.lab.sweep import Record
from lstmviz.words import MINUS, number, tr

MOST_COLUMNS = 10
BINS = 6
LEADING = ("gap", "hidden", "learning_rate", "noise", "missing")  # the first of them that varies makes the columns
NAMES = {
    "fair_by": tr("fair by"),
    "lstm.forget_bias": tr("forget bias"),
    "lstm.variant": tr("variant"),
    "gru.reset": tr("reset"),
    "rnn.initialisation": "",
    "hidden": tr("units"),
    "learning_rate": tr("learning rate"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, and which values of the key belong to it."""

    label: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row and a column meet."""

    runs: tuple[Record, ...]

    @property
    def solved(self) -> int:
        """How many of the runs met the criterion."""
        return sum(run.solved for run in self.runs)

    @property
    def rate(self) -> float:
        """Share of the runs that met it."""
        return self.solved / len(self.runs)

    def updates(self) -> list[int]:
        """At which update each solved run did so, the quickest first."""
        return sorted(run.outcome["solved_at"] for run in self.runs if run.solved)

    def median_update(self) -> int | None:
        """The update at which half of the solved runs were solved; None when none was."""
        updates = self.updates()
        return updates[(len(updates) - 1) // 2] if updates else None

    def middle(self, name: str) -> float:
        """Median of one measure over the runs; NaN where a run has none."""
        values = [float(run.outcome[name]) for run in self.runs]
        return math.nan if any(map(math.isnan, values)) else median(values)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid."""

    network: str  # "rnn", "lstm", "gru"
    label: str
    cells: tuple[Cell | None, ...]  # one for each column; None where nothing was run


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows against the values of one key."""

    key: str  # "" when there is one column only
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def varied(records: Sequence[Record]) -> dict[str, list[Any]]:
    """Keys that differ among the runs that have them, and their values in order."""
    found: dict[str, dict[Any, None]] = {}
    for record in records:
        for key, value in record.values.items():
            found.setdefault(key, {})[value] = None
    return {key: sorted(values, key=_order) for key, values in found.items() if len(values) > 1 and key != "seed"}


def constant(records: Sequence[Record]) -> dict[str, Any]:
    """Keys that are the same in all runs that have them."""
    differing = {*varied(records), "seed"}
    return {key: value for record in records for key, value in record.values.items() if key not in differing}


def grids(records: Sequence[Record]) -> list[Grid]:
    """One grid for the leading key, and one for every continuous key."""
    differing = varied(records)
    continuous = [key for key, values in differing.items() if len(values) > MOST_COLUMNS and _are_numbers(values)]
    numeric = [key for key, values in differing.items() if key not in continuous and _are_numbers(values)]
    leading = next((key for key in (*LEADING, *numeric) if key in numeric), "")
    of_rows = [key for key in differing if key not in continuous]
    keys = [leading] if leading or not continuous else []
    return [
        _grid(records, key, differing.get(key, []), [name for name in of_rows if name != key])
        for key in [*keys, *continuous]
    ]


def _grid(records: Sequence[Record], key: str, values: list[Any], of_rows: list[str]) -> Grid:
    columns = _columns(key, values)
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for record in records:
        groups.setdefault((record.values["cell"], *(record.values.get(name) for name in of_rows)), []).append(record)
    rows = []
    for names in sorted(groups, key=lambda names: tuple(map(_order, names))):
        runs = groups[names]
        held = [tuple(run for run in runs if column.holds(run.values.get(key))) for column in columns]
        label = named(str(names[0]), dict(zip(of_rows, names[1:], strict=True)))
        rows.append(Row(str(names[0]), label, tuple(Cell(cell) if cell else None for cell in held)))
    return Grid(key, columns, tuple(rows))


def _columns(key: str, values: list[Any]) -> tuple[Column, ...]:
    if not key:
        return (Column(tr("all runs"), lambda value: True),)
    if len(values) <= MOST_COLUMNS:
        return tuple(Column(shown(value), lambda value, wanted=value: value == wanted) for value in values)  # type: ignore[misc]
    low, high = float(values[0]), float(values[-1])
    log = low > 0 and high / low >= 100
    edges = [low * (high / low) ** (n / BINS) if log else low + (high - low) * n / BINS for n in range(BINS + 1)]
    edges[-1] = math.inf
    pairs = list(itertools.pairwise(edges))
    ends = [*edges[:-1], high]
    return tuple(
        Column(tr("{low} to {high}").format(low=shown(ends[n]), high=shown(ends[n + 1])), _between(*pair))
        for n, pair in enumerate(pairs)
    )


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: value is not None and low <= value < high


def named(cell: str, values: dict[str, Any]) -> str:
    """A network and its set-up in words: ``LSTM, forget bias 3``."""
    parts = [cell.upper()]
    for key, value in values.items():
        if key != "cell" and value is not None:
            parts.append(f"{name_of(key)} {shown(value)}".strip())
    return ", ".join(parts)


def name_of(key: str) -> str:
    """A key as people read it."""
    return NAMES.get(key, key.replace("_", " ").replace(".", " "))


def shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        whole = math.isfinite(value) and value == int(value) and abs(value) < 1e6
        return str(int(value)).replace("-", MINUS) if whole else number(value, 2)
    return str(value).replace("-", MINUS) if isinstance(value, int) else str(value)


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _order(value: Any) -> tuple[int, float, str]:
    """Networks in their own order, then numbers, then words."""
    if value in CELLS:
        return 0, CELLS.index(value), ""
    if value is None:
        return 0, -1.0, ""
    return (1, float(value), "") if isinstance(value, int | float) else (2, 0.0, str(value))
