"""The network of 1997 in plain NumPy: one sequence, equation by equation. The kernels are tested against it.

Words used in this file
    T, I, U, C, K   timesteps, inputs, hidden units, cells, outputs
    y               (T + 1, U) what the hidden units show; row 0, before the first timestep, is zeros
    seen            (T, 1 + U + I) what each hidden unit sees: 1, y of the timestep before, x
    s               (T + 1, C) internal states
    e_<name>        minus half the slope of the squared error by <name>'s net input, as the paper counts it

Equation numbers are those of Hochreiter & Schmidhuber (1997), appendix A.1.
"""

from typing import NamedTuple

import numpy as np

from lstmviz.engine.arrays import extremes_allowed
from lstmviz.engine.reference import sigmoid
from lstmviz.engine.weights_1997 import Array, Weights1997, Whole


class Tape1997(NamedTuple):
    """Everything one sequence did to the network."""

    seen: Array  # (T, 1 + U + I)
    y_in: Array  # (T, C) input gate of each cell's block
    y_out: Array  # (T, C) output gate of each cell's block
    g: Array  # (T, C) squashed net input of each cell, -2 to 2
    s: Array  # (T + 1, C)
    h: Array  # (T, C) squashed internal state, -1 to 1
    y: Array  # (T + 1, U)
    answer: Array  # (T, K)


@extremes_allowed
def run_1997(weights: Weights1997, x: Array, fed_back: Array | None = None) -> Tape1997:
    """One sequence.

    Parameters
    ----------
    weights : Weights1997
    x : float64 (T, I)
    fed_back : float64 (T, U), optional
        What the hidden units are fed instead of what they showed at the timestep before. With the rows of an earlier
        run, slopes found by nudging a weight are those of the truncated gradient.
    """
    n, (rows, units) = weights.blocks, weights.hidden.shape
    cells, timesteps = units - 2 * n, len(x)
    block = np.repeat(np.arange(n), cells // n)  # of each cell
    seen, s, y = np.ones((timesteps, rows)), np.zeros((timesteps + 1, cells)), np.zeros((timesteps + 1, units))
    y_in, y_out, g, h = (np.zeros((timesteps, cells)) for _ in range(4))
    seen[:, 1 + units :] = x
    for t in range(timesteps):
        seen[t, 1 : 1 + units] = y[t] if fed_back is None else fed_back[t]
        net_in, net_out, net_c = np.split(seen[t] @ weights.hidden, [n, 2 * n])
        gates_in, gates_out = sigmoid(net_in), sigmoid(net_out)  # 7, 8
        y_in[t], y_out[t] = gates_in[block], gates_out[block]
        g[t] = 4 * sigmoid(net_c) - 2  # 5
        s[t + 1] = s[t] + y_in[t] * g[t]  # 9
        h[t] = 2 * sigmoid(s[t + 1]) - 1  # 4
        y[t + 1] = np.concatenate([gates_in, gates_out, y_out[t] * h[t]])
    answer = sigmoid(weights.output[0] + (y_out * h) @ weights.output[1:])
    return Tape1997(seen, y_in, y_out, g, s, h, y, answer)


def change_1997(weights: Weights1997, tape: Tape1997, asked: Whole, targets: Array) -> tuple[Array, Array]:
    """What one sequence says about the weights, by the truncated gradient, for a learning rate of 1.

    Parameters
    ----------
    weights : Weights1997
    tape : Tape1997
    asked : int (Q,)
        Rows of the timesteps at which there is a target.
    targets : float64 (Q, K)

    Returns
    -------
    float64 (1 + U + I, U), float64 (1 + C, K)
        To be added to ``hidden`` and ``output``.
    """
    seen, y_in, y_out, g, _, h, _, answer = tape
    n, cells = weights.blocks, h.shape[1]
    size = cells // n
    d_hidden, d_output = np.zeros_like(weights.hidden), np.zeros_like(weights.output)
    ds_dw_cell = np.cumsum(seen[:, :, None] * (y_in * (4 - g * g) / 4)[:, None], axis=0)  # 27, g' = (4 - g^2) / 4
    ds_dw_in = np.cumsum(seen[:, :, None] * (g * y_in * (1 - y_in))[:, None], axis=0)  # 25
    for t, target in zip(asked, targets, strict=True):
        e_k = answer[t] * (1 - answer[t]) * (target - answer[t])  # 19
        d_output += np.outer(np.concatenate([[1.0], y_out[t] * h[t]]), e_k)  # 22
        reaching = weights.output[1:] @ e_k  # (C,)
        e_out = y_out[t] * (1 - y_out[t]) * h[t] * reaching  # 21, cell by cell
        e_s = y_out[t] * (1 - h[t] ** 2) / 2 * reaching  # 23, h' = (1 - h^2) / 2
        d_hidden[:, :n] += (e_s * ds_dw_in[t]).reshape(-1, n, size).sum(axis=2)  # 26
        d_hidden[:, n : 2 * n] += np.outer(seen[t], e_out.reshape(n, size).sum(axis=1))  # 22
        d_hidden[:, 2 * n :] += e_s * ds_dw_cell[t]  # 28
    d_hidden[0] *= weights.hidden_biased
    d_output[0] *= weights.output_biased
    return d_hidden, d_output
