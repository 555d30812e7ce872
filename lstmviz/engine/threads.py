"""Large batches on several cores: parts of a batch run side by side, each in a kernel that does not hold the GIL.

A part is whole tiles of sequences, which know nothing of one another: the numbers are the same to the last bit on any
number of cores. Not Numba's ``parallel``: on a busy machine it can take ten times as long as one thread, and called
from two Python threads it can end the process.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

from lstmviz.engine.instruction_set import ROWS, config
from lstmviz.engine.products import BackwardSizes, ForwardSizes, workspace

Sizes = TypeVar("Sizes", bound=ForwardSizes | BackwardSizes)

CORES: int = config.NUMBA_NUM_THREADS  # of the machine, or what NUMBA_NUM_THREADS allows
LEAST = 3e8  # multiplications with an addition that are worth a thread of their own: about 10 ms
_idle = threading.Semaphore(CORES - 1)  # cores that are not taken by the parts of another call


def in_parts(run: Callable[[Sizes], None], size: Sizes, gates: int) -> None:
    """Run a kernel once, or at the same time for several parts of the batch if that is worth it.

    Parameters
    ----------
    run : callable
        Computes the sequences from ``begin`` to ``end`` of the sizes it is given.
    size : ForwardSizes or BackwardSizes
        Of the whole batch.
    gates : int
        Sums that each unit needs.
    """
    work = float(size.timesteps * size.sequences * gates * size.hidden * (size.inputs + 1 + size.hidden))
    if work < 2 * LEAST:
        run(size)
        return
    tiles, others = -(-size.sequences // ROWS), 0
    while others + 1 < min(tiles, work // LEAST) and _idle.acquire(blocking=False):
        others += 1
    try:
        ends = [min(size.sequences, ROWS * (tiles * k // (others + 1))) for k in range(others + 2)]
        parts: Any = [size._replace(begin=begin, end=end) for begin, end in pairwise(ends)]
        with ThreadPoolExecutor(max(1, others)) as pool:
            waiting = [pool.submit(run, part) for part in parts[1:]]
            run(parts[0])
        for other in waiting:
            other.result()  # raises what was raised there
    finally:
        if others:
            _idle.release(others)


def with_own_sums(work: Any, part: ForwardSizes) -> Any:
    """What a forward kernel computes with, with sums that no other part writes to."""
    if part.begin == 0:
        return work
    return work._replace(sums=workspace(work.sums.dtype, work.sums.shape)[0])
