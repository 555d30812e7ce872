"""The three cells in plain NumPy, forward and backward, one line per equation.

Read it beside a textbook: it is the definition the kernels are tested against, what the window computes
with until they are compiled, and what "show me the code" displays.

Words used in this file
    T, B, I, H  timesteps, sequences, inputs, hidden units
    x, h, c     input, hidden state, cell state; h and c have T + 1 rows, row 0 before the first timestep
    d_<name>    dLoss/d<name>, always the shape of <name>
    d_h, d_c    in the backward loops: what reaches h and c of the timestep at hand, mantissas (B, H)
    true        turns mantissas into the values they stand for (``scaled``)

Row t of an array with T rows belongs to the timestep that leads from h[t] to h[t + 1].

References
----------
Hochreiter & Schmidhuber (1997), Long Short-Term Memory: the cell state and its two gates.
Gers, Schmidhuber & Cummins (2000), Learning to Forget: the forget gate.
Cho et al. (2014), Learning Phrase Representations using RNN Encoder-Decoder: the GRU.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from lstmviz.engine import scaled
from lstmviz.engine.allocate import begin, zero_gradients
from lstmviz.engine.arrays import (
    Array,
    GRUGradients,
    GRUParameters,
    GRUTape,
    LSTMGradients,
    LSTMParameters,
    LSTMTape,
    RNNGradients,
    RNNParameters,
    RNNTape,
    extremes_allowed,
)


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), written so that exp never overflows."""
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


def relu(a: Array) -> Array:
    """The larger of a and 0; nan stays nan."""
    return np.maximum(a, 0)


# ----------------------------------------------------------------------------- vanilla RNN


@extremes_allowed
def rnn_forward(parameters: RNNParameters, x: Array, h0: Array, activation: str = "tanh") -> RNNTape:
    """Run a vanilla RNN over a batch of sequences and record everything.

    Parameters
    ----------
    parameters : RNNParameters
        Their dtype is the dtype of all results.
    x : (T, B, I)
        Inputs.
    h0 : (B, H)
        Hidden state before the first timestep.
    activation : "tanh" or "relu"

    Returns
    -------
    RNNTape
    """
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=1)
    squash: Callable[[Array], Array] = np.tanh if activation == "tanh" else relu
    for t in range(len(x)):
        a[t] = x[t] @ parameters.weight_ih.T + h[t] @ parameters.weight_hh.T + parameters.bias
        h[t + 1] = squash(a[t])
    return RNNTape(x, a, h)


@extremes_allowed
def rnn_backward(parameters: RNNParameters, tape: RNNTape, d_h_loss: Array, activation: str = "tanh") -> RNNGradients:
    """Gradient of the loss by everything a vanilla RNN holds and computed.

    Parameters
    ----------
    parameters : RNNParameters
    tape : RNNTape
        From ``rnn_forward`` with the same parameters and activation.
    d_h_loss : (T, B, H)
        In row t - 1, what the loss alone says about h after timestep t.
    activation : "tanh" or "relu"

    Returns
    -------
    RNNGradients
    """
    x, a, h = tape
    d = zero_gradients(RNNGradients, parameters, tape)
    d_h, exponent = np.zeros_like(h[0]), scaled.no_exponent(h.shape[1])
    d_h_loss = d_h_loss.astype(h.dtype, copy=False)
    for t in reversed(range(len(a))):
        exponent, loss, d_h = scaled.bring_together(exponent, d_h_loss[t], d_h)
        exponent, d_h = scaled.keep_in_range(exponent, d_h + loss)
        true = partial(scaled.true_value, exponent=exponent)
        d.h[t + 1], d.log10_h[t + 1] = true(d_h), scaled.log10_norm(d_h, exponent)

        # heaviside is the slope of ReLU, 0 at 0, and leaves nan visible
        slope = 1 - h[t + 1] ** 2 if activation == "tanh" else np.heaviside(a[t], 0)
        d_a = d_h * slope
        d.a[t], d.x[t] = true(d_a), true(d_a @ parameters.weight_ih)
        d_h = d_a @ parameters.weight_hh
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.weight_ih[:] = _summed_product(d.a, x)
    d.weight_hh[:] = _summed_product(d.a, h[:-1])
    d.bias[:] = d.a.sum(axis=(0, 1))
    return d


