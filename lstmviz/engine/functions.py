"""Sigmoid and tanh of vectors, without branches.

Both come from one division: e**r = (Q + r) / (Q - r) with Q = r coth(r / 2), an even function of r, taken as
its Taylor polynomial; |r| <= ln(2) / 2 after a whole multiple of ln 2 went into a power of two. Errors stay
below 2.5 units in the last place of the dtype.

nan gives nan, infinities their limits, and tanh keeps the sign of zero.
"""

import math

from lstmviz.engine.jit import inlined, kernel
from lstmviz.engine.simd import (
    is_wide,
    lanes_of,
    load,
    magnitude,
    multiply_add,
    power_of_two,
    scaled_by_power,
    store,
    where_greater,
    with_sign,
)

LOG2_E = 1 / math.log(2)
# ln 2 in two parts: a whole number of some bits times the first has no rounding error
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LN2_HIGH_SINGLE, LN2_LOW_SINGLE = 0.693359375, -2.12194440054690583e-4
# Adding 1.5 * 2**52 (2**23) rounds to whole numbers and leaves the number in the lowest bits of the sum.
ROUND, ROUND_SINGLE = 6755399441055744.0, 12582912.0


@inlined
def reduced(y):
    """Give n, n + ROUND, r and Q - 2, where y = n ln 2 + r."""
    if is_wide(y):
        shifted = multiply_add(y, LOG2_E, ROUND)
        n = shifted - ROUND
        r = multiply_add(n, -LN2_LOW, multiply_add(n, -LN2_HIGH, y))
        s = r * r
        # 2 B(2k) / (2k)! for k = 1..6, B the Bernoulli numbers
        q = multiply_add(s, -691 / 653837184000, 1 / 23950080)
        q = multiply_add(s, multiply_add(s, q, -1 / 604800), 1 / 15120)
        q = s * multiply_add(s, multiply_add(s, q, -1 / 360), 1 / 6)
    else:
        shifted = multiply_add(y, LOG2_E, ROUND_SINGLE)
        n = shifted - ROUND_SINGLE
        r = multiply_add(n, -LN2_LOW_SINGLE, multiply_add(n, -LN2_HIGH_SINGLE, y))
        s = r * r
        q = s * multiply_add(s, multiply_add(s, 1 / 15120, -1 / 360), 1 / 6)
    return n, shifted, r, q


@inlined
def sigmoid(a):
    """Give 1 / (1 + exp(-a)) as e**a / (e**a + 1), down to where the dtype ends."""
    limit, end = (44.0, -760.0) if is_wide(a) else (18.0, -110.0)
    a = where_greater(a, limit, limit, a)  # it is 1 from there on
    a = where_greater(end, a, end, a)  # and 0
    n, _, r, q = reduced(a)
    q = q + 2.0
    e = scaled_by_power(q + r, n)
    return e / (e + (q - r))


@inlined
def tanh(a):
    """Give (e - 1) / (e + 1) with e = exp(2 |a|), and the sign of a."""
    limit = 44.0 if is_wide(a) else 20.0
    y = magnitude(a) * 2.0
    n, shifted, r, q = reduced(where_greater(y, limit, limit, y))  # it is 1 from there on
    e = power_of_two(shifted)
    less, more = e - 1.0, e + 1.0
    below = multiply_add(more, 2.0, multiply_add(more, q, less * r))
    # near 1 what can be known well is the distance to 1: the same sum with less - more and more - less
    less, e = where_greater(n, 2.5, -2.0, less), where_greater(n, 2.5, 1.0, e)
    # e * r on its own is exact, so this order of adding saves half a unit in the last place
    above = multiply_add(less, 2.0, multiply_add(e, r, multiply_add(less, q, r)))
    share = above / below
    return with_sign(where_greater(n, 2.5, 1.0 + share, share), a)


@kernel
def sigmoid_row(out, a):
    """Sigmoid of each unit."""
    # out, a (H,)
    for k in range(0, a.size, lanes_of(a)):
        store(out, k, a.size - k, sigmoid(load(a, k, a.size - k)))


@kernel
def tanh_row(out, a):
    """Tanh of each unit."""
    # out, a (H,)
    for k in range(0, a.size, lanes_of(a)):
        store(out, k, a.size - k, tanh(load(a, k, a.size - k)))
