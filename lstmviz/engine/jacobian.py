"""Exact Jacobians between any two timesteps of a recorded pass: what each cell says, and the definition in NumPy.

The kernels in ``jacobian_kernels`` are tested against ``row`` and ``every_pair`` of this file. A derivative of one
timestep is what the backward equations make of a gradient of 1.

Words used in this file
    T, H       timesteps, hidden units
    S          numbers in the state: H, or 2H for the LSTM, whose state is c, then h
    slopes     derivatives of one timestep taken apart unit by unit
    drive      what a unit's recurrent weights are multiplied by, one factor for each block of H rows
    reach      dh_T/dh_k and dh_T/dc_k, (H, H) each; dc counts as in the gradients: also through h of the same timestep
    log10      decimal logarithms of norms, which carry their exponent: 0.25**2000 is -1204.1

Of one timestep, with h' and c' the states before,

    LSTM     dc = keep dc' + (drive_i U_i + drive_f U_f + drive_g U_g) dh',   dh = out dc + drive_o U_o dh'
    others   dh = keep dh' + (sum of drive_k U_k) dh'

and, where the LSTM's hidden state is frozen (``holding``), dh = stay dh'. This

holds for all cells but two: gates that are fed back are a further state, and a reset gate before the product puts
one matrix behind another.

References
----------
Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks: the product of Jacobians.
Hochreiter & Schmidhuber (1997), Long Short-Term Memory: the path along the cell state.
"""

import math
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import equations, scaled
from lstmviz.engine.arrays import Array, GRUTape, LSTMTape, RNNTape, Tape, extremes_allowed
from lstmviz.engine.holding import Free, held_in
from lstmviz.engine.reference import FUNCTIONS
from lstmviz.engine.variant import RESETS, USUAL, VARIANTS, LSTMParts

Logs = NDArray[np.float64]


class Slopes(NamedTuple):
    """The derivatives of every timestep of one sequence, unit by unit."""

    keep: Array  # (T, H)  the state on itself: LSTM f, GRU z, vanilla RNN 0
    drive: Array  # (T, K, H)  on each block of recurrent rows; K = 1, 4 (i, f, g, o) or 3 (r, z, n)
    out: Array  # (T, H)  h on c of the same timestep, LSTM; (T, 0) for the others
    stay: Array  # (T, H)  h on itself, LSTM: 1 where it is frozen; (0, H) where it never is, and for the others


class Row(NamedTuple):
    """Norms of the Jacobians from every timestep to the last; row k belongs to h_k and c_k, row 0 to the start."""

    log10_h: Logs  # (T + 1,)  of dh_T/dh_k, or of dc_T/dh_k
    log10_c: Logs  # (T + 1,)  of dh_T/dc_k, or of dc_T/dc_k, LSTM; (0,) for the others
    blocks: Array  # (T + 1, S, H)  transposed Jacobians as mantissas, those by c above those by h; or (0, S, H)
    exponent: NDArray[np.int64]  # (T + 1,)  the true values are blocks * 2**exponent; or (0,)


class Map(NamedTuple):
    """Norms of the Jacobians between every two timesteps; entry [t, k] is of the state after t by the one after k."""

    log10_h: Logs  # (T + 1, T + 1)  of dh_t/dh_k, or of dh_t/dc_k; -inf for t < k, nan where it was not followed
    log10_c: Logs  # the same of dc_t, LSTM; (0, 0) for the others
    last: NDArray[np.int64]  # (T + 1,)  of each k the last t computed: T, or less where ``floor`` ended it


