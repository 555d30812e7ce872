"""The GRU in plain NumPy, forward and backward; see ``reference``.

Words used in this file
    T, B, I, H  timesteps, sequences, inputs, hidden units
    x, h        input, hidden state; h has T + 1 rows, row 0 before the first timestep
    tape, d     what is recorded: values, and dLoss/d of each in its shape
    v, dv       the same of the timestep at hand, as the equations name them; in dv mantissas (B, H)
    true        turns mantissas into the values they stand for (``scaled``)
    x_exponent  (T, B) exponents of d.x, whose mantissas are turned at the end, or handed down as they are
    window      truncated backpropagation through time: nothing goes back past h of every so many timesteps
    held        (4, T, B, H) values that quantities are held at, in the order of ``variant.HELD`` (``holding``)

References
----------
Cho et al. (2014), Learning Phrase Representations using RNN Encoder-Decoder: the GRU.
Williams & Peng (1990), An efficient gradient-based algorithm for on-line training: the window.
"""

from functools import partial
from types import SimpleNamespace

import numpy as np

from lstmviz.engine import equations, scaled
from lstmviz.engine.allocate import begin, zero_gradients
from lstmviz.engine.arrays import Array, GRUGradients, GRUParameters, GRUTape, extremes_allowed
from lstmviz.engine.holding import held_in
from lstmviz.engine.reference_parts import FUNCTIONS, is_detached, joined, split, summed_product
from lstmviz.engine.variant import RESETS


@extremes_allowed
def gru_forward(
    parameters: GRUParameters, x: Array, h0: Array, reset: str = "after", held: Array | None = None
) -> GRUTape:
    """Run a GRU over a batch of sequences and record everything.

    Parameters
    ----------
    parameters : GRUParameters
        Their dtype is the dtype of all results.
    x : (T, B, I)
        Inputs.
    h0 : (B, H)
        Hidden state before the first timestep.
    reset : "after" or "before"
        Whether the reset gate acts on the product weight_hn h, as in PyTorch, or on h before it, as in Cho et al.
    held : (4, T, B, H), optional
        What r, z, n and h are held at: nan where they are free, a number, or, of h, inf where it stays what it was.

    Returns
    -------
    GRUTape
    """
    cell = RESETS[reset]
    x, h, a = begin(parameters.weight_hh, x, h0, blocks=3)
    r, z, n, hn = (np.empty_like(h[1:]) for _ in range(4))
    weight_hr, weight_hz, weight_hn = np.split(parameters.weight_hh, 3)
    for t in range(len(x)):
        v = SimpleNamespace(h_before=h[t], **split("sum_", "rzn", x[t] @ parameters.weight_ih.T + parameters.bias))
        v.sum_r, v.sum_z = v.sum_r + h[t] @ weight_hr.T, v.sum_z + h[t] @ weight_hz.T
        hold = held_in("gru", held, t)
        equations.gru_forward_gates(v, cell, FUNCTIONS, hold)
        v.hn = (v.rh if cell.before else h[t]) @ weight_hn.T + parameters.bias_hn
        equations.gru_forward_state(v, cell, FUNCTIONS, hold)
        a[t], r[t], z[t], n[t], hn[t], h[t + 1] = joined(v, "a_", "rzn"), v.r, v.z, v.n, v.hn, v.h
    return GRUTape(x, a, r, z, n, hn, h)


@extremes_allowed
def gru_backward(
    parameters: GRUParameters,
    tape: GRUTape,
    d_h_loss: scaled.AnyRows,
    reset: str = "after",
    window: int = 0,
    held: Array | None = None,
) -> GRUGradients:
    """Gradient of the loss by everything a GRU holds and computed.

    Parameters
    ----------
    parameters : GRUParameters
    tape : GRUTape
        From ``gru_forward`` with the same parameters and place of the reset gate.
    d_h_loss : (T, B, H)
        In row t - 1, what the loss alone says about h after timestep t. As ``scaled.ScaledRows``, which a layer
        above hands down, it makes ``x`` of the result one of those too.
    reset : "after" or "before"
    window : int
        Nothing goes back past h of timestep window, 2 window, ...; 0 for the whole gradient.
    held : (4, T, B, H), optional
        As in the forward pass. What is held keeps the gradient that arrives, and hands nothing on.

    Returns
    -------
    GRUGradients
    """
    x, _, r, z, n, hn, h = tape
    cell, d = RESETS[reset], zero_gradients(GRUGradients, parameters, tape)
    d_h, exponent = np.zeros_like(h[0]), scaled.no_exponent(h.shape[1])
    loss, x_exponent = scaled.scaled_rows(d_h_loss, h.dtype), np.zeros(x.shape[:2], np.intc)
    weight_hr, weight_hz, weight_hn = np.split(parameters.weight_hh, 3)
    for t in reversed(range(len(r))):
        exponent, says, d_h = scaled.bring_together(exponent, loss.rows[t], d_h, given=loss.exponent[t])
        exponent, d_h = scaled.keep_in_range(exponent, d_h + says)
        true = partial(scaled.true_value, exponent=exponent)
        d.h[t + 1], d.log10_h[t + 1] = true(d_h), scaled.log10_norm(d_h, exponent)

        v, dv = SimpleNamespace(r=r[t], z=z[t], n=n[t], hn=hn[t], h_before=h[t]), SimpleNamespace(h=d_h)
        hold = held_in("gru", held, t)
        equations.gru_backward_state(v, dv, cell, hold)
        if cell.before:
            dv.rh = dv.hn @ weight_hn
        equations.gru_backward_gates(v, dv, cell, hold)
        d.r[t], d.z[t], d.n[t], d.hn[t] = true(dv.r), true(dv.z), true(dv.n), true(dv.hn)
        d_a = joined(dv, "a_", "rzn")
        d.a[t], d.x[t], x_exponent[t] = true(d_a), d_a @ parameters.weight_ih, exponent
        d_h = dv.h_before + dv.a_r @ weight_hr + dv.a_z @ weight_hz
        if not cell.before:
            d_h = d_h + dv.hn @ weight_hn
        if is_detached(t, window):
            d_h, exponent = np.zeros_like(d_h), scaled.no_exponent(len(d_h))
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.weight_ih[:] = summed_product(d.a, x)
    # the candidate's recurrent weights meet h, or r * h, through hn, not through a
    hidden = h.shape[2]
    d.weight_hh[: 2 * hidden] = summed_product(d.a[..., : 2 * hidden], h[:-1])
    d.weight_hh[2 * hidden :] = summed_product(d.hn, r * h[:-1] if cell.before else h[:-1])
    d.bias[:] = d.a.sum(axis=(0, 1))
    d.bias_hn[:] = d.hn.sum(axis=(0, 1))
    return scaled.hand_down(d, x_exponent, d_h_loss)
