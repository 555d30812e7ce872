"""Patterns in what units do over a sequence: units that go together, and places where the same units are on.

Words used in this file
    T, H      timesteps, units
    signal    what one unit does over the sequence: its gate, cell state, hidden state ... (T,)
    on        beyond a threshold
    place     a stretch of timesteps, first and last, from 1
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.arguments import check_range
from lstmviz.lab.gradient_flow import Array


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """A stretch of the sequence where units that are on in the brushed place are on too."""

    first: int  # timestep, from 1
    last: int
    agreement: float  # share of the brushed units that are on in all its timesteps, 0 to 1


def correlations(signals: Array) -> NDArray[np.float64]:
    """How alike units are over the sequence.

    Parameters
    ----------
    signals : float (T, H)
        What each unit does.

    Returns
    -------
    float64 (H, H), read-only
        Pearson's correlation, -1 to 1. A unit that never changes, or is not finite, goes with none but itself: 0.
    """
    with np.errstate(all="ignore"):
        centred = np.asarray(signals, dtype=np.float64)
        still = np.ptp(centred, axis=0) == 0
        centred = centred - centred.mean(axis=0)
        # a factor for each unit first, so that squares of 1e200 or 1e-200 are neither infinite nor 0
        centred = centred / np.abs(centred).max(axis=0, initial=0.0)
        centred = centred / np.sqrt(np.sum(centred**2, axis=0))
        centred[:, still | ~np.isfinite(centred).all(axis=0)] = 0.0
        found: NDArray[np.float64] = np.clip(centred.T @ centred, -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    found.flags.writeable = False
    return found


def most_alike(alike: NDArray[np.float64], unit: int, count: int = 4) -> tuple[tuple[int, float], ...]:
    """The units whose signals go most with, or most against, that of one unit.

    Parameters
    ----------
    alike : float64 (H, H)
        ``correlations`` of all units.
    unit : int
        From 0.
    count : int
        How many at most.

    Returns
    -------
    tuple of (unit, correlation)
        By the size of the correlation; of equals, the lower unit first.
    """
    row = alike[unit]
    others = sorted((k for k in range(len(row)) if k != unit), key=lambda k: (-abs(row[k]), k))
    return tuple((k, float(row[k])) for k in others[:count])


def by_similarity(signals: Array) -> tuple[int, ...]:
    """Units in an order that puts those with like signals side by side.

    Units that go against each other count as alike: a counter may count down. The order is that of the second
    eigenvector of the Laplacian of the squared correlations, which makes the sum of squared distances between
    like units least.

    Parameters
    ----------
    signals : float (T, H)
        What each unit does.

    Returns
    -------
    tuple of int
        All units, from 0; the end with the lower unit comes first.

    References
    ----------
    Atkins, Boman & Hendrickson (1998), A Spectral Algorithm for Seriation and the Consecutive Ones Problem.
    """
    alike = correlations(signals) ** 2
    units = len(alike)
    if units < 3:
        return tuple(range(units))
    laplacian = np.diag(alike.sum(axis=0)) - alike
    _, vectors = np.linalg.eigh(laplacian)
    order = [int(k) for k in np.argsort(np.round(vectors[:, 1], 12), kind="stable")]
    return tuple(order if order[0] < order[-1] else order[::-1])


def beyond(signal: Array, threshold: float) -> NDArray[np.bool_]:
    """Whether a unit is on, at each timestep: above a threshold of 0 or more, below a negative one.

    Parameters
    ----------
    signal : float (T,) or (T, H)
        What units do; nan is never on.
    threshold : float
        Where on begins.
    """
    with np.errstate(invalid="ignore"):
        return signal > threshold if threshold >= 0 else signal < threshold


def same_pattern(signals: Array, first: int, last: int, threshold: float, least: float = 1.0) -> tuple[Place, ...]:
    """Other places where the units that are on throughout a brushed place are on.

    Parameters
    ----------
    signals : float (T, H)
        What each unit does.
    first, last : int
        The brushed timesteps, from 1.
    threshold : float
        Where on begins.
    least : float
        Share of the brushed units that must be on, above 0 to 1.

    Returns
    -------
    tuple of Place
        Whole stretches, longest first, then earliest; the brushed place itself is not among them. Empty when no unit
        is on throughout the brushed place.

    Raises
    ------
    BadInput
        If the place is not inside the sequence.

    References
    ----------
    Strobelt et al. (2018), LSTMVis: select a stretch, find the stretches where the same states are active.
    """
    timesteps = len(signals)
    check_range("same_pattern", "first", first, 1, timesteps)
    check_range("same_pattern", "last", last, first, timesteps)
    on = beyond(signals, threshold)
    brushed = on[first - 1 : last].all(axis=0)
    if not brushed.any():
        return ()
    share = on[:, brushed].mean(axis=1)
    found = [
        Place(start + 1, end, float(on[start:end, brushed].all(axis=0).mean()))
        for start, end in _stretches(share >= least)
        if end < first or start >= last
    ]
    return tuple(sorted(found, key=lambda place: (place.first - place.last, place.first)))


def _stretches(chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of True as (start, end), end not included."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(int)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
