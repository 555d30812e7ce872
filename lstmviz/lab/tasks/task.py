"""What a task is, and what a batch of its sequences holds.

Words used in this file
    T, B, I, K   timesteps, sequences, inputs, outputs
    gap          T - 1: the one size of every task; ``gap_means`` says what it stretches
    cue, query   a timestep that must be remembered, and the one at which the last answer is asked
    asked        how much each answer counts, by timestep and sequence; 0 where none is wanted
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.words import decimal, tr

Array = NDArray[np.floating]
Write = Callable[[], tuple[str, ...]]

GROUPS = {
    "memory": tr("Memory"),
    "counting": tr("Counting"),
    "languages": tr("Languages"),
    "signals": tr("Signals"),
    "own": tr("Own data"),
}


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Sequences of one task, with their answers.

    Attributes
    ----------
    x : float (T, B, I)
        What the network reads.
    targets : int or float
        Class, or numbers: (B,) or (B, K) where one answer is asked at t = T; (T, B) or (T, B, K) where ``asked`` is
        given or the task asks at every timestep.
    write : callable
        Writes ``symbols``; called when somebody looks, since training draws thousands of batches.
    cues : tuple of int
        Timesteps (1 to T) of the first sequence that must be remembered.
    query : int
        Timestep (1 to T) of the first sequence at which the last answer is asked.
    asked : float (T, B) or None
        Weight of each answer; None when all count alike.
    """

    x: Array
    targets: NDArray[Any]
    write: Write
    cues: tuple[int, ...]
    query: int
    asked: Array | None = None
    _symbols: tuple[str, ...] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        for array in (self.x, self.targets, self.asked):
            if array is not None:
                array.flags.writeable = False

    @property
    def symbols(self) -> tuple[str, ...]:
        """What to write over each timestep of the first sequence; T texts, the same tuple each time."""
        if self._symbols is None:
            object.__setattr__(self, "_symbols", self.write())
        assert self._symbols is not None
        return self._symbols


Draw = Callable[[int, int, Generator], Batch]  # (gap, batch, rng)


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
    loss: str  # "cross_entropy", "squared_error", or "binary": a sigmoid each, cross entropies summed
    least_gap: int
    chance: float | Callable[[int], float]  # loss of the best answer that does not look at the input; or of the gap
    criterion: str  # "solved", in words
    draw: Draw
    score: Callable[[Array, Batch], float]  # (outputs, batch): higher is better, 1 is perfect
    score_name: str
    solved: Callable[[Array, Batch], bool]  # outputs as ``lab.readout.ask`` gives them: before softmax or sigmoid
    group: str = "memory"  # one of GROUPS
    loss_at: str = "last"  # "last" asks at t = T, "all" wherever ``asked`` says
    gap_means: str = tr("timesteps from the cue to the query")
    greatest_gap: int | None = None  # where longer sequences would be too dear, or there are none
    chance_means: str = tr("chance")  # what ``chance`` is the loss of
    unseen: Draw | None = None  # draws test sequences, where those must come from another part of the data
    answers: Sequence[str] = ()  # names of the classes, or of the sigmoids; numbers need none
    shows: str = "letters"  # or "numbers": the input strip fills its cells by x[:, 0, 0]

    def chance_loss(self, gap: int) -> float:
        """Loss of the best answer that does not look at the input, at this gap."""
        return self.chance(gap) if callable(self.chance) else self.chance

    def answer(self, batch: Batch, t: int) -> str:
        """The right answer at timestep ``t`` (from 1) of the first sequence, in words; empty where none is asked."""
        if batch.asked is None and self.loss_at == "last":
            asked, target = t == len(batch.x), batch.targets[0]
        else:
            asked, target = batch.asked is None or batch.asked[t - 1, 0] > 0, batch.targets[t - 1, 0]
        if not asked:
            return ""
        if self.loss == "cross_entropy":
            return self.answers[int(target)]
        if self.loss == "squared_error":
            return ", ".join(decimal(float(value), 2) for value in target)
        if self.outputs == 1:
            return tr("yes") if target[0] > 0.5 else tr("no")
        names = [name for name, wanted in zip(self.answers, target, strict=True) if wanted > 0.5]
        return tr(" or ").join(names) if names else tr("none")


def one_hot(tokens: NDArray[np.integer], kinds: int) -> Array:
    """Token numbers (T, B) as one-hot rows (T, B, ``kinds``)."""
    return np.asarray(np.eye(kinds)[tokens])


def letters(tokens: NDArray[np.integer], alphabet: str) -> Write:
    """The letters of the first sequence of ``tokens`` (T, B), written on demand."""
    first = tokens[:, 0].copy()
    return lambda: tuple(alphabet[token] for token in first)


def share(right: NDArray[np.bool_], batch: Batch) -> float:
    """Share of the asked answers that are right, each by its weight; ``right`` as ``batch.asked``, or (B,)."""
    if batch.asked is None:
        return float(np.mean(right))
    return float(np.sum(right * batch.asked) / np.sum(batch.asked))


def accuracy(outputs: Array, batch: Batch) -> float:
    """Share of the asked answers whose largest output is the right class, 0 to 1."""
    return share(np.argmax(outputs, axis=-1) == batch.targets, batch)


def mostly_right(outputs: Array, batch: Batch) -> bool:
    """Whether at least 99.5 % of the asked answers are right."""
    return accuracy(outputs, batch) >= 0.995


def sets(outputs: Array, batch: Batch) -> NDArray[np.bool_]:
    """Which answers of sigmoids are right in every output, (T, B) or (B,)."""
    return np.asarray(((outputs > 0) == (batch.targets > 0.5)).all(axis=-1))


def right_sets(outputs: Array, batch: Batch) -> float:
    """Share of the asked answers of sigmoids that are right in every output."""
    return share(sets(outputs, batch), batch)


def mostly_right_sets(outputs: Array, batch: Batch) -> bool:
    """Whether at least 99.5 % of the asked answers of sigmoids are right in every output."""
    return right_sets(outputs, batch) >= 0.995


def whole(right: NDArray[np.bool_], batch: Batch) -> float:
    """Share of the sequences in which every asked answer is right; ``right`` is (T, B)."""
    asked = np.ones(right.shape) if batch.asked is None else batch.asked
    return float(np.mean((right | (asked == 0)).all(axis=0)))


def entropy(chances: Any) -> Array:
    """Binary entropy, in nats, of each chance; 0 for a certainty."""
    p = np.asarray(chances, dtype=float)
    inside = np.clip(p, 1e-300, 1.0)
    outside = np.clip(1.0 - p, 1e-300, 1.0)
    return np.asarray(-p * np.log(inside) - (1.0 - p) * np.log(outside))


def error(outputs: Array, batch: Batch) -> float:
    """Squared error of the asked answers: summed over the outputs, averaged over the answers, as the loss."""
    squares = np.sum((outputs - batch.targets.astype(outputs.dtype)) ** 2, axis=-1)
    if batch.asked is None:
        return float(np.mean(squares))
    return float(np.sum(squares * batch.asked) / np.sum(batch.asked))
