"""How the weights of a network start.

Words used in this file
    H         hidden units
    gain      factor on every recurrent weight, 0..3
    keeping   the gate that keeps the old state: the LSTM's forget gate, the GRU's update gate
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.floating]
INITIALISATIONS = ("uniform", "orthogonal", "identity")


def uniform(shape: tuple[int, ...], hidden: int, rng: Generator) -> Array:
    """Weights drawn evenly from -1/sqrt(H) to 1/sqrt(H), PyTorch's default.

    Parameters
    ----------
    shape : tuple of int
        Shape of the result.
    hidden : int
        H, which sets the range.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    float64, ``shape``
    """
    bound = 1.0 / np.sqrt(hidden)
    return rng.uniform(-bound, bound, size=shape)


def orthogonal(hidden: int, rng: Generator) -> Array:
    """A random rotation (H, H): every singular value is one, so only tanh's slope can make a gradient fade.

    References
    ----------
    Saxe, McClelland & Ganguli (2014): orthogonal starts keep gradient norms in deep linear networks.
    """
    q, r = np.linalg.qr(rng.normal(size=(hidden, hidden)))
    return q * np.sign(np.diag(r))  # without the sign the rotations are not drawn evenly


def recurrent(kind: str, hidden: int, gain: float, rng: Generator) -> Array:
    """Recurrent weights (H, H) of a vanilla RNN, times ``gain``.

    Parameters
    ----------
    kind : str
        "uniform", "orthogonal", or "identity" (the IRNN of Le, Jaitly & Hinton 2015, used with ReLU).
    hidden : int
        H.
    gain : float
        Factor on every weight.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    if kind == "identity":
        return gain * np.eye(hidden)
    if kind == "orthogonal":
        return gain * orthogonal(hidden, rng)
    return gain * uniform((hidden, hidden), hidden, rng)


def keeping_bias(forget_bias: float | str, hidden: int, timesteps: int, rng: Generator) -> Array:
    """Start value (H,) of the bias of the gate that keeps.

    Parameters
    ----------
    forget_bias : float or "chrono"
        One value for all units, or the chrono start ln U[1, T-1].
    hidden : int
        H.
    timesteps : int
        T, the longest dependency expected; read by "chrono" only, 3 or more there.
    rng : numpy.random.Generator
        Where chance comes from.

    References
    ----------
    Tallec & Ollivier (2018): b_f = ln U[1, T_max - 1], b_i = -b_f spreads the half-lives up to T_max.
    """
    if forget_bias == "chrono":
        return np.log(rng.uniform(1.0, max(timesteps - 1.0, 1.0), size=hidden))
    return np.full(hidden, float(forget_bias))
