"""Gradients as mantissa * 2**exponent for the kernels: see ``scaled`` for the idea and the NumPy form.

Words used in this file
    row       (H,) mantissas of one sequence; the LSTM carries (2H,), d_h then d_c
    exponent  whole number; the true value is row * 2**exponent
    room      ``scaled.ROOM`` of the row's dtype
"""

import math

import numpy as np

from lstmviz.engine.jit import kernel
from lstmviz.engine.scaled import LOG10_OF_2

# Sums of squares between these bounds have lost nothing to overflow or underflow.
SAFE_LOW, SAFE_HIGH = 1e-200, 1e200
POWER_LIMIT = 3000  # beyond it every float64 but 0 becomes 0 or inf


@kernel
def sum_of_squares(row):
    """Sum of squares in float64."""
    # four sums at a time do not wait for each other
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    n = row.shape[0]
    for k in range(0, n - 3, 4):
        v0, v1, v2, v3 = np.float64(row[k]), np.float64(row[k + 1]), np.float64(row[k + 2]), np.float64(row[k + 3])
        s0 += v0 * v0
        s1 += v1 * v1
        s2 += v2 * v2
        s3 += v3 * v3
    for k in range(n - n % 4, n):
        v0 = np.float64(row[k])
        s0 += v0 * v0
    return (s0 + s1) + (s2 + s3)


@kernel
def largest(row):
    """Largest magnitude; nan is passed over."""
    found = 0.0
    for k in range(row.shape[0]):
        size = abs(np.float64(row[k]))
        if size > found:
            found = size
    return found


@kernel
def exponent_of(size):
    """Give e with size = m * 2**e, 1/2 <= m < 1; 0 for zero and inf."""
    return math.frexp(size)[1] if 0.0 < size < np.inf else 0


@kernel
def power_in_parts(n):
    """Give p and q with 2**n = p * p * q, none of them 0 or inf."""
    n = int(min(max(n, -POWER_LIMIT), POWER_LIMIT))
    third = n // 3
    return math.ldexp(1.0, third), math.ldexp(1.0, n - 2 * third)


@kernel
def multiply_by_power(row, n):
    """Multiply by 2**n: 0 or inf where the dtype cannot hold the result."""
    p, q = power_in_parts(n)
    for k in range(row.shape[0]):
        row[k] = row[k] * p * p * q


@kernel
def keep_in_range(row, exponent, room):
    """Rescale the row if its mantissas have left the range round 1; give the exponent it has now."""
    high = math.ldexp(1.0, room)
    if 1.0 / (high * high) < sum_of_squares(row) < high * high:
        return exponent
    size = largest(row)
    if 1.0 / high <= size <= high or size == 0.0 or size == np.inf:
        return exponent
    shift = exponent_of(size)
    multiply_by_power(row, -shift)
    return exponent + shift


@kernel
def add_loss(row, exponent, loss, room):
    """Add what the loss alone says to the first units of the row; give the exponent the row has now."""
    # row (H,) or (2H,), loss (H,)
    size = largest(loss)
    own = exponent_of(size)
    if size > 0.0 and (own - exponent > room or (abs(own) > room and largest(row) == 0.0)):
        # the loss is far larger than what is carried: to its scale
        multiply_by_power(row, exponent - own)
        exponent = np.int64(own)
    p, q = power_in_parts(-exponent)
    for k in range(loss.shape[0]):
        row[k] += loss[k] * p * p * q
    return exponent


@kernel
def log10_norm(row, exponent):
    """log10 of the Euclidean norm of the true value: -inf for exact zeros, nan where a unit is nan."""
    squares = sum_of_squares(row)
    if SAFE_LOW < squares < SAFE_HIGH:
        return 0.5 * math.log10(squares) + exponent * LOG10_OF_2
    if np.isnan(squares):
        return np.nan
    size = largest(row)
    if size == 0.0:
        return -np.inf
    if size == np.inf:
        return np.inf
    squares = 0.0
    for k in range(row.shape[0]):
        share = np.float64(row[k]) / size
        squares += share * share
    return math.log10(size) + 0.5 * math.log10(squares) + exponent * LOG10_OF_2
