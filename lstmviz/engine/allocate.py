"""Room for what a pass is going to write: shared by the reference and the kernels."""

import sys
import threading
from collections.abc import Callable, Sequence
from ctypes import addressof, c_char
from functools import lru_cache
from math import prod
from typing import Any, TypeVar

import numpy as np

from lstmviz.engine.arrays import Array, Gradients, Parameters, Tape

LINE = 64  # bytes of a line of the cache
SMALL = 1 << 16  # bytes; NumPy keeps blocks smaller than this at hand itself
KEPT = 1 << 28  # bytes of unused blocks that are kept
UNUSED = 3  # references to a block that nobody uses: the list, a variable, and the argument of getrefcount
_blocks: list[Array] = []
_blocks_lock = threading.Lock()

AnyGradients = TypeVar("AnyGradients", bound=Gradients)


def room(dtype: np.dtype[Any], *shapes: tuple[int, ...]) -> list[Array]:
    """Arrays that are not filled, each at the start of a line of the cache, in one block of memory.

    A block is used again once none of its arrays is left. A pass writes megabytes, and getting them from the
    operating system, page by page, would take longer than computing them.
    """
    size, record = _record(dtype, shapes)
    block: Any = np.empty(size, np.uint8) if size < SMALL else _block(size)
    first = -addressof(c_char.from_buffer(block)) % LINE  # NumPy itself takes six times as long to tell
    arrays = np.ndarray((), record, block, first)
    return [arrays[name] for name in record.names or ()]


@lru_cache(maxsize=256)
def _record(dtype: np.dtype[Any], shapes: tuple[tuple[int, ...], ...]) -> tuple[int, np.dtype[np.void]]:
    """Bytes that the arrays need, and a record that has them as its fields: these are made quickly."""
    starts, end = [], 0
    for shape in shapes:
        starts.append(end)
        end += -(-prod(shape) * dtype.itemsize // LINE) * LINE
    names = [str(k) for k in range(len(shapes))]
    fields = [(dtype, shape) for shape in shapes]
    return end + LINE, np.dtype({"names": names, "formats": fields, "offsets": starts, "itemsize": end})


def _block(size: int) -> Array:
    """An unused block that is large enough and not far too large, or a new one."""
    with _blocks_lock:
        unused = 0
        for block in _blocks:
            if sys.getrefcount(block) == UNUSED:
                if size <= block.size <= 2 * size:
                    return block
                unused += block.size
        if unused + size > KEPT:
            _blocks[:] = [block for block in _blocks if sys.getrefcount(block) > UNUSED]
        block = np.empty(size, np.uint8)
        _blocks.append(block)
        return block


def begin(weight_hh: Array, x: Array, h0: Array, blocks: int) -> tuple[Array, Array, Array]:
    """Inputs, hidden states and pre-activations in the dtype of the weights; only x and h[0] are filled.

    Parameters
    ----------
    weight_hh : (blocks * H, H)
    x : (T, B, I)
    h0 : (B, H)
    blocks : 1, 3 or 4
        How many pre-activations each unit has.

    Returns
    -------
    x, h, pre_activations : (T, B, I), (T + 1, B, H), (T, B, blocks * H)
    """
    timesteps, sequences = x.shape[:2]
    hidden = weight_hh.shape[1]
    h = np.empty((timesteps + 1, sequences, hidden), weight_hh.dtype)
    h[0] = h0
    return np.array(x, h.dtype, order="C"), h, np.empty((timesteps, sequences, blocks * hidden), h.dtype)


def empty_gradients(kind: type[AnyGradients], parameters: Parameters, tape: Tape) -> AnyGradients:
    """All gradients of one backward pass, not filled, in the shapes of what they belong to."""
    make: Callable[..., AnyGradients] = kind
    weights = [np.empty(weight.shape, weight.dtype) for weight in parameters]
    names = kind._fields[len(weights) :]
    norms = [np.empty(tape.h.shape[:2]) for name in names if name.startswith("log10_")]
    shapes = [getattr(tape, name).shape for name in names[: len(names) - len(norms)]]
    return make(*weights, *room(tape.h.dtype, *shapes), *norms)


def zero_gradients(kind: type[AnyGradients], parameters: Parameters, tape: Tape) -> AnyGradients:
    """All gradients of one backward pass, zero, in the shapes of what they belong to."""
    make: Callable[..., AnyGradients] = kind
    return make(*(_room(np.zeros, name, (parameters, tape)) for name in kind._fields))


def _room(make: Callable[..., Array], name: str, owners: Sequence[Parameters | Tape]) -> Array:
    if name.startswith("log10_"):
        state = getattr(owners[-1], name.removeprefix("log10_"))
        return make(state.shape[:2])
    like = next(getattr(owner, name) for owner in owners if name in owner._fields)
    return make(like.shape, like.dtype)
