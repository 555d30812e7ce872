"""The LSTM and its family in plain NumPy, forward and backward; see ``reference``.

Words used in this file
    T, B, I, H  timesteps, sequences, inputs, hidden units
    x, h, c     input, hidden state, cell state; h and c have T + 1 rows, row 0 before the first timestep
    tape, d     what is recorded: values, and dLoss/d of each in its shape
    v, dv       the same of the timestep at hand, as the equations name them; in dv mantissas (B, H)
    true        turns mantissas into the values they stand for (``scaled``)
    x_exponent  (T, B) exponents of d.x, whose mantissas are turned at the end, or handed down as they are
    window      truncated backpropagation through time: nothing goes back past h and c of every so many timesteps
    held        (6, T, B, H) values that quantities are held at, in the order of ``variant.HELD`` (``holding``)

References
----------
Hochreiter & Schmidhuber (1997), Long Short-Term Memory: the cell state and its two gates.
Gers, Schmidhuber & Cummins (2000), Learning to Forget: the forget gate.
Williams & Peng (1990), An efficient gradient-based algorithm for on-line training: the window.
"""

from functools import partial
from types import SimpleNamespace

import numpy as np

from lstmviz.engine import equations, scaled
from lstmviz.engine.allocate import begin, zero_gradients
from lstmviz.engine.arrays import (
    AnyLSTMGradients,
    AnyLSTMParameters,
    Array,
    GateRecurrenceGradients,
    GateRecurrenceParameters,
    LSTMTape,
    PeepholeGradients,
    PeepholeParameters,
    extremes_allowed,
    lstm_gradients,
)
from lstmviz.engine.holding import held_in
from lstmviz.engine.reference_parts import FUNCTIONS, is_detached, joined, split, summed_product
from lstmviz.engine.variant import GATES, VARIANTS

GATES_AFTER = ("i_after", "f_after", "o_after")


@extremes_allowed
def lstm_forward(
    parameters: AnyLSTMParameters,
    x: Array,
    h0: Array,
    c0: Array,
    variant: str = "vanilla",
    held: Array | None = None,
) -> LSTMTape:
    """Run an LSTM, or another cell of its family, over a batch of sequences and record everything.

    Parameters
    ----------
    parameters : LSTMParameters, PeepholeParameters or GateRecurrenceParameters
        As the variant has them; their dtype is the dtype of all results.
    x : (T, B, I)
        Inputs.
    h0, c0 : (B, H)
        Hidden state and cell state before the first timestep. Gates before it, where they are seen, are zero.
    variant : str
        One of ``variant.VARIANTS``.
    held : (6, T, B, H), optional
        What i, f, g, o, c and h are held at: nan where they are free, a number, or, of c and h, inf where they stay
        what they were.

    Returns
    -------
    LSTMTape
    """
    cell = VARIANTS[variant].parts
    x, h, z = begin(parameters.weight_hh, x, h0, blocks=len(cell.blocks))
    c = np.empty_like(h)
    c[0] = c0
    i, f, g, o, tanh_c = (np.empty_like(h[1:]) for _ in range(5))
    for t in range(len(x)):
        sums = x[t] @ parameters.weight_ih.T + h[t] @ parameters.weight_hh.T + parameters.bias
        v = SimpleNamespace(c_before=c[t], h_before=h[t], one=1.0, **split("sum_", cell.blocks, sums))
        vars(v).update(_peepholes(parameters))
        if isinstance(parameters, GateRecurrenceParameters) and t > 0:
            seen = np.concatenate([i[t - 1], f[t - 1], o[t - 1]], axis=1) @ parameters.weight_gates.T
            for name, more in split("sum_", GATES, seen).items():
                setattr(v, name, getattr(v, name) + more)
        equations.lstm_forward(v, cell, FUNCTIONS, held_in("lstm", held, t))
        z[t] = joined(v, "z_", cell.blocks)
        i[t], f[t], g[t], o[t], c[t + 1], tanh_c[t], h[t + 1] = v.i, v.f, v.g, v.o, v.c, v.tanh_c, v.h
    return LSTMTape(x, z, i, f, g, o, c, tanh_c, h)


