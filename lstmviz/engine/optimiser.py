"""Adam and the clipping of gradients, in place, in plain NumPy.

Both take any sequence of arrays, such as those of a cell and of its readout one after the other.

References
----------
Kingma & Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1.
Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks: clipping by norm.
"""

from collections.abc import Sequence

import numpy as np

from lstmviz.engine.arrays import Array, extremes_allowed


@extremes_allowed
def adam(
    parameters: Sequence[Array],
    gradients: Sequence[Array],
    mean: Sequence[Array],
    square: Sequence[Array],
    update: int,
    learning_rate: float = 1e-3,
) -> None:
    """Change the parameters and the two moments in place by one update of Adam (0.9, 0.999, 1e-8).

    Parameters
    ----------
    parameters, gradients : sequences of arrays of the same shapes
    mean, square : sequences of arrays of the same shapes
        Running means of the gradients and of their squares; zeros before the first update.
    update : int
        Counted from 1: the bias correction needs it.
    learning_rate : float
        About the largest change of any parameter in one update.
    """
    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-8
    correction_1, correction_2 = 1 - beta_1**update, 1 - beta_2**update
    for p, gradient, m, v in zip(parameters, gradients, mean, square, strict=True):
        m += (1 - beta_1) * (gradient - m)
        v += (1 - beta_2) * (gradient * gradient - v)
        p -= learning_rate / correction_1 * m / (np.sqrt(v / correction_2) + epsilon)


@extremes_allowed
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
