"""Room for what a pass is going to write: shared by the reference and the kernels."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from lstmviz.engine.arrays import Array, Gradients, Parameters, Tape

AnyGradients = TypeVar("AnyGradients", bound=Gradients)


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


def empty_states(h: Array, with_start: int, without: int) -> list[Array]:
    """Arrays like h (T + 1, B, H), then arrays of T rows, none of them filled."""
    return [*(np.empty_like(h) for _ in range(with_start)), *(np.empty_like(h[1:]) for _ in range(without))]


def empty_gradients(kind: type[AnyGradients], parameters: Parameters, tape: Tape) -> AnyGradients:
    """All gradients of one backward pass, not filled, in the shapes of what they belong to."""
    make: Callable[..., AnyGradients] = kind
    return make(*(_room(np.empty, name, (parameters, tape)) for name in kind._fields))


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
