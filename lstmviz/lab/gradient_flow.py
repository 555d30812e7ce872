"""How much of the gradient at T arrives at each earlier timestep; all in decimal logarithms, so nothing turns to zero.

Words used in this file
    T, B, H    timesteps, sequences, hidden units
    share      |dL/dh_1| / |dL/dh_T|
    fade       factor per timestep on the way back: share ** (1 / (T - 1))
    half-life  timesteps after which half of the gradient is left: ln 1/2 / ln fade
    horizon    how many timesteps back from T at least 1 % still arrives
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.holding import held_in
from lstmviz.lab.network import Network

Array = NDArray[np.floating]
FLOAT64_DIGITS = -53 * math.log10(2)  # a share under 2**-53 changes no digit of the sum it is added to
HORIZON_SHARE = -2.0  # log10 of the share that still counts as arriving


@dataclass(frozen=True, eq=False, slots=True)
class GradientFlow:
    """The gradient of one trace along the chain. Rows 0 to T; several sequences are averaged geometrically."""

    log10_h: Array  # (T + 1,) log10 |dL/dh_t|, minus infinity where it is exactly zero
    log10_c: Array | None  # (T + 1,) log10 |dL/dc_t|, LSTM only
    log10_bound: Array | None  # (T + 1,) for the RNN: |dL/dh_T| (sigma_max gamma)^(T - t)
    log10_cell_path: Array | None  # (T + 1,) for the LSTM: |dL/dc_T| carried back by the forget gates alone
    log10_share: float
    fade: float
    half_life: float  # infinite when the gradient does not fade
    horizon: int


def gradient_flow(network: Network, tape: Any, gradients: Any, held: Array | None = None) -> GradientFlow:
    """The gradient flow of one forward and backward pass.

    Parameters
    ----------
    network : Network
        Whose pass it was.
    tape, gradients
        What ``network.forward`` and ``network.backward`` returned.
    held : float (Q, T, B, H), optional
        What was held meanwhile.

    References
    ----------
    Pascanu, Mikolov & Bengio (2013): the bound (sigma_max gamma)^(t - k); gamma = 1 for tanh and for ReLU.
    Hochreiter & Schmidhuber (1997): the cell path.
    """
    log10_h = over_sequences(gradients.log10_h)
    lstm = network.cell == "lstm"
    share = float(log10_h[1] - log10_h[-1]) if np.isfinite(log10_h[-1]) else math.nan
    fade = fade_per_timestep(share, len(log10_h) - 2)
    return GradientFlow(
        log10_h=frozen(log10_h),
        log10_c=frozen(over_sequences(gradients.log10_c)) if lstm else None,
        log10_bound=frozen(rnn_bound(network, log10_h, held)) if network.cell == "rnn" else None,
        log10_cell_path=frozen(cell_path(kept(tape.f, held), gradients.c[-1])) if lstm else None,
        log10_share=share,
        fade=fade,
        half_life=half_life(fade),
        horizon=horizon(log10_h),
    )


def over_sequences(log10: Array) -> Array:
    """Geometric mean over the sequences of (T + 1, B) norms, as (T + 1,)."""
    return np.asarray(log10.astype(np.float64).mean(axis=1))


def fade_per_timestep(log10_share: float, distance: int) -> float:
    """The constant factor per timestep that would give this share over ``distance`` timesteps."""
    return 10.0 ** (log10_share / distance) if distance > 0 else math.nan


def half_life(fade: float) -> float:
    """Timesteps until a quantity multiplied by ``fade`` at each timestep is halved; infinite for 1 and more.

    Parameters
    ----------
    fade : float
        Factor per timestep, 0 or more; a forget gate's value sigma(b) gives the half-life of its cell.
    """
    if math.isnan(fade):
        return math.nan
    if fade >= 1:
        return math.inf
    return math.log(0.5) / math.log(fade) if fade > 0 else 0.0


def horizon(log10_h: Array) -> int:
    """How many timesteps back from T the share stays at 1 % or more without a break; at most T - 1."""
    with np.errstate(invalid="ignore"):  # where nothing arrives at T either, nothing can be compared with it
        arrives = log10_h[1:] - log10_h[-1] >= HORIZON_SHARE
    missing = np.flatnonzero(~arrives[::-1])
    return max(int(missing[0]) - 1, 0) if len(missing) else len(arrives) - 1


def rnn_bound(network: Network, log10_h: Array, held: Array | None = None) -> Array:
    """log10 of |dL/dh_T| (sigma_max gamma)^(T - t), above which no RNN gradient can lie when only h_T is asked.

    Where h is held, sigma_max is that of the weights without the rows of the units held; a frozen unit has a row of the
    identity in its place.
    """
    weight = network.parameters.weight_hh.astype(np.float64)
    bound = np.full(len(log10_h), log10_h[-1])
    if held is None:
        bound[:-1] += np.arange(len(log10_h) - 1, 0, -1) * _log10_sigma_max(weight)
        return bound
    masks = np.stack([np.isnan(held[0]), np.isposinf(held[0])], axis=2).reshape(-1, 2, network.hidden)
    kinds = {mask.tobytes(): mask for mask in masks}  # there are few, and a singular value takes long
    sigmas = {key: _log10_sigma_max(weight * free[:, None] + np.diag(still)) for key, (free, still) in kinds.items()}
    per_timestep = np.reshape([sigmas[mask.tobytes()] for mask in masks], held.shape[1:3]).mean(axis=1)
    bound[:-1] += per_timestep[::-1].cumsum()[::-1]
    return bound


def _log10_sigma_max(weight: Array) -> float:
    sigma = float(np.linalg.norm(weight, 2))
    return math.log10(sigma) if sigma > 0 else -math.inf


def kept(f: Array, held: Array | None) -> Array:
    """What is left of a cell state after each timestep (T, B, H): f, or 0 where c is held and 1 where it is frozen."""
    return np.asarray(held_in("lstm", held).along("c", np.ones_like(f), f))


def cell_path(f: Array, d_c_last: Array) -> Array:
    """log10 of the norm of dL/dc_T carried back to each timestep by the product of forget gates alone.

    Parameters
    ----------
    f : float (T, B, H)
        Forget gates, or what is ``kept``.
    d_c_last : float (B, H)
        dL/dc_T.

    Returns
    -------
    float64 (T + 1,)
        Row t holds the part of dL/dc_t that came along the cell state.
    """
    with np.errstate(divide="ignore"):
        along = np.log10(np.abs(f.astype(np.float64)))[::-1].cumsum(axis=0)[::-1]
        start = np.log10(np.abs(d_c_last.astype(np.float64)))
    per_unit = np.concatenate([start + along, start[None]])
    return over_sequences(log10_norm(per_unit))


def log10_norm(log10: Array) -> Array:
    """Euclidean norm over the last axis of numbers given as decimal logarithms, without leaving logarithms."""
    top = log10.max(axis=-1, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(safe[..., 0] + 0.5 * np.log10((10.0 ** (2.0 * (log10 - safe))).sum(axis=-1)))


def frozen(array: Array) -> Array:
    """The array, read-only."""
    array.flags.writeable = False
    return array
