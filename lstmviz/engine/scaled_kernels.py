"""Gradients as mantissa * 2**exponent for the kernels: see ``scaled`` for the idea and the NumPy form.

Words used in this file
    row       ``count`` mantissas of one sequence from flat position ``at`` of ``a`` on
    exponent  whole number; the true value is row * 2**exponent
    room      ``scaled.ROOM`` of the row's dtype

Almost always the exponent is 0 and the sizes are ordinary. That is decided with a sum of squares, which the norms
need anyway; the functions that begin with ``_`` or that rescale do the rest, one number at a time.
"""

import math

import numpy as np

from lstmviz.engine.jit import inlined, kernel
from lstmviz.engine.scaled import LOG10_OF_2
from lstmviz.engine.simd import greatest, is_wide, lanes_of, load, magnitude, multiply_add, store, total, where_greater


@inlined
def sum_of_squares(a, at, count):
    """Sum of squares, in the dtype of the row."""
    squares = load(a, at, 0)
    for k in range(0, count, lanes_of(a)):
        v = load(a, at + k, count - k)
        squares = multiply_add(v, v, squares)
    return np.float64(total(squares))


@inlined
def largest(a, at, count):
    """Largest magnitude; nan is passed over."""
    found = load(a, at, 0)
    for k in range(0, count, lanes_of(a)):
        size = magnitude(load(a, at + k, count - k))
        found = where_greater(size, found, size, found)
    return np.float64(greatest(found))


@kernel
def exponent_of(size):
    """Give e with size = m * 2**e, 1/2 <= m < 1; 0 for zero and inf."""
    return math.frexp(size)[1] if 0.0 < size < np.inf else 0


@inlined
def power_in_parts(n, a):
    """Give p and q with 2**n = p * p * q, neither 0 nor inf in the dtype of a."""
    limit = 3000 if is_wide(a) else 375  # beyond it every number but 0 becomes 0 or inf
    n = limit if n > limit else n
    n = -limit if n < -limit else n
    third = int(n // 3)
    return math.ldexp(1.0, third), math.ldexp(1.0, int(n) - 2 * third)


@kernel
def multiply_by_power(a, at, count, n):
    """Multiply by 2**n: 0 or inf where the dtype cannot hold the result."""
    p, q = power_in_parts(n, a)
    multiply_by_parts(a, at, count, p, q)


@inlined
def multiply_by_parts(a, at, count, p, q):
    """Multiply by the number that ``power_in_parts`` took apart."""
    for k in range(0, count, lanes_of(a)):
        store(a, at + k, count - k, load(a, at + k, count - k) * p * p * q)


@inlined
def is_ordinary(squares, room):
    """Whether a row with this sum of squares needs no rescaling."""
    high = 2.0**40 if room < 100 else 2.0**100
    return 1.0 / (high * high) < squares < high * high


@kernel
def keep_in_range(a, at, count, exponent, room):
    """Rescale the row if its mantissas have left the range round 1; give the exponent it has now."""
    high = math.ldexp(1.0, room)
    size = largest(a, at, count)
    if 1.0 / high <= size <= high or size == 0.0 or size == np.inf:
        return exponent
    shift = exponent_of(size)
    multiply_by_power(a, at, count, -shift)
    return exponent + shift


@inlined
def add_loss(a, at, count, h_at, exponent, loss, loss_at, units, given, room):
    """Add what the loss alone says to d_h, the units from ``h_at`` on; give the exponent the row has now.

    The row of ``count`` numbers from ``at`` on, which share the exponent, holds d_h. ``given`` is the loss's exponent.
    """
    size = largest(loss, loss_at, units)
    if size == 0.0 or (exponent == 0 and given == 0 and 2.0**-40 < size < 2.0**40):
        for k in range(0, units, lanes_of(a)):
            d_h = load(a, h_at + k, units - k) + load(loss, loss_at + k, units - k)
            store(a, h_at + k, lanes_of(a), d_h)
    else:
        exponent = _add_loss_at_its_size(a, at, count, h_at, exponent, loss, loss_at, units, size, given, room)
    return exponent


@kernel
def _add_loss_at_its_size(a, at, count, h_at, exponent, loss, loss_at, units, size, given, room):
    own = exponent_of(size) + given
    if size > 0.0 and (own - exponent > room or (abs(own) > room and largest(a, at, count) == 0.0)):
        # the loss is far larger than what is carried: to its scale
        multiply_by_power(a, at, count, exponent - own)
        exponent = np.int64(own)
    p, q = power_in_parts(given - exponent, a)
    for k in range(0, units, lanes_of(a)):
        store(a, h_at + k, units - k, load(a, h_at + k, units - k) + load(loss, loss_at + k, units - k) * p * p * q)
    return exponent


@inlined
def log10_norm(squares, a, at, count, exponent):
    """log10 of the Euclidean norm of the true value: -inf for exact zeros, nan where a unit is nan."""
    # between these bounds the sum of squares has lost nothing to overflow or underflow
    low, high = (1e-200, 1e200) if is_wide(a) else (1e-30, 1e30)
    if low < squares < high:
        return 0.5 * math.log10(squares) + exponent * LOG10_OF_2
    return _log10_norm_of_any_size(a, at, count) + exponent * LOG10_OF_2


@kernel
def _log10_norm_of_any_size(a, at, count):
    size = largest(a, at, count)
    if size == 0.0 or size == np.inf:
        return math.log10(sum_of_squares(a, at, count))  # -inf, inf or nan
    squares = load(a, at, 0)
    for k in range(0, count, lanes_of(a)):
        share = load(a, at + k, count - k) / size
        squares = multiply_add(share, share, squares)
    return math.log10(size) + 0.5 * math.log10(total(squares))


@inlined
def arrive(d_h, log10_h, d_h_loss, work, room, size, t, b):
    """Complete d_h of one sequence after timestep t, keep it in range, and record it."""
    H = size.hidden
    row, at, exponent = b * size.carried, (t * size.sequences + b) * H, work.exponent[b]
    if t > 0:
        before = (t - 1) * size.sequences + b
        given = work.loss_exponent[before]
        exponent = add_loss(work.carried, row, H, row, exponent, d_h_loss, before * H, H, given, room)
    squares = sum_of_squares(work.carried, row, H)
    if t > 0 and not is_ordinary(squares, room):
        exponent = keep_in_range(work.carried, row, H, exponent, room)
        squares = sum_of_squares(work.carried, row, H)
    work.exponent[b] = exponent
    log10_h[t * size.sequences + b] = log10_norm(squares, work.carried, row, H, exponent)
    for j in range(0, H, lanes_of(work.carried)):
        store(d_h, at + j, H - j, load(work.carried, row + j, H - j))


@inlined
def forget(a, at, count):
    """Let nothing go back any further."""
    for k in range(0, count, lanes_of(a)):
        store(a, at + k, count - k, load(a, at, 0))
