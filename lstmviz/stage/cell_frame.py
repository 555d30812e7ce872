"""What the Cell lab draws: one unit of one network at one timestep, with every number on every wire.

Words used in this file
    T, H        timesteps, units
    name        a value as ``engine.equations`` names it: ``f``, ``kept``, ``c_before``; with ``d_`` dLoss/d of it
    part        what a pre-activation gets from one side: ``x_f`` from the input, ``h_f`` from all hidden states before,
                ``b_f`` the bias, ``p_f`` through the peephole, ``r_f`` from the gates before; ``x_a``, ``h_a``, ``b_a``
                of the vanilla RNN; backward ``d_h_before_f``: what goes back to h through this gate of all units
    operation   what one press of On computes at level Operation
    way         how a gradient came: along the state, through the gates, or from what the loss says at that timestep
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstmviz.stage.explain import Line

Array = NDArray[np.floating]
Shows = Literal["values", "gradients"]
NO_NUMBERS: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class CellEquation:
    """One result of an operation: in symbols, and the same with numbers.

    Read from left to right, what is printed is true: sums add up to the last printed digit, and of anything else the
    printed numbers give the printed result, rounded. Where a few more digits did not bring that about, ``≈`` stands
    before the result instead of ``=``.
    """

    result: str
    symbols: Line
    numbers: Line


@dataclass(frozen=True, slots=True)
class CellOperation:
    """One operation of the timestep."""

    number: int  # from 1
    name: str  # in words: "Forget gate"
    result: tuple[str, ...]  # names of what it computes
    equations: tuple[CellEquation, ...]  # the main one first; at least one

    @property
    def symbols(self) -> Line:
        """The main equation in symbols."""
        return self.equations[0].symbols

    @property
    def numbers(self) -> Line:
        """The main equation with numbers."""
        return self.equations[0].numbers


@dataclass(frozen=True, eq=False, slots=True)
class CellCurve:
    """One quantity of the unit over all timesteps."""

    name: str  # "f", "c", "d_c"
    role: str  # as in ``stage.explain.Run``
    values: Array  # (T,), entry 0 is t = 1; of a gradient log10 of its size, -inf where it is zero
    ghost: Array | None  # the same of the run without interventions
    group: str  # "gates" (0 to 1), "states" or "gradients" (log10)


@dataclass(frozen=True, slots=True)
class HeldSpan:
    """Timesteps at which a quantity of this unit is held; timesteps from 1, both included."""

    quantity: str
    first: int
    last: int
    frozen: bool = False  # it stays what it was, whatever that is


@dataclass(frozen=True, slots=True)
class WaySplit:
    """The gradient by the state one timestep earlier, by the way on which it came."""

    state: str  # "c" or "h": the gradient is dL/d of this at t - 1
    along: float  # straight along the state; 0 for a vanilla RNN, which has no such way
    through: float  # through the gates (and, of the vanilla RNN, the pre-activations) of all units
    stays: float  # of an LSTM straight along h, where that is frozen; else 0
    loss: float  # what the loss says at t - 1 itself; 0 unless it asks there
    total: float  # dL/d of the state, as the backward pass recorded it
    gates: tuple[tuple[str, float], ...]  # the part of ``through`` that each gate or candidate brought


@dataclass(frozen=True, slots=True)
class Difference:
    """The gradient beside a numerical derivative: the loss is computed again with the state moved up and down."""

    state: str  # of t - 1, as in WaySplit
    numeric: float
    analytic: float
    resolution: float  # a derivative smaller than this is lost in the rounding of the loss

    @property
    def error(self) -> float:
        """numeric - analytic."""
        return self.numeric - self.analytic


@dataclass(frozen=True, eq=False, slots=True)
class CellPart:
    """Everything the Cell lab draws beside what all labs show."""

    cell: str  # "rnn", "lstm" or "gru"
    form: str  # activation of the RNN, variant of the LSTM, place of the GRU's reset gate
    title: str
    unit: int  # from 0
    units: int  # H
    t: int  # from 1
    timesteps: int
    shows: Shows
    forward: bool  # pass of the playhead; the loss counts as forward
    operations: tuple[CellOperation, ...]  # of the pass shown: forward with values, backward with gradients
    current: int  # index of the operation on show; it and all before it are done
    values: Mapping[str, float]
    gradients: Mapping[str, float]  # empty while a lesson keeps them back
    was: Mapping[str, float]  # values and gradients of the run without interventions; empty if there is none
    reached: frozenset[str]  # names of values or gradients (by ``shows``) that are computed at the current operation
    strip: Array  # (H,) of every unit at t: h, or with gradients dL/dc (LSTM) or dL/dh
    strip_name: str  # "h", "d_c" or "d_h"
    curves: tuple[CellCurve, ...]
    held: tuple[HeldSpan, ...]  # on this unit
    split: WaySplit | None  # None while gradients are kept back
    split_why: str  # in words: why there is no split, or why a way is missing; else ""
    check: Difference | None  # None while it is off or being worked out
    checking: bool  # whether the difference check is on
    paths: frozenset[str]  # the ways to draw: "along", "through"
    read: str  # what is read at t, in words: a letter in quotes, a number, or the layer below
    walking: bool  # level Operation, and the pass shown is the one of the playhead: ``current`` follows On and Back
    spread: float = 1.0  # how far the value of the current operation has come along its wire, 0 to 1
