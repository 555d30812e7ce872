"""What the cells in plain NumPy have in common: their functions of one number, and a few turns of phrase.

Words used in this file
    T, B, H     timesteps, sequences, hidden units
    O, N        numbers that come out of weights, numbers that go into them
"""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np

from lstmviz.engine import equations
from lstmviz.engine.arrays import Array


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), written so that exp never overflows."""
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


def relu(a: Array) -> Array:
    """The larger of a and 0; nan stays nan."""
    return np.maximum(a, 0)


def relu_slope(a: Array) -> Array:
    """1 where a is greater than 0, else 0; nan stays nan."""
    return np.heaviside(a, 0)


FUNCTIONS = equations.Functions(sigmoid, np.tanh, relu, relu_slope)


def summed_product(d_out: Array, into: Array) -> Array:
    """Weight gradient (O, N): outer products of d_out (T, B, O) and into (T, B, N), summed over T and B."""
    return d_out.reshape(-1, d_out.shape[2]).T @ into.reshape(-1, into.shape[2])


def is_detached(t: int, window: int) -> bool:
    """Whether nothing goes back past the states after timestep t."""
    return window > 0 and t > 0 and t % window == 0


def split(prefix: str, names: Sequence[str], blocks: Array) -> dict[str, Array]:
    """Blocks (B, len(names) * H) by the equations' names."""
    return dict(zip((prefix + name for name in names), np.split(blocks, len(names), axis=1), strict=True))


def joined(values: SimpleNamespace, prefix: str, names: Sequence[str]) -> Array:
    """The reverse of ``split``."""
    return np.concatenate([getattr(values, prefix + name) for name in names], axis=1)