# ----------------------------------------------------------------------------- LSTM


@extremes_allowed
def lstm_forward(parameters: LSTMParameters, x: Array, h0: Array, c0: Array) -> LSTMTape:
    """Run an LSTM over a batch of sequences and record everything.

    Parameters
    ----------
    parameters : LSTMParameters
        Their dtype is the dtype of all results.
    x : (T, B, I)
        Inputs.
    h0, c0 : (B, H)
        Hidden state and cell state before the first timestep.

    Returns
    -------
    LSTMTape
    """
    x, h, z = begin(parameters.weight_hh, x, h0, blocks=4)
    c = np.empty_like(h)
    c[0] = c0
    i, f, g, o, tanh_c = (np.empty_like(h[1:]) for _ in range(5))
    for t in range(len(x)):
        z[t] = x[t] @ parameters.weight_ih.T + h[t] @ parameters.weight_hh.T + parameters.bias
        z_i, z_f, z_g, z_o = np.split(z[t], 4, axis=1)
        i[t], f[t], g[t], o[t] = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
        c[t + 1] = f[t] * c[t] + i[t] * g[t]
        tanh_c[t] = np.tanh(c[t + 1])
        h[t + 1] = o[t] * tanh_c[t]
    return LSTMTape(x, z, i, f, g, o, c, tanh_c, h)


@extremes_allowed
def lstm_backward(parameters: LSTMParameters, tape: LSTMTape, d_h_loss: Array) -> LSTMGradients:
    """Gradient of the loss by everything an LSTM holds and computed.

    Parameters
    ----------
    parameters : LSTMParameters
    tape : LSTMTape
        From ``lstm_forward`` with the same parameters.
    d_h_loss : (T, B, H)
        In row t - 1, what the loss alone says about h after timestep t.

    Returns
    -------
    LSTMGradients
    """
    x, z, i, f, g, o, c, tanh_c, h = tape
    d = zero_gradients(LSTMGradients, parameters, tape)
    d_h, d_c, exponent = np.zeros_like(h[0]), np.zeros_like(c[0]), scaled.no_exponent(h.shape[1])
    d_h_loss = d_h_loss.astype(h.dtype, copy=False)
    for t in reversed(range(len(z))):
        exponent, loss, d_h, d_c = scaled.bring_together(exponent, d_h_loss[t], d_h, d_c)
        d_h = d_h + loss
        d_c = d_c + d_h * o[t] * (1 - tanh_c[t] ** 2)
        exponent, d_h, d_c = scaled.keep_in_range(exponent, d_h, d_c)
        true = partial(scaled.true_value, exponent=exponent)
        d.h[t + 1], d.log10_h[t + 1] = true(d_h), scaled.log10_norm(d_h, exponent)
        d.c[t + 1], d.log10_c[t + 1] = true(d_c), scaled.log10_norm(d_c, exponent)

        d_i, d_f, d_g, d_o = d_c * g[t], d_c * c[t], d_c * i[t], d_h * tanh_c[t]
        d.i[t], d.f[t], d.g[t], d.o[t] = true(d_i), true(d_f), true(d_g), true(d_o)
        d_z = np.concatenate(
            [
                d_i * i[t] * (1 - i[t]),
                d_f * f[t] * (1 - f[t]),
                d_g * (1 - g[t] ** 2),
                d_o * o[t] * (1 - o[t]),
            ],
            axis=1,
        )
        d.z[t], d.x[t] = true(d_z), true(d_z @ parameters.weight_ih)
        d_h = d_z @ parameters.weight_hh
        d_c = d_c * f[t]
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.c[0], d.log10_c[0] = scaled.true_value(d_c, exponent), scaled.log10_norm(d_c, exponent)
    d.weight_ih[:] = _summed_product(d.z, x)
    d.weight_hh[:] = _summed_product(d.z, h[:-1])
    d.bias[:] = d.z.sum(axis=(0, 1))
    return d


# ----------------------------------------------------------------------------- GRU


