"""What is timed on our side; all of it records everything there is to see."""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from lstmviz.engine.choose import cell_functions
from lstmviz.engine.warm_up import parameter_shapes
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Recipe, Training

INPUTS = 2


def kernels(cell: str, dtype: str):
    """Forward and backward; where the kernels fail their check there is nothing to measure."""
    functions = cell_functions(cell, dtype, "kernels")
    if "reference" in functions.forward.__module__:
        sys.exit(f"the {cell} kernels for {dtype} failed their check on this machine")
    return functions


Pass = tuple[Any, Any, tuple[np.ndarray, ...], np.ndarray]


def recorded_case(cell: str, dtype: str, hidden: int, sequences: int, timesteps: int) -> Pass:
    """Random weights, x, initial states, and a loss at the last timestep."""
    rng = np.random.default_rng(0)
    shapes = parameter_shapes(cell, INPUTS, hidden)
    parameters = shapes._make((rng.uniform(-1, 1, shape) / np.sqrt(hidden)).astype(dtype) for shape in shapes)
    x = rng.normal(size=(timesteps, sequences, INPUTS)).astype(dtype)
    initial = (np.zeros((sequences, hidden), dtype),) * (2 if cell == "lstm" else 1)
    loss = np.zeros((timesteps, sequences, hidden), dtype)
    loss[-1] = 1
    return parameters, x, initial, loss


def recorded_pass(cell: str, dtype: str, hidden: int, sequences: int, timesteps: int) -> Callable[[], None]:
    """Forward and backward, everything recorded."""
    parameters, x, initial, loss = recorded_case(cell, dtype, hidden, sequences, timesteps)
    functions = kernels(cell, dtype)

    def run() -> None:
        functions.backward(parameters, functions.forward(parameters, x, *initial), loss)

    return run


def recorded_bytes(cell: str, dtype: str, hidden: int, sequences: int, timesteps: int) -> int:
    """Memory that what such a pass records takes."""
    parameters, x, initial, loss = recorded_case(cell, dtype, hidden, sequences, timesteps)
    functions = kernels(cell, dtype)
    tape = functions.forward(parameters, x, *initial)
    return sum(array.nbytes for array in (*tape, *functions.backward(parameters, tape, loss)))


def products(hidden: int, sequences: int, timesteps: int) -> float:
    """Multiplications and additions an LSTM's products need, forward, backward and for the weights."""
    return 2.0 * timesteps * sequences * 4 * hidden * (2 * (hidden + INPUTS + 1) + hidden + INPUTS)


def peak(dtype: str) -> float:
    """Multiplications and additions a second that the tile reaches when all it needs lies in the first cache."""
    from lstmviz.engine.instruction_set import WIDEST
    from lstmviz.engine.jit import kernel
    from lstmviz.engine.products import lanes, workspace
    from lstmviz.engine.simd import tile

    @kernel
    def repeat(out, left, right, n, wide, row, times):
        for _ in range(times):
            tile(4, False, out, 0, row, left, 0, n, 1, right, 0, row, n, wide)

    wide = min(WIDEST, 4)
    row, n, times = wide * lanes(np.dtype(dtype)), 64, 20_000
    out, left, right = workspace(np.dtype(dtype), (4, row), (4, n), (n, row))
    repeat(out, left, right, n, wide, row, 1)
    best = float("inf")
    for _ in range(15):
        start = time.process_time()
        repeat(out, left, right, n, wide, row, times)
        best = min(best, time.process_time() - start)
    return 2.0 * 4 * row * n * times / best


def activation(name: str, dtype: str) -> Callable[[], None]:
    """Sigmoid or tanh of 4096 numbers."""
    from lstmviz.engine import functions

    a = np.random.default_rng(0).normal(size=4096).astype(dtype)
    out, row = np.empty_like(a), getattr(functions, f"{name}_row")
    return lambda: row(out, a)


def training(hidden: int, sequences: int, dtype: str) -> Callable[[], object]:
    """One update on the adding problem, drawing its batch included."""
    settings = Settings(task="adding", gap=99, cells=("lstm",), hidden=hidden, dtype=dtype)
    return Training(settings, Recipe(batch=sequences, test_every=10**9)).advance