@extremes_allowed
def slopes(
    tape: Tape,
    sequence: int | None = 0,
    form: str = "",
    peephole: Array | None = None,
    held: Array | None = None,
) -> Slopes:
    """The derivatives of every timestep.

    Parameters
    ----------
    tape : RNNTape, LSTMTape or GRUTape
    sequence : int or None
        Which of the batch, 0 to B - 1; None for all of them, with an axis B after T.
    form : str
        Activation of a vanilla RNN, or variant of an LSTM but "fgr"; "" for the usual form.
    peephole : (3H,), optional
        Of the variant "peephole".
    held : (Q, T, B, H), optional
        What was held while the tape was recorded: nothing goes through it, and all along a frozen state.

    Returns
    -------
    Slopes
        In the dtype of the tape; an LSTM's drive has four blocks, zeros for a gate that it lacks.
    """
    one = (slice(None), slice(None) if sequence is None else sequence)
    if isinstance(tape, LSTMTape):
        cell = VARIANTS[form or USUAL["lstm"]].parts
        return _lstm_slopes(LSTMTape(*(array[one] for array in tape)), cell, peephole, held_in("lstm", held, *one))
    if isinstance(tape, GRUTape):
        return _gru_slopes(GRUTape(*(array[one] for array in tape)), held_in("gru", held, *one))
    return _rnn_slopes(RNNTape(*(array[one] for array in tape)), form == "relu", held_in("rnn", held, *one))


def _rnn_slopes(tape: RNNTape, relu: bool, hold: Free) -> Slopes:
    by_h = SimpleNamespace(h=np.ones_like(tape.a))
    equations.rnn_backward(SimpleNamespace(a=tape.a, h=tape.h[1:]), by_h, relu, FUNCTIONS, hold)
    keep = hold.along("h", by_h.h, np.zeros_like(by_h.a))
    return Slopes(keep, by_h.a[..., None, :], by_h.a[..., :0], by_h.a[:0])


def _lstm_slopes(tape: LSTMTape, cell: LSTMParts, peephole: Array | None, hold: Free) -> Slopes:
    v = SimpleNamespace(i=tape.i, f=tape.f, g=tape.g, o=tape.o, tanh_c=tape.tanh_c, c_before=tape.c[:-1])
    if peephole is not None:
        v.p_i, v.p_f, v.p_o = np.split(peephole, 3)
    one, zero = np.ones_like(tape.f), np.zeros_like(tape.f)
    by_c, by_h = SimpleNamespace(c=one), SimpleNamespace(h=one, c_after=zero)
    equations.lstm_backward_cell(v, by_c, cell, hold)
    equations.lstm_backward_output(v, by_h, cell, hold)
    equations.lstm_backward_state(v, by_h, cell, hold)
    drive = [getattr(by_h if name == "o" else by_c, f"z_{name}", zero) for name in "ifgo"]
    stay = hold.along("h", one, zero)
    return Slopes(by_c.c_before, np.stack(drive, axis=-2), by_h.c, stay if stay.any() else stay[:0])


def _gru_slopes(tape: GRUTape, hold: Free) -> Slopes:
    v = SimpleNamespace(r=tape.r, z=tape.z, n=tape.n, hn=tape.hn, h_before=tape.h[:-1])
    by_h = SimpleNamespace(h=np.ones_like(tape.z))
    equations.gru_backward_state(v, by_h, RESETS["after"], hold)
    equations.gru_backward_gates(v, by_h, RESETS["after"], hold)
    return Slopes(by_h.h_before, np.stack([by_h.a_r, by_h.a_z, by_h.hn], axis=-2), tape.z[..., :0], tape.z[:0])


