"""The gradient of one trace, split by the way on which it arrived at each timestep.

The gradient of L by h_t or c_t is a sum: what L itself says of h_t, what came straight along the state, and what came
through each gate and the candidate of the timestep after. The parts add up to the whole.

Words used in this file
    T, B, H    timesteps, sequences, hidden units
    way        "loss"; "c" or "h", straight along the cell state (LSTM) or the hidden state (GRU, or where it was
               frozen); or the name of a gate, the candidate or (vanilla RNN) the pre-activation, whose recurrent
               weights were crossed last
    share      how much of the whole a part is: its projection on the whole; the shares of all ways add up to 1
    unbroken   what went straight along the state at every timestep since it entered, and never through a weight
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import scaled
from lstmviz.engine.arrays import extremes_allowed
from lstmviz.engine.jacobian import Slopes
from lstmviz.engine.scaled import ScaledRows, scaled_rows
from lstmviz.files import BadInput
from lstmviz.lab.gradient_flow import frozen
from lstmviz.lab.network import Network
from lstmviz.lab.slopes import BLOCKS, all_slopes, recurrent_weights
from lstmviz.lab.trace import Trace
from lstmviz.words import tr

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """The gradient by one state, part by part; row t belongs to the state after timestep t."""

    ways: tuple[str, ...]
    parts: Array  # (ways, T + 1, B, H) true values: 0 where float64 cannot hold them
    log10: Array  # (ways, T + 1, B) log10 of the norm over the units; -inf for a part that is exactly zero
    share: Array  # (ways, T + 1, B) of the whole; nan where the whole is zero

    def part(self, way: str) -> Array:
        """What arrived by one way, (T + 1, B, H)."""
        return np.asarray(self.parts[self.ways.index(way)])


@dataclass(frozen=True, eq=False, slots=True)
class PathSplit:
    """The gradient of one trace split by path."""

    h: Split  # dL/dh_t
    c: Split | None  # dL/dc_t, LSTM only; ways that lead over h_t of the same timestep are named by where they go on
    log10_unbroken: Array  # (T + 1, B) what came to c (LSTM), h (GRU) along the state alone; -inf for most vanilla RNNs
    unbroken_share: Array  # (T + 1, B) of dL/dc_t or dL/dh_t


def path_split(trace: Trace) -> PathSplit:
    """The gradient of a trace split by path.

    Parameters
    ----------
    trace : Trace
        From ``lstmviz.trace``.

    Returns
    -------
    PathSplit
        Carries its exponent: the parts of a gradient of 1e-1204 still have their norms and shares.

    Raises
    ------
    BadInput
        If the trace does not know what its loss says about the hidden states.

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long Short-Term Memory: the path along the cell state, alone in the truncated
    gradient. Gers, Schmidhuber & Cummins (2000): the forget gate on it.
    """
    if trace.d_h_loss is None:
        raise BadInput("path_split", "trace", tr("its loss is not known"), tr("use a trace made by lstmviz.trace"))
    if trace.network.form == "lstm/peephole":
        what = tr("a peephole is a way along the cell state and through a gate at once")
        raise BadInput("path_split", tr("network"), what, tr("cells without peepholes"))
    says = scaled_rows(trace.d_h_loss, trace.d_h_loss.dtype) if trace.handed is None else trace.handed
    return _split(trace.network, all_slopes(trace), says)


@extremes_allowed
def _split(network: Network, local: Slopes, loss: ScaledRows) -> PathSplit:
    d_h_loss = loss.rows
    timesteps, sequences, hidden = d_h_loss.shape
    gates, lstm = BLOCKS[network.cell], network.cell == "lstm"
    weights = recurrent_weights(network).reshape(len(gates), hidden, hidden)
    # what goes straight along h, and how much of it: of an LSTM and a vanilla RNN only where h is frozen
    along_h = local.stay if lstm else local.keep
    h_ways = ("h",) if along_h.any() or network.cell == "gru" else ()
    of_h = _Recorder(("loss", *h_ways, *gates), d_h_loss)
    of_c = _Recorder(("loss", "c", *h_ways, *gates), d_h_loss) if lstm else of_h
    unbroken = _Recorder(("unbroken",), d_h_loss)

    nothing = np.zeros((sequences, hidden), d_h_loss.dtype)
    carried = [nothing] * (4 + len(gates))
    exponent = scaled.no_exponent(sequences)
    for t in range(timesteps, -1, -1):
        says, given = (d_h_loss[t - 1], loss.exponent[t - 1]) if t > 0 else (nothing, None)
        exponent, says, *carried = scaled.bring_together(exponent, says, *carried, given=given)
        # straight along c and h; what of it never went through a weight; and through each gate
        straight_c, straight_h, alone_c, alone_h, *ways = carried
        parts_h = [says, *([straight_h] if h_ways else []), *ways]
        alone_h = alone_h + says if lstm or h_ways else nothing
        if lstm:
            to_c = local.out[t - 1] if t > 0 else nothing  # c_0 and h_0 are given apart from each other
            first, *others = (part * to_c for part in parts_h)
            parts_c, alone_c = [first, straight_c, *others], alone_c + alone_h * to_c
        else:
            parts_c, alone_c = parts_h, alone_h
        exponent, *rows = scaled.keep_in_range(
            exponent, sum(parts_h), sum(parts_c), alone_c, alone_h, *parts_h, *parts_c
        )
        d_h, d_c, alone_c, alone_h = rows[:4]
        parts_h, parts_c = rows[4 : 4 + len(parts_h)], rows[4 + len(parts_h) :]
        of_h.note(t, parts_h, d_h, exponent)
        of_c.note(t, parts_c, d_c, exponent)
        unbroken.note(t, [alone_c], d_c, exponent)
        if t > 0:
            carried = [nothing] * 4 + [
                ((d_c if lstm and gate != "o" else d_h) * local.drive[t - 1, :, number]) @ weights[number]
                for number, gate in enumerate(gates)
            ]
            if lstm:
                carried[0], carried[2] = d_c * local.keep[t - 1], alone_c * local.keep[t - 1]
            if h_ways:
                carried[1], carried[3] = d_h * along_h[t - 1], alone_h * along_h[t - 1]
    alone_split = unbroken.split()
    return PathSplit(of_h.split(), of_c.split() if lstm else None, alone_split.log10[0], alone_split.share[0])


class _Recorder:
    """Collects the mantissas of one gradient's parts, timestep by timestep; the rest is done for all at once."""

    def __init__(self, ways: tuple[str, ...], like: Array) -> None:
        timesteps, sequences, hidden = like.shape
        self.ways = ways
        self.parts = np.zeros((len(ways), timesteps + 1, sequences, hidden), like.dtype)
        self.whole = np.zeros((timesteps + 1, sequences, hidden), like.dtype)
        self.exponent = np.zeros((timesteps + 1, sequences), np.intc)

    def note(self, t: int, parts: list[Array], whole: Array, exponent: Any) -> None:
        """Record one timestep."""
        self.parts[:, t], self.whole[t], self.exponent[t] = parts, whole, exponent

    def split(self) -> Split:
        """What was recorded as true values, norms and shares, frozen."""
        norms = scaled.log10_norm(
            self.parts.reshape(-1, self.parts.shape[3]), np.tile(self.exponent.ravel(), len(self.ways))
        )
        # to the size of the whole, or the squares of the small ones would vanish
        whole = self.whole.astype(np.float64)
        size = np.max(np.abs(whole), axis=2, keepdims=True)
        unit = whole / size
        share = np.sum(unit * (self.parts.astype(np.float64) / size), axis=3) / np.sum(unit * unit, axis=2)
        true = np.ldexp(self.parts, self.exponent[..., None])
        return Split(self.ways, frozen(true), frozen(norms.reshape(share.shape)), frozen(share))
