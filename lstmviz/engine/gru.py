"""The GRU on kernels: room for what a pass records, weights laid out, and their gradients.

What happens in a timestep is in ``gru_kernels``.

Words used in this file
    T, B, H      timesteps, sequences, hidden units
    cell         where the reset gate acts (``variant.GRUParts``), known while the kernels are compiled
    r, z, n      reset gate, update gate, candidate
    hn           what h before tells the candidate: weight_hn h + bias_hn, or weight_hn (r h) + bias_hn
    h            hidden state; h[0] is before the first timestep
    d, d_<name>  dLoss/d<name>
    carried      (B, ...) mantissas of d_h at the timestep at hand (``scaled``)
    held         what quantities are held at; None for nothing (``holding``)
    size         ``products.ForwardSizes`` or ``BackwardSizes``
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import gru_kernels
from lstmviz.engine.allocate import empty_gradients, room
from lstmviz.engine.arrays import Array, GRUGradients, GRUParameters, GRUTape, extremes_allowed
from lstmviz.engine.held_kernels import held_values
from lstmviz.engine.instruction_set import ROWS
from lstmviz.engine.jit import read_only
from lstmviz.engine.products import (
    backward_sizes,
    forward_sizes,
    lanes,
    pack_columns,
    pack_gates,
    pack_inputs,
    weight_gradient,
    workspace,
)
from lstmviz.engine.scaled import ROOM, AnyRows, exponents, hand_down, scaled_rows
from lstmviz.engine.threads import in_parts, with_own_sums
from lstmviz.engine.variant import RESETS


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    from_x: Array  # weights of [x | 1] to n, r, z
    from_h: Array  # weights of [1 | h before] to r, z, hn
    rows: Array  # (2, B, ...) the rows [x | 1 | h before], for an even and an odd timestep
    sums: Array  # (ROWS, 4, lanes): n without hn, r, z, hn
    held: Array | None  # (4, T, B, H)


class ForwardBefore(NamedTuple):
    """The same where the reset gate acts before the product."""

    from_x: Array
    from_h: Array  # weights of [1 | h before] to r, z
    from_rh: Array  # weights of [1 | r h] to hn
    rows: Array
    rh: Array  # (B, ...) the rows [... | 1 | r h], as long as the others
    sums: Array
    held: Array | None


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array  # rows in the order hn, r, z
    weight_ih: Array  # rows in the order r, z, n
    carried: Array  # (B, ...)
    d_x: Array  # (B, ...)
    d_sums: Array  # (B, 4 times H padded), in the order hn, r, z, n
    exponent: NDArray[np.int64]  # (B,)
    loss_exponent: NDArray[np.int64]  # (T, B)
    x_exponent: NDArray[np.int64]  # (T, B)
    held: Array | None  # (4, T, B, H)


class BackwardBefore(NamedTuple):
    """The same where the reset gate acts before the product."""

    weight_hh: Array  # rows in the order r, z
    weight_hn: Array
    weight_ih: Array
    carried: Array
    d_rh: Array  # (B, ...)
    d_x: Array
    d_sums: Array
    exponent: NDArray[np.int64]
    loss_exponent: NDArray[np.int64]
    x_exponent: NDArray[np.int64]
    held: Array | None


def gru_forward(
    parameters: GRUParameters, x: Array, h0: Array, reset: str = "after", held: Array | None = None
) -> GRUTape:
    """Run a GRU over a batch of sequences and record everything; see ``reference.gru_forward``."""
    cell, dtype, size = RESETS[reset], parameters.bias.dtype, forward_sizes(x, parameters.weight_hh)
    states, each = (size.timesteps + 1, size.sequences, size.hidden), (size.timesteps, size.sequences, size.hidden)
    gates = (size.timesteps, size.sequences, 3 * size.hidden)
    tape = GRUTape(*room(dtype, x.shape, gates, each, each, each, each, states))
    tape.x[:], tape.h[0] = x, h0
    # the input's and the hidden state's share of the candidate stay apart, for the reset gate comes between
    from_x = np.concatenate([parameters.weight_ih, parameters.bias[:, None]], axis=1)
    bias = np.concatenate([np.zeros(2 * size.hidden, dtype), parameters.bias_hn])
    from_h = np.concatenate([bias[:, None], parameters.weight_hh], axis=1)
    blocks, width, rows = size.padded // lanes(dtype), lanes(dtype), (2, size.sequences, size.row)
    into, sums, last = (blocks, from_x.shape[1], 3, width), (ROWS, 4, width), held_values(held, tape.h)
    of_rz, of_hn, of_all = ((blocks, from_h.shape[1], gates, width) for gates in (2, 1, 3))
    work: Any
    if cell.before:
        work = ForwardBefore._make([*workspace(dtype, into, of_rz, of_hn, rows, rows[1:], sums), last])
        pack_gates(from_h[: 2 * size.hidden], 2, work.from_h)
        pack_gates(from_h[2 * size.hidden :], 1, work.from_rh)
        work.rh[:, size.start - 1] = 1
    else:
        work = Forward._make([*workspace(dtype, into, of_all, rows, sums), last])
        pack_gates(from_h, 3, work.from_h)
    pack_gates(_last_block_first(from_x), 3, work.from_x)
    work.rows[0, :, size.start : size.start + size.hidden] = h0
    run: Any = gru_kernels.forward_before if cell.before else gru_kernels.forward
    in_parts(lambda part: run(tape, with_own_sums(work, part), part, cell), size, 3)
    return tape


def gru_backward(
    parameters: GRUParameters,
    tape: GRUTape,
    d_h_loss: AnyRows,
    reset: str = "after",
    window: int = 0,
    held: Array | None = None,
) -> GRUGradients:
    """Gradient of the loss by everything a GRU holds and computed; see ``reference.gru_backward``."""
    cell, dtype, size = RESETS[reset], tape.h.dtype, backward_sizes(tape.x, tape.h.shape[2], states=1)
    d, into_n = empty_gradients(GRUGradients, parameters, tape), 2 * size.hidden
    weight_ih = pack_inputs(parameters.weight_ih, 3)
    rows = [(size.sequences, row) for row in (size.carried, size.d_x, 4 * size.padded, size.carried)]
    loss = scaled_rows(d_h_loss, dtype)
    last = *exponents(loss), held_values(held, tape.h)
    work: Any
    if cell.before:
        carried, d_x, d_sums, d_rh = workspace(dtype, *rows)
        weight_rz = pack_columns(parameters.weight_hh[:into_n], 2)
        weight_hn = pack_columns(parameters.weight_hh[into_n:], 1)
        work = BackwardBefore(weight_rz, weight_hn, weight_ih, carried, d_rh, d_x, d_sums, *last)
    else:
        weight_hh = pack_columns(_last_block_first(parameters.weight_hh), 3)
        carried, d_x, d_sums = workspace(dtype, *rows[:3])
        work = Backward(weight_hh, weight_ih, carried, d_x, d_sums, *last)
    tape = read_only(tape)
    given = d, tape, read_only(loss.rows), work, ROOM[dtype.name]
    run: Any = gru_kernels.backward_before if cell.before else gru_kernels.backward
    in_parts(lambda part: run(*given, part, cell, window), size, 3)
    weight_gradient(d.weight_ih, d.weight_hh, d.bias, d.a, tape.x, tape.h)
    # the candidate's recurrent weights meet h, or r h, through hn, not through a
    not_used, seen = np.empty((size.hidden, size.inputs), dtype), _reset(tape) if cell.before else tape.h
    weight_gradient(not_used, d.weight_hh[into_n:], d.bias_hn, d.hn, tape.x, seen)
    return hand_down(d, work.x_exponent, d_h_loss)


@extremes_allowed
def _reset(tape: GRUTape) -> Array:
    """What the reset gate leaves of the hidden states (T, B, H)."""
    return tape.r * tape.h[:-1]


def _last_block_first(weight: Array) -> Array:
    """Blocks of rows in the order n, r, z."""
    rows = len(weight) // 3
    return np.concatenate([weight[2 * rows :], weight[: 2 * rows]])
