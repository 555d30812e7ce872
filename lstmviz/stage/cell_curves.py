"""One unit over all timesteps: gates, states, and log10 of its gradients.

A gradient that float64 cannot hold is zero in the trace's arrays; its curve ends there. The norms over all units, which
carry an exponent, go on in the Race.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.formulas import HELD
from lstmviz.lab.trace import Trace
from lstmviz.stage.cell_frame import CellCurve, HeldSpan
from lstmviz.stage.explain import ROLES

Array = NDArray[np.floating]
# name and group; a candidate goes with the states, since it is not between 0 and 1
DRAWN = {
    "rnn": (("h", "states"), ("d_h", "gradients")),
    "lstm": (
        ("f", "gates"),
        ("i", "gates"),
        ("o", "gates"),
        ("c", "states"),
        ("h", "states"),
        ("d_c", "gradients"),
        ("d_h", "gradients"),
    ),
    "gru": (("z", "gates"), ("r", "gates"), ("h", "states"), ("d_h", "gradients")),
}


def curves(trace: Trace, ghost: Trace | None, unit: int, without_gradients: bool = False) -> tuple[CellCurve, ...]:
    """The curves of one unit.

    Parameters
    ----------
    trace : Trace
    ghost : Trace or None
        The same network in the run without interventions.
    unit : int
        From 0.
    without_gradients : bool
        A lesson keeps them back.
    """
    found = []
    for name, group in DRAWN[trace.network.cell]:
        if group == "gradients" and without_gradients:
            continue
        role = ROLES.get(name, name.removeprefix("d_"))
        shadow = None if ghost is None else over_time(ghost, name, unit)
        found.append(CellCurve(name, role, over_time(trace, name, unit), shadow, group))
    return tuple(found)


def over_time(trace: Trace, name: str, unit: int) -> Array:
    """One quantity of one unit, (T,); of a gradient log10 of its size, -inf where it is zero."""
    source = trace.gradients if name.startswith("d_") else trace.tape
    values = np.array(getattr(source, name.removeprefix("d_"))[-trace.timesteps :, 0, unit], dtype=np.float64)
    if name.startswith("d_"):
        with np.errstate(divide="ignore"):
            values = np.log10(np.abs(values))
    values.flags.writeable = False
    return values


def held_spans(trace: Trace, unit: int) -> tuple[HeldSpan, ...]:
    """Where the quantities of a unit are held, span by span."""
    if trace.held is None:
        return ()
    found = []
    for number, quantity in enumerate(HELD[trace.network.cell]):
        held = trace.held[number, :, 0, unit]
        for kind in (False, True):
            on = np.isinf(held) if kind else np.isfinite(held)
            edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
            for first, end in zip(edges[::2], edges[1::2], strict=True):
                found.append(HeldSpan(quantity, int(first) + 1, int(end), kind))
    return tuple(found)
