"""The LSTM as Numba kernels: the equations of ``reference``, forward and backward side by side.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    z            pre-activations (4H,) of one timestep, in the order i, f, g, o
    i, f, g, o   input gate, forget gate, candidate, output gate
    c, h         cell state, hidden state; row 0 is before the first timestep
    d, d_<name>  dLoss/d<name>
    j            first unit of a block: as many units as a vector has lanes, ``n`` of them real
    carried      (B, ...) mantissas of d_c, padded, and d_h at the timestep at hand (``scaled``)
    size         ``products.ForwardSizes`` or ``BackwardSizes``
"""

from typing import NamedTuple

import numpy as np

from lstmviz.engine.allocate import empty_gradients, room
from lstmviz.engine.arrays import Array, LSTMGradients, LSTMParameters, LSTMTape
from lstmviz.engine.functions import sigmoid, tanh
from lstmviz.engine.instruction_set import ROWS
from lstmviz.engine.jit import inlined, kernel, read_only
from lstmviz.engine.products import (
    backward_sizes,
    copy_inputs,
    forward_sizes,
    gate_sums,
    lanes,
    multiply_back,
    pack_columns,
    pack_gates,
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
    multiply_by_parts,
    power_in_parts,
    sum_of_squares,
)
from lstmviz.engine.simd import lanes_of, load, multiply_add, pointers, store


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    weights: Array  # of [x | 1 | h before]
    rows: Array  # (2, B, ...) those rows, for an even and an odd timestep
    c: Array  # (B, H padded)
    sums: Array  # (ROWS, 4, lanes)


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array
    weight_ih: Array
    carried: Array  # (B, ...)
    d_x: Array  # (B, ...)
    d_z: Array  # (B, 4 times H padded)
    exponent: Array  # (B,)


