"""The LSTM as Numba kernels: the equations of ``reference``, forward and backward side by side.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    z            pre-activations (4H,) of one timestep, in the order i, f, g, o
    i, f, g, o   input gate, forget gate, candidate, output gate
    c, h         cell state, hidden state; row 0 is before the first timestep
    d, d_<name>  dLoss/d<name>
    j            first unit of a block: as many units as a vector has lanes, ``n`` of them real
    carried      (B, ...) mantissas of d_c (Hp of them, H padded) and d_h at the timestep at hand (``scaled``)
"""

from typing import NamedTuple

import numpy as np

from lstmviz.engine.allocate import begin, empty_gradients
from lstmviz.engine.arrays import Array, LSTMGradients, LSTMParameters, LSTMTape
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
    padded_copy,
    weight_gradient,
    workspace,
    write_inputs,
)
from lstmviz.engine.scaled import ROOM
from lstmviz.engine.scaled_kernels import (
    add_loss,
    is_ordinary,
    keep_in_range,
    log10_norm,
    multiply_by_power,
    sum_of_squares,
)
from lstmviz.engine.simd import lanes_of, load, multiply_add, store


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    weights: Array  # of [x | 1 | h before]
    rows: Array  # (2 * B, ...) those rows, for an even and an odd timestep
    c: Array  # (B, Hp)
    sums: Array  # (ROWS, 4, lanes)


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array
    weight_ih: Array
    carried: Array  # (B, Hp and the columns of d_h)
    d_x: Array  # (B, ...)
    d_z: Array  # (B, 4 * Hp)
    exponent: Array  # (B,)


def lstm_forward(parameters: LSTMParameters, x: Array, h0: Array, c0: Array) -> LSTMTape:
    """Run an LSTM over a batch of sequences and record everything; see ``reference.lstm_forward``."""
    x, h, z = begin(parameters.weight_hh, x, h0, blocks=4)
    c = np.empty_like(h)
    c[0] = c0
    i, f, g, o, tanh_c = (np.empty_like(h[1:]) for _ in range(5))
    tape = LSTMTape(x, z, i, f, g, o, c, tanh_c, h)
    weights = np.concatenate([parameters.weight_ih, parameters.bias[:, None], parameters.weight_hh], axis=1)
    rows, start = input_rows(x, h[0])
    weights = pack_gates(weights, 4)
    sums = workspace(ROWS, 4, weights.shape[3], dtype=h.dtype)
    _forward(tape, Forward(weights, rows, padded_copy(c[0]), sums), start)
    return tape


def lstm_backward(parameters: LSTMParameters, tape: LSTMTape, d_h_loss: Array) -> LSTMGradients:
    """Gradient of the loss by everything an LSTM holds and computed; see ``reference.lstm_backward``."""
    dtype, inputs = tape.h.dtype, tape.x.shape[2]
    sequences, hidden = tape.h.shape[1:]
    d = empty_gradients(LSTMGradients, parameters, tape)
    weight_hh, weight_ih = pack_columns(parameters.weight_hh, 4), pack_columns(parameters.weight_ih, 4)
    tape, d_h_loss = read_only(tape), read_only(d_h_loss.astype(dtype, copy=False))
    width = padded(hidden, dtype)
    widths = (width + columns(weight_hh), columns(weight_ih), 4 * width)
    carried, d_x, d_z = (workspace(sequences, wide, dtype=dtype) for wide in widths)
    _backward(
        d,
        tape,
        d_h_loss,
        Backward(weight_hh, weight_ih, carried, d_x, d_z, np.zeros(sequences, np.int64)),
        ROOM[dtype.name],
    )
    gradient = weight_gradient(d.z, gradient_rows(tape.x, tape.h[:-1]))
    d.bias[:], d.weight_ih[:] = gradient[:, 0], gradient[:, 1 : 1 + inputs]
    d.weight_hh[:] = gradient[:, 1 + inputs : 1 + inputs + hidden]
    return d


