"""How work grows, row P13: with the number of timesteps in a straight line, with that of updates not at all."""

import tracemalloc
from typing import Any

import numpy as np

from benchmarks import ours
from benchmarks.clock import medians

TIMESTEPS = (50, 100, 200, 500, 1000, 2000, 5000)
CASES = (("lstm", "float64", 16, 3), ("lstm", "float32", 32, 8))  # the window's networks, and a batch
NEAR = 0.05  # how far from 1 the power of T may be
FEW, MANY = 200, 600  # updates
MORE = 2.0  # % of memory


def _power(values: list[float]) -> float:
    """The p of values that grow like T ** p."""
    return float(np.polyfit(np.log(TIMESTEPS), np.log(values), 1)[0])


def rows(report: Any) -> None:
    """The three parts of the row."""
    for cell, dtype, hidden, sequences in CASES:
        what = f"{cell} {dtype} H={hidden} B={sequences}"
        runs = [ours.recorded_pass(cell, dtype, hidden, sequences, timesteps) for timesteps in TIMESTEPS]
        times = medians(*runs, rounds=7)
        told = (f"{1e3 * times[0]:.2f} to {1e3 * times[-1]:.1f} ms", "-")
        report.line("P13", f"time, T = 50 to 5000, {what}", told, abs(_power(times) - 1), NEAR, "off 1")
        sizes = [float(ours.recorded_bytes(cell, dtype, hidden, sequences, timesteps)) for timesteps in TIMESTEPS]
        told = (f"{sizes[0] / 1e6:.2f} to {sizes[-1] / 1e6:.1f} MB", "-")
        report.line("P13", f"memory, T = 50 to 5000, {what}", told, abs(_power(sizes) - 1), NEAR, "off 1")
    few, many = _memory_of_training()
    told = (f"{few / 1e6:.2f} to {many / 1e6:.2f} MB", "-")
    report.line("P13", f"memory, {FEW} to {MANY} updates", told, 100 * (many - few) / few, MORE, "% more")


def _memory_of_training() -> tuple[float, float]:
    """Bytes in use after a few and after many updates."""
    tracemalloc.start()
    advance = ours.training(16, 8, "float64")
    found = []
    for updates in (FEW, MANY - FEW):
        for _ in range(updates):
            advance()
        found.append(float(tracemalloc.get_traced_memory()[0]))
    tracemalloc.stop()
    return found[0], found[1]