@extremes_allowed
def gru_forward(parameters: GRUParameters, x: Array, h0: Array) -> GRUTape:
    """Run a GRU over a batch of sequences and record everything.

    The reset gate acts on the product weight_hn h, as in PyTorch, not on h before it.

    Parameters
    ----------
    parameters : GRUParameters
        Their dtype is the dtype of all results.
    x : (T, B, I)
        Inputs.
    h0 : (B, H)
        Hidden state before the first timestep.

    Returns
    -------
    GRUTape
    """
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=3)
    r, z, n, hn = (np.empty_like(h[1:]) for _ in range(4))
    weight_hr, weight_hz, weight_hn = np.split(parameters.weight_hh, 3)
    for t in range(len(x)):
        a_r, a_z, a_n = np.split(x[t] @ parameters.weight_ih.T + parameters.bias, 3, axis=1)
        a_r, a_z = a_r + h[t] @ weight_hr.T, a_z + h[t] @ weight_hz.T
        r[t], z[t] = sigmoid(a_r), sigmoid(a_z)
        hn[t] = h[t] @ weight_hn.T + parameters.bias_hn
        a_n = a_n + r[t] * hn[t]
        n[t] = np.tanh(a_n)
        h[t + 1] = (1 - z[t]) * n[t] + z[t] * h[t]
        a[t] = np.concatenate([a_r, a_z, a_n], axis=1)
    return GRUTape(x, a, r, z, n, hn, h)


@extremes_allowed
def gru_backward(parameters: GRUParameters, tape: GRUTape, d_h_loss: Array) -> GRUGradients:
    """Gradient of the loss by everything a GRU holds and computed.

    Parameters
    ----------
    parameters : GRUParameters
    tape : GRUTape
        From ``gru_forward`` with the same parameters.
    d_h_loss : (T, B, H)
        In row t - 1, what the loss alone says about h after timestep t.

    Returns
    -------
    GRUGradients
    """
    x, _, r, z, n, hn, h = tape
    d = zero_gradients(GRUGradients, parameters, tape)
    d_h, exponent = np.zeros_like(h[0]), scaled.no_exponent(h.shape[1])
    d_h_loss = d_h_loss.astype(h.dtype, copy=False)
    for t in reversed(range(len(r))):
        exponent, loss, d_h = scaled.bring_together(exponent, d_h_loss[t], d_h)
        exponent, d_h = scaled.keep_in_range(exponent, d_h + loss)
        true = partial(scaled.true_value, exponent=exponent)
        d.h[t + 1], d.log10_h[t + 1] = true(d_h), scaled.log10_norm(d_h, exponent)

        d_n, d_z = d_h * (1 - z[t]), d_h * (h[t] - n[t])
        d_a_n = d_n * (1 - n[t] ** 2)
        d_hn, d_r = d_a_n * r[t], d_a_n * hn[t]
        d_a_r, d_a_z = d_r * r[t] * (1 - r[t]), d_z * z[t] * (1 - z[t])
        d.r[t], d.z[t], d.n[t], d.hn[t] = true(d_r), true(d_z), true(d_n), true(d_hn)
        d_a = np.concatenate([d_a_r, d_a_z, d_a_n], axis=1)
        d.a[t], d.x[t] = true(d_a), true(d_a @ parameters.weight_ih)
        d_h = d_h * z[t] + np.concatenate([d_a_r, d_a_z, d_hn], axis=1) @ parameters.weight_hh
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    hidden = h.shape[2]
    d.weight_ih[:] = _summed_product(d.a, x)
    # the candidate's recurrent weights meet h through hn, not through a
    d.weight_hh[:] = _summed_product(np.concatenate([d.a[..., : 2 * hidden], d.hn], axis=2), h[:-1])
    d.bias[:] = d.a.sum(axis=(0, 1))
    d.bias_hn[:] = d.hn.sum(axis=(0, 1))
    return d


# ----------------------------------------------------------------------------- shared


def _summed_product(d_out: Array, into: Array) -> Array:
    """Weight gradient (O, N): outer products of d_out (T, B, O) and into (T, B, N), summed over T and B."""
    return d_out.reshape(-1, d_out.shape[2]).T @ into.reshape(-1, into.shape[2])
