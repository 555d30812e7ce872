"""Gradients too small or too large for floating point, kept as mantissa * 2**exponent.

Going backward through T timesteps multiplies a gradient by T Jacobians: 0.25**2000 is 1e-1204, and float64
ends at 5e-324. So the backward passes carry each sequence's gradient as rows of mantissas with one whole
exponent, and rescale only when the mantissas leave a wide range round 1. Multiplying by a power of two is
exact and a backward pass is linear in what it carries: where plain float64 suffices, the numbers are the
same to the last bit.

Words used in this file
    B, H      sequences, hidden units
    rows      (B, H) mantissas, one row per sequence; the LSTM carries two such arrays, d_h and d_c
    exponent  intc (B,), shared by all rows of a sequence; the true value is rows * 2**exponent

``scaled_kernels`` holds the same four operations for the kernels.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import Array

Exponent = NDArray[np.intc]  # C's int: the only exponent np.ldexp takes on every platform

# Rows are rescaled when their largest magnitude leaves 2**-ROOM .. 2**ROOM; the rest of the dtype's range
# is room for what one timestep may do to them.
ROOM = {"float64": 100, "float32": 40}
LOG10_OF_2 = float(np.log10(2.0))


def no_exponent(sequences: int) -> Exponent:
    """Exponents that change nothing: zeros (B,)."""
    return np.zeros(sequences, np.intc)


def true_value(rows: Array, exponent: Exponent) -> Array:
    """Give ``rows * 2**exponent``: 0 or inf where the dtype cannot hold it."""
    return np.ldexp(rows, exponent[:, None]) if exponent.any() else rows


def keep_in_range(exponent: Exponent, *rows: Array) -> tuple[Any, ...]:
    """Rescale the sequences whose largest mantissa has left the range round 1.

    Zeros, nan and inf stay what they are.

    Parameters
    ----------
    exponent : intc (B,)
    *rows : one or more arrays (B, H) that share the exponent

    Returns
    -------
    exponent, *rows
        The same true values.
    """
    largest = _largest(*rows)
    room = 2.0 ** ROOM[rows[0].dtype.name]
    outside = np.isfinite(largest) & (largest > 0) & ((largest < 1 / room) | (largest > room))
    if not outside.any():
        return exponent, *rows
    shift = np.where(outside, _exponent_of(largest), 0).astype(np.intc)
    return exponent + shift, *(np.ldexp(row, -shift[:, None]) for row in rows)


def bring_together(exponent: Exponent, loss: Array, *rows: Array) -> tuple[Any, ...]:
    """Give a plain gradient and carried rows one exponent, so that they can be added.

    The larger of the two decides. A loss gradient of ordinary size that meets a vanished running gradient
    takes the scale back to its own, and what then rounds to zero is too small to show in the sum. Where
    nothing is carried yet, an extreme loss gradient sets the scale.

    Parameters
    ----------
    exponent : intc (B,)
    loss : (B, H)
        What the loss alone says at this timestep, true values.
    *rows : one or more arrays (B, H) that share the exponent

    Returns
    -------
    exponent, loss, *rows
        All at the new exponent.
    """
    own, room = _exponent_of(_largest(loss)), ROOM[loss.dtype.name]
    extreme = np.abs(own) > room
    if not extreme.any() and not exponent.any():
        return exponent, loss, *rows
    decides = loss.any(axis=1) & ((own - exponent > room) | (extreme & (_largest(*rows) == 0)))
    new = np.where(decides, own, exponent).astype(np.intc)
    shift = (exponent - new)[:, None]
    return new, np.ldexp(loss, -new[:, None]), *(np.ldexp(row, shift) for row in rows)


def log10_norm(rows: Array, exponent: Exponent) -> NDArray[np.float64]:
    """log10 of the Euclidean norm of each row's true value.

    Parameters
    ----------
    rows : (B, H)
    exponent : intc (B,)

    Returns
    -------
    float64 (B,)
        -inf for an exact zero, nan where a unit is nan.
    """
    wide = rows.astype(np.float64)
    # dividing by a power of two first: squares neither overflow nor vanish
    power = _exponent_of(_largest(wide))
    with np.errstate(divide="ignore"):
        squares = np.sum(np.ldexp(wide, -power[:, None]) ** 2, axis=1)
        return 0.5 * np.log10(squares) + (power + exponent) * LOG10_OF_2


def _largest(*rows: Array) -> Array:
    """Largest magnitude of each sequence (B,); nan is passed over unless there is nothing else."""
    largest = np.fmax.reduce([np.fmax.reduce(np.abs(row), axis=1) for row in rows])
    return np.asarray(largest)


def _exponent_of(size: Array) -> Exponent:
    """Exponents e with size = m * 2**e, 1/2 <= m < 1; 0 for zero, nan and inf."""
    return np.frexp(np.where(np.isfinite(size), size, 0.0))[1]
