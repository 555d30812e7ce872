"""What happens to one unit in one timestep, forward and backward: the equations of every cell, written once.

They are run on NumPy arrays by ``reference``, on the registers of the processor while the kernels are compiled
(``staged``), and on symbols, which remember what was done to them, for formulas and diagrams (``operations``).

The products with the weights come before and after: a cell's ``sum_<block>`` holds W x + U h' + b of a block of units.

Words used in this file
    v            values of one timestep, by name
    d            dLoss/d of the values of the same names
    <name>_before, <name>_after   the same one timestep earlier, and what comes back from one timestep later
    i, f, g, o   input gate, forget gate, candidate, output gate
    z_<name>     pre-activation of a gate or candidate of the LSTM
    p_<name>     peephole of a gate: its weight on the cell state
    r, z, n      reset gate, update gate, candidate of the GRU, with pre-activations a_<name>
    hn           what the hidden state tells the GRU's candidate
    kept, written   the two parts of the new state: what stays of the old one, and what is new
    m            the functions of the kind of number at hand
    hold         what is held at a value whatever is computed here (``holding``)
"""

from typing import Any, NamedTuple, TypeAlias

from lstmviz.engine.holding import FREE, Free
from lstmviz.engine.variant import GRUParts, LSTMParts

Values: TypeAlias = Any  # a namespace: numbers under the names above


class Functions(NamedTuple):
    """Functions of one kind of number, each from one number to another; None where no equation asks for it."""

    sigmoid: Any
    tanh: Any
    relu: Any = None
    relu_slope: Any = None  # 1 where the argument is greater than 0, else 0; nan stays nan


def backward_frozen(d: Values, hold: Free) -> None:
    """From the hidden state of a cell without a path of its own, where it is frozen, to the one before."""
    d.h_before = hold.along("h", d.h, 0.0)


# ----------------------------------------------------------------------------- vanilla RNN


def rnn_forward(v: Values, relu: bool, m: Functions, hold: Free = FREE) -> None:
    """From the pre-activation ``a`` to the hidden state."""
    v.h = hold.value(v, "h", m.relu(v.a) if relu else m.tanh(v.a))


def rnn_backward(v: Values, d: Values, relu: bool, m: Functions, hold: Free = FREE) -> None:
    """From the hidden state to the pre-activation."""
    d.a = hold.through("h", d.h * (m.relu_slope(v.a) if relu else 1 - v.h * v.h))


# ----------------------------------------------------------------------------- LSTM


def lstm_forward(v: Values, cell: LSTMParts, m: Functions, hold: Free = FREE) -> None:
    """From the sums, the cell state before and the peepholes to gates, cell state and hidden state."""
    if cell.input_gate:
        v.z_i = v.sum_i + v.p_i * v.c_before if cell.peepholes else v.sum_i
    if cell.forget_gate:
        v.z_f = v.sum_f + v.p_f * v.c_before if cell.peepholes else v.sum_f
    v.z_g = v.sum_g
    v.i = hold.value(v, "i", m.sigmoid(v.z_i) if cell.input_gate else v.one)
    v.f = hold.value(v, "f", m.sigmoid(v.z_f) if cell.forget_gate else 1 - v.i if cell.coupled else v.one)
    v.g = hold.value(v, "g", m.tanh(v.z_g) if cell.input_tanh else v.z_g)
    v.kept = v.f * v.c_before
    v.written = v.i * v.g
    v.c = hold.value(v, "c", v.kept + v.written)
    if cell.output_gate:
        v.z_o = v.sum_o + v.p_o * v.c if cell.peepholes else v.sum_o
    v.o = hold.value(v, "o", m.sigmoid(v.z_o) if cell.output_gate else v.one)
    v.tanh_c = m.tanh(v.c) if cell.output_tanh else v.c
    v.h = hold.value(v, "h", v.o * v.tanh_c)