def lstm_forward(parameters: LSTMParameters, x: Array, h0: Array, c0: Array) -> LSTMTape:
    """Run an LSTM over a batch of sequences and record everything; see ``reference.lstm_forward``."""
    dtype, size = parameters.bias.dtype, forward_sizes(x, parameters.weight_hh)
    states, rows = (size.timesteps + 1, size.sequences, size.hidden), (size.timesteps, size.sequences, size.hidden)
    gates = (size.timesteps, size.sequences, 4 * size.hidden)
    tape = LSTMTape(*room(dtype, x.shape, gates, rows, rows, rows, rows, states, rows, states))
    tape.x[:], tape.h[0], tape.c[0] = x, h0, c0
    weights = np.concatenate([parameters.weight_ih, parameters.bias[:, None], parameters.weight_hh], axis=1)
    work = Forward(
        *workspace(
            dtype,
            (size.padded // lanes(dtype), weights.shape[1], 4, lanes(dtype)),
            (2, size.sequences, size.row),
            (size.sequences, size.padded),
            (ROWS, 4, lanes(dtype)),
        )
    )
    pack_gates(weights, 4, work.weights)
    work.rows[0, :, size.start : size.start + size.hidden] = h0
    work.c[:, : size.hidden] = c0
    _forward(tape, work, size)
    return tape


def lstm_backward(parameters: LSTMParameters, tape: LSTMTape, d_h_loss: Array) -> LSTMGradients:
    """Gradient of the loss by everything an LSTM holds and computed; see ``reference.lstm_backward``."""
    dtype, size = tape.h.dtype, backward_sizes(tape.x, tape.h.shape[2], states=2)
    d = empty_gradients(LSTMGradients, parameters, tape)
    weight_hh, weight_ih = pack_columns(parameters.weight_hh, 4), pack_columns(parameters.weight_ih, 4)
    carried, d_x, d_z = workspace(dtype, *((size.sequences, row) for row in (size.carried, size.d_x, 4 * size.padded)))
    work = Backward(weight_hh, weight_ih, carried, d_x, d_z, np.zeros(size.sequences, np.int64))
    tape = read_only(tape)
    _backward(d, tape, read_only(d_h_loss.astype(dtype, copy=False)), work, ROOM[dtype.name], size)
    weight_gradient(d.weight_ih, d.weight_hh, d.bias, d.z, tape.x, tape.h)
    return d


@kernel
def _forward(tape, work, size):
    """Fill the tape; h[0], c[0] and x are there."""
    tape, work = pointers(tape), pointers(work)
    first, n = size.start - 1 - size.inputs, size.inputs + 1 + size.hidden
    for t in range(size.timesteps):
        write_inputs(work.rows, tape.x, size, t)
        for j in range(0, size.hidden, lanes_of(tape.x)):
            for b in range(0, size.sequences, ROWS):
                count = min(ROWS, size.sequences - b)
                gate_sums(False, work.sums, 0, 4, work.rows, first, n, work.weights, 4, size, j, t, b, count)
                for r in range(count):
                    _units(tape, work, size, t, b + r, r, j)


@inlined
def _units(tape, work, size, t, b, r, j):
    """One block of units of one sequence, from their pre-activations in row r of the sums."""
    H, width, sums, n = size.hidden, lanes_of(tape.x), 4 * r * lanes_of(tape.x), size.hidden - j
    z_i, z_f = load(work.sums, sums, width), load(work.sums, sums + width, width)
    z_g, z_o = load(work.sums, sums + 2 * width, width), load(work.sums, sums + 3 * width, width)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), tanh(z_g), sigmoid(z_o)
    c = multiply_add(f, load(work.c, b * size.padded + j, width), i * g)
    tanh_c = tanh(c)
    h = o * tanh_c
    store(work.c, b * size.padded + j, width, c)
    store(work.rows, ((t + 1) % 2 * size.sequences + b) * size.row + size.start + j, width, h)

    at = (t * size.sequences + b) * H + j
    after, z_at = at + size.sequences * H, 4 * (at - j) + j
    store(tape.z, z_at, n, z_i)
    store(tape.z, z_at + H, n, z_f)
    store(tape.z, z_at + 2 * H, n, z_g)
    store(tape.z, z_at + 3 * H, n, z_o)
    store(tape.i, at, n, i)
    store(tape.f, at, n, f)
    store(tape.g, at, n, g)
    store(tape.o, at, n, o)
    store(tape.tanh_c, at, n, tanh_c)
    store(tape.c, after, n, c)
    store(tape.h, after, n, h)


@kernel
def _backward(d, tape, d_h_loss, work, room, size):
    """Fill d but for the weights."""
    d, tape, work, B = pointers(d), pointers(tape), pointers(work), size.sequences
    for t in range(size.timesteps, -1, -1):
        for b in range(B):
            _arrive(d, tape, d_h_loss, work, room, size, t, b)
            if t > 0:
                for j in range(0, size.hidden, lanes_of(tape.x)):
                    _gates(d, tape, work, size, t - 1, b, j)
        if t > 0:
            n, columns = 4 * size.padded, size.carried - size.padded
            multiply_back(
                False,
                work.carried,
                size.padded,
                size.carried,
                work.d_z,
                0,
                n,
                work.weight_hh,
                n,
                size.wide_hh,
                columns,
                B,
            )
            multiply_back(False, work.d_x, 0, size.d_x, work.d_z, 0, n, work.weight_ih, n, size.wide_ih, size.d_x, B)
            copy_inputs(d.x, work.d_x, size, t - 1)
        for b in range(B):
            if work.exponent[b] != 0:
                _make_true(d, size, t, b, work.exponent[b])


