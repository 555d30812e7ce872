"""Which implementation of the Jacobians answers: the kernels once compiled and checked, else the reference."""

import logging
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from lstmviz.engine import jacobian
from lstmviz.engine.arrays import Array, GRUTape, LSTMTape, RNNTape
from lstmviz.engine.jacobian import Map, Row, Slopes

TOLERANCE = {"float64": 1e-10, "float32": 1e-3}  # of a decimal logarithm, or of a slope

log = logging.getLogger(__name__)
_lock = threading.Lock()
_checked: dict[str, bool] = {}  # dtype -> whether the kernels gave the known answers


class Stop(Protocol):
    """Such as ``threading.Event``."""

    def is_set(self) -> bool:
        """Whether to stop."""


class JacobianFunctions(NamedTuple):
    """The functions of ``jacobian`` of the same names; the kernels' ``every_pair`` knows the Frobenius norm only."""

    slopes: Callable[..., Slopes]
    row: Callable[..., Row]
    every_pair: Callable[..., Map]


REFERENCE = JacobianFunctions(jacobian.slopes, jacobian.row, jacobian.every_pair)


def jacobian_functions(dtype: str = "float64", engine: str = "auto") -> JacobianFunctions:
    """Functions that compute Jacobians.

    Parameters
    ----------
    dtype : "float64" or "float32"
        Of the tapes they will be called with.
    engine : "auto", "kernels" or "reference"
        "auto" takes the kernels if they are ready and never waits; "kernels" compiles them first, which can take
        seconds. Kernels that fail their check are replaced by the reference, which is logged once.
    """
    if engine == "kernels":
        prepare(dtype)
    return _kernels() if engine != "reference" and ready(dtype) else REFERENCE


def _kernels() -> JacobianFunctions:
    """Importing these imports Numba."""
    from lstmviz.engine import jacobian_kernels, jacobian_slopes

    return JacobianFunctions(jacobian_slopes.slopes, jacobian_kernels.row, jacobian_kernels.every_pair)


def ready(dtype: str = "float64") -> bool:
    """Whether the kernels are compiled and have given the known answers. Never waits."""
    return _checked.get(dtype, False)


def prepare(dtype: str = "float64", stop: Stop | None = None) -> bool:
    """Compile the kernels, or load them from the cache folder, and compare them with the reference, once.

    Parameters
    ----------
    dtype : "float64" or "float32"
    stop : object with ``is_set()``, optional
        When set, no further kernel is begun, and the next call goes on from there.

    Returns
    -------
    bool
        Whether they may be used. Any thread may call it; a second caller waits for the first.
    """
    with _lock:
        if dtype not in _checked:
            try:
                wrong = _difference(dtype, stop)
            except _Stopped:
                return False
            except Exception as error:  # Numba and LLVM raise many kinds; all mean: not on this machine
                wrong = f"{type(error).__name__}: {error}"
            _checked[dtype] = not wrong
            if wrong:
                log.warning("the kernels of the Jacobians are not used, the reference is: %s", wrong)
        return _checked[dtype]


class _Stopped(Exception):
    """The caller does not want the kernels any more."""


def _difference(dtype: str, stop: Stop | None) -> str:
    """Where kernels and reference disagree on small known inputs, in words; nothing if they agree."""
    kernels = _kernels()
    timesteps, hidden = 4, 5
    for kind, blocks in ((RNNTape, 1), (GRUTape, 3), (LSTMTape, 4)):
        weights = _waves((blocks * hidden, hidden), dtype)
        state, one = _waves((timesteps + 1, 2, hidden), dtype), _waves((timesteps, 2, hidden), dtype)
        names: Any = kind._fields
        tape: Any = kind(*(state if name in "hc" else one[:, ::-1] if name in "fzr" else one for name in names))
        _go_on(stop)
        slopes = [functions.slopes(tape, 1) for functions in (kernels, REFERENCE)]
        _go_on(stop)
        rows = [functions.row(slopes[0], weights) for functions in (kernels, REFERENCE)]
        _go_on(stop)
        maps = [functions.every_pair(slopes[0], weights) for functions in (kernels, REFERENCE)]
        for name, (ours, theirs) in (("slopes", slopes), ("row", rows), ("every_pair", maps)):
            for field in ("keep", "drive", "out") if name == "slopes" else ("log10_h", "log10_c"):
                got, expected = getattr(ours, field), getattr(theirs, field)
                if not np.allclose(got, expected, rtol=0, atol=TOLERANCE[dtype]):
                    return f"{field} of {name} differs from the reference"
    return ""


def _go_on(stop: Stop | None) -> None:
    if stop is not None and stop.is_set():
        raise _Stopped


def _waves(shape: tuple[int, ...], dtype: str) -> Array:
    return np.sin(1.7 * np.arange(1, 1 + np.prod(shape))).reshape(shape).astype(dtype)
