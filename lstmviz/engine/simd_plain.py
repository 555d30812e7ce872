"""The functions of ``simd`` in NumPy, for runs without the compiler (NUMBA_DISABLE_JIT): slow, easy to step through.

A vector is an array of as many numbers as a register would hold.
"""

import numpy as np

from lstmviz.engine.instruction_set import BYTES


def lanes_of(array):
    """Numbers in a vector of an array's dtype."""
    return BYTES // array.itemsize


def pointers(arrays):
    """The arrays as flat views, which can be indexed like pointers; None stays None."""
    return type(arrays)(*(None if array is None else array.reshape(-1) for array in arrays))


def is_wide(a):
    """Whether a is of float64."""
    return a.dtype == np.float64


def load(array, at, count):
    """See ``simd.load``."""
    vector = np.zeros(lanes_of(array), array.dtype)
    count = min(count, len(vector))
    vector[:count] = _slots(array, at, count)
    return vector


def store(array, at, count, value):
    """See ``simd.store``."""
    count = min(count, lanes_of(array))
    _slots(array, at, count)[:] = value[:count]


def _slots(array, at, count):
    """A view of ``count`` elements; one that does not lie within the array is an error."""
    if at < 0 or at + count > array.size:
        raise IndexError(f"{count} elements from {at} of {array.size}")
    return array.reshape(-1)[at : at + count]


def multiply_add(a, b, c):
    """Rounded twice, unlike that of most machines."""
    return a * b + c


def where_greater(a, b, yes, no):
    """See ``simd.where_greater``."""
    like = next(v for v in (a, b, yes, no) if isinstance(v, np.ndarray))
    return np.where(a > b, yes, no).astype(like.dtype)


def magnitude(a):
    """|a|"""
    return np.abs(a)


def with_sign(a, of):
    """Magnitude of a, sign of the other."""
    return np.copysign(a, of)


def power_of_two(shifted):
    """See ``simd.power_of_two``."""
    whole, bits, bias = (np.int64, 52, 1023) if is_wide(shifted) else (np.int32, 23, 127)
    return ((shifted.view(whole) + whole(bias)) << whole(bits)).view(shifted.dtype)


def scaled_by_power(a, n):
    """See ``simd.scaled_by_power``."""
    whole = np.isfinite(n)
    return np.where(whole, np.ldexp(a, np.where(whole, n, 0).astype(np.intc)), n).astype(a.dtype)


def total(a):
    """Sum of the lanes."""
    return a.sum()


def greatest(a):
    """Greatest of the lanes."""
    return a.max()


def tile(rows, onto, out, at, out_row, left, left_at, left_row, left_step, right, right_at, right_step, n, wide):
    """See ``simd.tile``."""
    width = wide * lanes_of(out)
    for r in range(rows):
        sums = _slots(out, at + r * out_row, width)
        if not onto:
            sums[:] = 0
        for k in range(n):
            number = _slots(left, left_at + r * left_row + k * left_step, 1)
            sums += number * _slots(right, right_at + k * right_step, width)