@extremes_allowed
def lstm_backward(
    parameters: AnyLSTMParameters,
    tape: LSTMTape,
    d_h_loss: scaled.AnyRows,
    variant: str = "vanilla",
    window: int = 0,
    truncated: bool = False,
    held: Array | None = None,
) -> AnyLSTMGradients:
    """Gradient of the loss by everything an LSTM holds and computed.

    Parameters
    ----------
    parameters : LSTMParameters, PeepholeParameters or GateRecurrenceParameters
    tape : LSTMTape
        From ``lstm_forward`` with the same parameters and variant.
    d_h_loss : (T, B, H)
        In row t - 1, what the loss alone says about h after timestep t. As ``scaled.ScaledRows``, which a layer
        above hands down, it makes ``x`` of the result one of those too.
    variant : str
        One of ``variant.VARIANTS``.
    window : int
        Nothing goes back past h and c of timestep window, 2 window, ...; 0 for the whole gradient.
    truncated : bool
        The gradient of 1997: nothing goes back through recurrent weights and peepholes, only along the cell state.
    held : (6, T, B, H), optional
        As in the forward pass. What is held keeps the gradient that arrives, and hands nothing on.

    Returns
    -------
    LSTMGradients, PeepholeGradients or GateRecurrenceGradients
    """
    x, _, i, f, g, o, c, tanh_c, h = tape
    cell, d = VARIANTS[variant].parts, zero_gradients(lstm_gradients(parameters), parameters, tape)
    peepholes = {name: 0 * weight if truncated else weight for name, weight in _peepholes(parameters).items()}
    d_h, d_c, exponent = np.zeros_like(h[0]), np.zeros_like(c[0]), scaled.no_exponent(h.shape[1])
    d_gates = [np.zeros_like(h[0]) for _ in GATES] if cell.gate_recurrence else []
    loss, x_exponent = scaled.scaled_rows(d_h_loss, h.dtype), np.zeros(x.shape[:2], np.intc)
    for t in reversed(range(len(x))):
        v = SimpleNamespace(i=i[t], f=f[t], g=g[t], o=o[t], c_before=c[t], tanh_c=tanh_c[t], **peepholes)
        exponent, says, d_h, d_c, *d_gates = scaled.bring_together(
            exponent, loss.rows[t], d_h, d_c, *d_gates, given=loss.exponent[t]
        )
        dv, hold = SimpleNamespace(h=d_h + says, c_after=d_c), held_in("lstm", held, t)
        vars(dv).update(zip(GATES_AFTER, d_gates, strict=False))
        equations.lstm_backward_output(v, dv, cell, hold)
        equations.lstm_backward_state(v, dv, cell, hold)
        exponent, d_h, d_c, *d_gates = scaled.keep_in_range(exponent, dv.h, dv.c, *d_gates)
        true = partial(scaled.true_value, exponent=exponent)
        d.h[t + 1], d.log10_h[t + 1] = true(d_h), scaled.log10_norm(d_h, exponent)
        d.c[t + 1], d.log10_c[t + 1] = true(d_c), scaled.log10_norm(d_c, exponent)

        dv = SimpleNamespace(h=d_h, c=d_c, **dict(zip(GATES_AFTER, d_gates, strict=False)))
        equations.lstm_backward_output(v, dv, cell, hold)
        equations.lstm_backward_cell(v, dv, cell, hold)
        d.i[t], d.f[t], d.g[t], d.o[t] = true(dv.i), true(dv.f), true(dv.g), true(dv.o)
        d_z = joined(dv, "z_", cell.blocks)
        d.z[t], d.x[t], x_exponent[t] = true(d_z), d_z @ parameters.weight_ih, exponent
        d_h, d_c = d_z @ parameters.weight_hh, dv.c_before
        if isinstance(parameters, GateRecurrenceParameters):
            d_gates = np.split(joined(dv, "z_", GATES) @ parameters.weight_gates, 3, axis=1)
        if truncated:
            d_h, d_gates = np.zeros_like(d_h), [np.zeros_like(d_h) for _ in d_gates]
        if held is not None:
            equations.backward_frozen(dv, hold)
            d_h = d_h + dv.h_before
        if is_detached(t, window):
            d_h, d_c, *d_gates = (np.zeros_like(d_h) for _ in range(2 + len(d_gates)))
            exponent = scaled.no_exponent(len(d_h))
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.c[0], d.log10_c[0] = scaled.true_value(d_c, exponent), scaled.log10_norm(d_c, exponent)
    d.weight_ih[:] = summed_product(d.z, x)
    d.weight_hh[:] = summed_product(d.z, h[:-1])
    d.bias[:] = d.z.sum(axis=(0, 1))
    d_z_i, d_z_f, *_, d_z_o = np.split(d.z, len(cell.blocks), axis=2)
    if isinstance(d, PeepholeGradients):
        seen = [d_z_i * c[:-1], d_z_f * c[:-1], d_z_o * c[1:]]
        d.peephole[:] = np.concatenate([product.sum(axis=(0, 1)) for product in seen])
    if isinstance(d, GateRecurrenceGradients):
        gates = np.concatenate([i, f, o], axis=2)[:-1]
        d.weight_gates[:] = summed_product(np.concatenate([d_z_i, d_z_f, d_z_o], axis=2)[1:], gates)
    return scaled.hand_down(d, x_exponent, d_h_loss)


def _peepholes(parameters: AnyLSTMParameters) -> dict[str, Array]:
    """Peepholes by the equations' names, if there are any."""
    if not isinstance(parameters, PeepholeParameters):
        return {}
    return dict(zip(("p_i", "p_f", "p_o"), np.split(parameters.peephole, 3), strict=True))
