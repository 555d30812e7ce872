"""A derivative by differences: the loss is computed again with one gate or state moved up and down.

It knows nothing of the backward pass, so it is what the gradient is checked against. The quantity is held at the moved
value, at one timestep and in one unit, and everything after it is computed as always.

Words used in this file
    T, B, H      timesteps, sequences, units
    quantity     what can be held: a gate, the candidate, or a state after timestep t; t = 0 is the initial state
    far          how much it is moved; losses at once and twice that give a derivative of fourth order
    resolution   the size of a derivative that rounding the loss alone can make
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.variant import HELD, STATES
from lstmviz.lab.arguments import check_range, check_word
from lstmviz.lab.stack import Stack
from lstmviz.lab.stack_trace import StackTrace
from lstmviz.lab.trace import Trace

Array = NDArray[np.floating]
FAR = 1e-3  # of a value of size 1 or less; the error of fourth order is some 1e-13 then


class Stop(Protocol):
    """Says whether to stop."""

    def is_set(self) -> bool:
        """Whether nobody waits for the result any more."""


@dataclass(frozen=True, slots=True)
class Derivative:
    """dL/d of one gate or state of one unit, by differences."""

    value: float
    resolution: float


def by_differences(
    trace: Trace | StackTrace,
    quantity: str,
    t: int,
    unit: int,
    *,
    sequence: int = 0,
    engine: str = "auto",
    stop: Stop | None = None,
) -> Derivative:
    """dL/d of a gate or state of one unit at timestep t, from the loss alone.

    Parameters
    ----------
    trace : Trace or StackTrace
        With its loss; of a stack, the unit is one of the top layer's forward cell.
    quantity : str
        Of ``engine.variant.HELD[cell]``: "f", "c", "h" ...
    t : int
        1 to T; of a state also 0.
    unit, sequence : int
        From 0.
    engine : str
        "auto", "kernels" or "reference".
    stop : object with ``is_set()``, optional
        Looked at between the four losses; nan when it was set.

    Raises
    ------
    BadInput
        If there is no such quantity, timestep, unit or sequence, or the trace does not know its loss.
    """
    drawn = trace.top if isinstance(trace, StackTrace) else trace
    cell = drawn.network.cell
    check_word("by_differences", "quantity", quantity, HELD[cell])
    check_range("by_differences", "t", t, 0 if quantity in STATES else 1, trace.timesteps)
    check_range("by_differences", "unit", unit, 0, drawn.network.hidden - 1)
    check_range("by_differences", "sequence", sequence, 0, drawn.tape.x.shape[1] - 1)
    network = _wide(trace.network)
    at = float(getattr(drawn.tape, quantity)[t if quantity in STATES else t - 1, sequence, unit])
    far = FAR * max(1.0, abs(at))
    losses = []
    for times in (2, 1, -1, -2):
        if stop is not None and stop.is_set():
            return Derivative(np.nan, np.nan)
        losses.append(_loss_with(trace, network, quantity, (t, sequence, unit), at + times * far, engine))
    value = (-losses[0] + 8 * losses[1] - 8 * losses[2] + losses[3]) / (12 * far)
    return Derivative(value, 1.5 * float(np.finfo(network.dtype).eps) * max(map(abs, losses)) / far)


def _wide(network: Any) -> Any:
    """The network in float64: in float32 little would be left of a difference."""
    if isinstance(network, Stack):
        return Stack([[_wide(cell) for cell in layer] for layer in network.layers])
    return network.with_parameters(type(network.parameters)(*(a.astype(np.float64) for a in network.parameters)))


def _loss_with(
    trace: Trace | StackTrace, network: Any, quantity: str, place: tuple[int, int, int], value: float, engine: str
) -> float:
    t, sequence, unit = place
    drawn = trace.top if isinstance(trace, StackTrace) else trace
    x = trace.tape.x.astype(network.dtype)
    held = trace.held
    starts: dict[str, Array] = {}
    if t > 0:
        names = HELD[drawn.network.cell]
        shape = (len(names), *drawn.tape.h[1:].shape)
        held = np.full(shape, np.nan) if held is None else np.array(held, dtype=np.float64)
        held[names.index(quantity), t - 1, sequence, unit] = value
    else:
        starts = _starts(drawn, network, quantity, (sequence, unit), value)
    return trace.loss_of(network.forward(x, engine=engine, held=held, **starts))


def _starts(drawn: Trace, network: Any, state: str, place: tuple[int, int], value: float) -> dict[str, Array]:
    """The initial states, with one number changed."""
    start = np.array(getattr(drawn.tape, state)[0], dtype=network.dtype)
    start[place] = value
    if isinstance(network, Stack):
        whole = np.zeros((len(network.cells), *start.shape), dtype=network.dtype)
        whole[sum(len(layer) for layer in network.layers[:-1])] = start
        start = whole
    return {f"{state}0": start}
