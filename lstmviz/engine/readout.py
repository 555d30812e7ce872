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
def cross_entropy(y: Array, targets: NDArray[Any], weights: Array | None = None) -> tuple[float, Array, Array]:
    """Mean cross entropy of softmax(y) against classes.

    Parameters
    ----------
    y : (N, K)
        Logits; log-sum-exp relative to the largest, so any size will do.
    targets : int (N,)
        Class of each row, 0..K - 1.
    weights : (N,), optional
        How much each row counts; all alike when left out. Together above 0.

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
    loss, shares = _mean(np.log(total[:, 0]) - relative[rows, targets], weights)
    d_y = probabilities.copy()
    d_y[rows, targets] -= 1
    return loss, d_y * shares, probabilities


@extremes_allowed
def binary_cross_entropy(y: Array, targets: NDArray[Any], weights: Array | None = None) -> tuple[float, Array, Array]:
    """Cross entropy of sigmoid(y) against 0 or 1, summed over the outputs and averaged over the rows.

    Parameters
    ----------
    y : (N, K)
        Logits of any size.
    targets : (N, K)
        0 or 1, as numbers or as false and true.
    weights : (N,), optional
        As for ``cross_entropy``.

    Returns
    -------
    loss : float
        In nats.
    d_y : (N, K)
    probabilities : (N, K)
        sigmoid(y).
    """
    wanted = targets.astype(y.dtype)
    small = np.exp(-np.abs(y))  # never above 1, so nothing overflows
    probabilities = np.where(y >= 0, 1 / (1 + small), small / (1 + small))
    per_output = np.maximum(y, 0) - y * wanted + np.log1p(small)
    loss, shares = _mean(per_output.sum(axis=1, dtype=np.float64), weights)
    return loss, (probabilities - wanted) * shares, probabilities


@extremes_allowed
def squared_error(y: Array, targets: Array, weights: Array | None = None) -> tuple[float, Array]:
    """Squared error, summed over the outputs and averaged over the rows.

    Parameters
    ----------
    y, targets : (N, K)
    weights : (N,), optional
        As for ``cross_entropy``.

    Returns
    -------
    loss : float
    d_y : (N, K)
    """
    error = y - targets.astype(y.dtype, copy=False)
    loss, shares = _mean(np.sum(error.astype(np.float64) ** 2, axis=1), weights)
    return loss, 2 * error * shares


def _mean(losses: Array, weights: Array | None) -> tuple[float, Any]:
    """The mean of the rows' losses, and the share that each row has in it: a number, or (N, 1)."""
    if weights is None:
        return float(np.mean(losses, dtype=np.float64)), 1 / len(losses)
    total = weights.sum(dtype=np.float64)
    return float(np.sum(losses * weights, dtype=np.float64) / total), (weights / total)[:, None].astype(weights.dtype)
