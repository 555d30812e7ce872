"""One column is one timestep: where it stands, shared by input strip, lanes, plot and playhead.

Pure geometry, no Qt. All x are device-independent pixels from the left edge of the picture.

Words used in this file
    T        timesteps
    column   the full width that belongs to one timestep; columns touch
    tile     the painted part of a column; tiles keep a gap between them
"""

import math
from dataclasses import dataclass
from functools import lru_cache

MOST_LINKED = 76  # timesteps; more stand too close for a link line between two tiles
LETTER_WIDTH = 9.0  # pixels a timestep needs for its letter to be legible
THINNEST_LINKED = 8.0  # pixels; in a narrow picture three of them cannot be spared for a gap
THINNEST_GAPPED = 2.5  # pixels; thinner columns are painted without gaps, or nothing of them would be left


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of T timesteps between two edges."""

    left: float
    width: float
    timesteps: int

    @property
    def right(self) -> float:
        """Right edge of the column of t = T."""
        return self.left + self.width

    @property
    def pitch(self) -> float:
        """Width of one column."""
        return self.width / self.timesteps

    @property
    def gap(self) -> int:
        """Pixels between two tiles: 3, 1 for long sequences, 0 where columns are hardly wider than a pixel."""
        if self.pitch < THINNEST_GAPPED:
            return 0
        return 3 if self.linked else 1

    @property
    def linked(self) -> bool:
        """Whether gradient tiles are joined by a line."""
        return self.timesteps <= MOST_LINKED and self.pitch >= THINNEST_LINKED

    @property
    def lettered(self) -> bool:
        """Whether a letter fits into a column."""
        return self.pitch >= LETTER_WIDTH

    def centre(self, t: float) -> float:
        """x of the middle of timestep ``t``, 1 to T."""
        return self.left + (t - 0.5) * self.pitch

    def tile(self, t: int) -> tuple[int, int]:
        """Left and right edge of the tile of ``t``, on whole pixels; neighbours are always ``gap`` pixels apart."""
        return _tiles(self)[t - 1]

    def tiles(self) -> tuple[tuple[int, int], ...]:
        """The edges of all tiles, entry 0 for t = 1."""
        return _tiles(self)

    def at(self, x: float) -> int | None:
        """The timestep whose column holds ``x``; None outside all columns."""
        if not self.left <= x < self.right:
            return None
        return self.nearest(x)

    def nearest(self, x: float) -> int:
        """The timestep whose column is nearest to ``x``, 1 to T."""
        return max(1, min(1 + math.floor((x - self.left) / self.pitch), self.timesteps))

    def between(self, x0: float, x1: float) -> range:
        """The timesteps whose columns meet the span from ``x0`` to ``x1``."""
        if x1 < self.left or x0 > self.right:
            return range(0)
        return range(self.nearest(x0), self.nearest(x1) + 1)


@lru_cache(maxsize=64)
def _tiles(columns: Columns) -> tuple[tuple[int, int], ...]:
    # every picture asks for every tile on every repaint
    half, pitch, edges = columns.gap / 2, columns.pitch, []
    for k in range(columns.timesteps):
        start = math.floor(columns.left + k * pitch + half + 0.5)
        end = math.floor(columns.left + (k + 1) * pitch - half + 0.5)
        edges.append((start, max(end, start + 1)))
    return tuple(edges)
