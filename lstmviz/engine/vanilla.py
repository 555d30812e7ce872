"""The vanilla RNN as Numba kernels: forward and backward side by side, with the equations of ``equations``.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    x, a, h      input, pre-activation, hidden state; h[0] is before the first timestep
    d, d_<name>  dLoss/d<name>
    v, dv        values and gradients of one block of units, as the equations name them
    j            first unit of a block: as many units as a vector has lanes, ``n`` of them real
    carried      (B, ...) mantissas of d_h at the timestep at hand (``scaled``)
    held, hold   what h is held at, None for nothing; the same of one block of units (``holding``)
    size         ``products.ForwardSizes`` or ``BackwardSizes``
"""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import equations
from lstmviz.engine.allocate import empty_gradients, room
from lstmviz.engine.arrays import Array, RNNGradients, RNNParameters, RNNTape
from lstmviz.engine.functions import tanh
from lstmviz.engine.held_kernels import held_here, held_values
from lstmviz.engine.instruction_set import ROWS
from lstmviz.engine.jit import inlined, kernel, read_only
from lstmviz.engine.products import (
    backward_sizes,
    forward_sizes,
    gate_sums,
    inputs_back,
    lanes,
    multiply_back,
    pack_columns,
    pack_gates,
    pack_inputs,
    weight_gradient,
    workspace,
    write_inputs,
)
from lstmviz.engine.scaled import ROOM, AnyRows, exponents, hand_down, scaled_rows
from lstmviz.engine.scaled_kernels import arrive, forget, multiply_by_parts, power_in_parts
from lstmviz.engine.simd import lanes_of, load, pointers, store, where_greater
from lstmviz.engine.staged import staged
from lstmviz.engine.threads import in_parts, with_own_sums


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    weights: Array  # of [x | 1 | h before]
    rows: Array  # (2, B, ...) those rows, for an even and an odd timestep
    sums: Array  # (ROWS, 1, lanes)
    held: Array | None  # (1, T, B, H)


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array
    weight_ih: Array
    carried: Array  # (B, ...)
    d_x: Array  # (B, ...)
    d_a: Array  # (B, H padded)
    exponent: NDArray[np.int64]  # (B,)
    loss_exponent: NDArray[np.int64]  # (T, B)
    x_exponent: NDArray[np.int64]  # (T, B)
    held: Array | None  # (1, T, B, H)


