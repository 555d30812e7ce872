"""Adam and the clipping of gradients, in place, in plain NumPy.

Both take any sequence of arrays: a network's parameters are the arrays of its cell and its readout, one after
the other, and ``matching`` picks their gradients out of a backward pass.

References
----------
Kingma & Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1.
Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks: clipping by norm.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lstmviz.engine.arrays import Array, Gradients, Parameters


class AdamMoments(NamedTuple):
    """What Adam remembers between updates: one array per parameter, in its shape."""

    mean: tuple[Array, ...]  # running mean of the gradient
    square: tuple[Array, ...]  # running mean of its square


def adam_moments(parameters: Sequence[Array]) -> AdamMoments:
    """Moments before the first update: zeros."""
    return AdamMoments(tuple(map(np.zeros_like, parameters)), tuple(map(np.zeros_like, parameters)))


def matching(parameters: Parameters, gradients: Gradients) -> tuple[Array, ...]:
    """Gradients of the parameters, in their order."""
    return tuple(getattr(gradients, name) for name in parameters._fields)


def adam(
    parameters: Sequence[Array],
    gradients: Sequence[Array],
    moments: AdamMoments,
    update: int,
    learning_rate: float = 1e-3,
) -> None:
    """Change the parameters and the moments in place by one update of Adam (0.9, 0.999, 1e-8).

    Parameters
    ----------
    parameters, gradients : sequences of arrays of the same shapes
    moments : AdamMoments
        From ``adam_moments``; belongs to these parameters.
    update : int
        Counted from 1: the bias correction needs it.
    learning_rate : float
        About the largest change of any parameter in one update.
    """
    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-8
    correction_1, correction_2 = 1 - beta_1**update, 1 - beta_2**update
    for parameter, gradient, mean, square in zip(parameters, gradients, *moments, strict=True):
        mean += (1 - beta_1) * (gradient - mean)
        square += (1 - beta_2) * (gradient * gradient - square)
        parameter -= learning_rate / correction_1 * mean / (np.sqrt(square / correction_2) + epsilon)


def clip_by_norm(gradients: Sequence[Array], limit: float) -> float:
    """Shorten the gradients in place to a joint Euclidean norm of at most ``limit``.

    Parameters
    ----------
    gradients : sequence of arrays
        Together one vector. Left alone if its norm is nan or inf: no length would be right.
    limit : float
        Above 0; inf clips nothing.

    Returns
    -------
    float
        The norm before clipping.
    """
    largest = max((float(np.max(np.abs(gradient), initial=0.0)) for gradient in gradients), default=0.0)
    if not 0 < largest < np.inf:
        return _norm_of_an_extreme(gradients)
    # relative to the largest: squares neither overflow nor vanish
    norm = largest * float(np.sqrt(sum(np.sum((gradient / largest) ** 2, dtype=np.float64) for gradient in gradients)))
    if limit < norm < np.inf:
        for gradient in gradients:
            gradient *= limit / norm
    return norm


def _norm_of_an_extreme(gradients: Sequence[Array]) -> float:
    return float(sum(np.sum(np.abs(gradient)) for gradient in gradients))  # 0, inf or nan
