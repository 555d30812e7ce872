"""Trying networks that nobody trained: a small tanh RNN, from its weights to a verdict."""

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.jit import kernel


@kernel
def first_right(
    weights: NDArray[np.float64], readouts: NDArray[np.float64], x: NDArray[np.float64], classes: NDArray[np.int64]
) -> int:
    """Give the first guess that answers every sequence rightly at its end, or -1."""
    # weights (G, H, H + 2): recurrent, of the input, bias; readouts (G, H + 1); x (S, T); classes (S,) 0 or 1.
    # A guess is dropped at its first wrong answer: most of them at the first or second sequence.
    units = weights.shape[1]
    h, a = np.empty(units), np.empty(units)
    for guess in range(weights.shape[0]):
        right = 0
        while right < x.shape[0]:
            h[:] = 0.0
            for t in range(x.shape[1]):
                for j in range(units):
                    a[j] = weights[guess, j, units] * x[right, t] + weights[guess, j, units + 1]
                    for k in range(units):
                        a[j] += weights[guess, j, k] * h[k]
                for j in range(units):
                    h[j] = np.tanh(a[j])
            answer = readouts[guess, units]
            for k in range(units):
                answer += readouts[guess, k] * h[k]
            if (answer > 0.0) != (classes[right] == 1):
                break
            right += 1
        if right == x.shape[0]:
            return guess
    return -1