def rnn_forward(
    parameters: RNNParameters, x: Array, h0: Array, activation: str = "tanh", held: Array | None = None
) -> RNNTape:
    """Run a vanilla RNN over a batch of sequences and record everything; see ``reference.rnn_forward``."""
    dtype, size = parameters.bias.dtype, forward_sizes(x, parameters.weight_hh)
    states, rows = (size.timesteps + 1, size.sequences, size.hidden), (size.timesteps, size.sequences, size.hidden)
    tape = RNNTape(*room(dtype, x.shape, rows, states))
    tape.x[:], tape.h[0] = x, h0
    weights = np.concatenate([parameters.weight_ih, parameters.bias[:, None], parameters.weight_hh], axis=1)
    packed, both_rows, sums = workspace(
        dtype,
        (size.padded // lanes(dtype), weights.shape[1], 1, lanes(dtype)),
        (2, size.sequences, size.row),
        (ROWS, 1, lanes(dtype)),
    )
    work = Forward(packed, both_rows, sums, held_values(held, tape.h))
    pack_gates(weights, 1, work.weights)
    work.rows[0, :, size.start : size.start + size.hidden] = h0
    in_parts(lambda part: _forward(tape, with_own_sums(work, part), part, activation == "relu"), size, 1)
    return tape


def rnn_backward(
    parameters: RNNParameters,
    tape: RNNTape,
    d_h_loss: AnyRows,
    activation: str = "tanh",
    window: int = 0,
    held: Array | None = None,
) -> RNNGradients:
    """Gradient of the loss by everything a vanilla RNN holds and computed; see ``reference.rnn_backward``."""
    dtype, size = tape.h.dtype, backward_sizes(tape.x, tape.h.shape[2], states=1)
    d = empty_gradients(RNNGradients, parameters, tape)
    weight_hh, weight_ih = pack_columns(parameters.weight_hh, 1), pack_inputs(parameters.weight_ih, 1)
    carried, d_x, d_a = workspace(dtype, *((size.sequences, row) for row in (size.carried, size.d_x, size.padded)))
    loss = scaled_rows(d_h_loss, dtype)
    work = Backward(weight_hh, weight_ih, carried, d_x, d_a, *exponents(loss), held_values(held, tape.h))
    tape = read_only(tape)
    given = d, tape, read_only(loss.rows), work, activation == "relu", ROOM[dtype.name]
    in_parts(lambda part: _backward(*given, part, window), size, 1)
    weight_gradient(d.weight_ih, d.weight_hh, d.bias, d.a, tape.x, tape.h)
    return hand_down(d, work.x_exponent, d_h_loss)


@kernel
def _forward(tape, work, size, relu):
    """Fill the tape; h[0] and x are there."""
    tape, work = pointers(tape), pointers(work)
    first, n = size.start - 1 - size.inputs, size.inputs + 1 + size.hidden
    for t in range(size.timesteps):
        write_inputs(work.rows, tape.x, size, t)
        for j in range(0, size.hidden, lanes_of(tape.x)):
            for b in range(size.begin, size.end, ROWS):
                count = min(ROWS, size.end - b)
                gate_sums(False, work.sums, 0, 1, work.rows, first, n, work.weights, 1, size, j, t, b, count)
                for r in range(count):
                    if relu:
                        _units(tape, work, size, True, t, b + r, r, j)
                    else:
                        _units(tape, work, size, False, t, b + r, r, j)


@inlined
def _relu(a):
    return where_greater(0.0, a, 0.0, a)  # this way round nan stays nan


@inlined
def _relu_slope(a):
    return where_greater(a, 0.0, 1.0, where_greater(0.0, a, 0.0, a))


@staged
def _units(tape, work, size, relu, t, b, r, j):
    """One block of units of one sequence, from their pre-activations in row r of the sums."""
    width, at, n = lanes_of(tape.x), (t * size.sequences + b) * size.hidden + j, size.hidden - j
    v = SimpleNamespace(a=load(work.sums, r * width, width))
    hold = held_here(work.held, "rnn", size, t, b, j)
    if work.held is not None:
        v.h_before = load(work.rows, (t % 2 * size.sequences + b) * size.row + size.start + j, width)
    equations.rnn_forward(v, relu, equations.Functions(None, tanh, _relu, _relu_slope), hold)
    store(work.rows, ((t + 1) % 2 * size.sequences + b) * size.row + size.start + j, width, v.h)
    store(tape.a, at, n, v.a)
    store(tape.h, at + size.sequences * size.hidden, n, v.h)


@kernel
def _backward(d, tape, d_h_loss, work, relu, room, size, window):
    """Fill d but for the weights."""
    d, tape, work, n, onto = pointers(d), pointers(tape), pointers(work), size.padded, work.held is not None
    for t in range(size.timesteps, -1, -1):
        for b in range(size.begin, size.end):
            arrive(d.h, d.log10_h, d_h_loss, work, room, size, t, b)
            if t > 0:
                for j in range(0, size.hidden, lanes_of(tape.x)):
                    if relu:
                        _units_back(d, tape, work, size, True, t - 1, b, j)
                    else:
                        _units_back(d, tape, work, size, False, t - 1, b, j)
        if t > 0:
            row = size.carried
            multiply_back(onto, work.carried, 0, row, work.d_a, 0, n, work.weight_hh, n, size.wide_hh, row, size)
            inputs_back(d.x, work, work.d_a, 0, n, n, size, t - 1)
        for b in range(size.begin, size.end):
            if work.exponent[b] != 0:
                _make_true(d, size, t, b, work.exponent[b])
            if window > 0 and t > 1 and (t - 1) % window == 0:
                forget(work.carried, b * size.carried, size.carried)
                work.exponent[b] = 0


@staged
def _units_back(d, tape, work, size, relu, t, b, j):
    """From d_h to the pre-activations."""
    at, n = (t * size.sequences + b) * size.hidden + j, size.hidden - j
    v = SimpleNamespace(a=load(tape.a, at, n), h=load(tape.h, at + size.sequences * size.hidden, n))
    dv = SimpleNamespace(h=load(work.carried, b * size.carried + j, n))
    hold = held_here(work.held, "rnn", size, t, b, j)
    equations.rnn_backward(v, dv, relu, equations.Functions(None, tanh, _relu, _relu_slope), hold)
    if work.held is not None:
        equations.backward_frozen(dv, hold)
        store(work.carried, b * size.carried + j, lanes_of(tape.x), dv.h_before)
    store(work.d_a, b * size.padded + j, lanes_of(tape.x), dv.a)
    store(d.a, at, n, dv.a)


@kernel
def _make_true(d, size, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for; those of x keep their exponent."""
    H, at = size.hidden, (t * size.sequences + b) * size.hidden
    p, q = power_in_parts(exponent, d.h)
    multiply_by_parts(d.h, at, H, p, q)
    if t > 0:
        multiply_by_parts(d.a, at - size.sequences * H, H, p, q)