@extremes_allowed
def one_timestep(slopes: Slopes, weight_hh: Array) -> Array:
    """Jacobians of every timestep, by the state before it.

    Parameters
    ----------
    slopes : Slopes
    weight_hh : (K * H, H)

    Returns
    -------
    (T, S, S)
        Entry [t - 1, i, j] is d state_t[i] / d state_(t - 1)[j]; the LSTM's state is c, then h, and c and h before
        the timestep count as independent of each other.
    """
    keep, drive, out, stay = slopes
    timesteps, hidden = keep.shape
    unit = np.arange(hidden)
    weights = weight_hh.reshape(-1, hidden, hidden)
    lstm = out.shape[1] > 0
    inner = drive[:, :3] if lstm else drive  # all but the LSTM's output gate
    through = np.einsum("tki,kij->tij", inner, weights[: inner.shape[1]])
    if not lstm:
        through[:, unit, unit] += keep
        return through
    full = np.zeros((timesteps, 2 * hidden, 2 * hidden), keep.dtype)
    full[:, unit, unit] = keep
    full[:, :hidden, hidden:] = through
    full[:, hidden + unit, unit] = out * keep
    full[:, hidden:, hidden:] = out[:, :, None] * through + drive[:, 3, :, None] * weights[3]
    if len(stay):
        full[:, hidden + unit, hidden + unit] += stay
    return full


@extremes_allowed
def row(slopes: Slopes, weight_hh: Array, end: str = "h", blocks: bool = False) -> Row:
    """Jacobians of the last state by the state at every timestep, going backward once.

    Parameters
    ----------
    slopes : Slopes
    weight_hh : (K * H, H)
    end : "h" or "c"
        What is derived: h_T, or the LSTM's c_T.
    blocks : bool
        Whether to keep the Jacobians themselves; needs memory for (T + 1) * S * H numbers.

    Returns
    -------
    Row
        Frobenius norms.
    """
    jacobians = one_timestep(slopes, weight_hh)
    timesteps, hidden = slopes.keep.shape
    lstm = slopes.out.shape[1] > 0
    carried = np.zeros((jacobians.shape[1], hidden), jacobians.dtype)  # d end / d state_t, transposed
    carried[hidden if lstm and end == "h" else 0 :][:hidden] = np.eye(hidden)
    exponent = 0
    found = empty_row(timesteps, hidden, lstm, blocks, jacobians.dtype)
    for t in range(timesteps, -1, -1):
        exponent, carried = _in_range(carried, exponent)
        whole = carried.copy()
        if lstm and t > 0:  # c also acts through h of the same timestep; at t = 0 both are given
            whole[:hidden] += slopes.out[t - 1][:, None] * carried[hidden:]
        found.log10_h[t] = log10_norms(whole[None, -hidden:], np.array([exponent]))[0]
        if lstm:
            found.log10_c[t] = log10_norms(whole[None, :hidden], np.array([exponent]))[0]
        if blocks:
            found.blocks[t], found.exponent[t] = whole, exponent
        if t > 0:
            carried = jacobians[t - 1].T @ carried
    return found


@extremes_allowed
def every_pair(
    slopes: Slopes,
    weight_hh: Array,
    by: str = "h",
    floor: float = -math.inf,
    norm: str = "frobenius",
    starts: range | None = None,
) -> Map:
    """Jacobians of the state at every timestep by the state at every timestep before, going forward once.

    Parameters
    ----------
    slopes : Slopes
    weight_hh : (K * H, H)
    by : "h" or "c"
        By h_k, or by the LSTM's c_k, which acts through h_k also.
    floor : float
        What starts at k is followed no further than the first timestep with every norm below this decimal logarithm.
    norm : "frobenius" or "spectral"
    starts : range, optional
        Those of the timesteps k that are worked out, 0 to T; of others the columns stay -inf. All when left out.

    Returns
    -------
    Map
    """
    jacobians = one_timestep(slopes, weight_hh)
    timesteps, hidden = slopes.keep.shape
    lstm = slopes.out.shape[1] > 0
    found, chosen = empty_map(timesteps, lstm), np.arange(timesteps + 1)[: None if starts is None else starts.stop]
    chosen = chosen[0 if starts is None else starts.start :]
    carried = np.stack([start_of(slopes, int(k), by) for k in chosen])
    exponent, going = scaled.no_exponent(len(chosen)), np.ones(len(chosen), bool)
    for t in range(int(chosen[0]), timesteps + 1):
        live = np.flatnonzero(going & (chosen <= t))  # places in ``carried``
        if not len(live):
            break
        if t > 0:
            earlier = live[chosen[live] < t]
            carried[earlier] = jacobians[t - 1] @ carried[earlier]
        exponent[live], flat = scaled.keep_in_range(exponent[live], carried[live].reshape(len(live), -1))
        carried[live] = flat.reshape(carried[live].shape)
        columns = chosen[live]
        highest = found.log10_h[t, columns] = log10_norms(carried[live, -hidden:], exponent[live], norm)
        if lstm:
            found.log10_c[t, columns] = log10_norms(carried[live, :hidden], exponent[live], norm)
            highest = np.maximum(highest, found.log10_c[t, columns])
        stopped = highest < floor
        found.last[columns[stopped]], going[live[stopped]] = t, False
        for log10 in (found.log10_h, found.log10_c)[: 2 if lstm else 1]:
            log10[t + 1 :, columns[stopped]] = np.nan
    return found


