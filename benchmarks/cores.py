"""What a second core brings (row "cores"); all other rows are of one thread."""

import os
import statistics
import threading
import time
from typing import Any

from benchmarks import ours

SIZES = ((128, 32, 500), (128, 64, 500))
ROUNDS = 7


def rows(report: Any) -> None:
    """The same passes on one thread and on two, in turns; on the clock, for processor time only grows."""
    from lstmviz.engine import threads

    known = threads._idle
    for hidden, sequences, timesteps in SIZES:
        run = ours.recorded_pass("lstm", "float32", hidden, sequences, timesteps)
        run()
        spent: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(ROUNDS):
            for cores, times in spent.items():
                threads._idle = threading.Semaphore(cores - 1)
                start = time.perf_counter()
                run()
                times.append(time.perf_counter() - start)
        threads._idle = known
        one, two = (statistics.median(times) for times in spent.values())
        best = min(spent[1]) / min(spent[2])
        load = f"{os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "unknown"
        print(
            f"| | two threads, T={timesteps} B={sequences} H={hidden}, at a load of {load} | {1e3 * two:.0f} ms | "
            f"one: {1e3 * one:.0f} ms | {one / two:.2f} x at the median, {best:.2f} x at best | | |"
        )
