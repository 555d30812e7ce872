"""Compiling the kernels while the NumPy reference answers; what the layers above know of it.

Words used in this file
    kernel    one compiled function of the engine, e.g. "lstm_forward"
    form      a kind of cell as the engine names it: "lstm", or "lstm/cifg" for one of its variants; with "+held" behind
              it where quantities are held at values
"""

import logging
from collections.abc import Callable
from typing import Any

from lstmviz.engine.variant import HOLDS, USUAL
from lstmviz.lab.settings import CELLS, Settings

Report = Callable[[int, int, str], None]


def kernels_ready(cells: tuple[str, ...] = CELLS, dtype: str = "float64") -> bool:
    """Whether all these cells run on compiled, checked kernels."""
    from lstmviz.engine import warm_up

    return all(warm_up.ready(cell, dtype) for cell in cells)


def forms_of(settings: Settings, held: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The forms of the cells that the settings name, and behind them those for the cells with something held.

    Parameters
    ----------
    settings : Settings
    held : tuple of str
        "rnn", "lstm" or "gru", those of which something is held; cells that the settings do not name count for nothing.
    """
    chosen = {"lstm": settings.variant, "gru": settings.reset}
    plain = [cell not in chosen or chosen[cell] == USUAL[cell] for cell in settings.cells]
    forms = [cell if usual else f"{cell}/{chosen[cell]}" for cell, usual in zip(settings.cells, plain, strict=True)]
    holding = [form + HOLDS for cell, form in zip(settings.cells, forms, strict=True) if cell in held]
    return (*forms, *holding)


def compile_kernels(report: Report, stop: Any, dtype: str = "float64", more: tuple[str, ...] = ()) -> None:
    """Compile every kernel in the order in which the window needs them; to be called in a thread of its own.

    Parameters
    ----------
    report : callable (done, all, name)
        Called before each kernel, and once at the end with done = all.
    stop : threading.Event
        When set, the next kernel is not begun.
    dtype : str
        "float64" or "float32".
    more : tuple of str
        Forms to compile behind the three usual ones.

    Notes
    -----
    A kernel that disagrees with the reference is logged and stays unused: its cell keeps the reference.
    """
    from lstmviz.engine import warm_up

    names = warm_up.plan(dtype, tuple(dict.fromkeys(CELLS + more)))
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
