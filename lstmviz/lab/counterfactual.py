"""What if the input had been different? The true change beside what the gradient predicted.

A gradient is a promise about small changes. Here the change is made: the network runs again, and the true change of the
loss and of every hidden state stands beside the linear forecast from the trace before.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    moved        what was added to the input
    forecast     what the derivatives of the trace before say would happen
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import extremes_allowed
from lstmviz.engine.holding import held_in
from lstmviz.engine.jacobian import Slopes, one_timestep
from lstmviz.files import BadInput
from lstmviz.lab.arguments import check_range
from lstmviz.lab.gradient_flow import frozen
from lstmviz.lab.slopes import input_weights, local_slopes, recurrent_weights
from lstmviz.lab.trace import Trace
from lstmviz.lab.trace_input import checked_input
from lstmviz.words import tr

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False, slots=True)
class Counterfactual:
    """One trace with another input."""

    moved: Array  # (T, B, I) the other input minus the first
    tape: Any  # the forward pass over the other input
    true_loss_change: float
    forecast_loss_change: float  # sum of dL/dx * moved
    forecast_by_timestep: Array  # (T, B) what each timestep's change contributes to the forecast
    true_h_change: Array  # (T + 1, B, H) of the hidden states
    forecast_h_change: Array  # (T + 1, B, H) to first order in ``moved``
    true_output_change: Array | None  # (B, K), or (T, B, K) when every timestep is asked; None without a readout
    forecast_output_change: Array | None  # the same to first order

    @property
    def error(self) -> float:
        """What the forecast of the loss missed."""
        return self.true_loss_change - self.forecast_loss_change


def counterfactual(trace: Trace, x: Any, *, engine: str = "auto") -> Counterfactual:
    """Run the network of a trace over another input, and compare with what the trace's gradient forecast.

    Parameters
    ----------
    trace : Trace
        With its loss.
    x : float (T, B, I) or (T, I)
        The other input, of the same shape as the first.
    engine : str
        "auto", "kernels" or "reference".

    Returns
    -------
    Counterfactual

    Raises
    ------
    BadInput
        If the shape differs from the first input's, or the trace's loss cannot be asked again.
    """
    x = checked_input(trace.network, x)
    if x.shape != trace.tape.x.shape:
        shapes = ["x".join(map(str, shape)) for shape in (x.shape, trace.tape.x.shape)]
        what = tr("shape {shape} does not fit the trace").format(shape=shapes[0])
        raise BadInput("counterfactual", "x", what, tr("needs {shape}").format(shape=shapes[1]))
    tape = trace.network.forward(x, h0=trace.tape.h[0], engine=engine, held=trace.held, **_cell_state(trace))
    for array in tape:
        array.flags.writeable = False
    with np.errstate(over="ignore", invalid="ignore"):
        moved = x - trace.tape.x
        by_timestep = np.sum(trace.gradients.x * moved, axis=2)
        change_of_h = tape.h - trace.tape.h
        forecast_of_h = _forecast(trace, moved)
    return Counterfactual(
        moved=frozen(moved),
        tape=tape,
        true_loss_change=trace.loss_of(tape) - trace.loss,
        forecast_loss_change=float(by_timestep.sum()),
        forecast_by_timestep=frozen(by_timestep),
        true_h_change=frozen(change_of_h),
        forecast_h_change=frozen(forecast_of_h),
        true_output_change=_at_the_readout(trace, change_of_h),
        forecast_output_change=_at_the_readout(trace, forecast_of_h),
    )


def with_input(trace: Trace, timestep: int, values: Any, sequence: int = 0) -> Array:
    """The input of a trace with other values at one timestep.

    Parameters
    ----------
    trace : Trace
    timestep : int
        1 to T.
    values : float (I,)
        What is read there instead.
    sequence : int
        0 to B - 1.
    """
    check_range("counterfactual", "timestep", timestep, 1, trace.timesteps)
    check_range("counterfactual", "sequence", sequence, 0, trace.tape.x.shape[1] - 1)
    x = np.array(trace.tape.x)
    x[timestep - 1, sequence] = values
    return x


def _cell_state(trace: Trace) -> dict[str, Any]:
    return {"c0": trace.tape.c[0]} if trace.network.cell == "lstm" else {}


@extremes_allowed
def _at_the_readout(trace: Trace, change_of_h: Array) -> Array | None:
    """What a change of the hidden states does to the outputs, which are linear in them."""
    if trace.readout is None:
        return None
    asked = change_of_h[-1] if trace.loss_at == "last" else change_of_h[1:]
    return frozen(np.asarray(asked @ trace.readout.weight.T))


@extremes_allowed
def _forecast(trace: Trace, moved: Array) -> Array:
    """The hidden states' change to first order: each timestep's Jacobian on the change before, and what x adds."""
    change: Array = np.zeros_like(trace.tape.h)
    hidden = trace.network.hidden
    weight_ih = input_weights(trace.network)
    for sequence in range(moved.shape[1]):
        local = local_slopes(trace, sequence)
        jacobians = one_timestep(local, recurrent_weights(trace.network))
        state = np.zeros(jacobians.shape[1], change.dtype)
        for t in range(len(moved)):
            state = jacobians[t] @ state + _from_input(trace, local, t, sequence, weight_ih @ moved[t, sequence])
            change[t + 1, sequence] = state[-hidden:]
    return change


def _from_input(trace: Trace, local: Slopes, t: int, sequence: int, d_a: Array) -> Array:
    """Change of the state after a timestep by a change of its pre-activations that comes from x, (S,)."""
    blocks = d_a.reshape(-1, trace.network.hidden)
    drive = local.drive[t]
    if trace.network.cell == "gru":  # the reset gate multiplies what h adds to the candidate, not what x adds
        z, n, hold = trace.tape.z[t, sequence], trace.tape.n[t, sequence], held_in("gru", trace.held, t, sequence)
        drive = np.stack([drive[0], drive[1], hold.through("h", hold.through("n", (1 - z) * (1 - n * n)))])
    if trace.network.cell != "lstm":
        return np.asarray(np.sum(drive * blocks, axis=0))
    c = np.sum(drive[:3] * blocks[:3], axis=0)
    return np.concatenate([c, local.out[t] * c + drive[3] * blocks[3]])
