"""What is held, for the kernels: see ``holding`` for the idea.

An array of held values is part of what a kernel computes with. Where nothing is held it is None, and since its *type*
is what Numba compiles for, those kernels know nothing of it.
"""

import numpy as np

from lstmviz.engine.arrays import Array
from lstmviz.engine.holding import FREE, Holding
from lstmviz.engine.jit import read_only
from lstmviz.engine.simd import load, where_greater
from lstmviz.engine.staged import staged
from lstmviz.engine.variant import HELD


def held_values(held: Array | None, like: Array) -> Array | None:
    """Held values (Q, T, B, H) as a kernel takes them, in the dtype of an array."""
    return None if held is None else read_only(np.asarray(held, like.dtype))


@staged
def held_here(held, cell, size, t, b, j):
    """What is held of one block of units of one sequence."""
    if held is None:
        return FREE
    values = {}
    for k, name in enumerate(HELD[cell]):
        row = (size.timesteps * k + t) * size.sequences + b
        values[name] = load(held, row * size.hidden + j, size.hidden - j)
    return Holding(values, where_greater)
