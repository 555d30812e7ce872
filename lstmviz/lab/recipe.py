"""Recipe: how networks are trained. Optimiser, clipping, weight decay, and the learning rate at every update.

Words used in this file
    update      one optimiser update, counted from 1
    kept        what an optimiser remembers of earlier updates, one array for each array it trains
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine import optimiser
from lstmviz.files import caps
from lstmviz.lab.arguments import check_range, check_whole, check_word
from lstmviz.lab.dropout import MOST_DROPOUT

Array = NDArray[np.floating]
Kept = tuple[tuple[Array, ...], ...]

# How many arrays each remembers for each array that it trains.
OPTIMISERS = {"sgd": 0, "momentum": 1, "rmsprop": 1, "adam": 2}
CLIPPINGS = ("norm", "value", "none")
SCHEDULES = ("constant", "staircase", "cosine")
MOST_SEQUENCES = 100_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the learning rate changes while training goes on.

    Parameters
    ----------
    kind : str
        "constant"; "staircase", multiplied by ``factor`` every ``span`` updates; or "cosine", down half a cosine to
        ``factor`` times the start over ``span`` updates, and constant from there on.
    span : int
        Updates of one stair, or of the whole half cosine, not counting those of the warm-up.
    factor : float
        0 to 1.
    warm_up : int
        The first updates, over which the learning rate rises evenly to its start value; 0 for none.

    Raises
    ------
    BadInput
        If an argument lies outside its range.

    References
    ----------
    Loshchilov & Hutter (2017), SGDR, equation 5: the cosine. Goyal et al. (2017), Accurate, Large Minibatch SGD: the
    gradual warm-up.
    """

    kind: str = "constant"
    span: int = 1000
    factor: float = 0.1
    warm_up: int = 0

    def __post_init__(self) -> None:
        check_word("Schedule", "kind", self.kind, SCHEDULES)
        check_range("Schedule", "span", self.span, 1, 10**9)
        check_range("Schedule", "factor", self.factor, 0, 1)
        check_range("Schedule", "warm_up", self.warm_up, 0, 10**9)

    def share(self, update: int) -> float:
        """What the learning rate is multiplied by at one update, 0 to 1.

        Parameters
        ----------
        update : int
            From 1.
        """
        if update <= self.warm_up:
            return update / self.warm_up
        past = update - self.warm_up - 1
        if self.kind == "staircase":
            return float(self.factor ** (past // self.span))
        if self.kind == "cosine":
            return self.factor + (1 - self.factor) * (1 + math.cos(math.pi * min(past / self.span, 1.0))) / 2
        return 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How networks are trained; the same for all of them.

    Parameters
    ----------
    learning_rate : float
        Before the schedule, 0 to 1000.
    clip : float
        Limit of the gradient's norm, or of each of its numbers; above 0.
    batch : int
        Sequences an update sees.
    test_every : int
        Updates between two tests on unseen sequences.
    optimiser : str
        "sgd", "momentum", "rmsprop" or "adam".
    clip_by : str
        "norm" (the direction stays), "value", or "none".
    weight_decay : float
        Share of the weights, times the learning rate, taken off at each update; biases are left alone.
    momentum : float
        Share of the velocity kept by "momentum", 0 to 0.9999.
    schedule : Schedule
        How the learning rate changes.
    dropout, input_dropout : float
        Share of what one layer hands to the next, and of the inputs, that is zeroed while training; 0 to 0.9.
    window : int
        Truncated backpropagation through time: nothing flows back across t = window, 2 window, ...; 0 for the whole
        gradient.
    truncated : bool
        The truncated gradient of 1997: back along the cell state alone.
    early_stopping : int
        Tests without a lower loss on validation sequences after which a network stops and takes its best weights back;
        0 for never.
    sequences : int
        Distinct training sequences, from which every batch is picked; 0 draws new ones for every update.

    Raises
    ------
    BadInput
        If an argument lies outside its range.

    References
    ----------
    See ``lstmviz.engine.optimiser`` and ``lstmviz.lab.dropout``. Williams & Peng (1990): truncated backpropagation
    through time. Prechelt (1998), Early Stopping - But When?
    """

    learning_rate: float = 3e-3
    clip: float = 1.0
    batch: int = 32
    test_every: int = 25
    optimiser: str = "adam"
    clip_by: str = "norm"
    weight_decay: float = 0.0
    momentum: float = 0.9
    schedule: Schedule = field(default_factory=Schedule)
    dropout: float = 0.0
    input_dropout: float = 0.0
    window: int = 0
    truncated: bool = False
    early_stopping: int = 0
    sequences: int = 0

    def __post_init__(self) -> None:
        check_word("Recipe", "optimiser", self.optimiser, tuple(OPTIMISERS))
        check_word("Recipe", "clip_by", self.clip_by, CLIPPINGS)
        check_range("Recipe", "learning_rate", self.learning_rate, 0, 1000)
        check_range("Recipe", "clip", self.clip, math.ulp(0.0), math.inf)
        check_range("Recipe", "batch", self.batch, 1, 1024)
        check_range("Recipe", "test_every", self.test_every, 1, 10**9)
        check_range("Recipe", "weight_decay", self.weight_decay, 0, 1000)
        check_range("Recipe", "momentum", self.momentum, 0, 0.9999)
        check_range("Recipe", "dropout", self.dropout, 0, MOST_DROPOUT)
        check_range("Recipe", "input_dropout", self.input_dropout, 0, MOST_DROPOUT)
        for name, most in (("window", caps.TIMESTEPS), ("early_stopping", 10**6), ("sequences", MOST_SEQUENCES)):
            check_whole("Recipe", name, getattr(self, name))
            check_range("Recipe", name, getattr(self, name), 0, most)

    def rate(self, update: int) -> float:
        """The learning rate of one update, counted from 1."""
        return self.learning_rate * self.schedule.share(update)

    def nothing_kept(self, arrays: Sequence[Array]) -> Kept:
        """What the optimiser remembers before the first update: zeros."""
        return tuple(tuple(np.zeros_like(array) for array in arrays) for _ in range(OPTIMISERS[self.optimiser]))

    def clipped(self, gradients: Sequence[Array]) -> tuple[float, float]:
        """Clip the gradients in place.

        Parameters
        ----------
        gradients : sequence of arrays
            Together one vector.

        Returns
        -------
        float, float
            Its norm before and after.
        """
        if self.clip_by == "value":
            return optimiser.clip_by_value(gradients, self.clip), optimiser.joint_norm(gradients)
        if self.clip_by == "none":
            norm = optimiser.joint_norm(gradients)
            return norm, norm
        norm = optimiser.clip_by_norm(gradients, self.clip)
        return norm, optimiser.joint_norm(gradients) if self.clip < norm < math.inf else norm

    def decay(self, arrays: Sequence[Array], update: int) -> None:
        """Take the weight decay of one update off in place; biases, of one axis, are left alone."""
        optimiser.decay_weights([array for array in arrays if array.ndim == 2], self.rate(update), self.weight_decay)

    def apply(self, arrays: Sequence[Array], gradients: Sequence[Array], kept: Kept, update: int) -> None:
        """Change the arrays, and what the optimiser keeps, in place by one update.

        Parameters
        ----------
        arrays, gradients : sequences of arrays of the same shapes
        kept : tuple
            Of ``nothing_kept``, or what the update before left there.
        update : int
            From 1.
        """
        rate = self.rate(update)
        self.decay(arrays, update)
        if self.optimiser == "sgd":
            optimiser.sgd(arrays, gradients, rate)
        elif self.optimiser == "momentum":
            optimiser.momentum(arrays, gradients, kept[0], rate, self.momentum)
        elif self.optimiser == "rmsprop":
            optimiser.rmsprop(arrays, gradients, kept[0], rate)
        else:
            optimiser.adam(arrays, gradients, kept[0], kept[1], update, rate)
