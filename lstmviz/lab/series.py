"""What grows by an update: series of numbers, and the gradient at every timestep as a heat map of bounded size.

Words used in this file
    T          timesteps
    heat map   log10 |dL/dh_t| of one network: one row per update, one column per timestep
    merged     several updates (or timesteps) in one row (or column), which holds the mean of their logarithms
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
MOST_ROWS = 1024  # of a heat map; when they are full, two and two are merged
MOST_COLUMNS = 512


class Series:
    """Numbers that only grow in number; what was given out stays as it is, and is never copied."""

    def __init__(self, start: Array | None = None) -> None:
        self._count = 0 if start is None else len(start)
        self._values = np.empty(max(64, self._count))
        if start is not None:
            self._values[: self._count] = start

    def __len__(self) -> int:
        return self._count

    def append(self, value: float) -> None:
        """Add one number."""
        if self._count == len(self._values):
            self._values = np.concatenate([self._values, np.empty_like(self._values)])
        self._values[self._count] = value
        self._count += 1

    def so_far(self) -> Array:
        """All numbers (count,), read-only."""
        view = self._values[: self._count]
        view.flags.writeable = False
        return view

    def up_to(self, count: int) -> "Series":
        """A series of its own that begins with the first ``count`` numbers."""
        return Series(self._values[:count])


@dataclass(frozen=True, eq=False, slots=True)
class HeatMap:
    """log10 |dL/dh_t| at every update of one network, as large as memory allows."""

    log10: NDArray[np.float32]  # (rows, columns), read-only; row 0 is the first update, column 0 is t = 1
    updates: int  # that went into it
    timesteps: int  # T
    updates_per_row: int  # above 1 when updates were merged; the last row then may hold fewer
    timesteps_per_column: int  # above 1 when timesteps were merged; the last column then may hold fewer


class GrowingHeatMap:
    """A heat map that grows by the update and never beyond its caps.

    Parameters
    ----------
    timesteps : int
        T.
    most_rows, most_columns : int
        Caps; ``most_rows`` is even.
    """

    def __init__(self, timesteps: int, most_rows: int = MOST_ROWS, most_columns: int = MOST_COLUMNS) -> None:
        self._timesteps, self._most_rows = timesteps, most_rows
        self._per_column = math.ceil(timesteps / most_columns)
        self._starts = np.arange(0, timesteps, self._per_column)
        self._widths = np.diff(np.append(self._starts, timesteps))
        self._per_row, self._rows = 1, 0
        self._values = np.empty((min(64, most_rows), len(self._starts)), dtype=np.float32)
        self._sum = np.zeros(len(self._starts))  # of the updates that do not yet make a whole row
        self._in_sum = 0

    @property
    def updates(self) -> int:
        """Updates that went into it."""
        return self._rows * self._per_row + self._in_sum

    def append(self, log10_h: Array) -> None:
        """Add one update: log10 |dL/dh_t| (T,), where minus infinity is an exact zero."""
        with np.errstate(invalid="ignore"):  # infinities of both signs in one cell have no mean: NaN, which is shown
            self._sum += np.add.reduceat(log10_h, self._starts) / self._widths
        self._in_sum += 1
        if self._in_sum == self._per_row:
            self._add_row()

    def _add_row(self) -> None:
        if self._rows == self._most_rows:
            self._merge()
            return
        if self._rows == len(self._values):
            more = min(len(self._values), self._most_rows - self._rows)
            self._values = np.concatenate([self._values, np.empty((more, self._values.shape[1]), dtype=np.float32)])
        self._values[self._rows] = self._sum / self._in_sum
        self._rows += 1
        self._sum[:], self._in_sum = 0.0, 0

    def _merge(self) -> None:
        """Two rows in one, in a new array: what was given out stays as it is."""
        with np.errstate(invalid="ignore"):
            pairs = self._values[: self._rows].reshape(-1, 2, self._values.shape[1]).mean(axis=1, dtype=np.float64)
        self._values = np.empty_like(self._values)
        self._rows = len(pairs)
        self._values[: self._rows] = pairs
        self._per_row *= 2

    def so_far(self) -> HeatMap:
        """The heat map as it is now; a last row of fewer updates than the others is their mean."""
        values = self._values[: self._rows]
        if self._in_sum:
            values = np.concatenate([values, (self._sum / self._in_sum)[None].astype(np.float32)])
        values.flags.writeable = False
        return HeatMap(values, self.updates, self._timesteps, self._per_row, self._per_column)

    def up_to(self, updates: int) -> "GrowingHeatMap":
        """A heat map of its own that begins with the whole rows of the first ``updates`` updates.

        Its ``updates`` says how many those are; where rows are merged, the caller appends the rest again.
        """
        fresh = GrowingHeatMap(self._timesteps, self._most_rows)
        fresh._starts, fresh._widths, fresh._per_column = self._starts, self._widths, self._per_column
        fresh._sum = np.zeros(len(self._starts))
        fresh._per_row, fresh._rows = self._per_row, min(updates // self._per_row, self._rows)
        fresh._values = self._values.copy()
        return fresh