@kernel
def _forward(tape, work, start):
    """Fill the tape; h[0], c[0] and x are there."""
    T, B, H = tape.i.shape
    first, n = start - 1 - tape.x.shape[2], tape.x.shape[2] + 1 + H
    width = lanes_of(tape.x)
    for t in range(T):
        write_inputs(work.rows, start, tape.x, t)
        for j in range(0, H, width):
            for b in range(0, B, ROWS):
                count = min(ROWS, B - b)
                gate_sums(False, work.sums, 0, work.rows, first, n, work.weights, j // width, t, b, count)
                for r in range(count):
                    _units(tape, work, start, t, b + r, r, j)


@inlined
def _units(tape, work, start, t, b, r, j):
    """One block of units of one sequence, from their pre-activations in row r of the sums."""
    B, H = tape.i.shape[1:]
    width, n = lanes_of(tape.x), H - j
    z, z_at = 4 * r * width, 4 * (t * B + b) * H + j
    z_i, z_f = load(work.sums, z, width), load(work.sums, z + width, width)
    z_g, z_o = load(work.sums, z + 2 * width, width), load(work.sums, z + 3 * width, width)
    store(tape.z, z_at, n, z_i)
    store(tape.z, z_at + H, n, z_f)
    store(tape.z, z_at + 2 * H, n, z_g)
    store(tape.z, z_at + 3 * H, n, z_o)

    i, f, g, o = sigmoid(z_i), sigmoid(z_f), tanh(z_g), sigmoid(z_o)
    c_at = b * work.c.shape[1] + j
    c = multiply_add(f, load(work.c, c_at, width), i * g)
    tanh_c = tanh(c)
    h = o * tanh_c

    store(work.c, c_at, width, c)
    store(work.rows, ((t + 1) % 2 * B + b) * work.rows.shape[1] + start + j, width, h)
    at = (t * B + b) * H + j
    store(tape.i, at, n, i)
    store(tape.f, at, n, f)
    store(tape.g, at, n, g)
    store(tape.o, at, n, o)
    store(tape.tanh_c, at, n, tanh_c)
    store(tape.c, at + B * H, n, c)
    store(tape.h, at + B * H, n, h)


@kernel
def _backward(d, tape, d_h_loss, work, room):
    """Fill d but for the weights."""
    B, H = d_h_loss.shape[1:]
    hidden = work.d_z.shape[1] // 4
    for t in range(len(d_h_loss), -1, -1):
        for b in range(B):
            _arrive(d, tape, d_h_loss, work, room, t, b)
            if t > 0:
                for j in range(0, H, lanes_of(tape.x)):
                    _gates(d, tape, work, t - 1, b, j)
        if t > 0:
            multiply_back(False, work.carried, hidden, work.d_z, 0, work.weight_hh)
            multiply_back(False, work.d_x, 0, work.d_z, 0, work.weight_ih)
            copy_inputs(d.x, work.d_x, t - 1)
        for b in range(B):
            if work.exponent[b] != 0:
                _make_true(d, t, b, work.exponent[b])


@inlined
def _arrive(d, tape, d_h_loss, work, room, t, b):
    """Complete d_h and d_c of one sequence after timestep t, keep them in range, and record them."""
    B, H = d_h_loss.shape[1:]
    width, hidden = lanes_of(tape.x), work.d_z.shape[1] // 4
    c_at = b * work.carried.shape[1]
    h_at, exponent = c_at + hidden, work.exponent[b]
    at = (t * B + b) * H
    before = at - B * H  # where the timestep that led here stands in arrays of T rows
    if t > 0:
        exponent = add_loss(work.carried, c_at, 2 * hidden, h_at, exponent, d_h_loss, before, H, room)
        for j in range(0, H, width):
            n = H - j
            d_h, tanh_c = load(work.carried, h_at + j, n), load(tape.tanh_c, before + j, n)
            slope = load(tape.o, before + j, n) * multiply_add(tanh_c, 0.0 - tanh_c, 1.0)
            store(work.carried, c_at + j, width, multiply_add(d_h, slope, load(work.carried, c_at + j, n)))
    squares_h, squares_c = sum_of_squares(work.carried, h_at, H), sum_of_squares(work.carried, c_at, H)
    if t > 0 and not is_ordinary(squares_h + squares_c, room):
        exponent = keep_in_range(work.carried, c_at, 2 * hidden, exponent, room)
        squares_h, squares_c = sum_of_squares(work.carried, h_at, H), sum_of_squares(work.carried, c_at, H)
    work.exponent[b] = exponent
    d.log10_h[t, b] = log10_norm(squares_h, work.carried, h_at, H, exponent)
    d.log10_c[t, b] = log10_norm(squares_c, work.carried, c_at, H, exponent)
    for j in range(0, H, width):
        store(d.h, at + j, H - j, load(work.carried, h_at + j, width))
        store(d.c, at + j, H - j, load(work.carried, c_at + j, width))


@inlined
def _gates(d, tape, work, t, b, j):
    """From d_h and d_c to the gates and pre-activations that made them, and on to the d_c before."""
    B, H = tape.i.shape[1:]
    width, hidden, n = lanes_of(tape.x), work.d_z.shape[1] // 4, H - j
    at, z_at = (t * B + b) * H + j, 4 * (t * B + b) * H + j
    c_at = b * work.carried.shape[1] + j
    d_c, d_h = load(work.carried, c_at, n), load(work.carried, c_at + hidden, n)
    i, f, g, o = load(tape.i, at, n), load(tape.f, at, n), load(tape.g, at, n), load(tape.o, at, n)
    d_i, d_f, d_g, d_o = d_c * g, d_c * load(tape.c, at, n), d_c * i, d_h * load(tape.tanh_c, at, n)
    store(d.i, at, n, d_i)
    store(d.f, at, n, d_f)
    store(d.g, at, n, d_g)
    store(d.o, at, n, d_o)
    store(work.carried, c_at, width, d_c * f)

    d_z_i, d_z_f, d_z_o = d_i * i * (1.0 - i), d_f * f * (1.0 - f), d_o * o * (1.0 - o)
    d_z_g = d_g * multiply_add(g, 0.0 - g, 1.0)
    row = b * work.d_z.shape[1] + j
    store(work.d_z, row, width, d_z_i)
    store(work.d_z, row + hidden, width, d_z_f)
    store(work.d_z, row + 2 * hidden, width, d_z_g)
    store(work.d_z, row + 3 * hidden, width, d_z_o)
    store(d.z, z_at, n, d_z_i)
    store(d.z, z_at + H, n, d_z_f)
    store(d.z, z_at + 2 * H, n, d_z_g)
    store(d.z, z_at + 3 * H, n, d_z_o)


@kernel
def _make_true(d, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for."""
    B, H = d.i.shape[1:]
    at = (t * B + b) * H
    multiply_by_power(d.h, at, H, exponent)
    multiply_by_power(d.c, at, H, exponent)
    if t > 0:
        before, inputs = at - B * H, d.x.shape[2]
        for gate in (d.i, d.f, d.g, d.o):
            multiply_by_power(gate, before, H, exponent)
        multiply_by_power(d.z, 4 * before, 4 * H, exponent)
        multiply_by_power(d.x, ((t - 1) * B + b) * inputs, inputs, exponent)
