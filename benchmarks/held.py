"""What holding costs: the same pass with the kernels that can hold, one quantity held for a quarter of it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import ours
from benchmarks.clock import medians
from lstmviz.engine.variant import HELD, HOLDS

GOAL = 1.5


def rows(report: Any) -> None:
    """One sequence of 200 timesteps of 32 units, as the window runs it."""
    for cell in ("rnn", "lstm", "gru"):
        free, holding = medians(ours.recorded_pass(cell, "float64", 32, 1, 200), _holding_pass(cell, 32, 200))
        times = f"{1e3 * holding:.3f} ms", f"free: {1e3 * free:.3f} ms"
        report.line("held", f"{cell} float64 H=32", times, holding / free, GOAL, "times as long")


def _holding_pass(cell: str, hidden: int, timesteps: int) -> Callable[[], None]:
    parameters, x, initial, loss = ours.recorded_case(cell, "float64", hidden, 1, timesteps)
    functions = ours.kernels(cell + HOLDS, "float64")
    held = np.full((len(HELD[cell]), timesteps, 1, hidden), np.nan)
    held[0, timesteps // 4 : timesteps // 2] = 0.5

    def run() -> None:
        tape = functions.forward(parameters, x, *initial, held=held)
        functions.backward(parameters, tape, loss, held=held)

    return run
