"""What the Map draws: how much of a change at one timestep is left at a later one, for every pair of timesteps.

Words used in this file
    T, S     timesteps; numbers in the state (c and h of the LSTM, h of the others)
    start    the timestep k at which the change is made; end, the timestep t at which what is left is measured
    map      log10 of the norms of dh_t/dh_k or dc_t/dc_k, row t, column k
    follower a thing that is worked out after the map, in a thread: singular values, Lyapunov exponents, paths
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
STATES = ("h", "c")
NORMS = ("frobenius", "spectral")
LOWER = ("singular", "lyapunov", "paths")  # what the lower plot shows
WIDE = 128  # numbers in a state, above which eigenvalues take longer than a tick
FLOOR, CEILING = -16.0, 0.5  # log10 of the ramp's ends: where float64 ends beside 1, and as in the Race


@dataclass(frozen=True, eq=False, slots=True)
class NetworkMap:
    """One network's map, or why it has none."""

    cell: str
    name: str
    log10: Array  # (T, T), entry [t - 1, k - 1]; -inf over the diagonal, nan where it was not followed; (0, 0): none
    refused: str = ""  # why there is no map


@dataclass(frozen=True, eq=False, slots=True)
class Eigen:
    """Eigenvalues of one network's Jacobian of one timestep."""

    cell: str
    eigenvalues: NDArray[np.complex128]  # (S,) largest magnitude first
    sigma_max: float

    @property
    def radius(self) -> float:
        """Largest magnitude."""
        return float(np.abs(self.eigenvalues[0]))


@dataclass(frozen=True, eq=False, slots=True)
class SingularValues:
    """Singular values of one network's product of Jacobians from the start, as the end grows."""

    cell: str
    ends: tuple[int, ...]  # timesteps, rising
    log10: Array  # (ends, S) largest first; -inf for directions that are lost


@dataclass(frozen=True, eq=False, slots=True)
class Exponents:
    """Lyapunov exponents of one network along its trace, per timestep, natural logarithms."""

    cell: str
    running: Array  # (T, S) after each timestep, largest first at the end
    half_life: float  # of the slowest direction; infinite if it does not fade


@dataclass(frozen=True, eq=False, slots=True)
class Paths:
    """How the gradient of one network's loss arrived at each timestep."""

    cell: str
    of: str  # "h" or "c": whose gradient is split
    ways: tuple[str, ...]
    share: Array  # (ways, T) of dL/dh_t or dL/dc_t; they add up to 1; nan where the gradient is zero
    log10: Array  # (T,) of the whole


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not drawn under the maps, and why."""

    lower: str  # one of LOWER
    cell: str
    why: str


@dataclass(frozen=True, eq=False, slots=True)
class MapPart:
    """Everything the Map draws beside what all labs show."""

    maps: tuple[NetworkMap, ...]
    by: str  # "h" or "c"; networks without a cell state show h
    norm: str
    start: int  # k, from 1
    end: int  # t, the playhead's
    eigen: tuple[Eigen, ...]
    lower: str
    singular: tuple[SingularValues, ...]
    exponents: tuple[Exponents, ...]
    paths: tuple[Paths, ...]
    missing: tuple[Missing, ...]
    layer: str  # which layer the maps are of; "" for single cells
    done: int  # networks whose followers are complete
    total: int
    busy: str  # what is still worked out, in words

    def value(self, cell: str, end: int | None = None, start: int | None = None) -> float:
        """log10 of what is left at ``end`` of a change at ``start``; those chosen when left out; nan without a map."""
        end, start = self.end if end is None else end, self.start if start is None else start
        log10 = next((one.log10 for one in self.maps if one.cell == cell), np.zeros((0, 0)))
        inside = 1 <= end <= len(log10) and 1 <= start <= len(log10)
        return float(log10[end - 1, start - 1]) if inside else float("nan")
