"""What the network of 1997 consists of, what it is trained on, and when training stops.

Words used in this file
    I, U, C, K   inputs, hidden units (gates and cells), cells, outputs
    n            memory cell blocks
    S, R, Q, A   sequences, timesteps of all of them, timesteps that are asked, inputs that are not zero at once
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Whole = NDArray[np.int64]


class Weights1997(NamedTuple):
    """All weights of a network, as the kernels want them; trained in place."""

    hidden: Array  # (1 + U + I, U)
    output: Array  # (1 + C, K)
    hidden_biased: Array  # (U,) 1 where a hidden unit has a bias weight, else 0
    output_biased: float  # the same for all outputs
    blocks: int  # n


class Stream1997(NamedTuple):
    """Sequences one after the other; R timesteps of S sequences in all."""

    starts: Whole  # (S + 1,) row of the first timestep of each sequence, and R
    active: Whole  # (R, A) which inputs are not zero
    value: Array  # (R, A) what they are; 0 for a place that is not needed
    asked: Whole  # (R,) row of ``targets`` for the outputs at this timestep, or -1
    targets: Array  # (Q, K)


class Rule1997(NamedTuple):
    """When training stops: what must hold for the most recent sequences."""

    window: int  # how many of them
    mean: float  # their mean absolute error must be below this
    each: float  # a sequence is wrong if the error of an output is not below this
    wrong: int  # so many of them may be wrong


class Recent1997(NamedTuple):
    """The most recent sequences, in rings; changed in place."""

    mean: Array  # (window,)
    wrong: Array  # (window,) 0 or 1
    totals: Array  # (3,) sequences seen, sum of ``mean``, sum of ``wrong``


def no_recent(rule: Rule1997) -> Recent1997:
    """Rings before the first sequence."""
    return Recent1997(np.zeros(rule.window), np.zeros(rule.window), np.zeros(3))
