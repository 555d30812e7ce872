"""Jacobians: rows P8 and P9 of the goals, beside PyTorch's batched autograd where that is installed."""

import importlib
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from lstmviz.engine.choose import cell_functions
from lstmviz.engine.jacobian_choice import jacobian_functions
from lstmviz.engine.warm_up import BLOCKS, PARAMETERS

ROUNDS = 25
FRAME = 16.7  # ms


def case(cell: str, timesteps: int, hidden: int) -> tuple[Any, Any, Callable[[], Any]]:
    """Parameters, input, and one forward and backward pass in float32."""
    rng = np.random.default_rng(0)
    rows = BLOCKS[cell] * hidden
    shapes = [(rows, 2), (rows, hidden), (rows,), (hidden,)][: len(PARAMETERS[cell]._fields)]
    parameters = PARAMETERS[cell](*((rng.uniform(-1, 1, shape) / np.sqrt(hidden)).astype("f4") for shape in shapes))
    x = rng.normal(size=(timesteps, 1, 2)).astype("f4")
    initial = (np.zeros((1, hidden), "f4"),) * (2 if cell == "lstm" else 1)
    loss = np.zeros((timesteps, 1, hidden), "f4")
    loss[-1] = 1
    functions = cell_functions(cell, "float32", "kernels")

    def run() -> Any:
        tape = functions.forward(parameters, x, *initial)
        functions.backward(parameters, tape, loss)
        return tape

    return parameters, x, run


def milliseconds(*runs: Callable[[], Any]) -> list[float]:
    """Median processor time of each, taken in turns so that a change of clock speed meets all alike."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, spent in zip(runs, times, strict=True):
            start = time.process_time()
            run()
            spent.append(time.process_time() - start)
    return [1e3 * statistics.median(spent) for spent in times]


def autograd_row(parameters: Any, x: Any, hidden: int) -> Callable[[], Any] | None:
    """The row of an LSTM as one asks PyTorch for it: H gradients of h_T at once, by the h of every timestep.

    The forward pass is done before, as ours is. None where there is no PyTorch.
    """
    try:
        torch: Any = importlib.import_module("torch")
    except ImportError:
        return None
    torch.set_num_threads(1)
    w_ih, w_hh, bias = (torch.tensor(np.array(array)) for array in parameters)
    h, c = torch.zeros(hidden, requires_grad=True), torch.zeros(hidden)
    states = [h]
    for now in torch.tensor(x[:, 0]):
        i, f, g, o = (w_ih @ now + w_hh @ h + bias).split(hidden)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        states.append(h)

    def run() -> Any:
        found = torch.autograd.grad(h, states, torch.eye(hidden), retain_graph=True, is_grads_batched=True)
        return [float(block.norm().log10()) for block in found]

    return run


def main() -> None:
    """Print the table."""
    functions = jacobian_functions("float32", "kernels")
    print("\nJacobians of the LSTM, float32, ms of processor time; pass is forward and backward.")
    print("From the third column of figures on in turns, so that each begins with the caches of another:")
    print(
        f"  {'H':>4}{'T':>5}{'pass + row':>12}{'% of a frame':>14}{'row':>9}{'map':>9}{'autograd row':>14}{'ratio':>8}"
    )
    for hidden, timesteps in ((8, 200), (16, 200), (32, 100), (32, 200)):
        parameters, x, run = case("lstm", timesteps, hidden)
        tape, weights = run(), parameters.weight_hh
        runs: list[Callable[[], Any]] = [
            run,
            lambda tape=tape, weights=weights: functions.row(functions.slopes(tape), weights),
            lambda tape=tape, weights=weights: functions.every_pair(functions.slopes(tape), weights),
        ]
        autograd = autograd_row(parameters, x, hidden)
        alone = sum(milliseconds(*runs[:2]))
        _, row, every_pair, *theirs = milliseconds(*runs, *([autograd] if autograd else []))
        line = f"  {hidden:4}{timesteps:5}{alone:12.3f}{100 * alone / FRAME:14.1f}{row:9.3f}{every_pair:9.2f}"
        print(line + (f"{theirs[0]:14.1f}{theirs[0] / row:8.0f}" if theirs else "      no torch"), flush=True)
    print("  goals: ratio 150; 5 % at H = 32, T = 200; map 16 ms at H = 32, T = 100 and at H = 16, T = 200")
