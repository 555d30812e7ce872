"""From a number to an entry of a ramp: the only place where the Race turns values into colours.

Words used in this file
    ramp     256 colours of a theme
    index    entry of a ramp, 0 to 255; ``NOTHING`` where no colour may be shown
    band     log10 below which a gradient changes no digit of the largest one in float64
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, qRgb

from lstmviz.views.theme import Theme

NOTHING = -1  # below the band, exactly zero, or no number
TOP = 0.5  # log10 of the last colour
FLOAT64_DECADES = 16  # decades between a gradient and the first one that is lost beside it, rounded up


def ramp_top(band: float) -> float:
    """log10 of the ramp's last colour: 10^0.5, or the gradient at T where that is larger."""
    return max(TOP, band + FLOAT64_DECADES)


def gradient_index(log10: NDArray[np.floating], band: float) -> NDArray[np.int16]:
    """Entries of the gradient ramp.

    Parameters
    ----------
    log10 : float array
        log10 of gradient norms; minus infinity is an exact zero, NaN no number.
    band : float
        log10 of the first colour.

    Returns
    -------
    int16 array
        0 to 255; ``NOTHING`` below the band and where there is no number. Larger gradients than the last colour's
        keep the last colour.
    """
    top = ramp_top(band)
    with np.errstate(invalid="ignore"):
        share = (np.asarray(log10, dtype=np.float64) - band) / (top - band)
        index = np.where(share >= 0, np.clip(np.round(255 * share), 0, 255), NOTHING)
    return index.astype(np.int16)


def signed_index(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Entries of the signed ramp, fixed to -1 .. 1; what lies outside keeps the end's colour. NaN must be left out."""
    inside = np.clip(np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0), -1.0, 1.0)
    return np.round((inside + 1.0) * 127.5).astype(np.uint8)


@cache
def signed_table(theme: Theme) -> list[int]:
    """The signed ramp as the colour table of an indexed ``QImage``."""
    return [qRgb(*map(int, colour)) for colour in theme.ramp_signed]


@cache
def gradient_colours(theme: Theme) -> tuple[QColor, ...]:
    """The gradient ramp as colours; treat them as read-only."""
    return tuple(QColor(*map(int, colour)) for colour in theme.ramp_gradient)
