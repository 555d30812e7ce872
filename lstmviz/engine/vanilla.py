"""The vanilla RNN as Numba kernels: the equations of ``reference``, forward and backward side by side.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    x, a, h      input, pre-activation, hidden state; h[0] is before the first timestep
    d, d_<name>  dLoss/d<name>
    d_h          (H,) mantissas of one sequence at the timestep at hand (``scaled``)
"""

import numpy as np

from lstmviz.engine.allocate import begin, zero_gradients
from lstmviz.engine.arrays import Array, RNNGradients, RNNParameters, RNNTape
from lstmviz.engine.functions import tanh_row
from lstmviz.engine.jit import kernel, read_only
from lstmviz.engine.products import add_bias_gradient, add_product, add_weight_gradient, copy_row
from lstmviz.engine.scaled import ROOM
from lstmviz.engine.scaled_kernels import add_loss, keep_in_range, log10_norm, multiply_by_power


def rnn_forward(parameters: RNNParameters, x: Array, h0: Array, activation: str = "tanh") -> RNNTape:
    """Run a vanilla RNN over a batch of sequences and record everything; see ``reference.rnn_forward``."""
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=1)
    tape = RNNTape(x, a, h)
    # transposed: the inner loops then run along contiguous memory
    weight_ih, weight_hh = read_only(parameters.weight_ih.T), read_only(parameters.weight_hh.T)
    _forward(tape, weight_ih, weight_hh, read_only(parameters.bias), activation == "relu")
    return tape


def rnn_backward(parameters: RNNParameters, tape: RNNTape, d_h_loss: Array, activation: str = "tanh") -> RNNGradients:
    """Gradient of the loss by everything a vanilla RNN holds and computed; see ``reference.rnn_backward``."""
    dtype = tape.h.dtype
    d = zero_gradients(RNNGradients, parameters, tape)
    parameters, tape, d_h_loss = read_only(parameters), read_only(tape), read_only(d_h_loss.astype(dtype, copy=False))
    _backward(d, parameters, tape, d_h_loss, activation == "relu", ROOM[dtype.name])
    add_weight_gradient(d.weight_ih, d.a, tape.x)
    add_weight_gradient(d.weight_hh, d.a, tape.h[:-1])
    add_bias_gradient(d.bias, d.a)
    return d


@kernel
def _forward(tape, weight_ih, weight_hh, bias, relu):
    """Fill the tape; h[0] and x are there."""
    # weight_ih (I, H), weight_hh (H, H), bias (H,)
    for t in range(tape.x.shape[0]):
        for b in range(tape.x.shape[1]):
            a, h = tape.a[t, b], tape.h[t + 1, b]
            copy_row(a, bias)
            add_product(a, tape.x[t, b], weight_ih)
            add_product(a, tape.h[t, b], weight_hh)
            if relu:
                for k in range(a.shape[0]):
                    h[k] = 0 if a[k] < 0 else a[k]  # this way round nan stays nan
            else:
                tanh_row(h, a)


@kernel
def _backward(d, parameters, tape, d_h_loss, relu, room):
    """Fill d but for the weights; it arrives as zeros."""
    T, B, H = d_h_loss.shape
    d_h = np.empty(H, d_h_loss.dtype)
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
                d_a = d.a[t - 1, b]
                for k in range(H):
                    d_a[k] = d_h[k] * _slope(tape.a[t - 1, b, k], tape.h[t, b, k], relu)
                d_h[:] = 0
                add_product(d_h, d_a, parameters.weight_hh)
                add_product(d.x[t - 1, b], d_a, parameters.weight_ih)
            if exponent != 0:
                multiply_by_power(d.h[t, b], exponent)
                if t > 0:
                    multiply_by_power(d.a[t - 1, b], exponent)
                    multiply_by_power(d.x[t - 1, b], exponent)


@kernel
def _slope(a, h, relu):
    """dh/da; for ReLU 0 at a = 0, and nan where a is nan."""
    if not relu:
        return 1 - h * h
    if a > 0:
        return 1.0
    return 0.0 if a <= 0 else a
