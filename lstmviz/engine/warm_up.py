"""Compiling the kernels in a given order, one at a time, each checked against the reference before it is used.

Compiling takes seconds, once per machine. One background thread works through ``plan`` with ``compile_one``
while others compute with the reference; ``ready`` tells when to change over (``choose`` asks it). A kernel
that does not give the known answers, or cannot be compiled here, is not used in this session.

Words used in this file
    cell   "rnn", "lstm", "gru", or one of the others with its name behind: "lstm/cifg", "gru/before"; with "+held"
           behind it, the same where quantities are held at values
    base   "rnn", "lstm", "gru"
    form   that name, or of an RNN its activation; "" for the usual form
"""

import importlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from lstmviz.engine import reference
from lstmviz.engine.arrays import (
    Array,
    GateRecurrenceParameters,
    GRUParameters,
    LSTMParameters,
    Parameters,
    PeepholeParameters,
    RNNParameters,
)
from lstmviz.engine.scaled import ROOM
from lstmviz.engine.variant import HELD, HOLDS, RESETS, STATES, USUAL, VARIANTS

CELLS = ("rnn", "lstm", "gru")
OTHERS = tuple(
    f"{cell}/{form}" for cell, forms in (("lstm", VARIANTS), ("gru", RESETS)) for form in forms if form != USUAL[cell]
)  # compiled when they are first asked for
HOLDING = tuple(cell + HOLDS for cell in CELLS + OTHERS)  # these too
DTYPES = ("float64", "float32")
MODULES = {"rnn": "vanilla", "lstm": "lstm", "gru": "gru"}
PARAMETERS: dict[str, type[Parameters]] = {
    "rnn": RNNParameters,
    "lstm": LSTMParameters,
    "gru": GRUParameters,
    "lstm/peephole": PeepholeParameters,
    "lstm/fgr": GateRecurrenceParameters,
}
TOLERANCE = {"float64": 1e-10, "float32": 1e-3}  # of the largest value in a row

log = logging.getLogger(__name__)
_lock = threading.RLock()
_checked: set[str] = set()
_failed: dict[str, str] = {}  # name -> why


class KernelMismatch(Exception):
    """A kernel does not agree with the reference, or cannot be compiled; its cell stays with the reference."""


def plan(dtype: str = "float64", cells: Sequence[str] = CELLS) -> tuple[str, ...]:
    """Names of the kernels to compile, in the order to compile them.

    Parameters
    ----------
    dtype : "float64" or "float32"
    cells : sequence of str
        "rnn", "lstm", "gru" or one of ``OTHERS`` or ``HOLDING``, in the order in which they will be needed.

    Returns
    -------
    tuple of str
        For example ("lstm_forward", "lstm_backward"); those of float32 end in "_float32".
    """
    return tuple(_name(cell, direction, dtype) for cell in cells for direction in ("forward", "backward"))


def compile_one(name: str) -> None:
    """Compile one kernel, or load it from the cache folder, and compare it with the reference.

    Does nothing if that has been done. Any thread may call it; a second caller waits for the first.

    Parameters
    ----------
    name : str
        One of ``plan``.

    Raises
    ------
    KernelMismatch
        The kernel differs from the reference or cannot be compiled; also on every later call.
    """
    with _lock:
        if name in _checked:
            return
        if name not in _failed:
            cell, direction, dtype = _parts(name)
            try:
                wrong = next(_differences(cell, direction, dtype), None)
            except Exception as error:  # Numba and LLVM raise many kinds; all mean: not on this machine
                wrong = f"{type(error).__name__}: {error}"
            if wrong is None:
                _checked.add(name)
                return
            _failed[name] = wrong
            log.warning("kernel %s is not used, the reference is: %s", name, wrong)
        raise KernelMismatch(f"{name}: {_failed[name]}")


def ready(cell: str, dtype: str = "float64") -> bool:
    """Whether both kernels of a cell are compiled and have given the known answers. Never waits."""
    return all(name in _checked for name in plan(dtype, (cell,)))


def kernels(cell: str) -> ModuleType:
    """The module with a cell's kernels; importing it imports Numba."""
    return importlib.import_module(f"lstmviz.engine.{MODULES[taken_apart(cell)[0]]}")


def taken_apart(cell: str) -> tuple[str, str, bool]:
    """Base and form of a cell, and whether something is held."""
    free = cell.removesuffix(HOLDS)
    base, _, form = free.partition("/")
    return base, form, free != cell


