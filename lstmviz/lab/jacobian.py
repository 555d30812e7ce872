"""Exact Jacobians between timesteps: how much of a small change of one state is left in a later one.

Unlike the gradient, a Jacobian does not ask what the loss looks at: it is the whole H x H table dh_T/dh_k, and its norm
is what the statements on vanishing and exploding gradients are about. Norms are decimal logarithms and carry their
exponent, so none turns into zero.

Words used in this file
    T, H        timesteps, hidden units
    dc_k        a change of the LSTM's cell state also acts through h of the same timestep, as in ``Trace.gradients``
    Frobenius   root of the sum of squares of all entries; spectral: the largest singular value
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.jacobian import Map, empty_map, log10_singular_values
from lstmviz.engine.jacobian_choice import REFERENCE, jacobian_functions
from lstmviz.files import BadInput, caps
from lstmviz.lab.arguments import check_word
from lstmviz.lab.gradient_flow import frozen
from lstmviz.lab.slopes import local_slopes, recurrent_weights
from lstmviz.lab.trace import Trace
from lstmviz.words import tr

Array = NDArray[np.floating]
NORMS = ("frobenius", "spectral")
BETWEEN = 0.1  # seconds between two looks at whether to go on


@dataclass(frozen=True, eq=False, slots=True)
class JacobianRow:
    """Norms of the Jacobians of the last state by the state at every timestep."""

    end: str  # "h": of h_T; "c": of c_T
    norm: str
    log10_h: Array  # (T + 1,) by h_k; row 0 belongs to the initial state
    log10_c: Array | None  # (T + 1,) by c_k, LSTM only


@dataclass(frozen=True, eq=False, slots=True)
class JacobianMap:
    """Norms of the Jacobians between every two timesteps; entry [t, k] is of the state at t by the one at k."""

    by: str  # "h": by h_k; "c": by c_k
    norm: str
    floor: float  # what fell below this decimal logarithm was followed no further; -inf: nothing was left out
    log10_h: Array  # (T + 1, T + 1) of h_t; -inf for t < k, nan where it was not followed
    log10_c: Array | None  # (T + 1, T + 1) of c_t, LSTM only
    last: NDArray[np.int64]  # (T + 1,) of each k the last t computed: T where nothing was left out


def jacobian_row(
    trace: Trace, *, sequence: int = 0, end: str = "h", norm: str = "frobenius", engine: str = "auto"
) -> JacobianRow:
    """How much every timestep's state weighs in the last one.

    Parameters
    ----------
    trace : Trace
        Of any network.
    sequence : int
        Which of the batch, 0 to B - 1.
    end : str
        "h" derives h_T, "c" the LSTM's c_T.
    norm : str
        "frobenius" or "spectral".
    engine : str
        "auto", "kernels" or "reference".

    Returns
    -------
    JacobianRow

    Raises
    ------
    BadInput
        If an argument lies outside its range, or the spectral norms would need too much memory.

    References
    ----------
    Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks, equations 5 to 7.
    """
    local = local_slopes(trace, sequence, engine)
    _check(trace, "end", end, norm)
    spectral = norm == "spectral"
    timesteps, hidden = local.keep.shape
    if spectral:
        _check_memory(timesteps * (2 if _is_lstm(trace) else 1) * hidden**2)
    found = jacobian_functions(trace.network.dtype, engine).row(local, recurrent_weights(trace.network), end, spectral)
    log10_h: Array = found.log10_h
    log10_c: Array | None = found.log10_c if _is_lstm(trace) else None
    if spectral:
        log10_h = _spectral(found.blocks[:, -hidden:], found.exponent)
        log10_c = _spectral(found.blocks[:, :hidden], found.exponent) if _is_lstm(trace) else None
    return JacobianRow(end, norm, frozen(log10_h), None if log10_c is None else frozen(log10_c))


def jacobian_map(
    trace: Trace,
    *,
    sequence: int = 0,
    by: str = "h",
    norm: str = "frobenius",
    floor: float = -math.inf,
    engine: str = "auto",
    goes_on: Callable[[float], bool] | None = None,
) -> JacobianMap:
    """How much every timestep's state weighs in every later one.

    Parameters
    ----------
    trace : Trace
        Of any network.
    sequence : int
        Which of the batch, 0 to B - 1.
    by : str
        "h" derives by h_k, "c" by the LSTM's c_k.
    norm : str
        "frobenius" or "spectral"; the spectral norms take tens of times as long.
    floor : float
        Decimal logarithm below which a Jacobian is followed no further; ``rounding_floor`` is where it changes no
        digit any more. The map says where it stopped.
    engine : str
        "auto", "kernels" or "reference".
    goes_on : callable, optional
        Told about ten times a second which share of the work is done, 0 to 1; when it says False, what is not worked
        out yet stays nan.

    Returns
    -------
    JacobianMap

    Raises
    ------
    BadInput
        If an argument lies outside its range, or the map would need too much memory.
    """
    local = local_slopes(trace, sequence, engine)
    _check(trace, "by", by, norm)
    if math.isnan(floor):
        raise BadInput("jacobian", "floor", tr("{value} is out of range").format(value=floor), tr("a number, or -inf"))
    timesteps, hidden = local.keep.shape
    functions = jacobian_functions(trace.network.dtype, engine) if norm == "frobenius" else REFERENCE
    states = (2 if _is_lstm(trace) else 1) * hidden
    carried = 3 * states * hidden if functions is REFERENCE else 0
    _check_memory(timesteps * (2 * timesteps + 2 * states * hidden + carried))
    weights, options = recurrent_weights(trace.network), {"norm": norm} if norm == "spectral" else {}

    def of_starts(starts: range | None) -> Map:
        return functions.every_pair(local, weights, by, floor, starts=starts, **options)

    found = of_starts(None) if goes_on is None else _bit_by_bit(of_starts, timesteps, _is_lstm(trace), goes_on)
    log10_c = frozen(found.log10_c) if _is_lstm(trace) else None
    found.last.flags.writeable = False
    return JacobianMap(by, norm, floor, frozen(found.log10_h), log10_c, found.last)


def _bit_by_bit(of_starts: Callable[[range], Map], timesteps: int, lstm: bool, goes_on: Callable[[float], bool]) -> Map:
    """The same, some columns at a time: as many as the ones before say fit into a tenth of a second."""
    found, done, at_once = empty_map(timesteps, lstm), 0, 1
    for log10 in (found.log10_h, found.log10_c):
        log10[np.tril_indices(len(log10))] = np.nan
    while done <= timesteps and goes_on(1.0 - (1.0 - done / (timesteps + 1)) ** 2):
        begun, starts = time.perf_counter(), range(done, min(done + at_once, timesteps + 1))
        part, columns = of_starts(starts), slice(starts.start, starts.stop)
        found.log10_h[:, columns], found.last[columns] = part.log10_h[:, columns], part.last[columns]
        if lstm:
            found.log10_c[:, columns] = part.log10_c[:, columns]
        done, spent = starts.stop, max(time.perf_counter() - begun, 1e-6)
        at_once = max(1, min(4 * at_once, int(at_once * BETWEEN / spent)))
    return found


def rounding_floor(trace: Trace) -> float:
    """log10 of sqrt(H) eps: a Jacobian with a smaller norm changes no digit of what it is added to."""
    return 0.5 * math.log10(trace.network.hidden) + math.log10(np.finfo(trace.network.dtype).eps)


def _spectral(blocks: Array, exponent: NDArray[np.int64]) -> Array:
    return np.ascontiguousarray(log10_singular_values(blocks, exponent)[:, 0])


def _is_lstm(trace: Trace) -> bool:
    return trace.network.cell == "lstm"


def _check(trace: Trace, name: str, state: str, norm: str) -> None:
    check_word("jacobian", name, state, ("h", "c") if _is_lstm(trace) else ("h",))
    check_word("jacobian", "norm", norm, NORMS)


def _check_memory(numbers: int) -> None:
    """Refuse before anything is allocated."""
    size = 8 * numbers
    if size > caps.TRACE_BYTES:
        what = tr("the Jacobians need {size} MB").format(size=size >> 20)
        raise BadInput("jacobian", tr("sizes"), what, tr("at most {most} MB").format(most=caps.TRACE_BYTES >> 20))
