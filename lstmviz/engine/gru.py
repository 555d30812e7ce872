"""The GRU as Numba kernels: the equations of ``reference``, forward and backward side by side.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    a            pre-activations (3H,) of one timestep, in the order r, z, n
    r, z, n      reset gate, update gate, candidate
    hn           weight_hn h + bias_hn of the h before: what the reset gate lets into the candidate
    h            hidden state; h[0] is before the first timestep
    d, d_<name>  dLoss/d<name>
    j            first unit of a block: as many units as a vector has lanes, ``n`` of them real
    carried      (B, ...) mantissas of d_h at the timestep at hand (``scaled``)
"""

from typing import NamedTuple

import numpy as np

from lstmviz.engine.allocate import begin, empty_gradients
from lstmviz.engine.arrays import Array, GRUGradients, GRUParameters, GRUTape
from lstmviz.engine.functions import sigmoid, tanh
from lstmviz.engine.instruction_set import ROWS
from lstmviz.engine.jit import inlined, kernel, read_only
from lstmviz.engine.products import (
    columns,
    copy_inputs,
    gate_sums,
    gradient_rows,
    input_rows,
    multiply_back,
    pack_columns,
    pack_gates,
    padded,
    weight_gradient,
    workspace,
    write_inputs,
)
from lstmviz.engine.scaled import ROOM
from lstmviz.engine.scaled_kernels import arrive, multiply_by_power
from lstmviz.engine.simd import lanes_of, load, multiply_add, store


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    from_x: Array  # weights of [x | 1] to n, r, z
    from_h: Array  # weights of [1 | h before] to r, z, hn
    rows: Array  # (2 * B, ...) the rows [x | 1 | h before], for an even and an odd timestep
    sums: Array  # (ROWS, 4, lanes): n without hn, r, z, hn


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array  # rows in the order hn, r, z
    weight_ih: Array  # rows in the order r, z, n
    carried: Array  # (B, ...)
    d_x: Array  # (B, ...)
    d_sums: Array  # (B, 4 * Hp), H padded, in the order hn, r, z, n
    exponent: Array  # (B,)


def gru_forward(parameters: GRUParameters, x: Array, h0: Array) -> GRUTape:
    """Run a GRU over a batch of sequences and record everything; see ``reference.gru_forward``."""
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=3)
    r, z, n, hn = (np.empty_like(h[1:]) for _ in range(4))
    tape = GRUTape(x, a, r, z, n, hn, h)
    hidden = h.shape[2]
    # the input's and the hidden state's share of the candidate stay apart, for the reset gate comes between
    from_x = np.concatenate([parameters.weight_ih, parameters.bias[:, None]], axis=1)
    bias = np.concatenate([np.zeros(2 * hidden, h.dtype), parameters.bias_hn])
    from_h = np.concatenate([bias[:, None], parameters.weight_hh], axis=1)
    from_x = pack_gates(np.roll(from_x, hidden, axis=0), 3)
    rows, start = input_rows(x, h[0])
    sums = workspace(ROWS, 4, from_x.shape[3], dtype=h.dtype)
    _forward(tape, Forward(from_x, pack_gates(from_h, 3), rows, sums), start)
    return tape


def gru_backward(parameters: GRUParameters, tape: GRUTape, d_h_loss: Array) -> GRUGradients:
    """Gradient of the loss by everything a GRU holds and computed; see ``reference.gru_backward``."""
    dtype, inputs = tape.h.dtype, tape.x.shape[2]
    sequences, hidden = tape.h.shape[1:]
    d = empty_gradients(GRUGradients, parameters, tape)
    weight_hh = pack_columns(np.roll(parameters.weight_hh, hidden, axis=0), 3)
    weight_ih = pack_columns(parameters.weight_ih, 3)
    tape, d_h_loss = read_only(tape), read_only(d_h_loss.astype(dtype, copy=False))
    widths = (columns(weight_hh), columns(weight_ih), 4 * padded(hidden, dtype))
    carried, d_x, d_sums = (workspace(sequences, wide, dtype=dtype) for wide in widths)
    work = Backward(weight_hh, weight_ih, carried, d_x, d_sums, np.zeros(sequences, np.int64))
    _backward(d, tape, d_h_loss, work, ROOM[dtype.name])
    rows = gradient_rows(tape.x, tape.h[:-1])
    gradient, of_hn = weight_gradient(d.a, rows), weight_gradient(d.hn, rows)
    d.bias[:], d.weight_ih[:], d.bias_hn[:] = gradient[:, 0], gradient[:, 1 : 1 + inputs], of_hn[:, 0]
    # the candidate's recurrent weights meet h through hn, not through a
    d.weight_hh[: 2 * hidden] = gradient[: 2 * hidden, 1 + inputs : 1 + inputs + hidden]
    d.weight_hh[2 * hidden :] = of_hn[:, 1 + inputs : 1 + inputs + hidden]
    return d


