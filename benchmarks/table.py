"""The table of goals: what each row measures, and what it should reach."""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import cores, growth, held, jacobian, labs, ours, theirs, window
from benchmarks.clock import medians

LINE = "| {row} | {what} | {ours} | {torch} | {value} | {goal} | {verdict} |"
MORE_IS_BETTER = ("x", "%", "frames/s")
P1 = {8: 25.0, 32: 7.0, 64: 2.5, 128: 1.4}
P2 = {8: 300.0, 32: 60.0, 64: 15.0, 128: 6.0}
P3 = {(8, 1): 600.0, (32, 1): 180.0, (128, 1): 12.0, (32, 8): 30.0, (64, 32): 3.5}
P4 = {(32, 8): 2.3, (64, 32): 1.2}
P10 = {(64, 32): 1.25, (32, 8): 3.0}


class Report:
    """Prints a line for each measurement and remembers those that fall short."""

    def __init__(self) -> None:
        self.short: list[str] = []

    def line(self, row: str, what: str, times: tuple[str, str], value: float, goal: float, unit: str) -> None:
        """One line; with a unit of ``MORE_IS_BETTER`` more is better, with the others less."""
        met = value >= goal if unit in MORE_IS_BETTER else value <= goal
        verdict = "met" if met else "**short**"
        if not met:
            self.short.append(f"{row} {what}: {value:.3g} {unit} (goal {goal:g})")
        cells = {"value": f"{value:.3g} {unit}", "goal": f"{goal:g} {unit}", "verdict": verdict}
        print(LINE.format(row=row, what=what, ours=times[0], torch=times[1], **cells), flush=True)

    def ratio(
        self, row: str, what: str, goal: float, mine: Callable[[], object], other: theirs.Run, rounds: int = 15
    ) -> None:
        """Our time beside theirs; without theirs, ours alone."""
        if other is None:
            own = f"{1e3 * medians(mine, rounds=rounds)[0]:.3f} ms"
            print(LINE.format(row=row, what=what, ours=own, torch="-", value="-", goal=f"{goal:g} x", verdict="-"))
            return
        own_time, their_time = medians(mine, other, rounds=rounds)
        times = (f"{1e3 * own_time:.3f} ms", f"{1e3 * their_time:.3f} ms")
        self.line(row, what, times, their_time / own_time, goal, "x")


def fused(report: Report, row: str, goals: dict[int, float], dtype: str, cell: str = "lstm") -> None:
    """One sequence of 200 timesteps at several sizes against torch's own cell."""
    for hidden, goal in goals.items():
        size = (cell, dtype, hidden, 1, 200)
        report.ratio(row, f"{cell} {dtype} H={hidden}", goal, ours.recorded_pass(*size), theirs.fused(*size))


def loops(report: Report) -> None:
    """P3: against a loop that keeps everything."""
    for (hidden, sequences), goal in P3.items():
        size = ("float32", hidden, sequences, 200)
        what = f"lstm float32 H={hidden} B={sequences}, loop"
        report.ratio("P3", what, goal, ours.recorded_pass("lstm", *size), theirs.loop(*size), rounds=5)


def batches(report: Report) -> None:
    """P4: every size, none slower."""
    for timesteps in (50, 200, 1000):
        for sequences in (1, 8, 32):
            for hidden in (8, 16, 32, 64, 128):
                goal = P4.get((hidden, sequences), 1.0) if timesteps == 200 else 1.0
                size = ("lstm", "float32", hidden, sequences, timesteps)
                rounds = 5 if timesteps * sequences * hidden > 10**6 else 9
                what = f"T={timesteps} B={sequences} H={hidden}"
                report.ratio("P4", what, goal, ours.recorded_pass(*size), theirs.fused(*size), rounds)


def shares(report: Report) -> None:
    """P6: how much of what the multipliers could do is done, products alone counted as work."""
    top = ours.peak("float32")
    print(f"| | the tile alone: {top / 1e9:.0f} thousand million operations a second in float32 | | | | | |")
    for hidden, sequences in ((32, 1), (64, 8), (64, 32), (128, 8)):
        (spent,) = medians(ours.recorded_pass("lstm", "float32", hidden, sequences, 200))
        share = 100 * ours.products(hidden, sequences, 200) / spent / top
        report.line("P6", f"lstm float32 H={hidden} B={sequences}", (f"{1e3 * spent:.3f} ms", "-"), share, 50, "%")


def activations(report: Report) -> None:
    """P7: sigmoid and tanh of one number."""
    for dtype, goal in (("float32", 0.5), ("float64", 1.1)):
        for name in ("sigmoid", "tanh"):
            (spent,) = medians(ours.activation(name, dtype))
            report.line("P7", f"{name} {dtype}", ("-", "-"), 1e9 * spent / 4096, goal, "ns")


def updates(report: Report) -> None:
    """P10: training."""
    for (hidden, sequences), goal in P10.items():
        size = (hidden, sequences, "float32")
        report.ratio(
            "P10", f"adding T=100 H={hidden} B={sequences}", goal, ours.training(*size), theirs.training(*size)
        )


ROWS: dict[str, Callable[[Report], None]] = {
    "P1": lambda report: fused(report, "P1", P1, "float32"),
    "P2": lambda report: fused(report, "P2", P2, "float64"),
    "P3": loops,
    "P4": batches,
    "P5": lambda report: (fused(report, "P5", {32: 60.0}, "float32", "rnn"), fused(report, "P5", P1, "float32", "gru")),
    "P6": shares,
    "P7": activations,
    "P8": jacobian.rows,
    "P9": jacobian.maps,
    "P10": updates,
    "P11": window.starts,
    "P12": window.frames,
    "P13": growth.rows,
    "held": held.rows,
    "labs": labs.frames,
    "cores": cores.rows,
}


def machine() -> Iterator[str]:
    """What the numbers were measured on."""
    import numba
    import numpy as np

    from lstmviz.engine.instruction_set import BYTES

    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    name = models[0] if models else platform.processor()
    yield f"Processor: {name}, {len(models)} cores; vectors of {BYTES} bytes; one thread."
    torch = theirs.torch.__version__ if theirs.torch else "not installed"
    yield f"Python {platform.python_version()}, NumPy {np.__version__}, Numba {numba.__version__}, PyTorch {torch}."


def main(wanted: list[str]) -> None:
    """Measure the wanted rows, or all of them, and print them as a table."""
    unknown = [row for row in wanted if row not in ROWS]
    if unknown:
        sys.exit(f"no row is called {', '.join(unknown)}; there are {', '.join(ROWS)}")
    print("\n".join(machine()))
    print("Medians of processor time; the engines take turns in one process, in both orders.")
    if hasattr(os, "getloadavg"):
        print(f"Load of the machine at the start: {os.getloadavg()[0]:.1f}.")
    print()
    print(LINE.format(row="Row", what="What", ours="ours", torch="torch", value="reached", goal="goal", verdict=""))
    print("|---|---|---|---|---|---|---|")
    report = Report()
    for row in wanted or ROWS:
        ROWS[row](report)
    print("\nShort of the goal:" if report.short else "\nEvery goal that was measured is met.")
    for line in report.short:
        print(f"* {line}")