def lstm_backward_output(v: Values, d: Values, cell: LSTMParts, hold: Free = FREE) -> None:
    """From the hidden state to the output gate."""
    d.o = hold.through("h", d.h * v.tanh_c)
    if cell.gate_recurrence:
        d.o = d.o + d.o_after
    if cell.output_gate:
        d.z_o = hold.through("o", d.o * v.o * (1 - v.o))


def lstm_backward_state(v: Values, d: Values, cell: LSTMParts, hold: Free = FREE) -> None:
    """From the hidden state, and the output gate that sees it, to the cell state."""
    d.c = d.c_after + hold.through("h", d.h * v.o * (1 - v.tanh_c * v.tanh_c if cell.output_tanh else 1))
    if cell.peepholes:
        d.c = d.c + d.z_o * v.p_o


def lstm_backward_cell(v: Values, d: Values, cell: LSTMParts, hold: Free = FREE) -> None:
    """From the cell state to the other gates, the candidate and the cell state before."""
    d.f = hold.through("c", d.c * v.c_before)
    d.i = hold.through("c", d.c * v.g)
    d.g = hold.through("c", d.c * v.i)
    if cell.gate_recurrence:
        d.f = d.f + d.f_after
        d.i = d.i + d.i_after
    if cell.coupled:
        d.i = d.i - hold.through("f", d.f)
    if cell.input_gate:
        d.z_i = hold.through("i", d.i * v.i * (1 - v.i))
    if cell.forget_gate:
        d.z_f = hold.through("f", d.f * v.f * (1 - v.f))
    d.z_g = hold.through("g", d.g * (1 - v.g * v.g) if cell.input_tanh else d.g)
    d.c_before = hold.along("c", d.c, d.c * v.f)
    if cell.peepholes:
        d.c_before = d.c_before + d.z_i * v.p_i + d.z_f * v.p_f


# ----------------------------------------------------------------------------- GRU


def gru_forward_gates(v: Values, cell: GRUParts, m: Functions, hold: Free = FREE) -> None:
    """From the sums to the gates, and what the reset gate leaves of the hidden state before."""
    v.a_r = v.sum_r
    v.a_z = v.sum_z
    v.r = hold.value(v, "r", m.sigmoid(v.a_r))
    v.z = hold.value(v, "z", m.sigmoid(v.a_z))
    if cell.before:
        v.rh = v.r * v.h_before


def gru_forward_state(v: Values, cell: GRUParts, m: Functions, hold: Free = FREE) -> None:
    """From the gates and ``hn`` to candidate and hidden state; ``hn`` is U h' + b, or U (r h') + b."""
    v.a_n = v.sum_n + (v.hn if cell.before else v.r * v.hn)
    v.n = hold.value(v, "n", m.tanh(v.a_n))
    v.written = (1 - v.z) * v.n
    v.kept = v.z * v.h_before
    v.h = hold.value(v, "h", v.written + v.kept)


def gru_backward_state(v: Values, d: Values, cell: GRUParts, hold: Free = FREE) -> None:
    """From the hidden state to the candidate and the update gate."""
    d.n = hold.through("h", d.h * (1 - v.z))
    d.z = hold.through("h", d.h * (v.h_before - v.n))
    d.a_n = hold.through("n", d.n * (1 - v.n * v.n))
    d.a_z = hold.through("z", d.z * v.z * (1 - v.z))
    d.hn = d.a_n if cell.before else d.a_n * v.r


def gru_backward_gates(v: Values, d: Values, cell: GRUParts, hold: Free = FREE) -> None:
    """From there to the reset gate and, past the weights, to the hidden state before; ``rh`` is of hn's weights."""
    d.r = d.rh * v.h_before if cell.before else d.a_n * v.hn
    d.a_r = hold.through("r", d.r * v.r * (1 - v.r))
    d.h_before = hold.along("h", d.h, d.h * v.z)
    if cell.before:
        d.h_before = d.h_before + d.rh * v.r