@kernel
def _forward(tape, work, start):
    """Fill the tape; h[0] and x are there."""
    T, B, H = tape.r.shape
    inputs, width = tape.x.shape[2], lanes_of(tape.x)
    for t in range(T):
        write_inputs(work.rows, start, tape.x, t)
        for j in range(0, H, width):
            for b in range(0, B, ROWS):
                count, block = min(ROWS, B - b), j // width
                work.sums[:, 3] = 0
                gate_sums(
                    False, work.sums, 0, work.rows, start - 1 - inputs, inputs + 1, work.from_x, block, t, b, count
                )
                gate_sums(True, work.sums, 1, work.rows, start - 1, 1 + H, work.from_h, block, t, b, count)
                for row in range(count):
                    _units(tape, work, start, t, b + row, row, j)


@inlined
def _units(tape, work, start, t, b, row, j):
    """One block of units of one sequence, from one row of the sums."""
    B, H = tape.r.shape[1:]
    width, at, a_at, sums = lanes_of(tape.x), (t * B + b) * H + j, 3 * (t * B + b) * H + j, 4 * row * lanes_of(tape.x)
    a_r, a_z = load(work.sums, sums + width, width), load(work.sums, sums + 2 * width, width)
    hn = load(work.sums, sums + 3 * width, width)
    r, z = sigmoid(a_r), sigmoid(a_z)
    a_n = multiply_add(r, hn, load(work.sums, sums, width))
    n = tanh(a_n)
    h_before = load(work.rows, (t % 2 * B + b) * work.rows.shape[1] + start + j, width)
    h = multiply_add(z, h_before, (1.0 - z) * n)

    store(work.rows, ((t + 1) % 2 * B + b) * work.rows.shape[1] + start + j, width, h)
    store(tape.a, a_at, H - j, a_r)
    store(tape.a, a_at + H, H - j, a_z)
    store(tape.a, a_at + 2 * H, H - j, a_n)
    store(tape.r, at, H - j, r)
    store(tape.z, at, H - j, z)
    store(tape.n, at, H - j, n)
    store(tape.hn, at, H - j, hn)
    store(tape.h, at + B * H, H - j, h)


@kernel
def _backward(d, tape, d_h_loss, work, room):
    """Fill d but for the weights."""
    B, H = d_h_loss.shape[1:]
    hidden = work.d_sums.shape[1] // 4
    for t in range(len(d_h_loss), -1, -1):
        for b in range(B):
            arrive(d.h, d.log10_h, d_h_loss, work.carried, work.exponent, room, t, b)
            if t > 0:
                for j in range(0, H, lanes_of(tape.x)):
                    _units_back(d, tape, work, t - 1, b, j)
        if t > 0:
            multiply_back(True, work.carried, 0, work.d_sums, 0, work.weight_hh)
            multiply_back(False, work.d_x, 0, work.d_sums, hidden, work.weight_ih)
            copy_inputs(d.x, work.d_x, t - 1)
        for b in range(B):
            if work.exponent[b] != 0:
                _make_true(d, t, b, work.exponent[b])


@inlined
def _units_back(d, tape, work, t, b, j):
    """From d_h to the gates and pre-activations that made it; leaves in d_h what passes the update gate."""
    B, H = tape.r.shape[1:]
    width, hidden, count = lanes_of(tape.x), work.d_sums.shape[1] // 4, H - j
    at, a_at, h_at = (t * B + b) * H + j, 3 * (t * B + b) * H + j, b * work.carried.shape[1] + j
    r, z, n = load(tape.r, at, count), load(tape.z, at, count), load(tape.n, at, count)
    d_h, hn = load(work.carried, h_at, count), load(tape.hn, at, count)
    d_n, d_z = d_h * (1.0 - z), d_h * (load(tape.h, at, count) - n)
    d_a_n = d_n * multiply_add(n, 0.0 - n, 1.0)
    d_hn, d_r = d_a_n * r, d_a_n * hn
    d_a_r, d_a_z = d_r * r * (1.0 - r), d_z * z * (1.0 - z)
    store(work.carried, h_at, width, d_h * z)

    row = b * work.d_sums.shape[1] + j
    store(work.d_sums, row, width, d_hn)
    store(work.d_sums, row + hidden, width, d_a_r)
    store(work.d_sums, row + 2 * hidden, width, d_a_z)
    store(work.d_sums, row + 3 * hidden, width, d_a_n)
    store(d.r, at, count, d_r)
    store(d.z, at, count, d_z)
    store(d.n, at, count, d_n)
    store(d.hn, at, count, d_hn)
    store(d.a, a_at, count, d_a_r)
    store(d.a, a_at + H, count, d_a_z)
    store(d.a, a_at + 2 * H, count, d_a_n)


@kernel
def _make_true(d, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for."""
    B, H = d.r.shape[1:]
    at = (t * B + b) * H
    multiply_by_power(d.h, at, H, exponent)
    if t > 0:
        before, inputs = at - B * H, d.x.shape[2]
        for row in (d.r, d.z, d.n, d.hn):
            multiply_by_power(row, before, H, exponent)
        multiply_by_power(d.a, 3 * before, 3 * H, exponent)
        multiply_by_power(d.x, ((t - 1) * B + b) * inputs, inputs, exponent)
