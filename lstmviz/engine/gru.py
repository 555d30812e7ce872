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
    size         ``products.ForwardSizes`` or ``BackwardSizes``
"""

from typing import NamedTuple

import numpy as np

from lstmviz.engine.allocate import empty_gradients, room
from lstmviz.engine.arrays import Array, GRUGradients, GRUParameters, GRUTape
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
from lstmviz.engine.scaled_kernels import arrive, multiply_by_parts, power_in_parts
from lstmviz.engine.simd import lanes_of, load, multiply_add, pointers, store


class Forward(NamedTuple):
    """What the forward kernel computes with."""

    from_x: Array  # weights of [x | 1] to n, r, z
    from_h: Array  # weights of [1 | h before] to r, z, hn
    rows: Array  # (2, B, ...) the rows [x | 1 | h before], for an even and an odd timestep
    sums: Array  # (ROWS, 4, lanes): n without hn, r, z, hn


class Backward(NamedTuple):
    """What the backward kernel computes with."""

    weight_hh: Array  # rows in the order hn, r, z
    weight_ih: Array  # rows in the order r, z, n
    carried: Array  # (B, ...)
    d_x: Array  # (B, ...)
    d_sums: Array  # (B, 4 times H padded), in the order hn, r, z, n
    exponent: Array  # (B,)


def gru_forward(parameters: GRUParameters, x: Array, h0: Array) -> GRUTape:
    """Run a GRU over a batch of sequences and record everything; see ``reference.gru_forward``."""
    dtype, size = parameters.bias.dtype, forward_sizes(x, parameters.weight_hh)
    states, rows = (size.timesteps + 1, size.sequences, size.hidden), (size.timesteps, size.sequences, size.hidden)
    gates = (size.timesteps, size.sequences, 3 * size.hidden)
    tape = GRUTape(*room(dtype, x.shape, gates, rows, rows, rows, rows, states))
    tape.x[:], tape.h[0] = x, h0
    # the input's and the hidden state's share of the candidate stay apart, for the reset gate comes between
    from_x = np.concatenate([parameters.weight_ih, parameters.bias[:, None]], axis=1)
    bias = np.concatenate([np.zeros(2 * size.hidden, dtype), parameters.bias_hn])
    from_h = np.concatenate([bias[:, None], parameters.weight_hh], axis=1)
    work = Forward(
        *workspace(
            dtype,
            (size.padded // lanes(dtype), from_x.shape[1], 3, lanes(dtype)),
            (size.padded // lanes(dtype), from_h.shape[1], 3, lanes(dtype)),
            (2, size.sequences, size.row),
            (ROWS, 4, lanes(dtype)),
        )
    )
    pack_gates(_last_block_first(from_x), 3, work.from_x)
    pack_gates(from_h, 3, work.from_h)
    work.rows[0, :, size.start : size.start + size.hidden] = h0
    _forward(tape, work, size)
    return tape


def gru_backward(parameters: GRUParameters, tape: GRUTape, d_h_loss: Array) -> GRUGradients:
    """Gradient of the loss by everything a GRU holds and computed; see ``reference.gru_backward``."""
    dtype, size = tape.h.dtype, backward_sizes(tape.x, tape.h.shape[2], states=1)
    d = empty_gradients(GRUGradients, parameters, tape)
    weight_hh = _last_block_first(parameters.weight_hh)
    weight_hh, weight_ih = pack_columns(weight_hh, 3), pack_columns(parameters.weight_ih, 3)
    carried, d_x, d_sums = workspace(
        dtype, *((size.sequences, row) for row in (size.carried, size.d_x, 4 * size.padded))
    )
    work = Backward(weight_hh, weight_ih, carried, d_x, d_sums, np.zeros(size.sequences, np.int64))
    tape = read_only(tape)
    _backward(d, tape, read_only(d_h_loss.astype(dtype, copy=False)), work, ROOM[dtype.name], size)
    weight_gradient(d.weight_ih, d.weight_hh, d.bias, d.a, tape.x, tape.h)
    # the candidate's recurrent weights meet h through hn, not through a
    not_used = np.empty((size.hidden, size.inputs), dtype)
    weight_gradient(not_used, d.weight_hh[2 * size.hidden :], d.bias_hn, d.hn, tape.x, tape.h)
    return d


def _last_block_first(weight: Array) -> Array:
    """Blocks of rows in the order n, r, z."""
    rows = len(weight) // 3
    return np.concatenate([weight[2 * rows :], weight[: 2 * rows]])


@kernel
def _forward(tape, work, size):
    """Fill the tape; h[0] and x are there."""
    tape, work, width, bias = pointers(tape), pointers(work), lanes_of(tape.x), size.start - 1
    for t in range(size.timesteps):
        write_inputs(work.rows, tape.x, size, t)
        for j in range(0, size.hidden, width):
            for b in range(0, size.sequences, ROWS):
                count, from_x, from_h, n = min(ROWS, size.sequences - b), work.from_x, work.from_h, size.inputs + 1
                for row in range(count):
                    store(work.sums, (4 * row + 3) * width, width, load(work.sums, 0, 0))
                gate_sums(False, work.sums, 0, 4, work.rows, bias + 1 - n, n, from_x, 3, size, j, t, b, count)
                gate_sums(True, work.sums, 1, 4, work.rows, bias, 1 + size.hidden, from_h, 3, size, j, t, b, count)
                for row in range(count):
                    _units(tape, work, size, t, b + row, row, j)


@inlined
def _units(tape, work, size, t, b, row, j):
    """One block of units of one sequence, from one row of the sums."""
    H, B, width, sums, count = (
        size.hidden,
        size.sequences,
        lanes_of(tape.x),
        4 * row * lanes_of(tape.x),
        size.hidden - j,
    )
    a_r, a_z = load(work.sums, sums + width, width), load(work.sums, sums + 2 * width, width)
    hn = load(work.sums, sums + 3 * width, width)
    r, z = sigmoid(a_r), sigmoid(a_z)
    a_n = multiply_add(r, hn, load(work.sums, sums, width))
    n = tanh(a_n)
    h_before = load(work.rows, (t % 2 * B + b) * size.row + size.start + j, width)
    h = multiply_add(z, h_before, (1.0 - z) * n)
    store(work.rows, ((t + 1) % 2 * B + b) * size.row + size.start + j, width, h)

    at = (t * B + b) * H + j
    a_at = 3 * (at - j) + j
    store(tape.a, a_at, count, a_r)
    store(tape.a, a_at + H, count, a_z)
    store(tape.a, a_at + 2 * H, count, a_n)
    store(tape.r, at, count, r)
    store(tape.z, at, count, z)
    store(tape.n, at, count, n)
    store(tape.hn, at, count, hn)
    store(tape.h, at + B * H, count, h)


@kernel
def _backward(d, tape, d_h_loss, work, room, size):
    """Fill d but for the weights."""
    d, tape, work, B, units = pointers(d), pointers(tape), pointers(work), size.sequences, size.padded
    n, row = 3 * units, 4 * units
    for t in range(size.timesteps, -1, -1):
        for b in range(B):
            arrive(d.h, d.log10_h, d_h_loss, work, room, size, t, b)
            if t > 0:
                for j in range(0, size.hidden, lanes_of(tape.x)):
                    _units_back(d, tape, work, size, t - 1, b, j)
        if t > 0:
            hh, ih, wide_hh, wide_ih, carried = work.weight_hh, work.weight_ih, size.wide_hh, size.wide_ih, size.carried
            multiply_back(True, work.carried, 0, carried, work.d_sums, 0, row, hh, n, wide_hh, carried, B)
            multiply_back(False, work.d_x, 0, size.d_x, work.d_sums, units, row, ih, n, wide_ih, size.d_x, B)
            copy_inputs(d.x, work.d_x, size, t - 1)
        for b in range(B):
            if work.exponent[b] != 0:
                _make_true(d, size, t, b, work.exponent[b])


@inlined
def _units_back(d, tape, work, size, t, b, j):
    """From d_h to the gates and pre-activations that made it; leaves in d_h what passes the update gate."""
    H, width, units, count = size.hidden, lanes_of(tape.x), size.padded, size.hidden - j
    at, h_at = (t * size.sequences + b) * H + j, b * size.carried + j
    r, z, n = load(tape.r, at, count), load(tape.z, at, count), load(tape.n, at, count)
    d_h, hn = load(work.carried, h_at, count), load(tape.hn, at, count)
    d_n, d_z = d_h * (1.0 - z), d_h * (load(tape.h, at, count) - n)
    d_a_n = d_n * multiply_add(n, 0.0 - n, 1.0)
    d_hn, d_r = d_a_n * r, d_a_n * hn
    d_a_r, d_a_z = d_r * r * (1.0 - r), d_z * z * (1.0 - z)
    store(work.carried, h_at, width, d_h * z)
    row = 4 * b * units + j
    store(work.d_sums, row, width, d_hn)
    store(work.d_sums, row + units, width, d_a_r)
    store(work.d_sums, row + 2 * units, width, d_a_z)
    store(work.d_sums, row + 3 * units, width, d_a_n)

    a_at = 3 * (at - j) + j
    store(d.r, at, count, d_r)
    store(d.z, at, count, d_z)
    store(d.n, at, count, d_n)
    store(d.hn, at, count, d_hn)
    store(d.a, a_at, count, d_a_r)
    store(d.a, a_at + H, count, d_a_z)
    store(d.a, a_at + 2 * H, count, d_a_n)


@kernel
def _make_true(d, size, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for."""
    H, inputs, at = size.hidden, size.inputs, (t * size.sequences + b) * size.hidden
    p, q = power_in_parts(exponent, d.h)
    multiply_by_parts(d.h, at, H, p, q)
    if t > 0:
        before = at - size.sequences * H
        for row in (d.r, d.z, d.n, d.hn):
            multiply_by_parts(row, before, H, p, q)
        multiply_by_parts(d.a, 3 * before, 3 * H, p, q)
        multiply_by_parts(d.x, ((t - 1) * size.sequences + b) * inputs, inputs, p, q)