def start_of(slopes: Slopes, start: int, by: str) -> Array:
    """d state_k / dh_k or d state_k / dc_k, (S, H): ones, and for c what h_k of the same timestep makes of it."""
    hidden = slopes.keep.shape[1]
    lstm = slopes.out.shape[1] > 0
    carried = np.zeros((2 * hidden if lstm else hidden, hidden), slopes.keep.dtype)
    carried[-hidden if by == "h" else 0 :][:hidden] = np.eye(hidden)
    if by == "c" and start > 0:
        carried[hidden:] = np.diag(slopes.out[start - 1])
    return carried


def empty_row(timesteps: int, hidden: int, lstm: bool, blocks: bool, dtype: np.dtype[Any]) -> Row:
    """Room for a row, every norm -inf."""
    rows, states = (timesteps + 1 if blocks else 0), (2 if lstm else 1)
    return Row(
        np.full(timesteps + 1, -np.inf),
        np.full(timesteps + 1 if lstm else 0, -np.inf),
        np.zeros((rows, states * hidden, hidden), dtype),
        np.zeros(rows, np.int64),
    )


def empty_map(timesteps: int, lstm: bool) -> Map:
    """Room for a map, every norm -inf."""
    size = timesteps + 1
    return Map(
        np.full((size, size), -np.inf),
        np.full((size, size) if lstm else (0, 0), -np.inf),
        np.full(size, timesteps, np.int64),
    )


@extremes_allowed
def log10_norms(blocks: Array, exponent: NDArray[np.integer[Any]], norm: str = "frobenius") -> Logs:
    """Norms of mantissas with exponents, as decimal logarithms.

    Parameters
    ----------
    blocks : (N, H, H)
    exponent : whole numbers (N,)
    norm : "frobenius" or "spectral"

    Returns
    -------
    float64 (N,)
        -inf for zeros, nan for a block with nan.
    """
    if norm == "spectral":
        return log10_singular_values(blocks, exponent)[:, 0]
    return scaled.log10_norm(blocks.reshape(len(blocks), -1), exponent.astype(np.intc))


@extremes_allowed
def log10_singular_values(blocks: Array, exponent: NDArray[np.integer[Any]]) -> Logs:
    """Singular values of mantissas with exponents, as decimal logarithms.

    Parameters
    ----------
    blocks : (N, H, H)
    exponent : whole numbers (N,)

    Returns
    -------
    float64 (N, H)
        Largest first. Those more than 15 digits below the first are rounding; nan for a block with nan or inf.
    """
    wide = blocks.astype(np.float64)
    good = np.isfinite(wide).all(axis=(1, 2))
    values = np.full(blocks.shape[:2], np.nan)
    values[good] = np.linalg.svd(wide[good], compute_uv=False)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(values) + exponent[:, None] * scaled.LOG10_OF_2)


def _in_range(carried: Array, exponent: int) -> tuple[int, Array]:
    moved, flat = scaled.keep_in_range(np.array([exponent], np.intc), carried.reshape(1, -1))
    return int(moved[0]), flat.reshape(carried.shape)
