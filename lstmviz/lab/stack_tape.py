"""What a stack records: the tapes and gradients of its cells, and what flows between layers.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs of the stack, hidden units of each cell
    layer        one cell, or a pair: one that reads forward and one that reads backward ("reverse")
    width        numbers a layer hands on at each timestep: H, or 2H (forward beside reverse)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.scaled import ScaledRows
from lstmviz.lab.dropout import Masks

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False, slots=True)
class StackTape:
    """Everything a stack computed.

    Attributes
    ----------
    x : float (T, B, I)
        Input, before dropout.
    cells : tuple of tuples of tapes
        ``cells[k][0]`` of layer k, ``cells[k][1]`` of its reverse. That one is kept in the order in which it was
        read: its first row belongs to x_T.
    masks : Masks or None
        Dropout of this pass.
    """

    x: Array
    cells: tuple[tuple[Any, ...], ...]
    masks: Masks | None = None


@dataclass(frozen=True, eq=False, slots=True)
class StackGradients:
    """dLoss/d of everything in a ``StackTape``, and of the parameters.

    Attributes
    ----------
    x : float (T, B, I)
        By the input, before dropout.
    cells : tuple of tuples of gradients
        As ``StackTape.cells``.
    handed : tuple of ScaledRows (T, B, width)
        For each layer, what the loss and the layers above say about what it handed on, before dropout; mantissas and
        exponents, for the upper layers' gradients may be far outside floating point.
    """

    x: Array
    cells: tuple[tuple[Any, ...], ...]
    handed: tuple[ScaledRows, ...]

    @property
    def log10_h(self) -> NDArray[np.float64]:
        """log10 of the norm of dL/dh in the top layer's forward direction (T + 1, B)."""
        norms: NDArray[np.float64] = self.cells[-1][0].log10_h
        return norms


def seen_of(tapes: tuple[Any, ...]) -> Array:
    """What one layer hands on (T + 1, B, width); row 0 holds the initial states."""
    forward: Array = tapes[0].h
    if len(tapes) == 1:
        return forward
    turned = tapes[1].h
    return np.concatenate([forward, np.concatenate([turned[:1], turned[:0:-1]])], axis=2)


def columns(handed: ScaledRows, cells: int) -> list[ScaledRows]:
    """What is handed down to each cell of a layer: H columns of the width."""
    return [ScaledRows(rows, handed.exponent) for rows in np.split(handed.rows, cells, axis=2)]


def in_turn(handed: ScaledRows, turned: int) -> ScaledRows:
    """The rows in the order in which a cell reads, 1 or -1; or back in that of the input."""
    return ScaledRows(np.ascontiguousarray(handed.rows[::turned]), np.ascontiguousarray(handed.exponent[::turned]))


def masked(rows: Array, masks: Masks | None, layer: int) -> Array:
    """Rows on their way into a layer, or the gradient on its way out of it, times the mask there."""
    if masks is None:
        return rows
    mask = masks.inputs if layer == 0 else masks.between[layer - 1] if masks.between else None
    return rows if mask is None else (rows * mask).astype(rows.dtype, copy=False)
