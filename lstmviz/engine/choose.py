"""Which implementation of a cell answers: the kernels when they are ready, else the reference."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from lstmviz.engine import reference, warm_up
from lstmviz.engine.warm_up import KernelMismatch


class CellFunctions(NamedTuple):
    """Forward and backward pass of one cell, with the signatures documented in ``reference``."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]


def cell_functions(cell: str, dtype: str = "float64", engine: str = "auto") -> CellFunctions:
    """Functions that run a cell forward and backward.

    Parameters
    ----------
    cell : str
        "rnn", "lstm", "gru", or with the form's name behind, e.g. "lstm/cifg" or "gru/before", and with "+held" where
        they will be called with ``held``: only then have the kernels of that form been checked. What the functions run
        is said by their arguments.
    dtype : "float64" or "float32"
        Of the parameters they will be called with.
    engine : "auto", "kernels" or "reference"
        "auto" takes the kernels if they are ready and never waits; "kernels" compiles them first, which can take
        seconds. Kernels that fail their check are replaced by the reference, which is logged once.

    Returns
    -------
    CellFunctions
    """
    if engine == "kernels":
        with suppress(KernelMismatch):
            for name in warm_up.plan(dtype, (cell,)):
                warm_up.compile_one(name)
    use_kernels = engine != "reference" and warm_up.ready(cell, dtype)
    module, base = warm_up.kernels(cell) if use_kernels else reference, warm_up.taken_apart(cell)[0]
    return CellFunctions(getattr(module, f"{base}_forward"), getattr(module, f"{base}_backward"))
