"""Jacobians, rows P8 and P9: ours, and PyTorch's batched autograd, the usual way to get them. LSTM, float32."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.clock import medians
from benchmarks.ours import INPUTS, kernels, recorded_pass
from benchmarks.theirs import Run, torch
from lstmviz.engine.arrays import LSTMParameters
from lstmviz.engine.jacobian_choice import jacobian_functions

FRAME = 16.7e-3  # seconds
ROW, FRAME_SHARE, MAP = 150.0, 5.0, 16.0  # x, %, ms


def case(timesteps: int, hidden: int) -> tuple[LSTMParameters, Any]:
    """Random weights and what a forward pass recorded with them."""
    rng = np.random.default_rng(0)
    shapes = ((4 * hidden, INPUTS), (4 * hidden, hidden), (4 * hidden,))
    parameters = LSTMParameters(*((rng.uniform(-1, 1, shape) / np.sqrt(hidden)).astype("f4") for shape in shapes))
    zeros = np.zeros((1, hidden), "f4")
    x = rng.normal(size=(timesteps, 1, INPUTS)).astype("f4")
    return parameters, kernels("lstm", "float32").forward(parameters, x, zeros, zeros)


def ours(parameters: LSTMParameters, tape: Any, what: str) -> Callable[[], object]:
    """The ``row`` or ``every_pair``, from the tape on."""
    functions = jacobian_functions("float32", "kernels")
    run: Callable[..., object] = getattr(functions, what)
    return lambda: run(functions.slopes(tape), parameters.weight_hh)


def autograd(parameters: LSTMParameters, tape: Any) -> Run:
    """H gradients of h_T at once by the h of every timestep, after the forward pass."""
    if torch is None:
        return None
    w_ih, w_hh, bias = (torch.tensor(np.array(array)) for array in parameters)
    hidden = w_hh.shape[1]
    h, c = torch.zeros(hidden, requires_grad=True), torch.zeros(hidden)
    states = [h]
    for now in torch.tensor(np.array(tape.x[:, 0])):
        i, f, g, o = (w_ih @ now + w_hh @ h + bias).split(hidden)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        states.append(h)

    def run() -> object:
        found = torch.autograd.grad(h, states, torch.eye(hidden), retain_graph=True, is_grads_batched=True)
        return [float(block.norm().log10()) for block in found]

    return run


def rows(report: Any) -> None:
    """P8: the row beside autograd, and its share of a frame together with the pass."""
    for hidden, timesteps in ((8, 200), (16, 200), (32, 100), (32, 200)):
        recorded = case(timesteps, hidden)
        report.ratio("P8", f"row T={timesteps} H={hidden}", ROW, ours(*recorded, "row"), autograd(*recorded), 5)
    times = medians(recorded_pass("lstm", "float32", 32, 1, 200), ours(*case(200, 32), "row"))
    told = (f"{1e3 * sum(times):.3f} ms", "-")
    report.line("P8", "pass and row T=200 H=32, of a frame", told, 100 * sum(times) / FRAME, FRAME_SHARE, "% at most")


def maps(report: Any) -> None:
    """P9: all pairs of timesteps."""
    for hidden, timesteps in ((32, 100), (16, 200)):
        (spent,) = medians(ours(*case(timesteps, hidden), "every_pair"))
        report.line("P9", f"map T={timesteps} H={hidden}", (f"{1e3 * spent:.2f} ms", "-"), 1e3 * spent, MAP, "ms")
