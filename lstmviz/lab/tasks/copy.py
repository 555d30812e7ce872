"""Copy: symbols are shown, blanks pass, and the symbols are given back in the same order."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.task import Batch, Task, accuracy, letters, mostly_right, one_hot
from lstmviz.words import tr

SYMBOLS = 8
BLANK, DELIMITER = SYMBOLS, SYMBOLS + 1
LETTERS = "ABCDEFGH·?"
HARD = 10


def draw(gap: int, batch: int, rng: Generator, count: int) -> Batch:
    """Sequences of ``gap`` + 1 tokens: ``count`` symbols, blanks, a delimiter, and as many blanks as symbols.

    Parameters
    ----------
    gap : int
        Timesteps from the first symbol to the last answer, 2 ``count`` or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    count : int
        Symbols to be copied.

    References
    ----------
    Arjovsky, Shah & Bengio (2016), section 4.1, with 10 symbols of 8 kinds; here only the answers that are wanted are
    asked, which makes ln 8 the loss of guessing.
    """
    timesteps = gap + 1
    symbols = rng.integers(0, SYMBOLS, size=(count, batch))
    tokens = np.full((timesteps, batch), BLANK)
    tokens[:count] = symbols
    tokens[-count - 1] = DELIMITER
    targets = np.zeros((timesteps, batch), dtype=int)
    targets[-count:] = symbols
    asked = np.zeros((timesteps, batch))
    asked[-count:] = 1.0
    cues = tuple(range(1, count + 1))
    return Batch(one_hot(tokens, SYMBOLS + 2), targets, letters(tokens, LETTERS), cues, query=timesteps, asked=asked)


def _task(count: int) -> Task:
    title = tr("Copy {n} symbols") if count > 1 else tr("Copy one symbol")
    about = tr(
        "A row of {n} symbols, each one of eight, then blanks. After the “?” the network gives the symbols back, in "
        "order. Each symbol needs a place of its own in the memory, and the order has to be kept too."
    ).format(n=count)
    if count == 1:
        about = tr(
            "One symbol of eight, then blanks. After the “?” the network gives the symbol back. Three bits have to be "
            "kept, and the moment of the answer is announced, so that it need not be counted."
        )
    if count == HARD:
        title = tr("Copy {n} symbols (hard)")
        about += " " + tr("With ten symbols hardly any network of this size gets beyond guessing.")
    return Task(
        name=f"copy{count}",
        title=title.format(n=count),
        question=tr("which symbol?"),
        about=about,
        source="Arjovsky, Shah & Bengio (2016), section 4.1, after Hochreiter & Schmidhuber (1997)",
        inputs=SYMBOLS + 2,
        outputs=SYMBOLS,
        loss="cross_entropy",
        least_gap=2 * count,
        chance=math.log(SYMBOLS),
        criterion=tr("99.5 % of the symbols of 500 unseen sequences right"),
        draw=lambda gap, batch, rng: draw(gap, batch, rng, count),
        score=accuracy,
        score_name=tr("symbols right"),
        answers=LETTERS[:SYMBOLS],
        solved=mostly_right,
        loss_at="all",
        gap_means=tr("timesteps from the first symbol to the last answer"),
    )


COPIES = tuple(_task(count) for count in (1, 2, 3, HARD))
