"""The linear readout and the two losses, forward and backward.

Words used in this file
    N, H, K    rows (timesteps and sequences at which the loss looks), hidden units, outputs
    h_rows     hidden states (N, H) the caller selected: those of the last timestep, or of all
    d_<name>   dLoss/d<name>

Plain NumPy: each is a few products of whole matrices, nothing is sequential in time.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import Array, extremes_allowed


class ReadoutParameters(NamedTuple):
    """Linear readout y = weight h + bias; also the type of its gradient."""

    weight: Array  # (K, H)
    bias: Array  # (K,)


@extremes_allowed
def readout_forward(parameters: ReadoutParameters, h_rows: Array) -> Array:
    """Outputs y (N, K) of hidden states (N, H)."""
    return h_rows @ parameters.weight.T + parameters.bias


@extremes_allowed
def readout_backward(parameters: ReadoutParameters, h_rows: Array, d_y: Array) -> tuple[Array, ReadoutParameters]:
    """Gradient by the hidden states and by the readout's parameters.

    Parameters
    ----------
    parameters : ReadoutParameters
    h_rows : (N, H)
        As given to ``readout_forward``.
    d_y : (N, K)

    Returns
    -------
    d_h_rows : (N, H)
    d_parameters : ReadoutParameters
    """
    return d_y @ parameters.weight, ReadoutParameters(d_y.T @ h_rows, d_y.sum(axis=0))


@extremes_allowed
def cross_entropy(y: Array, targets: NDArray[Any]) -> tuple[float, Array, Array]:
    """Mean cross entropy of softmax(y) against classes.

    Parameters
    ----------
    y : (N, K)
        Logits; log-sum-exp relative to the largest, so any size will do.
    targets : int (N,)
        Class of each row, 0..K - 1.

    Returns
    -------
    loss : float
        In nats.
    d_y : (N, K)
    probabilities : (N, K)
        softmax(y).
    """
    rows = np.arange(len(y))
    relative = y - y.max(axis=1, keepdims=True)
    powers = np.exp(relative)
    total = powers.sum(axis=1, keepdims=True)
    probabilities = powers / total
    loss = np.mean(np.log(total[:, 0]) - relative[rows, targets], dtype=np.float64)
    d_y = probabilities.copy()
    d_y[rows, targets] -= 1
    return float(loss), d_y / len(y), probabilities


@extremes_allowed
def squared_error(y: Array, targets: Array) -> tuple[float, Array]:
    """Squared error, summed over the outputs and averaged over the rows.

    Parameters
    ----------
    y, targets : (N, K)

    Returns
    -------
    loss : float
    d_y : (N, K)
    """
    error = y - targets.astype(y.dtype, copy=False)
    loss = np.sum(error.astype(np.float64) ** 2) / len(y)
    return float(loss), 2 * error / len(y)
