"""The sequences of Hochreiter & Schmidhuber (1997), section 5, drawn many at a time.

Words used in this file
    S, R, A      sequences, timesteps of all of them together, inputs that are not zero at once
    starts       (S + 1,) row of each sequence's first timestep, and R
    places       rows of single timesteps

Positions are counted from 0 here and from 1 in the paper.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.engine.weights_1997 import Stream1997

Array = NDArray[np.floating]
Whole = NDArray[np.int64]
Draw = Callable[[int, Generator], Stream1997]  # (sequences, rng)

MEMBERS_OF_FAMILY = "abcd"  # distractors of experiment 6: E, these, X, Y, B make eight symbols
OPEN, X, CLOSE = 0, 5, 7


def starts_of(lengths: Whole) -> Whole:
    """Where each sequence starts, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def asked_at_ends(starts: Whole, active: Whole, value: Array, targets: Array) -> Stream1997:
    """Sequences with a target (S, K) at their last timestep only."""
    asked = np.full(starts[-1], -1, dtype=np.int64)
    asked[starts[1:] - 1] = np.arange(len(starts) - 1)
    active = np.ascontiguousarray(active, dtype=np.int64)
    return Stream1997(starts, active, np.ascontiguousarray(value), asked, targets)


def lengths_from(shortest: int, sequences: int, rng: Generator) -> Whole:
    """Lengths drawn from T to T + T / 10."""
    return rng.integers(shortest, shortest + shortest // 10 + 1, size=sequences)


def symbols(starts: Whole, tokens: Whole, targets: Array) -> Stream1997:
    """Sequences of symbols, each an input of its own."""
    return asked_at_ends(starts, tokens[:, None], np.ones((len(tokens), 1)), targets)


def draw_distractors(sequences: int, rng: Generator, *, lag: int, kinds: int) -> Stream1997:
    """Experiment 2c: b, then x or y, then distractors, then e, where x or y is asked.

    Parameters
    ----------
    sequences : int
    rng : numpy.random.Generator
    lag : int
        q: there are so many distractors, and after each further one another with probability 0.9.
    kinds : int
        p, how many distractors there are; symbols p to p + 3 are e, b, x, y.
    """
    lengths = lag + 3 + rng.geometric(0.1, size=sequences) - 1
    starts = starts_of(lengths)
    tokens = rng.integers(0, kinds, size=starts[-1])
    which = rng.integers(0, 2, size=sequences)
    tokens[starts[:-1]], tokens[starts[:-1] + 1], tokens[starts[1:] - 1] = kinds + 1, kinds + 2 + which, kinds
    return symbols(starts, tokens, np.eye(2)[which])


def draw_two_sequences(
    sequences: int, rng: Generator, *, shortest: int = 100, informative: int = 1, noisy: bool = False
) -> Stream1997:
    """Experiments 3a and 3b: the first values are 1 or -1, the rest is noise. The class is asked at the end.

    Parameters
    ----------
    sequences : int
    rng : numpy.random.Generator
    shortest : int
        T.
    informative : int
        N, how many values tell the class.
    noisy : bool
        Whether these values carry noise, too (3b).
    """
    starts = starts_of(lengths_from(shortest, sequences, rng))
    value = rng.normal(0.0, np.sqrt(0.2), size=starts[-1])
    first_class = rng.integers(0, 2, size=sequences)
    for place in range(informative):
        rows = starts[:-1] + place
        value[rows] = 2.0 * first_class - 1.0 + (value[rows] if noisy else 0.0)
    active = np.zeros((starts[-1], 1))
    return asked_at_ends(starts, active, value[:, None], first_class[:, None].astype(float))


def draw_marked(sequences: int, rng: Generator, *, shortest: int = 100, product: bool = False) -> Stream1997:
    """Experiments 4 and 5: the sum, or the product, of two marked numbers.

    One of the first ten pairs is marked by 1, then one of the first T / 2 - 1 that are left; the first and the last
    pair carry -1. A first pair that is drawn keeps its 1, and its number becomes 0 (1 for a product).

    Parameters
    ----------
    sequences : int
    rng : numpy.random.Generator
    shortest : int
        T.
    product : bool
        Numbers from 0 to 1 and their product, not numbers from -1 to 1 and half of 1 plus their mean.
    """
    starts = starts_of(lengths_from(shortest, sequences, rng))
    numbers = rng.uniform(0.0 if product else -1.0, 1.0, size=starts[-1])
    markers = np.zeros(starts[-1])
    first = rng.integers(0, 10, size=sequences)
    second = rng.integers(0, shortest // 2 - 1, size=sequences)
    second += second >= first  # the pair that is marked already is passed over
    places = starts[:-1] + np.stack([first, second])
    markers[starts[:-1]] = markers[starts[1:] - 1] = -1.0
    markers[places] = 1.0
    numbers[places[np.stack([first, second]) == 0]] = 1.0 if product else 0.0
    marked = numbers[places]
    targets = marked[0] * marked[1] if product else 0.5 + (marked[0] + marked[1]) / 4.0
    active = np.broadcast_to([0, 1], (starts[-1], 2))
    return asked_at_ends(starts, active, np.stack([numbers, markers], axis=1), targets[:, None])


def draw_order(sequences: int, rng: Generator, *, windows: tuple[tuple[int, int], ...]) -> Stream1997:
    """Experiments 6a and 6b: the order in which X and Y came.

    Parameters
    ----------
    sequences : int
    rng : numpy.random.Generator
    windows : tuple of (int, int)
        First and last position, as in the paper, at which each X or Y may stand.
    """
    starts = starts_of(lengths_from(100, sequences, rng))
    tokens = rng.integers(1, 1 + len(MEMBERS_OF_FAMILY), size=starts[-1])
    tokens[starts[:-1]], tokens[starts[1:] - 1] = OPEN, CLOSE
    order = np.zeros(sequences, dtype=np.int64)
    for low, high in windows:
        which = rng.integers(0, 2, size=sequences)
        tokens[starts[:-1] + rng.integers(low - 1, high, size=sequences)] = X + which
        order = 2 * order + which
    return symbols(starts, tokens, np.eye(2 ** len(windows))[order])
