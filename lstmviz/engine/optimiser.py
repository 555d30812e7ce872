"""Updates of parameters and the clipping of gradients, in place, in plain NumPy.

All take any sequence of arrays, such as those of a cell and of its readout one after the other, or one block with all
of their numbers, which is quicker. What an optimiser remembers (velocity, mean, square) are arrays of the
same shapes, zeros before the first update.

References
----------
Polyak (1964), Some methods of speeding up the convergence of iteration methods; in the form of Sutskever, Martens,
    Dahl & Hinton (2013), On the importance of initialization and momentum in deep learning, equations 1 and 2.
Tieleman & Hinton (2012), Neural Networks for Machine Learning, lecture 6.5: RMSProp.
Kingma & Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1.
Loshchilov & Hutter (2019), Decoupled Weight Decay Regularization, algorithm 2.
Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks: clipping by norm.
"""

from collections.abc import Sequence

import numpy as np

from lstmviz.engine.arrays import Array, extremes_allowed


@extremes_allowed
def sgd(parameters: Sequence[Array], gradients: Sequence[Array], learning_rate: float) -> None:
    """Change the parameters in place by one update of gradient descent.

    Parameters
    ----------
    parameters, gradients : sequences of arrays of the same shapes
    learning_rate : float
    """
    for p, gradient in zip(parameters, gradients, strict=True):
        p -= learning_rate * gradient


@extremes_allowed
def momentum(
    parameters: Sequence[Array],
    gradients: Sequence[Array],
    velocity: Sequence[Array],
    learning_rate: float,
    kept: float = 0.9,
) -> None:
    """Change the parameters and their velocity in place by one update of gradient descent with momentum.

    Parameters
    ----------
    parameters, gradients, velocity : sequences of arrays of the same shapes
    learning_rate : float
    kept : float
        Share of the velocity that stays at each update, 0 to below 1.
    """
    for p, gradient, v in zip(parameters, gradients, velocity, strict=True):
        v *= kept
        v -= learning_rate * gradient
        p += v


@extremes_allowed
def rmsprop(
    parameters: Sequence[Array],
    gradients: Sequence[Array],
    square: Sequence[Array],
    learning_rate: float = 1e-3,
) -> None:
    """Change the parameters and the running squares in place by one update of RMSProp (0.9, 1e-8).

    Parameters
    ----------
    parameters, gradients : sequences of arrays of the same shapes
    square : sequence of arrays of the same shapes
        Running means of the squares of the gradients.
    learning_rate : float
    """
    kept, epsilon = 0.9, 1e-8
    for p, gradient, v in zip(parameters, gradients, square, strict=True):
        v *= kept
        v += (1 - kept) * gradient * gradient
        p -= learning_rate * gradient / (np.sqrt(v) + epsilon)


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
        root = v / correction_2
        np.sqrt(root, out=root)
        root += epsilon
        p -= learning_rate / correction_1 * m / root


@extremes_allowed
def decay_weights(parameters: Sequence[Array], learning_rate: float, decay: float) -> None:
    """Shrink the parameters in place by ``learning_rate * decay`` of themselves, apart from any gradient.

    Parameters
    ----------
    parameters : sequence of arrays
        Those to shrink; biases are usually not among them.
    learning_rate : float
        Of this update.
    decay : float
        0 or more; 0 changes no bit.
    """
    if decay == 0:
        return
    for p in parameters:
        p -= learning_rate * decay * p


@extremes_allowed
def joint_norm(gradients: Sequence[Array]) -> float:
    """Euclidean norm of all arrays together as one vector; inf or nan if one of them holds such a number."""
    largest = max((float(np.max(np.abs(gradient), initial=0.0)) for gradient in gradients), default=0.0)
    if not 0 < largest < np.inf:
        return float(sum(np.sum(np.abs(gradient)) for gradient in gradients))  # 0, inf or nan
    # relative to the largest: squares neither overflow nor vanish
    return largest * float(np.sqrt(sum(np.sum((gradient / largest) ** 2, dtype=np.float64) for gradient in gradients)))


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
    norm = joint_norm(gradients)
    if limit < norm < np.inf:
        for gradient in gradients:
            gradient *= limit / norm
    return norm


@extremes_allowed
def clip_by_value(gradients: Sequence[Array], limit: float) -> float:
    """Bring every number of the gradients in place to between ``-limit`` and ``limit``; this can turn their direction.

    Parameters
    ----------
    gradients : sequence of arrays
        nan stays nan.
    limit : float
        Above 0; inf clips nothing.

    Returns
    -------
    float
        The joint norm before clipping.
    """
    norm = joint_norm(gradients)
    for gradient in gradients:
        np.clip(gradient, -limit, limit, out=gradient)
    return norm
