"""The cells in plain NumPy, forward and backward.

Read it, with the equations of one timestep (``equations``), beside a textbook: it is the definition the kernels are
tested against, what the window computes with until they are compiled, and what "show me the code" displays.

Words used in this file
    T, B, I, H  timesteps, sequences, inputs, hidden units
    x, h, c     input, hidden state, cell state; h and c have T + 1 rows, row 0 before the first timestep
    tape, d     what is recorded: values, and dLoss/d of each in its shape
    v, dv       the same of the timestep at hand, as the equations name them; in dv mantissas (B, H)
    true        turns mantissas into the values they stand for (``scaled``)
    x_exponent  (T, B) exponents of d.x, whose mantissas are turned at the end, or handed down as they are
    window      truncated backpropagation through time: nothing goes back past h and c of every so many timesteps
    held        (Q, T, B, H) values that quantities are held at, in the order of ``variant.HELD`` (``holding``)

Row t of an array with T rows belongs to the timestep that leads from h[t] to h[t + 1].

References
----------
Hochreiter & Schmidhuber (1997), Long Short-Term Memory: the cell state and its two gates.
Gers, Schmidhuber & Cummins (2000), Learning to Forget: the forget gate.
Cho et al. (2014), Learning Phrase Representations using RNN Encoder-Decoder: the GRU.
Williams & Peng (1990), An efficient gradient-based algorithm for on-line training: the window.
"""

