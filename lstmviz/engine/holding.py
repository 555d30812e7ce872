"""What is held: gates, candidates and states that are kept at a value, or as they were, whatever the equations say.

The equations ask a ``Free`` or a ``Holding`` about every quantity that can be held, forward and backward. The first
says what the equations say, so that nothing is left of it in a kernel, a formula or a diagram of a free cell.

Words used in this file
    held     of one quantity at one timestep, for every unit: nan where it is free, a number where it is held at this
             number, and, of a state alone, +inf where it is frozen: it stays what it was one timestep before
    v        values of one timestep, by the equations' names
    greater  greater(a, b, yes, no): yes where a > b, else no; no where one is nan
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lstmviz.engine.arrays import Array
from lstmviz.engine.variant import HELD, STATES


class Free:
    """Nothing is held."""

    def value(self, v: Any, name: str, free: Any) -> Any:
        """The value of a quantity, given what the equations make of it."""
        return free

    def through(self, name: str, free: Any) -> Any:
        """What a gradient becomes on its way through a quantity to what that was computed from."""
        return free

    def along(self, name: str, d: Any, free: Any) -> Any:
        """What the gradient of a state becomes on its way to the same state one timestep before."""
        return free


class Holding(Free):
    """Some quantities are held at some timesteps and units; they keep their gradient and hand none on."""

    def __init__(self, held: Mapping[str, Any], greater: Callable[..., Any]) -> None:
        self.held, self.greater = held, greater

    def value(self, v: Any, name: str, free: Any) -> Any:
        """See ``Free.value``."""
        if name in STATES:
            free = self.greater(self.held[name], 0.0, getattr(v, f"{name}_before"), free)
        return self._where_a_number(name, self.held[name], free)

    def through(self, name: str, free: Any) -> Any:
        """See ``Free.through``: exactly zero where it is held or frozen."""
        held = self.held[name]
        return self._where_a_number(name, 0.0, self.greater(held, 0.0, 0.0, free) if name in STATES else free)

    def along(self, name: str, d: Any, free: Any) -> Any:
        """See ``Free.along``: unchanged where it is frozen, exactly zero where it is held."""
        return self._where_a_number(name, 0.0, self.greater(self.held[name], 0.0, d, free))

    def _where_a_number(self, name: str, yes: Any, no: Any) -> Any:
        return self.greater(math.inf, self.held[name], yes, no)


FREE = Free()


def greater(a: Array, b: Array, yes: Array, no: Array) -> Array:
    """Yes where a > b, else no; no where one is nan."""
    return np.where(a > b, yes, no)


def held_in(cell: str, held: Array | None, *at: Any) -> Free:
    """What is held of a cell's quantities.

    Parameters
    ----------
    cell : "rnn", "lstm" or "gru"
    held : (Q, T, B, H) or None
        In the order of ``variant.HELD``; None where nothing is held.
    *at
        Which part of (T, B, H); all when left out.
    """
    return FREE if held is None else Holding(dict(zip(HELD[cell], held[(slice(None), *at)], strict=True)), greater)
