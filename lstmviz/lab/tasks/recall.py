"""First-token recall: which of two symbols stood first."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.task import Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr

CUES, KINDS = 2, 8
LETTERS = "ABcdefgh"  # cues are capitals, so that they stand out in the input strip


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 tokens: a cue (A or B), then distractors (c to h).

    Parameters
    ----------
    gap : int
        Timesteps between cue and query, 1 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from. A longer gap keeps the tokens of a shorter one and adds to them.
    """
    cues = rng.integers(0, CUES, size=batch)
    distractors = rng.integers(CUES, KINDS, size=(gap, batch))
    tokens = np.concatenate([cues[None], distractors])
    return Batch(one_hot(tokens, KINDS), cues, letters(tokens, LETTERS), cues=(1,), query=gap + 1)


RECALL = Task(
    name="recall",
    title=tr("First-token recall"),
    question=tr("which cue?"),
    about=tr(
        "The first token is A or B; distractors follow. At the last timestep the network says which of the two stood "
        "first. Nothing else has to be learned, so the gap alone decides how hard the task is."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.2, reduced to its first token",
    inputs=KINDS,
    outputs=CUES,
    loss="cross_entropy",
    least_gap=2,
    chance=math.log(CUES),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=LETTERS[:CUES],
    solved=mostly_right,
)