from collections.abc import Sequence
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
    GRUGradients,
    GRUParameters,
    GRUTape,
    LSTMTape,
    PeepholeGradients,
    PeepholeParameters,
    RNNGradients,
    RNNParameters,
    RNNTape,
    extremes_allowed,
    lstm_gradients,
)
from lstmviz.engine.holding import held_in
from lstmviz.engine.variant import GATES, RESETS, VARIANTS


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), written so that exp never overflows."""
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


def relu(a: Array) -> Array:
    """The larger of a and 0; nan stays nan."""
    return np.maximum(a, 0)


def relu_slope(a: Array) -> Array:
    """1 where a is greater than 0, else 0; nan stays nan."""
    return np.heaviside(a, 0)


FUNCTIONS = equations.Functions(sigmoid, np.tanh, relu, relu_slope)
GATES_AFTER = ("i_after", "f_after", "o_after")


# ----------------------------------------------------------------------------- vanilla RNN


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
        if _is_detached(t, window):
            d_h, exponent = np.zeros_like(d_h), scaled.no_exponent(len(d_h))
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.weight_ih[:] = _summed_product(d.a, x)
    d.weight_hh[:] = _summed_product(d.a, h[:-1])
    d.bias[:] = d.a.sum(axis=(0, 1))
    return scaled.hand_down(d, x_exponent, d_h_loss)


# ----------------------------------------------------------------------------- LSTM


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
        v = SimpleNamespace(c_before=c[t], h_before=h[t], one=1.0, **_split("sum_", cell.blocks, sums))
        vars(v).update(_peepholes(parameters))
        if isinstance(parameters, GateRecurrenceParameters) and t > 0:
            seen = np.concatenate([i[t - 1], f[t - 1], o[t - 1]], axis=1) @ parameters.weight_gates.T
            for name, more in _split("sum_", GATES, seen).items():
                setattr(v, name, getattr(v, name) + more)
        equations.lstm_forward(v, cell, FUNCTIONS, held_in("lstm", held, t))
        z[t] = _joined(v, "z_", cell.blocks)
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
        d_z = _joined(dv, "z_", cell.blocks)
        d.z[t], d.x[t], x_exponent[t] = true(d_z), d_z @ parameters.weight_ih, exponent
        d_h, d_c = d_z @ parameters.weight_hh, dv.c_before
        if isinstance(parameters, GateRecurrenceParameters):
            d_gates = np.split(_joined(dv, "z_", GATES) @ parameters.weight_gates, 3, axis=1)
        if truncated:
            d_h, d_gates = np.zeros_like(d_h), [np.zeros_like(d_h) for _ in d_gates]
        if held is not None:
            equations.backward_frozen(dv, hold)
            d_h = d_h + dv.h_before
        if _is_detached(t, window):
            d_h, d_c, *d_gates = (np.zeros_like(d_h) for _ in range(2 + len(d_gates)))
            exponent = scaled.no_exponent(len(d_h))
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.c[0], d.log10_c[0] = scaled.true_value(d_c, exponent), scaled.log10_norm(d_c, exponent)
    d.weight_ih[:] = _summed_product(d.z, x)
    d.weight_hh[:] = _summed_product(d.z, h[:-1])
    d.bias[:] = d.z.sum(axis=(0, 1))
    d_z_i, d_z_f, *_, d_z_o = np.split(d.z, len(cell.blocks), axis=2)
    if isinstance(d, PeepholeGradients):
        seen = [d_z_i * c[:-1], d_z_f * c[:-1], d_z_o * c[1:]]
        d.peephole[:] = np.concatenate([product.sum(axis=(0, 1)) for product in seen])
    if isinstance(d, GateRecurrenceGradients):
        gates = np.concatenate([i, f, o], axis=2)[:-1]
        d.weight_gates[:] = _summed_product(np.concatenate([d_z_i, d_z_f, d_z_o], axis=2)[1:], gates)
    return scaled.hand_down(d, x_exponent, d_h_loss)


# ----------------------------------------------------------------------------- GRU


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
        v = SimpleNamespace(h_before=h[t], **_split("sum_", "rzn", x[t] @ parameters.weight_ih.T + parameters.bias))
        v.sum_r, v.sum_z = v.sum_r + h[t] @ weight_hr.T, v.sum_z + h[t] @ weight_hz.T
        hold = held_in("gru", held, t)
        equations.gru_forward_gates(v, cell, FUNCTIONS, hold)
        v.hn = (v.rh if cell.before else h[t]) @ weight_hn.T + parameters.bias_hn
        equations.gru_forward_state(v, cell, FUNCTIONS, hold)
        a[t], r[t], z[t], n[t], hn[t], h[t + 1] = _joined(v, "a_", "rzn"), v.r, v.z, v.n, v.hn, v.h
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
        d_a = _joined(dv, "a_", "rzn")
        d.a[t], d.x[t], x_exponent[t] = true(d_a), d_a @ parameters.weight_ih, exponent
        d_h = dv.h_before + dv.a_r @ weight_hr + dv.a_z @ weight_hz
        if not cell.before:
            d_h = d_h + dv.hn @ weight_hn
        if _is_detached(t, window):
            d_h, exponent = np.zeros_like(d_h), scaled.no_exponent(len(d_h))
    d.h[0], d.log10_h[0] = scaled.true_value(d_h, exponent), scaled.log10_norm(d_h, exponent)
    d.weight_ih[:] = _summed_product(d.a, x)
    # the candidate's recurrent weights meet h, or r * h, through hn, not through a
    hidden = h.shape[2]
    d.weight_hh[: 2 * hidden] = _summed_product(d.a[..., : 2 * hidden], h[:-1])
    d.weight_hh[2 * hidden :] = _summed_product(d.hn, r * h[:-1] if cell.before else h[:-1])
    d.bias[:] = d.a.sum(axis=(0, 1))
    d.bias_hn[:] = d.hn.sum(axis=(0, 1))
    return scaled.hand_down(d, x_exponent, d_h_loss)


# ----------------------------------------------------------------------------- shared


def _summed_product(d_out: Array, into: Array) -> Array:
    """Weight gradient (O, N): outer products of d_out (T, B, O) and into (T, B, N), summed over T and B."""
    return d_out.reshape(-1, d_out.shape[2]).T @ into.reshape(-1, into.shape[2])


def _is_detached(t: int, window: int) -> bool:
    """Whether nothing goes back past the states after timestep t."""
    return window > 0 and t > 0 and t % window == 0


def _peepholes(parameters: AnyLSTMParameters) -> dict[str, Array]:
    """Peepholes by the equations' names, if there are any."""
    if not isinstance(parameters, PeepholeParameters):
        return {}
    return dict(zip(("p_i", "p_f", "p_o"), np.split(parameters.peephole, 3), strict=True))


def _split(prefix: str, names: Sequence[str], blocks: Array) -> dict[str, Array]:
    """Blocks (B, len(names) * H) by the equations' names."""
    return dict(zip((prefix + name for name in names), np.split(blocks, len(names), axis=1), strict=True))


def _joined(values: SimpleNamespace, prefix: str, names: Sequence[str]) -> Array:
    """The reverse of ``_split``."""
    return np.concatenate([getattr(values, prefix + name) for name in names], axis=1)
