"""Named tuples of arrays: what a cell is, what a forward pass records, what a backward pass finds.

Words used in this file
    T, B      timesteps, sequences in the batch
    I, H      inputs, hidden units
    tape      all that a forward pass computed: the backward pass and the screen read it
    gradient  dLoss/d<name>, under the name and in the shape of <name>

All arrays of one tuple have one dtype, float64 or float32, except the log10 norms, always float64.
Rows of ``h`` and ``c`` count from *before* the first timestep: row 0 is the initial state and row t the
state after timestep t. Arrays of T rows hold in row t - 1 what timestep t computed.

A gradient too small for its dtype reads 0 in these arrays and one too large reads inf; the log10 norms
keep such numbers (see ``scaled``). A weight gradient that sums infinities may be nan.
"""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]

# Decorator: overflow, underflow and nan are no reason to warn, for what they lead to is shown.
extremes_allowed = np.errstate(over="ignore", under="ignore", invalid="ignore")


class RNNParameters(NamedTuple):
    """Vanilla RNN: h = tanh or ReLU of (weight_ih x + weight_hh h' + bias), h' the h before."""

    weight_ih: Array  # (H, I)
    weight_hh: Array  # (H, H)
    bias: Array  # (H,)


class LSTMParameters(NamedTuple):
    """LSTM; blocks of H rows in the order i, f, g, o (input, forget, candidate, output), without those it lacks."""

    weight_ih: Array  # (4H, I)
    weight_hh: Array  # (4H, H)
    bias: Array  # (4H,)


class PeepholeParameters(NamedTuple):
    """LSTM whose gates see the cell state: i and f the one before the timestep, o the one after."""

    weight_ih: Array  # (4H, I)
    weight_hh: Array  # (4H, H)
    bias: Array  # (4H,)
    peephole: Array  # (3H,)  of i, f, o: one weight for each gate of each unit


class GateRecurrenceParameters(NamedTuple):
    """LSTM whose gates see the gates of the timestep before."""

    weight_ih: Array  # (4H, I)
    weight_hh: Array  # (4H, H)
    bias: Array  # (4H,)
    weight_gates: Array  # (3H, 3H)  to i, f, o, from i, f, o


class GRUParameters(NamedTuple):
    """GRU, its reset gate before or after weight_hn; blocks in the order r, z, n (reset, update, candidate)."""

    weight_ih: Array  # (3H, I)
    weight_hh: Array  # (3H, H)
    bias: Array  # (3H,)  outside the reset gate: of r, of z, and of n beside weight_ih x
    bias_hn: Array  # (H,)  of n, inside the product with the reset gate


class RNNTape(NamedTuple):
    """Everything a vanilla RNN computed."""

    x: Array  # (T, B, I)  input
    a: Array  # (T, B, H)  pre-activation
    h: Array  # (T + 1, B, H)  hidden state


class LSTMTape(NamedTuple):
    """Everything an LSTM computed."""

    x: Array  # (T, B, I)  input
    z: Array  # (T, B, 4H)  pre-activations in the order i, f, g, o; 3H without one of the gates
    i: Array  # (T, B, H)  input gate, 0..1; ones where there is none
    f: Array  # (T, B, H)  forget gate, 0..1; 1 keeps; 1 - i where it is coupled
    g: Array  # (T, B, H)  candidate, -1..1; z_g itself without tanh at the input
    o: Array  # (T, B, H)  output gate, 0..1
    c: Array  # (T + 1, B, H)  cell state
    tanh_c: Array  # (T, B, H)  tanh of the cell state after each timestep; c itself without tanh at the output
    h: Array  # (T + 1, B, H)  hidden state, o * tanh_c


class GRUTape(NamedTuple):
    """Everything a GRU computed."""

    x: Array  # (T, B, I)  input
    a: Array  # (T, B, 3H)  pre-activations in the order r, z, n; that of n includes r * hn, or hn behind the gate
    r: Array  # (T, B, H)  reset gate, 0..1
    z: Array  # (T, B, H)  update gate, 0..1; 1 keeps
    n: Array  # (T, B, H)  candidate, -1..1
    hn: Array  # (T, B, H)  weight_hn h' + bias_hn, before the reset gate; weight_hn (r h') + bias_hn behind it
    h: Array  # (T + 1, B, H)  hidden state


