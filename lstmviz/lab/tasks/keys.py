"""Key-value recall: pairs are shown, and later the value of one key is asked."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.task import Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr

KEYS, VALUES, PAIRS, DISTRACTORS = 4, 4, 3, 4
KINDS = KEYS + VALUES + DISTRACTORS
LETTERS = "ABCD1234wxyz"


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 tokens: three pairs of key and value, distractors, and one of the three keys again.

    Parameters
    ----------
    gap : int
        Timesteps from the first key to the query, 6 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps, rows = gap + 1, np.arange(batch)
    keys = np.argsort(rng.random((KEYS, batch)), axis=0)[:PAIRS]  # no key twice
    values = rng.integers(0, VALUES, size=(PAIRS, batch))
    wanted = rng.integers(0, PAIRS, size=batch)
    tokens = rng.integers(KEYS + VALUES, KINDS, size=(timesteps, batch))
    tokens[0 : 2 * PAIRS : 2], tokens[1 : 2 * PAIRS : 2] = keys, KEYS + values
    tokens[-1] = keys[wanted, rows]
    first = 2 * int(wanted[0]) + 1
    cues = (first, first + 1)
    return Batch(one_hot(tokens, KINDS), values[wanted, rows], letters(tokens, LETTERS), cues, query=timesteps)


KEY_VALUE = Task(
    name="keys",
    title=tr("Key-value recall"),
    question=tr("which value?"),
    about=tr(
        "Three pairs of a key (A to D) and a value (1 to 4), then distractors, then one of the keys again. The network "
        "gives the value that stood behind it: question answering in its smallest form. All three must be kept."
    ),
    source="own toy task, after the associative recall of Graves, Wayne & Danihelka (2014), section 4.3",
    inputs=KINDS,
    outputs=VALUES,
    loss="cross_entropy",
    least_gap=2 * PAIRS,
    chance=math.log(VALUES),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=LETTERS[KEYS : KEYS + VALUES],
    solved=mostly_right,
    gap_means=tr("timesteps from the first key to the query"),
)
