"""The vanilla RNN in plain NumPy, forward and backward; see ``reference``.

Words used in this file
    T, B, I, H  timesteps, sequences, inputs, hidden units
    x, a, h     input, pre-activation, hidden state; h has T + 1 rows, row 0 before the first timestep
    tape, d     what is recorded: values, and dLoss/d of each in its shape
    v, dv       the same of the timestep at hand, as the equations name them; in dv mantissas (B, H)
    true        turns mantissas into the values they stand for (``scaled``)
    x_exponent  (T, B) exponents of d.x, whose mantissas are turned at the end, or handed down as they are
    window      truncated backpropagation through time: nothing goes back past h of every so many timesteps
    held        (1, T, B, H) values that h is held at (``holding``)

References
----------
Williams & Peng (1990), An efficient gradient-based algorithm for on-line training: the window.
"""

from functools import partial
from types import SimpleNamespace

import numpy as np

from lstmviz.engine import equations, scaled
from lstmviz.engine.allocate import begin, zero_gradients
from lstmviz.engine.arrays import Array, RNNGradients, RNNParameters, RNNTape, extremes_allowed
from lstmviz.engine.holding import held_in
from lstmviz.engine.reference_parts import FUNCTIONS, is_detached, summed_product


@extremes_allowed
def rnn_forward(
    parameters: RNNParameters, x: Array, h0: Array, activation: str = "tanh", held: Array | None = None
) -> RNNTape:
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
    held : (1, T, B, H), optional
        What h is held at: nan where it is free, a number, or inf where it stays what it was.

    Returns
    -------
    RNNTape
    """
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=1)
    for t in range(len(x)):
        a[t] = x[t] @ parameters.weight_ih.T + h[t] @ parameters.weight_hh.T + parameters.bias
        v = SimpleNamespace(a=a[t], h_before=h[t])
        equations.rnn_forward(v, activation == "relu", FUNCTIONS, held_in("rnn", held, t))
        h[t + 1] = v.h
    return RNNTape(x, a, h)


@extremes_allowed
def rnn_backward(
    parameters: RNNParameters,
    tape: RNNTape,
    d_h_loss: scaled.AnyRows,
    activation: str = "tanh",
    window: int = 0,
    held: Array | None = None,
) -> RNNGradients:
    """Gradient of the loss by everything a vanilla RNN holds and computed.

    Parameters
    ----------
    parameters : RNNParameters
    tape : RNNTape
        From ``rnn_forward`` with the same parameters and activation.
    d_h_loss : (T, B, H)
        In row t - 1, what the loss alone says about h after timestep t. As ``scaled.ScaledRows``, which a layer
        above hands down, it makes ``x`` of the result one of those too.
    activation : "tanh" or "relu"
    window : int
        Nothing goes back past h of timestep window, 2 window, ...; 0 for the whole gradient.
    held : (1, T, B, H), optional
        As in the forward pass. What is held keeps the gradient that arrives, and hands nothing on.

    Returns
    -------
    RNNGradients
    """
    x, a, h = tape
    d = zero_gradients(RNNGradients, parameters, tape)
    d_h, exponent = np.zeros_like(h[0]), scaled.no_exponent(h.shape[1])
    loss, x_exponent = scaled.scaled_rows(d_h_loss, h.dtype), np.zeros(x.shape[:2], np.intc)
    for t in reversed(range(len(a))):
        exponent, says, d_h = scaled.bring_together(exponent, loss.rows[t], d_h, given=loss.exponent[t])
        exponent, d_h = scaled.keep_in_range(exponent, d_h + says)
        true = partial(scaled.true_value, exponent=exponent)
        d.h[t + 1], d.log10_h[t + 1] = true(d_h), scaled.log10_norm(d_h, exponent)

        v, dv, hold = SimpleNamespace(a=a[t], h=h[t + 1]), SimpleNamespace(h=d_h), held_in("rnn", held, t)
        equations.rnn_backward(v, dv, activation == "relu", FUNCTIONS, hold)
        d.a[t], d.x[t], x_exponent[t] = true(dv.a), dv.a @ parameters.weight_ih, exponent
        d_h = dv.a @ parameters.weight_hh
        if held is not None:
            equations.backward_frozen(dv, hold)
            d_h = d_h + dv.h_before
        if is_detached(t, window):
            d_h, exponent = np.zeros_like(d_h), scaled.no_exponent(len(d_h))
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.weight_ih[:] = summed_product(d.a, x)
    d.weight_hh[:] = summed_product(d.a, h[:-1])
    d.bias[:] = d.a.sum(axis=(0, 1))
    return scaled.hand_down(d, x_exponent, d_h_loss)
