"""Forward and backward pass of each cell: kernels beside the reference, both recording everything."""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from lstmviz.engine.choose import cell_functions
from lstmviz.engine.warm_up import BLOCKS, CELLS, PARAMETERS, compile_one, plan

ROUNDS = 15
TIMESTEPS, INPUTS = 200, 2
SIZES = ((8, 1), (32, 1), (128, 1), (32, 8))  # hidden units, sequences


def pass_of(cell: str, engine: str, dtype: str, hidden: int, sequences: int) -> Callable[[], None]:
    """One forward and backward pass with random weights and a loss at the last timestep."""
    rng = np.random.default_rng(0)
    rows = BLOCKS[cell] * hidden
    shapes = [(rows, INPUTS), (rows, hidden), (rows,), (hidden,)][: len(PARAMETERS[cell]._fields)]
    parameters = PARAMETERS[cell](*((rng.uniform(-1, 1, shape) / np.sqrt(hidden)).astype(dtype) for shape in shapes))
    x = rng.normal(size=(TIMESTEPS, sequences, INPUTS)).astype(dtype)
    initial = (np.zeros((sequences, hidden), dtype),) * (2 if cell == "lstm" else 1)
    loss = np.zeros((TIMESTEPS, sequences, hidden), dtype)
    loss[-1] = 1
    functions = cell_functions(cell, dtype, engine)

    def run() -> None:
        functions.backward(parameters, functions.forward(parameters, x, *initial), loss)

    return run


def milliseconds(*passes: Callable[[], None]) -> Iterator[float]:
    """Median processor time of each, taken in turns so that a change of clock speed meets all alike."""
    times: list[list[float]] = [[] for _ in passes]
    for _ in range(ROUNDS):
        for run, spent in zip(passes, times, strict=True):
            start = time.process_time()
            run()
            spent.append(time.process_time() - start)
    return (1e3 * statistics.median(spent) for spent in times)


def main() -> None:
    """Print one line per cell, dtype and size."""
    print("compiling, or loading from the cache:")
    for dtype in ("float64", "float32"):
        for name in plan(dtype):
            start = time.perf_counter()
            compile_one(name)
            print(f"  {name:24}{time.perf_counter() - start:8.2f} s")
    print(f"\nforward + backward, T = {TIMESTEPS}, everything recorded, ms of processor time:")
    print(f"  {'cell':6}{'dtype':9}{'H':>4}{'B':>4}{'kernels':>10}{'reference':>11}{'ratio':>8}")
    for cell in CELLS:
        for dtype in ("float64", "float32"):
            for hidden, sequences in SIZES:
                passes = [pass_of(cell, engine, dtype, hidden, sequences) for engine in ("kernels", "reference")]
                ours, theirs = milliseconds(*passes)
                print(
                    f"  {cell:6}{dtype:9}{hidden:4}{sequences:4}{ours:10.3f}{theirs:11.2f}{theirs / ours:8.1f}",
                    flush=True,
                )
