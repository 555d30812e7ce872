"""Compiling the kernels while the NumPy reference answers; what the layers above know of it.

Words used in this file
    kernel    one compiled function of the engine, e.g. "lstm_forward"
"""

import logging
from collections.abc import Callable
from typing import Any

from lstmviz.lab.settings import CELLS

Report = Callable[[int, int, str], None]


def kernels_ready(cells: tuple[str, ...] = CELLS, dtype: str = "float64") -> bool:
    """Whether all these cells run on compiled, checked kernels."""
    from lstmviz.engine import warm_up

    return all(warm_up.ready(cell, dtype) for cell in cells)


def compile_kernels(report: Report, stop: Any, dtype: str = "float64") -> None:
    """Compile every kernel in the order in which the window needs them; to be called in a thread of its own.

    Parameters
    ----------
    report : callable (done, all, name)
        Called before each kernel, and once at the end with done = all.
    stop : threading.Event
        When set, the next kernel is not begun.
    dtype : str
        "float64" or "float32".

    Notes
    -----
    A kernel that disagrees with the reference is logged and stays unused: its cell keeps the reference.
    """
    from lstmviz.engine import warm_up

    names = warm_up.plan(dtype)
    for done, name in enumerate(names):
        if stop.is_set():
            return
        report(done, len(names), name)
        try:
            warm_up.compile_one(name)
        except warm_up.KernelMismatch as error:
            logging.getLogger(__name__).error("kernel %s is not used: %s", name, error)
    report(len(names), len(names), "")


def compile_jacobians(dtype: str = "float64", stop: Any = None) -> bool:
    """Compile the kernels of the Jacobians, and say whether they may be used; to be called in a thread of its own.

    Apart from the others: only those who look at Jacobians should wait for them.

    Parameters
    ----------
    dtype : str
        "float64" or "float32".
    stop : threading.Event, optional
        When set, the next kernel is not begun.
    """
    from lstmviz.engine import jacobian_choice

    return jacobian_choice.prepare(dtype, stop)