class RNNGradients(NamedTuple):
    """dLoss/d of all that a vanilla RNN holds and computed."""

    weight_ih: Array  # (H, I)
    weight_hh: Array  # (H, H)
    bias: Array  # (H,)
    x: Array  # (T, B, I)
    a: Array  # (T, B, H)
    h: Array  # (T + 1, B, H)  total: through the loss at that timestep and through all later timesteps
    log10_h: NDArray[np.float64]  # (T + 1, B)  log10 of the Euclidean norm of ``h`` over the units


class LSTMGradients(NamedTuple):
    """dLoss/d of all that an LSTM holds and computed."""

    weight_ih: Array  # (4H, I)
    weight_hh: Array  # (4H, H)
    bias: Array  # (4H,)
    x: Array  # (T, B, I)
    z: Array  # (T, B, 4H)
    i: Array  # (T, B, H)
    f: Array  # (T, B, H)
    g: Array  # (T, B, H)
    o: Array  # (T, B, H)
    c: Array  # (T + 1, B, H)  total: also through h of the same timestep
    h: Array  # (T + 1, B, H)  total: through the loss at that timestep and through all later timesteps
    log10_h: NDArray[np.float64]  # (T + 1, B)  log10 of the Euclidean norm of ``h`` over the units
    log10_c: NDArray[np.float64]  # (T + 1, B)  the same of ``c``


class PeepholeGradients(NamedTuple):
    """dLoss/d of all that an LSTM with peepholes holds and computed."""

    weight_ih: Array  # (4H, I)
    weight_hh: Array  # (4H, H)
    bias: Array  # (4H,)
    peephole: Array  # (3H,)
    x: Array  # (T, B, I)
    z: Array  # (T, B, 4H)
    i: Array  # (T, B, H)
    f: Array  # (T, B, H)
    g: Array  # (T, B, H)
    o: Array  # (T, B, H)
    c: Array  # (T + 1, B, H)  total: also through h of the same timestep
    h: Array  # (T + 1, B, H)  total: through the loss at that timestep and through all later timesteps
    log10_h: NDArray[np.float64]  # (T + 1, B)  log10 of the Euclidean norm of ``h`` over the units
    log10_c: NDArray[np.float64]  # (T + 1, B)  the same of ``c``


class GateRecurrenceGradients(NamedTuple):
    """dLoss/d of all that an LSTM with full gate recurrence holds and computed."""

    weight_ih: Array  # (4H, I)
    weight_hh: Array  # (4H, H)
    bias: Array  # (4H,)
    weight_gates: Array  # (3H, 3H)
    x: Array  # (T, B, I)
    z: Array  # (T, B, 4H)
    i: Array  # (T, B, H)
    f: Array  # (T, B, H)
    g: Array  # (T, B, H)
    o: Array  # (T, B, H)
    c: Array  # (T + 1, B, H)  total: also through h of the same timestep
    h: Array  # (T + 1, B, H)  total: through the loss at that timestep and through all later timesteps
    log10_h: NDArray[np.float64]  # (T + 1, B)  log10 of the Euclidean norm of ``h`` over the units
    log10_c: NDArray[np.float64]  # (T + 1, B)  the same of ``c``


class GRUGradients(NamedTuple):
    """dLoss/d of all that a GRU holds and computed."""

    weight_ih: Array  # (3H, I)
    weight_hh: Array  # (3H, H)
    bias: Array  # (3H,)
    bias_hn: Array  # (H,)
    x: Array  # (T, B, I)
    a: Array  # (T, B, 3H)
    r: Array  # (T, B, H)
    z: Array  # (T, B, H)
    n: Array  # (T, B, H)
    hn: Array  # (T, B, H)
    h: Array  # (T + 1, B, H)  total: through the loss at that timestep and through all later timesteps
    log10_h: NDArray[np.float64]  # (T + 1, B)  log10 of the Euclidean norm of ``h`` over the units


AnyLSTMParameters: TypeAlias = LSTMParameters | PeepholeParameters | GateRecurrenceParameters
AnyLSTMGradients: TypeAlias = LSTMGradients | PeepholeGradients | GateRecurrenceGradients
Parameters: TypeAlias = RNNParameters | AnyLSTMParameters | GRUParameters
Tape: TypeAlias = RNNTape | LSTMTape | GRUTape
Gradients: TypeAlias = RNNGradients | AnyLSTMGradients | GRUGradients


def lstm_gradients(parameters: AnyLSTMParameters) -> type[AnyLSTMGradients]:
    """The kind of gradients that belongs to parameters of the LSTM's family."""
    if isinstance(parameters, PeepholeParameters):
        return PeepholeGradients
    return GateRecurrenceGradients if isinstance(parameters, GateRecurrenceParameters) else LSTMGradients
