"""The vanilla RNN as Numba kernels: the equations of ``reference``, forward and backward side by side.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    x, a, h      input, pre-activation, hidden state; h[0] is before the first timestep
    d, d_<name>  dLoss/d<name>
    j            first unit of a block: as many units as a vector has lanes, ``n`` of them real
    carried      (B, ...) mantissas of d_h at the timestep at hand (``scaled``)
"""

from typing import NamedTuple

import numpy as np

from lstmviz.engine.allocate import begin, empty_gradients
from lstmviz.engine.arrays import Array, RNNGradients, RNNParameters, RNNTape
from lstmviz.engine.functions import tanh
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
from lstmviz.engine.simd import lanes_of, load, multiply_add, store, where_greater


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    weights: Array  # of [x | 1 | h before]
    rows: Array  # (2 * B, ...) those rows, for an even and an odd timestep
    sums: Array  # (ROWS, 1, lanes)


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array
    weight_ih: Array
    carried: Array  # (B, ...)
    d_x: Array  # (B, ...)
    d_a: Array  # (B, Hp), H padded
    exponent: Array  # (B,)


def rnn_forward(parameters: RNNParameters, x: Array, h0: Array, activation: str = "tanh") -> RNNTape:
    """Run a vanilla RNN over a batch of sequences and record everything; see ``reference.rnn_forward``."""
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=1)
    tape = RNNTape(x, a, h)
    weights = pack_gates(
        np.concatenate([parameters.weight_ih, parameters.bias[:, None], parameters.weight_hh], axis=1), 1
    )
    rows, start = input_rows(x, h[0])
    sums = workspace(ROWS, 1, weights.shape[3], dtype=h.dtype)
    _forward(tape, Forward(weights, rows, sums), start, activation == "relu")
    return tape


def rnn_backward(parameters: RNNParameters, tape: RNNTape, d_h_loss: Array, activation: str = "tanh") -> RNNGradients:
    """Gradient of the loss by everything a vanilla RNN holds and computed; see ``reference.rnn_backward``."""
    dtype, inputs = tape.h.dtype, tape.x.shape[2]
    sequences, hidden = tape.h.shape[1:]
    d = empty_gradients(RNNGradients, parameters, tape)
    weight_hh, weight_ih = pack_columns(parameters.weight_hh, 1), pack_columns(parameters.weight_ih, 1)
    tape, d_h_loss = read_only(tape), read_only(d_h_loss.astype(dtype, copy=False))
    widths = (columns(weight_hh), columns(weight_ih), padded(hidden, dtype))
    carried, d_x, d_a = (workspace(sequences, wide, dtype=dtype) for wide in widths)
    work = Backward(weight_hh, weight_ih, carried, d_x, d_a, np.zeros(sequences, np.int64))
    _backward(d, tape, d_h_loss, work, activation == "relu", ROOM[dtype.name])
    gradient = weight_gradient(d.a, gradient_rows(tape.x, tape.h[:-1]))
    d.bias[:], d.weight_ih[:] = gradient[:, 0], gradient[:, 1 : 1 + inputs]
    d.weight_hh[:] = gradient[:, 1 + inputs : 1 + inputs + hidden]
    return d


@kernel
def _forward(tape, work, start, relu):
    """Fill the tape; h[0] and x are there."""
    T, B, H = tape.a.shape
    first, n = start - 1 - tape.x.shape[2], tape.x.shape[2] + 1 + H
    width = lanes_of(tape.x)
    for t in range(T):
        write_inputs(work.rows, start, tape.x, t)
        for j in range(0, H, width):
            for b in range(0, B, ROWS):
                count = min(ROWS, B - b)
                gate_sums(False, work.sums, 0, work.rows, first, n, work.weights, j // width, t, b, count)
                for r in range(count):
                    _units(tape, work, start, relu, t, b + r, r, j)


@inlined
def _units(tape, work, start, relu, t, b, r, j):
    """One block of units of one sequence, from their pre-activations in row r of the sums."""
    B, H = tape.a.shape[1:]
    width, at = lanes_of(tape.x), (t * B + b) * H + j
    a = load(work.sums, r * width, width)
    h = where_greater(0.0, a, 0.0, a) if relu else tanh(a)  # this way round nan stays nan
    store(work.rows, ((t + 1) % 2 * B + b) * work.rows.shape[1] + start + j, width, h)
    store(tape.a, at, H - j, a)
    store(tape.h, at + B * H, H - j, h)


@kernel
def _backward(d, tape, d_h_loss, work, relu, room):
    """Fill d but for the weights."""
    B, H = d_h_loss.shape[1:]
    for t in range(len(d_h_loss), -1, -1):
        for b in range(B):
            arrive(d.h, d.log10_h, d_h_loss, work.carried, work.exponent, room, t, b)
            if t > 0:
                for j in range(0, H, lanes_of(tape.x)):
                    _units_back(d, tape, work, relu, t - 1, b, j)
        if t > 0:
            multiply_back(False, work.carried, 0, work.d_a, 0, work.weight_hh)
            multiply_back(False, work.d_x, 0, work.d_a, 0, work.weight_ih)
            copy_inputs(d.x, work.d_x, t - 1)
        for b in range(B):
            if work.exponent[b] != 0:
                _make_true(d, t, b, work.exponent[b])


@inlined
def _units_back(d, tape, work, relu, t, b, j):
    """From d_h to the pre-activations."""
    B, H = tape.a.shape[1:]
    at, n = (t * B + b) * H + j, H - j
    if relu:  # 0 at a = 0, and nan where a is nan
        a = load(tape.a, at, n)
        slope = where_greater(a, 0.0, 1.0, where_greater(0.0, a, 0.0, a))
    else:
        h = load(tape.h, at + B * H, n)
        slope = multiply_add(h, 0.0 - h, 1.0)
    d_a = load(work.carried, b * work.carried.shape[1] + j, n) * slope
    store(work.d_a, b * work.d_a.shape[1] + j, lanes_of(tape.x), d_a)
    store(d.a, at, n, d_a)


@kernel
def _make_true(d, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for."""
    B, H = d.a.shape[1:]
    at = (t * B + b) * H
    multiply_by_power(d.h, at, H, exponent)
    if t > 0:
        inputs = d.x.shape[2]
        multiply_by_power(d.a, at - B * H, H, exponent)
        multiply_by_power(d.x, ((t - 1) * B + b) * inputs, inputs, exponent)
