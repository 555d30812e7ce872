"""Long time lags: a noise-free sequence whose last token repeats the first, and one whose end nobody can foresee."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.adding import shortest
from lstmviz.lab.tasks.task import Array, Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr

CYCLE = 8  # letters a to h
CUES = 2
KINDS = CUES + CYCLE
LETTERS = "XYabcdefgh"
BEGIN, END = KINDS, KINDS + 1
WITH_SIGNALS = "XYabcdefghBE"


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 tokens: X or Y, then a, b, ..., h over and over; every next token is asked.

    Parameters
    ----------
    gap : int
        Timesteps from the cue to the query, 2 or more; the token after the query is the cue again.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps = gap + 1
    cues = rng.integers(0, CUES, size=batch)
    tokens = np.empty((timesteps, batch), dtype=int)
    tokens[0] = cues
    tokens[1:] = (CUES + np.arange(gap) % CYCLE)[:, None]
    targets = np.empty_like(tokens)
    targets[:-1], targets[-1] = tokens[1:], cues
    return Batch(one_hot(tokens, KINDS), targets, letters(tokens, LETTERS), (1,), query=timesteps)


def last_right(outputs: Array, batch: Batch) -> float:
    """Share of the sequences whose last token is foreseen."""
    return float(np.mean(np.argmax(outputs[-1], axis=-1) == batch.targets[-1]))


def solved(outputs: Array, batch: Batch) -> bool:
    """Whether 99.5 % of all tokens are foreseen, and as many of the last ones."""
    return accuracy(outputs, batch) >= 0.995 and last_right(outputs, batch) >= 0.995


def draw_signalled(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of up to ``gap`` + 1 tokens: B, X or Y, distractors, E; the class is asked at E.

    Parameters
    ----------
    gap : int
        Timesteps from B to the E of the longest sequence, which is the first; 4 or more. The shortest sequence has
        that length divided by 1.1.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps, rows = gap + 1, np.arange(batch)
    cues = rng.integers(0, CUES, size=batch)
    lengths = rng.integers(max(shortest(timesteps), 4), timesteps + 1, size=batch)
    lengths[0] = timesteps
    tokens = rng.integers(CUES, KINDS, size=(timesteps, batch))
    tokens[0], tokens[1], tokens[lengths - 1, rows] = BEGIN, cues, END
    x = one_hot(tokens, KINDS + 2)
    x[np.arange(timesteps)[:, None] >= lengths] = 0.0
    asked = np.zeros((timesteps, batch))
    asked[lengths - 1, rows] = 1.0
    targets = np.broadcast_to(cues, (timesteps, batch)).copy()
    return Batch(x, targets, letters(tokens, WITH_SIGNALS), (2,), query=timesteps, asked=asked)


LAGS = Task(
    name="lags",
    title=tr("Noise-free long lag"),
    question=tr("X or Y?"),
    about=tr(
        "X or Y, then the letters a to h over and over, then the first token again. The network foresees every next "
        "token. All but the last follow from their neighbour, and this easy rule hides the one that needs a memory."
    ),
    source="after Hochreiter & Schmidhuber (1997), section 5.2, experiment 2a, with eight letters in a circle",
    inputs=KINDS,
    outputs=KINDS,
    loss="cross_entropy",
    least_gap=2,
    chance=lambda gap: math.log(2) / (gap + 1),  # the middle can be known by counting
    criterion=tr("99.5 % of all tokens, and of the last tokens, of 500 unseen sequences right"),
    draw=draw,
    score=last_right,
    score_name=tr("last tokens right"),
    answers=LETTERS,
    solved=solved,
    loss_at="all",
)

SIGNALLED = Task(
    name="signalled",
    title=tr("Long lag, signalled end"),
    question=tr("X or Y?"),
    about=tr(
        "X or Y near the beginning, then random letters, as many as chance will have it. Only at the token E the "
        "network says which it was. Neither the length nor the letters help: the cue alone decides."
    ),
    source="after Hochreiter & Schmidhuber (1997), section 5.2, experiment 2c",
    inputs=KINDS + 2,
    outputs=CUES,
    loss="cross_entropy",
    least_gap=4,
    chance=math.log(CUES),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw_signalled,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=LETTERS[:CUES],
    solved=mostly_right,
    gap_means=tr("timesteps from the first token to the query of the longest sequence"),
)
