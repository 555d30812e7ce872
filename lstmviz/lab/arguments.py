"""Checks of what a script hands to the functions of this layer: one line that names the argument, before any work.

Words used in this file
    place    the function or class as it was called, e.g. "LSTM"
"""

import math
import numbers
import sys
from typing import Any

from lstmviz.files import BadInput, caps
from lstmviz.words import tr

DTYPES = ("float64", "float32")


def check_sizes(place: str, inputs: Any, hidden: Any, dtype: Any) -> None:
    """Refuse sizes outside the caps before anything is allocated."""
    for name, size, most in (("inputs", inputs, caps.INPUTS), ("hidden", hidden, caps.HIDDEN)):
        check_whole(place, name, size)
        check_range(place, name, size, 1, most)
    check_word(place, "dtype", dtype, DTYPES)


def check_whole(place: str, name: str, value: Any) -> None:
    """Refuse what is no whole number, NumPy's included; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise BadInput(place, name, tr("{value} is no whole number").format(value=value), tr("such as 16"))


def check_word(place: str, name: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Refuse a word that is not among those allowed."""
    if value not in allowed:
        raise BadInput(place, name, tr("{value} is unknown").format(value=value), ", ".join(allowed))


def check_range(place: str, name: str, value: Any, low: float, high: float, also: str = "") -> None:
    """Refuse a value that is no number between ``low`` and ``high``."""
    is_number = isinstance(value, numbers.Real)  # NumPy's numbers too
    if not (is_number and low <= value <= high):
        what = tr("{value} is out of range").format(value=value)
        allowed = tr("{low:g} to {high:g}")
        if math.isinf(high):
            allowed = tr("above 0") if 0 < low < sys.float_info.min else tr("{low:g} or more")
        raise BadInput(place, name, what, allowed.format(low=low, high=high) + also)
