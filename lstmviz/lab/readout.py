"""From hidden states to an answer and a loss, at the last timestep or at every one.

Words used in this file
    T, B, H, K   timesteps, sequences, hidden units, outputs
    answer       the linear readout of h_t
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import readout as engine
from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.initialisation import uniform
from lstmviz.lab.network import frozen_copies, streams

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """What the readout said, what it cost, and what the loss says about the hidden states."""

    loss: float  # mean over the sequences (and timesteps) that are asked
    outputs: Array  # (B, K), or (T, B, K) when every timestep is asked; before softmax or sigmoid
    probabilities: Array | None  # as outputs; None for squared error
    d_h: Array  # (T, B, H) dL/dh_1 to dL/dh_T through the readout alone
    d_parameters: ReadoutParameters


def new_readout(outputs: int, hidden: int, seed: int, dtype: str = "float64") -> ReadoutParameters:
    """Readout weights (K, H) drawn within 1/sqrt(H), and biases of zero."""
    draws, _ = streams(seed, "readout")
    weight, bias = frozen_copies([uniform((outputs, hidden), hidden, draws), np.zeros(outputs)], dtype)
    return ReadoutParameters(weight, bias)


def ask(
    readout: ReadoutParameters,
    h: Array,
    targets: NDArray[Any],
    loss: str,
    loss_at: str = "last",
    asked: Array | None = None,
) -> Answer:
    """The answer, its loss and its gradient.

    Parameters
    ----------
    readout : ReadoutParameters
        weight (K, H) and bias (K,).
    h : float (T + 1, B, H)
        Hidden states; row 0 is not asked.
    targets : int (B,) or float (B, K)
        Right answers; for ``loss_at="all"``, and wherever ``asked`` is given, also (T, B) or (T, B, K).
    loss : str
        "cross_entropy" (integer targets), "squared_error", or "binary" (0 or 1 for each output).
    loss_at : str
        "last" asks at t = T, "all" at every timestep.
    asked : float (T, B), optional
        How much the answer at each timestep counts, whatever ``loss_at`` says; the loss is the weighted mean.
    """
    everywhere = loss_at == "all" or asked is not None
    states = h[1:] if everywhere else h[-1:]
    rows = states.reshape(-1, h.shape[2])
    per_sequence = targets.ndim - (loss != "cross_entropy") == 1
    wanted = np.broadcast_to(targets, (len(states), *targets.shape)) if per_sequence else targets
    wanted = wanted.reshape(len(rows), *wanted.shape[2:])
    weights = None if asked is None else asked.reshape(-1).astype(h.dtype, copy=False)
    outputs = engine.readout_forward(readout, rows)
    probabilities = None
    if loss == "cross_entropy":
        value, d_outputs, probabilities = engine.cross_entropy(outputs, wanted, weights)
    elif loss == "binary":
        value, d_outputs, probabilities = engine.binary_cross_entropy(outputs, wanted, weights)
    else:
        value, d_outputs = engine.squared_error(outputs, wanted, weights)
    d_rows, d_parameters = engine.readout_backward(readout, rows, d_outputs)
    d_h = np.zeros((h.shape[0] - 1, *h.shape[1:]), dtype=h.dtype)
    d_h[-len(states) :] = d_rows.reshape(states.shape)
    shape = (*states.shape[:2], outputs.shape[1]) if everywhere else outputs.shape
    shaped = None if probabilities is None else probabilities.reshape(shape)
    return Answer(float(value), outputs.reshape(shape), shaped, d_h, d_parameters)
