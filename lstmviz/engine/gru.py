"""The GRU as Numba kernels: the equations of ``reference``, forward and backward side by side.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    a            pre-activations (3H,) of one timestep, in the order r, z, n
    r, z, n      reset gate, update gate, candidate
    hn           weight_hn h + bias_hn of the h before: what the reset gate lets into the candidate
    h            hidden state; h[0] is before the first timestep
    d, d_<name>  dLoss/d<name>
    d_h          (H,) mantissas of one sequence at the timestep at hand (``scaled``)
"""

import numpy as np

from lstmviz.engine.allocate import begin, zero_gradients
from lstmviz.engine.arrays import Array, GRUGradients, GRUParameters, GRUTape
from lstmviz.engine.functions import sigmoid_row, tanh_row
from lstmviz.engine.jit import kernel, read_only
from lstmviz.engine.products import add_bias_gradient, add_product, add_weight_gradient, copy_row
from lstmviz.engine.scaled import ROOM
from lstmviz.engine.scaled_kernels import add_loss, keep_in_range, log10_norm, multiply_by_power


def gru_forward(parameters: GRUParameters, x: Array, h0: Array) -> GRUTape:
    """Run a GRU over a batch of sequences and record everything; see ``reference.gru_forward``."""
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=3)
    r, z, n, hn = (np.empty_like(h[1:]) for _ in range(4))
    tape = GRUTape(x, a, r, z, n, hn, h)
    # transposed: the inner loops then run along contiguous memory
    weight_ih, weight_hh = read_only(parameters.weight_ih.T), read_only(parameters.weight_hh.T)
    _forward(tape, weight_ih, weight_hh, read_only(parameters.bias), read_only(parameters.bias_hn))
    return tape


def gru_backward(parameters: GRUParameters, tape: GRUTape, d_h_loss: Array) -> GRUGradients:
    """Gradient of the loss by everything a GRU holds and computed; see ``reference.gru_backward``."""
    dtype, hidden = tape.h.dtype, tape.h.shape[2]
    d = zero_gradients(GRUGradients, parameters, tape)
    parameters, tape, d_h_loss = read_only(parameters), read_only(tape), read_only(d_h_loss.astype(dtype, copy=False))
    _backward(d, parameters, tape, d_h_loss, ROOM[dtype.name])
    h_before = tape.h[:-1]
    add_weight_gradient(d.weight_ih, d.a, tape.x)
    # the candidate's recurrent weights meet h through hn, not through a
    add_weight_gradient(d.weight_hh[: 2 * hidden], d.a[..., : 2 * hidden], h_before)
    add_weight_gradient(d.weight_hh[2 * hidden :], d.hn, h_before)
    add_bias_gradient(d.bias, d.a)
    add_bias_gradient(d.bias_hn, d.hn)
    return d


@kernel
def _forward(tape, weight_ih, weight_hh, bias, bias_hn):
    """Fill the tape; h[0] and x are there."""
    # weight_ih (I, 3H), weight_hh (H, 3H), bias (3H,), bias_hn (H,)
    H = weight_hh.shape[0]
    from_h = np.empty(3 * H, bias.dtype)  # what h adds to a, apart from the reset gate
    for t in range(tape.x.shape[0]):
        for b in range(tape.x.shape[1]):
            a, r, z, n, hn = tape.a[t, b], tape.r[t, b], tape.z[t, b], tape.n[t, b], tape.hn[t, b]
            h_before, h = tape.h[t, b], tape.h[t + 1, b]
            copy_row(a, bias)
            add_product(a, tape.x[t, b], weight_ih)
            from_h[: 2 * H] = 0
            copy_row(from_h[2 * H :], bias_hn)
            add_product(from_h, h_before, weight_hh)
            for k in range(2 * H):
                a[k] += from_h[k]
            sigmoid_row(r, a[:H])
            sigmoid_row(z, a[H : 2 * H])
            copy_row(hn, from_h[2 * H :])
            for k in range(H):
                a[2 * H + k] += r[k] * hn[k]
            tanh_row(n, a[2 * H :])
            for k in range(H):
                h[k] = (1 - z[k]) * n[k] + z[k] * h_before[k]


@kernel
def _backward(d, parameters, tape, d_h_loss, room):
    """Fill d but for the weights; it arrives as zeros."""
    T, B, H = d_h_loss.shape
    d_h = np.empty(H, d_h_loss.dtype)
    d_from_h = np.empty(3 * H, d_h_loss.dtype)
    for b in range(B):
        d_h[:] = 0
        exponent = np.int64(0)
        for t in range(T, -1, -1):
            if t > 0:
                exponent = add_loss(d_h, exponent, d_h_loss[t - 1, b], room)
                exponent = keep_in_range(d_h, exponent, room)
            copy_row(d.h[t, b], d_h)
            d.log10_h[t, b] = log10_norm(d_h, exponent)
            if t > 0:
                _backward_through_gates(d, d_from_h, d_h, tape, t - 1, b)
                add_product(d_h, d_from_h, parameters.weight_hh)
                add_product(d.x[t - 1, b], d.a[t - 1, b], parameters.weight_ih)
            if exponent != 0:
                _make_true(d, t, b, exponent)


@kernel
def _backward_through_gates(d, d_from_h, d_h, tape, t, b):
    """From d_h to the gates and pre-activations that made it; leaves in d_h what passes the update gate."""
    # d_from_h (3H,): d of weight_hh h
    H = d_h.shape[0]
    for k in range(H):
        r, z, n, hn = tape.r[t, b, k], tape.z[t, b, k], tape.n[t, b, k], tape.hn[t, b, k]
        d_n, d_z = d_h[k] * (1 - z), d_h[k] * (tape.h[t, b, k] - n)
        d_a_n = d_n * (1 - n * n)
        d_hn, d_r = d_a_n * r, d_a_n * hn
        d_a_r, d_a_z = d_r * r * (1 - r), d_z * z * (1 - z)
        d.r[t, b, k], d.z[t, b, k], d.n[t, b, k], d.hn[t, b, k] = d_r, d_z, d_n, d_hn
        d.a[t, b, k], d.a[t, b, H + k], d.a[t, b, 2 * H + k] = d_a_r, d_a_z, d_a_n
        d_from_h[k], d_from_h[H + k], d_from_h[2 * H + k] = d_a_r, d_a_z, d_hn
        d_h[k] *= z


@kernel
def _make_true(d, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for."""
    multiply_by_power(d.h[t, b], exponent)
    if t > 0:
        for row in (d.r[t - 1, b], d.z[t - 1, b], d.n[t - 1, b], d.hn[t - 1, b], d.a[t - 1, b], d.x[t - 1, b]):
            multiply_by_power(row, exponent)
