"""The LSTM as Numba kernels: the equations of ``reference``, forward and backward side by side.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    z            pre-activations (4H,) of one timestep, in the order i, f, g, o
    i, f, g, o   input gate, forget gate, candidate, output gate
    c, h         cell state, hidden state; row 0 is before the first timestep
    d, d_<name>  dLoss/d<name>
    carried      (2H,) mantissas of d_h and d_c of one sequence at the timestep at hand (``scaled``)
"""

import numpy as np

from lstmviz.engine.allocate import begin, zero_gradients
from lstmviz.engine.arrays import Array, LSTMGradients, LSTMParameters, LSTMTape
from lstmviz.engine.functions import sigmoid_row, tanh_row
from lstmviz.engine.jit import kernel, read_only
from lstmviz.engine.products import add_bias_gradient, add_product, add_weight_gradient, copy_row
from lstmviz.engine.scaled import ROOM
from lstmviz.engine.scaled_kernels import add_loss, keep_in_range, log10_norm, multiply_by_power


def lstm_forward(parameters: LSTMParameters, x: Array, h0: Array, c0: Array) -> LSTMTape:
    """Run an LSTM over a batch of sequences and record everything; see ``reference.lstm_forward``."""
    x, h, z = begin(parameters.weight_hh, x, h0, blocks=4)
    c = np.empty_like(h)
    c[0] = c0
    i, f, g, o, tanh_c = (np.empty_like(h[1:]) for _ in range(5))
    tape = LSTMTape(x, z, i, f, g, o, c, tanh_c, h)
    # transposed: the inner loops then run along contiguous memory
    weight_ih, weight_hh = read_only(parameters.weight_ih.T), read_only(parameters.weight_hh.T)
    _forward(tape, weight_ih, weight_hh, read_only(parameters.bias))
    return tape


def lstm_backward(parameters: LSTMParameters, tape: LSTMTape, d_h_loss: Array) -> LSTMGradients:
    """Gradient of the loss by everything an LSTM holds and computed; see ``reference.lstm_backward``."""
    dtype = tape.h.dtype
    d = zero_gradients(LSTMGradients, parameters, tape)
    parameters, tape, d_h_loss = read_only(parameters), read_only(tape), read_only(d_h_loss.astype(dtype, copy=False))
    _backward(d, parameters, tape, d_h_loss, ROOM[dtype.name])
    add_weight_gradient(d.weight_ih, d.z, tape.x)
    add_weight_gradient(d.weight_hh, d.z, tape.h[:-1])
    add_bias_gradient(d.bias, d.z)
    return d


@kernel
def _forward(tape, weight_ih, weight_hh, bias):
    """Fill the tape; h[0], c[0] and x are there."""
    # weight_ih (I, 4H), weight_hh (H, 4H), bias (4H,)
    H = weight_hh.shape[0]
    for t in range(tape.x.shape[0]):
        for b in range(tape.x.shape[1]):
            z, i, f, g, o = tape.z[t, b], tape.i[t, b], tape.f[t, b], tape.g[t, b], tape.o[t, b]
            c_before, c, h = tape.c[t, b], tape.c[t + 1, b], tape.h[t + 1, b]
            tanh_c = tape.tanh_c[t, b]
            copy_row(z, bias)
            add_product(z, tape.x[t, b], weight_ih)
            add_product(z, tape.h[t, b], weight_hh)
            sigmoid_row(i, z[:H])
            sigmoid_row(f, z[H : 2 * H])
            tanh_row(g, z[2 * H : 3 * H])
            sigmoid_row(o, z[3 * H :])
            for k in range(H):
                c[k] = f[k] * c_before[k] + i[k] * g[k]
            tanh_row(tanh_c, c)
            for k in range(H):
                h[k] = o[k] * tanh_c[k]


@kernel
def _backward(d, parameters, tape, d_h_loss, room):
    """Fill d but for the weights; it arrives as zeros."""
    T, B, H = d_h_loss.shape
    carried = np.empty(2 * H, d_h_loss.dtype)
    d_h, d_c = carried[:H], carried[H:]
    for b in range(B):
        carried[:] = 0
        exponent = np.int64(0)
        for t in range(T, -1, -1):
            if t > 0:
                exponent = add_loss(carried, exponent, d_h_loss[t - 1, b], room)
                o, tanh_c = tape.o[t - 1, b], tape.tanh_c[t - 1, b]
                for k in range(H):
                    d_c[k] += d_h[k] * o[k] * (1 - tanh_c[k] * tanh_c[k])
                exponent = keep_in_range(carried, exponent, room)
            copy_row(d.h[t, b], d_h)
            copy_row(d.c[t, b], d_c)
            d.log10_h[t, b] = log10_norm(d_h, exponent)
            d.log10_c[t, b] = log10_norm(d_c, exponent)
            if t > 0:
                _backward_through_gates(d, tape, carried, t - 1, b)
                d_z = d.z[t - 1, b]
                d_h[:] = 0
                add_product(d_h, d_z, parameters.weight_hh)
                add_product(d.x[t - 1, b], d_z, parameters.weight_ih)
            if exponent != 0:
                _make_true(d, t, b, exponent)


@kernel
def _backward_through_gates(d, tape, carried, t, b):
    """From d_h and d_c to the gates and pre-activations that made them, and on to the d_c before."""
    H = tape.i.shape[2]
    for k in range(H):
        i, f, g, o = tape.i[t, b, k], tape.f[t, b, k], tape.g[t, b, k], tape.o[t, b, k]
        d_h, d_c = carried[k], carried[H + k]
        d_i, d_f, d_g, d_o = d_c * g, d_c * tape.c[t, b, k], d_c * i, d_h * tape.tanh_c[t, b, k]
        d.i[t, b, k], d.f[t, b, k], d.g[t, b, k], d.o[t, b, k] = d_i, d_f, d_g, d_o
        d.z[t, b, k] = d_i * i * (1 - i)
        d.z[t, b, H + k] = d_f * f * (1 - f)
        d.z[t, b, 2 * H + k] = d_g * (1 - g * g)
        d.z[t, b, 3 * H + k] = d_o * o * (1 - o)
        carried[H + k] = d_c * f


@kernel
def _make_true(d, t, b, exponent):
    """Turn the mantissas written for one timestep into the values they stand for."""
    multiply_by_power(d.h[t, b], exponent)
    multiply_by_power(d.c[t, b], exponent)
    if t > 0:
        for row in (d.i[t - 1, b], d.f[t - 1, b], d.g[t - 1, b], d.o[t - 1, b], d.z[t - 1, b], d.x[t - 1, b]):
            multiply_by_power(row, exponent)
