"""Taking turns: two engines are timed in one process, round by round, so that whatever the machine does meets both."""

import statistics
import time
from collections.abc import Callable

ROUNDS = 15
BURST = 3e-3  # seconds each engine runs on in a round: the first call after the other engine finds cold caches


def seconds(run: Callable[[], object], calls: int) -> float:
    """Processor time of one of ``calls`` calls in a row."""
    start = time.process_time()
    for _ in range(calls):
        run()
    return (time.process_time() - start) / calls


def medians(*runs: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Median processor seconds of each, taken in turns, every second round in the opposite order."""
    calls = []
    for run in runs:
        run()  # compiles, loads, allocates
        calls.append(max(1, min(200, int(BURST / max(seconds(run, 1), 1e-9)))))
    times: list[list[float]] = [[] for _ in runs]
    for number in range(rounds):
        order = range(len(runs)) if number % 2 else reversed(range(len(runs)))
        for k in order:
            times[k].append(seconds(runs[k], calls[k]))
    return [statistics.median(spent) for spent in times]
