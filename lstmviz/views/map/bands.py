"""Shares as stacked bands: positive ones upwards from 0, negative ones downwards. No Qt but for colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

MOST = 3.0  # a share beyond it, where parts cancel each other, is cut off
ROLES = {"i": "input", "f": "forget", "g": "candidate", "o": "output", "c": "cell", "h": "hidden", "a": "rnn"}
GRU_ROLES = {"r": "input", "z": "forget", "n": "candidate", "h": "hidden"}


@dataclass(frozen=True, eq=False, slots=True)
class Bands:
    """Where each way's band lies at each timestep."""

    lower: NDArray[np.float64]  # (ways, T); nan where the gradient is zero
    upper: NDArray[np.float64]
    low: float  # ends of the axis
    high: float


def bands(share: NDArray[np.floating]) -> Bands:
    """Bands of shares.

    Parameters
    ----------
    share : float (ways, T)
        Each column adds up to 1, or is nan.
    """
    share = np.asarray(share, np.float64)
    up, down = np.where(share > 0, share, 0.0), np.where(share < 0, share, 0.0)
    tops, bottoms = np.cumsum(up, axis=0), np.cumsum(down, axis=0)
    lower = np.where(share >= 0, tops - up, bottoms)
    upper = np.where(share >= 0, tops, bottoms - down)
    lower[np.isnan(share)] = upper[np.isnan(share)] = np.nan
    seen = np.isfinite(share).all(axis=0)
    high = min(MOST, max(1.0, float(tops[-1, seen].max(initial=1.0))))
    low = max(-MOST, min(0.0, float(bottoms[-1, seen].min(initial=0.0))))
    return Bands(np.clip(lower, -MOST, MOST), np.clip(upper, -MOST, MOST), 1.05 * low, 1.05 * high)


def way_colour(theme: Theme, cell: str, way: str) -> QColor:
    """The colour of a way: of the gate or state it leads over; the loss itself is grey."""
    role = (GRU_ROLES if cell == "gru" else ROLES).get(way)
    return qcolor(theme.hint if role is None else getattr(theme, role))


def way_name(way: str) -> str:
    """A way in a word or two."""
    names = {
        "loss": tr("loss"),
        "c": tr("along c"),
        "h": tr("along h"),
        "a": tr("weights"),
    }
    return names.get(way) or tr("by {gate}").format(gate=way)