def _name(cell: str, direction: str, dtype: str) -> str:
    return f"{cell}_{direction}" + ("" if dtype == "float64" else f"_{dtype}")


def _parts(name: str) -> tuple[str, str, str]:
    for dtype in DTYPES:
        for cell in CELLS + OTHERS + HOLDING:
            for direction in ("forward", "backward"):
                if name == _name(cell, direction, dtype):
                    return cell, direction, dtype
    raise ValueError(f"no kernel is called {name!r}")


def _differences(cell: str, direction: str, dtype: str) -> Iterator[str]:
    """Where a kernel and the reference disagree on small known inputs, in words."""
    function = f"{taken_apart(cell)[0]}_{direction}"
    ours: Callable[..., Any] = getattr(kernels(cell), function)
    theirs: Callable[..., Any] = getattr(reference, function)
    for arguments in _known_inputs(cell, direction, dtype):
        given, named = arguments
        got, expected = ours(*given, **named), theirs(*given, **named)
        for field in expected._fields:
            if not _agree(getattr(got, field), getattr(expected, field), dtype):
                yield f"{field} differs from the reference"


def _known_inputs(cell: str, direction: str, dtype: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Arguments of one call each. Five units: neither four at a time nor the rest goes untested."""
    (base, form, holds), (timesteps, sequences, inputs, hidden) = taken_apart(cell), (5, 2, 3, 5)
    named = {"held": _some_held(base, (timesteps, sequences, hidden), dtype)} if holds else {}
    shapes = parameter_shapes(cell, inputs, hidden)
    parameters = shapes._make(_waves(shape, dtype) for shape in shapes)
    x, loss = _waves((timesteps, sequences, inputs), dtype), _waves((timesteps, sequences, hidden), dtype)
    state = _waves((sequences, hidden), dtype)
    initial = (state, state[::-1]) if base == "lstm" else (state,)
    # out of range, back at ordinary size, and out of range again
    uneven = np.ldexp(loss, np.array([0, -2, -4, 0, -3])[:, None, None] * ROOM[dtype])
    for options in (("tanh",), ("relu",)) if base == "rnn" else ((form or USUAL[base],),):
        if direction == "forward":
            yield (parameters, x, *initial, *options), named
            continue
        tape = getattr(reference, f"{base}_forward")(parameters, x, *initial, *options, **named)
        yield (parameters, tape, loss, *options), named
        yield (parameters, tape, uneven, *options), named
        yield (parameters, tape, loss, *options), {"window": 2, **named}


def _some_held(base: str, shape: tuple[int, int, int], dtype: str) -> Array:
    """About a third of everything held at numbers, and a third of the states frozen."""
    names = HELD[base]
    held, chosen = _waves((len(names), *shape), dtype), _waves((*shape, len(names)), dtype).transpose(3, 0, 1, 2)
    held[chosen > -0.5] = np.nan
    for values, other, name in zip(held, chosen, names, strict=True):
        if name in STATES:
            values[other > 0.5] = np.inf
    return held


def parameter_shapes(cell: str, inputs: int, hidden: int) -> Any:
    """Shapes of all parameters of a cell, as a named tuple of the kind it takes."""
    base, form, _ = taken_apart(cell)
    blocks = {"rnn": 1, "gru": 3}.get(base) or len(VARIANTS[form or USUAL[base]].parts.blocks)
    rows = blocks * hidden
    shapes = {
        "weight_ih": (rows, inputs),
        "weight_hh": (rows, hidden),
        "bias": (rows,),
        "bias_hn": (hidden,),
        "peephole": (3 * hidden,),
        "weight_gates": (3 * hidden, 3 * hidden),
    }
    kind: Any = PARAMETERS.get(cell.removesuffix(HOLDS), PARAMETERS[base])
    return kind(*(shapes[name] for name in kind._fields))


def _waves(shape: tuple[int, ...], dtype: str) -> Array:
    """Numbers between -1 and 1 without a pattern that shape could repeat, the same on every machine."""
    return np.sin(1.7 * np.arange(1, 1 + np.prod(shape))).reshape(shape).astype(dtype)


def _agree(got: Array, expected: Array, dtype: str) -> bool:
    """Whether each row agrees, measured by the largest value in it."""
    size = np.max(np.abs(expected), axis=-1, keepdims=True)
    return bool(np.all(np.abs(got - expected) <= TOLERANCE[dtype] * size + np.finfo(dtype).tiny))
