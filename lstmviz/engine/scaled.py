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
    N         numbers of one row: H where a loss comes in, I where the gradient by the input goes out

A layer above another hands its gradient by the input down to it. That one may have vanished or exploded too, so it
is handed down as ``ScaledRows``, with an exponent for each timestep.

``scaled_kernels`` holds the same four operations for the kernels.
"""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import Array, extremes_allowed

Exponent = NDArray[np.intc]  # C's int: the only exponent np.ldexp takes on every platform

# Rows are rescaled when their largest magnitude leaves 2**-ROOM .. 2**ROOM; the rest of the dtype's range
# is room for what one timestep may do to them.
ROOM = {"float64": 100, "float32": 40}
LOG10_OF_2 = float(np.log10(2.0))


class ScaledRows(NamedTuple):
    """A gradient of all timesteps that no dtype need be able to hold; the true values are rows * 2**exponent."""

    rows: Array  # (T, B, N)  mantissas
    exponent: Exponent  # (T, B)

    @extremes_allowed
    def true(self) -> Array:
        """True values (T, B, N): 0 or inf where the dtype cannot hold them."""
        return np.ldexp(self.rows, self.exponent[..., None]) if self.exponent.any() else self.rows


AnyRows: TypeAlias = Array | ScaledRows


def scaled_rows(rows: AnyRows, dtype: np.dtype[Any]) -> ScaledRows:
    """The same in the dtype of a tape; ordinary numbers (T, B, N) get exponents of zero."""
    if isinstance(rows, ScaledRows):
        return ScaledRows(rows.rows.astype(dtype, copy=False), rows.exponent)
    return ScaledRows(rows.astype(dtype, copy=False), np.zeros(rows.shape[:2], np.intc))


def exponents(loss: ScaledRows) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """What the kernels count in: exponents of what is carried (B,), of the loss and of x (T, B)."""
    given = loss.exponent.astype(np.int64)
    return np.zeros(given.shape[1], np.int64), given, np.zeros_like(given)


def hand_down(gradients: Any, x_exponent: NDArray[np.integer], d_h_loss: AnyRows) -> Any:
    """Gradients whose ``x``, until now mantissas, is what the caller can read: of the kind that it gave as the loss."""
    if not isinstance(d_h_loss, ScaledRows) and not x_exponent.any():
        return gradients
    x = ScaledRows(gradients.x, x_exponent.astype(np.intc))
    return gradients._replace(x=x if isinstance(d_h_loss, ScaledRows) else x.true())


@extremes_allowed
def total(one: ScaledRows, other: ScaledRows) -> ScaledRows:
    """The sum; of each row the larger of the two decides the exponent, and what then rounds to zero does not show."""
    if not one.exponent.any() and not other.exponent.any():
        return ScaledRows(one.rows + other.rows, one.exponent)
    sizes = [_size(each) for each in (one, other)]
    exponent = np.where(sizes[0] >= sizes[1], one.exponent, other.exponent)
    parts = [np.ldexp(each.rows, (each.exponent - exponent)[..., None]) for each in (one, other)]
    return ScaledRows(parts[0] + parts[1], exponent)


def _size(each: ScaledRows) -> NDArray[np.float64]:
    """Exponent of the largest true value of each row (T, B); -inf for exact zeros."""
    largest = np.fmax.reduce(np.abs(each.rows), axis=2)
    return np.where(largest > 0, _exponent_of(largest) + each.exponent.astype(np.float64), -np.inf)


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


def bring_together(exponent: Exponent, loss: Array, *rows: Array, given: Exponent | None = None) -> tuple[Any, ...]:
    """Give what the loss says and carried rows one exponent, so that they can be added.

    The larger of the two decides. A loss gradient of ordinary size that meets a vanished running gradient
    takes the scale back to its own, and what then rounds to zero is too small to show in the sum. Where
    nothing is carried yet, an extreme loss gradient sets the scale.

    Parameters
    ----------
    exponent : intc (B,)
    loss : (B, H)
        What the loss alone says at this timestep.
    *rows : one or more arrays (B, H) that share the exponent
    given : intc (B,), optional
        Exponent of ``loss``; 0 when left out.

    Returns
    -------
    exponent, loss, *rows
        All at the new exponent.
    """
    given = no_exponent(len(exponent)) if given is None else given
    own, room = _exponent_of(_largest(loss)) + given, ROOM[loss.dtype.name]
    extreme = np.abs(own) > room
    if not extreme.any() and not exponent.any() and not given.any():
        return exponent, loss, *rows
    decides = loss.any(axis=1) & ((own - exponent > room) | (extreme & (_largest(*rows) == 0)))
    new = np.where(decides, own, exponent).astype(np.intc)
    shift = (exponent - new)[:, None]
    return new, np.ldexp(loss, (given - new)[:, None]), *(np.ldexp(row, shift) for row in rows)


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