@inlined
def _arrive(d, tape, d_h_loss, work, room, size, t, b):
    """Complete d_h and d_c of one sequence after timestep t, keep them in range, and record them."""
    H, width, c_at, exponent = size.hidden, lanes_of(tape.x), b * size.carried, work.exponent[b]
    h_at, at = c_at + size.padded, (t * size.sequences + b) * H
    before = at - size.sequences * H  # where the timestep that led here stands in arrays of T rows
    if t > 0:
        exponent = add_loss(work.carried, c_at, 2 * size.padded, h_at, exponent, d_h_loss, before, H, room)
        for j in range(0, H, width):
            n = H - j
            d_h, tanh_c = load(work.carried, h_at + j, n), load(tape.tanh_c, before + j, n)
            slope = load(tape.o, before + j, n) * multiply_add(tanh_c, 0.0 - tanh_c, 1.0)
            store(work.carried, c_at + j, width, multiply_add(d_h, slope, load(work.carried, c_at + j, n)))
    squares_h, squares_c = sum_of_squares(work.carried, h_at, H), sum_of_squares(work.carried, c_at, H)
    if t > 0 and not is_ordinary(squares_h + squares_c, room):
        exponent = keep_in_range(work.carried, c_at, 2 * size.padded, exponent, room)
        squares_h, squares_c = sum_of_squares(work.carried, h_at, H), sum_of_squares(work.carried, c_at, H)
    work.exponent[b] = exponent
    row = t * size.sequences + b
    d.log10_h[row] = log10_norm(squares_h, work.carried, h_at, H, exponent)
    d.log10_c[row] = log10_norm(squares_c, work.carried, c_at, H, exponent)
    for j in range(0, H, width):
        store(d.h, at + j, H - j, load(work.carried, h_at + j, width))
        store(d.c, at + j, H - j, load(work.carried, c_at + j, width))


@inlined
def _gates(d, tape, work, size, t, b, j):
    """From d_h and d_c to the gates and pre-activations that made them, and on to the d_c before."""
    H, width, units, n = size.hidden, lanes_of(tape.x), size.padded, size.hidden - j
    at, c_at = (t * size.sequences + b) * H + j, b * size.carried + j
    d_c, d_h = load(work.carried, c_at, n), load(work.carried, c_at + units, n)
    i, f, g, o = load(tape.i, at, n), load(tape.f, at, n), load(tape.g, at, n), load(tape.o, at, n)
    d_i, d_f, d_g, d_o = d_c * g, d_c * load(tape.c, at, n), d_c * i, d_h * load(tape.tanh_c, at, n)
    d_z_i, d_z_f, d_z_o = d_i * i * (1.0 - i), d_f * f * (1.0 - f), d_o * o * (1.0 - o)
    d_z_g = d_g * multiply_add(g, 0.0 - g, 1.0)
    row = 4 * b * units + j
    store(work.d_z, row, width, d_z_i)
    store(work.d_z, row + units, width, d_z_f)
    store(work.d_z, row + 2 * units, width, d_z_g)
    store(work.d_z, row + 3 * units, width, d_z_o)
    store(work.carried, c_at, width, d_c * f)

    z_at = 4 * (at - j) + j
    store(d.i, at, n, d_i)
    store(d.f, at, n, d_f)
    store(d.g, at, n, d_g)
    store(d.o, at, n, d_o)
    store(d.z, z_at, n, d_z_i)
    store(d.z, z_at + H, n, d_z_f)
    store(d.z, z_at + 2 * H, n, d_z_g)
    store(d.z, z_at + 3 * H, n, d_z_o)


@kernel
def _make_true(d, size, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for."""
    H, inputs, at = size.hidden, size.inputs, (t * size.sequences + b) * size.hidden
    p, q = power_in_parts(exponent, d.h)
    multiply_by_parts(d.h, at, H, p, q)
    multiply_by_parts(d.c, at, H, p, q)
    if t > 0:
        before = at - size.sequences * H
        for gate in (d.i, d.f, d.g, d.o):
            multiply_by_parts(gate, before, H, p, q)
        multiply_by_parts(d.z, 4 * before, 4 * H, p, q)
        multiply_by_parts(d.x, ((t - 1) * size.sequences + b) * inputs, inputs, p, q)
