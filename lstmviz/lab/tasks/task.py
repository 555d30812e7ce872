"""What a task is, and what a batch of its sequences holds.

Words used in this file
    T, B, I, K   timesteps, sequences, inputs, outputs
    gap          T - 1: the cue is at t = 1 at the earliest, the query at t = T
    cue, query   the timestep that must be remembered, and the one at which the answer is asked
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Sequences of one task, with their answers."""

    x: NDArray[np.floating]  # (T, B, I)
    targets: NDArray[np.generic]  # int (B,) class, or float (B, K)
    symbols: tuple[str, ...]  # what to write over each timestep of the first sequence; T texts
    cues: tuple[int, ...]  # timesteps (1 to T) of the first sequence that must be remembered
    query: int  # timestep (1 to T) at which the answer is asked

    def __post_init__(self) -> None:
        self.x.flags.writeable = False
        self.targets.flags.writeable = False


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """One task: how to draw it, how it is coded and when it counts as solved."""

    name: str  # on the command line and in lessons
    title: str
    question: str  # what is asked at the query, in three words
    about: str  # one paragraph
    source: str
    inputs: int  # I
    outputs: int  # K
    loss: str  # "cross_entropy" or "squared_error"
    least_gap: int
    chance_loss: float  # of the best answer that does not look at the input
    criterion: str  # "solved", in words
    draw: Callable[[int, int, Generator], Batch]  # (gap, batch, rng)
    solved: Callable[[NDArray[np.floating], NDArray[np.generic]], bool]  # (outputs (B, K), targets)


def one_hot(tokens: NDArray[np.integer], kinds: int) -> NDArray[np.floating]:
    """Token numbers (T, B) as one-hot rows (T, B, ``kinds``)."""
    return np.asarray(np.eye(kinds)[tokens])


def accuracy(outputs: NDArray[np.floating], targets: NDArray[np.generic]) -> float:
    """Share of sequences whose largest output is the right class, 0 to 1."""
    return float(np.mean(np.argmax(outputs, axis=1) == targets))


def mostly_right(outputs: NDArray[np.floating], targets: NDArray[np.generic]) -> bool:
    """Whether at least 99.5 % of the sequences are answered rightly."""
    return accuracy(outputs, targets) >= 0.995
