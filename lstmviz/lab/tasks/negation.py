"""Sentiment with negation: "good", "not good", and "not" where it means nothing."""

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Batch, Task, Write, accuracy, mostly_right, one_hot
from lstmviz.words import tr

WORDS = ("good", "fine", "bad", "dull", "not", "the", "film", "was", "and", "cast", "plot")
OPINIONS, NOT, FILLERS = 4, 4, 5
KINDS = len(WORDS)


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Reviews of ``gap`` + 1 words with one opinion in their first third; half of them have a "not" before it.

    The other half has its "not" in front of a word that is no opinion, so that the words alone, without their order,
    say nothing.

    Parameters
    ----------
    gap : int
        Timesteps from the first word to the query, 4 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps, rows = gap + 1, np.arange(batch)
    lots = rng.random((2, batch))
    last = max(timesteps // 3, 2)
    opinion = 1 + np.floor(lots[0] * (last - 1)).astype(int)
    kinds, negated = rng.integers(0, OPINIONS, size=batch), rng.integers(0, 2, size=batch)
    tokens = rng.integers(FILLERS, KINDS, size=(timesteps, batch))
    idle = opinion + 1 + np.floor(lots[1] * (timesteps - 2 - opinion)).astype(int)  # a filler always follows it
    tokens[np.where(negated == 1, opinion - 1, idle), rows] = NOT
    tokens[opinion, rows] = kinds
    good = (kinds < 2) ^ (negated == 1)
    cue = int(opinion[0])
    cues = (cue, cue + 1) if negated[0] else (cue + 1,)
    return Batch(one_hot(tokens, KINDS), good.astype(int), _words(tokens), cues, query=timesteps)


def _words(tokens: NDArray[np.integer]) -> Write:
    first = tokens[:, 0].copy()
    return lambda: tuple(WORDS[token] for token in first)


NEGATION = Task(
    name="negation",
    title=tr("Sentiment with “not”"),
    question=tr("good or bad?"),
    about=tr(
        "A review of a few words with one opinion, such as “good” or “dull”, and one “not”. Before the opinion “not” "
        "turns it round; elsewhere it means nothing. Counting words is no better than guessing: the order decides."
    ),
    source="own toy task for sentiment analysis",
    inputs=KINDS,
    outputs=2,
    loss="cross_entropy",
    least_gap=4,
    chance=math.log(2),
    criterion=tr("99.5 % of 500 unseen reviews right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=(tr("bad"), tr("good")),
    solved=mostly_right,
    group="languages",
    gap_means=tr("timesteps from the first word to the query"),
)
