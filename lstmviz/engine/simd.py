"""Vectors for the kernels: a few lanes of one dtype that live in a register, and one tile of a matrix product.

Numba knows scalars and arrays; whether LLVM turns a loop over them into vector instructions is a matter of luck.
Here a vector is a type of its own. ``+ - * /`` work on vectors and numbers, and

    pointers(arrays)                 a named tuple of arrays as one of flat pointers: what a kernel begins with; None
                                     stays None
    lanes_of(array)                  how many numbers of the array's dtype a vector holds
    load(array, at, count)           that many from flat position ``at`` on, zero from lane ``count`` on
    store(array, at, count, vector)  the first ``count`` lanes
    multiply_add(a, b, c)            a * b + c, rounded once where the machine can
    where_greater(a, b, yes, no)     yes where a > b, else no; no where one is nan
    magnitude(a), with_sign(a, of)   |a|, and a with the sign of the other
    power_of_two(shifted)            2**n, of n + ROUND (``functions``), for a normal result
    scaled_by_power(a, n)            a * 2**n, for whole n and any result, rounded once
    total(a), greatest(a)            over the lanes
    is_wide(a)                       whether a vector or array is of float64; the other branch is not compiled
    tile(...)                        the product that gates, gradients and weight gradients are made of

Arrays, or pointers to them, are C-contiguous, and positions count numbers, not rows. With the compiler these come
from ``simd_llvm`` and ``simd_tile``, without it (NUMBA_DISABLE_JIT) from ``simd_plain``.
"""

from typing import Any

from lstmviz.engine import simd_plain
from lstmviz.engine.instruction_set import config

vectors: Any = simd_plain
tiles: Any = simd_plain
if not config.DISABLE_JIT:
    from lstmviz.engine import simd_llvm, simd_tile

    vectors, tiles = simd_llvm, simd_tile

pointers, lanes_of, is_wide = vectors.pointers, vectors.lanes_of, vectors.is_wide
load, store = vectors.load, vectors.store
multiply_add, where_greater = vectors.multiply_add, vectors.where_greater
magnitude, with_sign = vectors.magnitude, vectors.with_sign
power_of_two, scaled_by_power = vectors.power_of_two, vectors.scaled_by_power
total, greatest = vectors.total, vectors.greatest
tile = tiles.tile
