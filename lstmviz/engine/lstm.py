"""The LSTM and its family on kernels: room for what a pass records, weights laid out, and their gradients.

What happens in a timestep is in ``lstm_kernels``.

Words used in this file
    T, B, H      timesteps, sequences, hidden units
    cell         which parts the LSTM has (``variant.LSTMParts``), known while the kernels are compiled
    i, f, g, o   input gate, forget gate, candidate, output gate: as many ``blocks`` of H rows as there are
    c, h         cell state, hidden state; row 0 is before the first timestep
    d, d_<name>  dLoss/d<name>
    seen         what is seen of the timestep before: h, and the gates i, f, o if they are fed back
    carried      (B, ...) mantissas of d_c, padded, and of d of what is seen, at the timestep at hand (``scaled``)
    held         what quantities are held at; None for nothing (``holding``)
    size         ``products.ForwardSizes`` or ``BackwardSizes``
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import lstm_kernels
from lstmviz.engine.allocate import empty_gradients, room
from lstmviz.engine.arrays import (
    AnyLSTMGradients,
    AnyLSTMParameters,
    Array,
    GateRecurrenceGradients,
    GateRecurrenceParameters,
    LSTMTape,
    PeepholeGradients,
    PeepholeParameters,
    lstm_gradients,
)
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
    padded,
    strips,
    weight_gradient,
    workspace,
)
from lstmviz.engine.scaled import ROOM, AnyRows, exponents, hand_down, scaled_rows
from lstmviz.engine.threads import in_parts, with_own_sums
from lstmviz.engine.variant import VARIANTS


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    weights: Array  # of [x | 1 | seen]
    rows: Array  # (2, B, ...) those rows, for an even and an odd timestep
    c: Array  # (B, H padded), and below it the peepholes of i, f, o
    sums: Array  # (ROWS, blocks, lanes)
    held: Array | None  # (6, T, B, H)


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array
    weight_ih: Array
    carried: Array  # (B, ...)
    d_x: Array  # (B, ...)
    d_z: Array  # (B, blocks * H padded), and below it the peepholes of i, f, none, o
    exponent: NDArray[np.int64]  # (B,)
    loss_exponent: NDArray[np.int64]  # (T, B)
    x_exponent: NDArray[np.int64]  # (T, B)
    held: Array | None  # (6, T, B, H)


def lstm_forward(
    parameters: AnyLSTMParameters,
    x: Array,
    h0: Array,
    c0: Array,
    variant: str = "vanilla",
    held: Array | None = None,
) -> LSTMTape:
    """Run an LSTM over a batch of sequences and record everything; see ``reference.lstm_forward``."""
    cell, dtype, size = VARIANTS[variant].parts, parameters.bias.dtype, forward_sizes(x, parameters.weight_hh)
    blocks = parameters.bias.size // size.hidden
    states, rows = (size.timesteps + 1, size.sequences, size.hidden), (size.timesteps, size.sequences, size.hidden)
    gates = (size.timesteps, size.sequences, blocks * size.hidden)
    tape = LSTMTape(*room(dtype, x.shape, gates, rows, rows, rows, rows, states, rows, states))
    tape.x[:], tape.h[0], tape.c[0] = x, h0, c0
    weights = np.concatenate([parameters.weight_ih, parameters.bias[:, None], _weight_seen(parameters)], axis=1)
    if cell.gate_recurrence:
        size = size._replace(row=size.start + 4 * size.padded)
    packed, both_rows, c, sums = workspace(
        dtype,
        (size.padded // lanes(dtype), weights.shape[1], blocks, lanes(dtype)),
        (2, size.sequences, size.row),
        (size.sequences + (3 if cell.peepholes else 0), size.padded),
        (ROWS, blocks, lanes(dtype)),
    )
    work = Forward(packed, both_rows, c, sums, held_values(held, tape.h))
    pack_gates(weights, blocks, work.weights)
    work.rows[0, :, size.start : size.start + size.hidden] = h0
    work.c[: size.sequences, : size.hidden] = c0
    if isinstance(parameters, PeepholeParameters):
        work.c[size.sequences :, : size.hidden] = parameters.peephole.reshape(3, size.hidden)
    n = weights.shape[1]
    in_parts(lambda part: lstm_kernels.forward(tape, with_own_sums(work, part), part, cell, blocks, n), size, blocks)
    return tape


def lstm_backward(
    parameters: AnyLSTMParameters,
    tape: LSTMTape,
    d_h_loss: AnyRows,
    variant: str = "vanilla",
    window: int = 0,
    truncated: bool = False,
    held: Array | None = None,
) -> AnyLSTMGradients:
    """Gradient of the loss by everything an LSTM holds and computed; see ``reference.lstm_backward``."""
    cell, dtype, size = VARIANTS[variant].parts, tape.h.dtype, backward_sizes(tape.x, tape.h.shape[2], states=2)
    blocks, d = parameters.bias.size // size.hidden, empty_gradients(lstm_gradients(parameters), parameters, tape)
    if cell.gate_recurrence:
        count, wide = strips(4 * size.padded, dtype)
        size = size._replace(carried=size.padded + count * wide * lanes(dtype), wide_hh=wide)
    weight_hh, weight_ih = pack_columns(_weight_seen(parameters), blocks), pack_inputs(parameters.weight_ih, blocks)
    z_rows = size.sequences + (1 if cell.peepholes else 0)
    shapes = (size.sequences, size.carried), (size.sequences, size.d_x), (z_rows, blocks * size.padded)
    carried, d_x, d_z = workspace(dtype, *shapes)
    if isinstance(parameters, PeepholeParameters) and not truncated:
        d_z[-1].reshape(4, size.padded)[[0, 1, 3], : size.hidden] = parameters.peephole.reshape(3, size.hidden)
    loss = scaled_rows(d_h_loss, dtype)
    work = Backward(weight_hh, weight_ih, carried, d_x, d_z, *exponents(loss), held_values(held, tape.h))
    tape = read_only(tape)
    given, options = (d, tape, read_only(loss.rows), work, ROOM[dtype.name]), (cell, blocks, window, truncated)
    in_parts(lambda part: lstm_kernels.backward(*given, part, *options), size, blocks)
    weight_gradient(d.weight_ih, d.weight_hh, d.bias, d.z, tape.x, tape.h)
    if isinstance(d, PeepholeGradients):
        lstm_kernels.peephole_gradient(d.peephole, read_only(d.z), tape.c)
    if isinstance(d, GateRecurrenceGradients):
        _gate_recurrence_gradient(d, tape)
    return hand_down(d, work.x_exponent, d_h_loss)


def _weight_seen(parameters: AnyLSTMParameters) -> Array:
    """Weights of all that is seen of the timestep before, (rows of the weights, H), or (.., 4 times H padded)."""
    if not isinstance(parameters, GateRecurrenceParameters):
        return parameters.weight_hh
    hidden, dtype = parameters.weight_hh.shape[1], parameters.weight_hh.dtype
    seen = np.zeros((4, hidden, 4, padded(hidden, dtype)), dtype)
    seen[:, :, 0, :hidden] = parameters.weight_hh.reshape(4, hidden, hidden)
    seen[[0, 1, 3], :, 1:, :hidden] = parameters.weight_gates.reshape(3, hidden, 3, hidden)
    return seen.reshape(4 * hidden, -1)


def _gate_recurrence_gradient(d: GateRecurrenceGradients, tape: LSTMTape) -> None:
    """Fill the gradient of the weights between the gates of two timesteps."""
    if len(tape.x) == 1:  # nothing to add up
        d.weight_gates[:] = 0
        return
    d_z_i, d_z_f, _, d_z_o = np.split(d.z[1:], 4, axis=2)
    d_z, gates = np.concatenate([d_z_i, d_z_f, d_z_o], axis=2), np.concatenate([tape.i, tape.f, tape.o], axis=2)[:-1]
    not_used = np.empty((d_z.shape[2], 1), d_z.dtype), np.empty(d_z.shape[2], d_z.dtype)
    weight_gradient(not_used[0], d.weight_gates, not_used[1], d_z, gates[..., :1], gates)
