"""Where the columns and rows of the table of claims stand: pure geometry, no Qt.

Words used in this file
    open    the chosen row is higher: its details stand under it
"""

from __future__ import annotations

from dataclasses import dataclass

ROW = 66
VERDICT, SOLVED, SEEDS, RUN, APART = 140, 66, 92, 92, 14
ROOMY = 920  # width from which there are columns for condition and seeds
LEAST = 640


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its left edge and width, 0 where there is no room for it."""

    x: int
    width: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns, left to right."""

    words: Column
    verdict: Column
    condition: Column
    figure: Column
    solved: Column
    seeds: Column
    run: Column


def columns(width: int, text_size: float) -> Columns:
    """The columns of a table of this width."""

    def scaled(px: int) -> int:
        return round(px * text_size)

    roomy = width >= ROOMY * text_size
    verdict, solved, run, apart = scaled(VERDICT), scaled(SOLVED), scaled(RUN), scaled(APART)
    seeds = scaled(SEEDS) if roomy else 0
    rest = width - verdict - solved - seeds - run - apart * (6 if roomy else 4)
    condition = round(0.26 * rest) if roomy else 0
    figure = round((0.25 if roomy else 0.36) * rest)
    x, made = 0, []
    for wide in (rest - condition - figure, verdict, condition, figure, solved, seeds, run):
        made.append(Column(x, max(wide, 0)))
        x += wide + apart if wide else 0
    return Columns(*made)
