"""Which implementation of the Jacobians answers: the kernels once compiled and checked, else the reference."""

import importlib
import logging
import threading
from types import ModuleType

import numpy as np

from lstmviz.engine import jacobian
from lstmviz.engine.arrays import Array
from lstmviz.engine.jacobian import Slopes

TOLERANCE = {"float64": 1e-10, "float32": 1e-3}  # of a decimal logarithm

log = logging.getLogger(__name__)
_lock = threading.Lock()
_checked: dict[str, bool] = {}  # dtype -> whether the kernels gave the known answers


def implementation(dtype: str = "float64", engine: str = "auto") -> ModuleType:
    """The module whose ``row`` and ``every_pair`` to call.

    Parameters
    ----------
    dtype : "float64" or "float32"
    engine : "auto", "kernels" or "reference"
        "auto" takes the kernels if they are ready and never waits; "kernels" compiles them first, which can take
        seconds. Kernels that fail their check are replaced by the reference, which is logged once.
    """
    if engine == "kernels":
        prepare(dtype)
    use_kernels = engine != "reference" and ready(dtype)
    return importlib.import_module("lstmviz.engine.jacobian_kernels") if use_kernels else jacobian


def ready(dtype: str = "float64") -> bool:
    """Whether the kernels are compiled and have given the known answers. Never waits."""
    return _checked.get(dtype, False)


def prepare(dtype: str = "float64") -> bool:
    """Compile the kernels, or load them from the cache folder, and compare them with the reference, once.

    Returns
    -------
    bool
        Whether they may be used. Any thread may call it; a second caller waits for the first.
    """
    with _lock:
        if dtype not in _checked:
            try:
                wrong = _difference(dtype)
            except Exception as error:  # Numba and LLVM raise many kinds; all mean: not on this machine
                wrong = f"{type(error).__name__}: {error}"
            _checked[dtype] = not wrong
            if wrong:
                log.warning("the kernels of the Jacobians are not used, the reference is: %s", wrong)
        return _checked[dtype]


def _difference(dtype: str) -> str:
    """Where kernels and reference disagree on small known inputs, in words; nothing if they agree."""
    kernels = importlib.import_module("lstmviz.engine.jacobian_kernels")
    for blocks, lstm in ((1, False), (3, False), (4, True)):
        timesteps, hidden = 4, 5
        slopes = Slopes(
            _waves((timesteps, hidden), dtype),
            _waves((timesteps, blocks, hidden), dtype),
            _waves((timesteps, hidden if lstm else 0), dtype),
        )
        weights = _waves((blocks * hidden, hidden), dtype)
        for name in ("row", "every_pair"):
            ours, theirs = (getattr(module, name)(slopes, weights) for module in (kernels, jacobian))
            for field in ("log10_h", "log10_c"):
                got, expected = getattr(ours, field), getattr(theirs, field)
                if not np.allclose(got, expected, rtol=0, atol=TOLERANCE[dtype]):
                    return f"{field} of {name} differs from the reference"
    return ""


def _waves(shape: tuple[int, ...], dtype: str) -> Array:
    return np.sin(1.7 * np.arange(1, 1 + np.prod(shape))).reshape(shape).astype(dtype)
