"""The derivatives of every timestep, unit by unit, as Numba kernels; ``jacobian.slopes`` in one pass over the tape."""

import numpy as np

from lstmviz.engine import jacobian
from lstmviz.engine.arrays import Array, GRUTape, LSTMTape, Tape
from lstmviz.engine.jacobian import Slopes
from lstmviz.engine.jit import kernel, read_only
from lstmviz.engine.variant import USUAL


def slopes(
    tape: Tape, sequence: int = 0, form: str = "", peephole: Array | None = None, held: Array | None = None
) -> Slopes:
    """The derivatives of every timestep of one sequence; see ``jacobian.slopes``, which also serves all the rarer."""
    if form not in ("", *USUAL.values()) or held is not None:
        return jacobian.slopes(tape, sequence, form, peephole, held)
    timesteps, hidden = len(tape.x), tape.h.shape[2]
    keep = np.empty((timesteps, hidden), tape.h.dtype)
    if isinstance(tape, LSTMTape):
        found = Slopes(keep, np.empty((timesteps, 4, hidden), keep.dtype), np.empty_like(keep), keep[:0])
        i, f, g, o, c, tanh_c = map(read_only, (tape.i, tape.f, tape.g, tape.o, tape.c, tape.tanh_c))
        _lstm_slopes(found, i, f, g, o, c, tanh_c, sequence)
    elif isinstance(tape, GRUTape):
        found = Slopes(keep, np.empty((timesteps, 3, hidden), keep.dtype), keep[:, :0], keep[:0])
        r, z, n, hn, h = map(read_only, (tape.r, tape.z, tape.n, tape.hn, tape.h))
        _gru_slopes(found, r, z, n, hn, h, sequence)
    else:
        return jacobian.slopes(tape, sequence, form)
    return found


@kernel
def _lstm_slopes(found, i_gate, f_gate, g_gate, o_gate, c_state, tanh_c, b):
    keep, drive, out, _ = found
    T, H = keep.shape
    for t in range(T):
        for k in range(H):
            i, f, g, o = i_gate[t, b, k], f_gate[t, b, k], g_gate[t, b, k], o_gate[t, b, k]
            c, tanh = c_state[t, b, k], tanh_c[t, b, k]
            keep[t, k], out[t, k] = f, o * (1 - tanh * tanh)
            drive[t, 0, k], drive[t, 1, k] = g * i * (1 - i), c * f * (1 - f)
            drive[t, 2, k], drive[t, 3, k] = i * (1 - g * g), tanh * o * (1 - o)


@kernel
def _gru_slopes(found, r_gate, z_gate, candidate, hn, h_state, b):
    keep, drive, _, _ = found
    T, H = keep.shape
    for t in range(T):
        for k in range(H):
            r, z, n = r_gate[t, b, k], z_gate[t, b, k], candidate[t, b, k]
            fresh = (1 - z) * (1 - n * n)
            keep[t, k], drive[t, 0, k] = z, fresh * hn[t, b, k] * r * (1 - r)
            drive[t, 1, k], drive[t, 2, k] = (h_state[t, b, k] - n) * z * (1 - z), fresh * r
