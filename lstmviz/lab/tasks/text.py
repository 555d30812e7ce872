"""Character text: foresee the next letter of a text.

Words used in this file
    alphabet   the characters a network can read and write; rare ones share its last place
    pair table how often each character follows each other, counted in the training part: the mark to beat
"""

import unicodedata
from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Array, Batch, Draw, Task, accuracy, letters, one_hot
from lstmviz.resources import resource
from lstmviz.words import tr

TRAINING_SHARE = 0.9  # of the text; its end is kept for tests
MOST_LETTERS = 64
RARE = "\N{REPLACEMENT CHARACTER}"
UNSEEN = "□"
VISIBLE = {" ": "␣", "\n": "¶", "\t": "⇥"}


class Text:
    """A text as character numbers, split in the order of reading: the end is never trained on.

    Parameters
    ----------
    text : str
        100 characters or more. Of more than 64 different ones the rarest share one place.
    """

    def __init__(self, text: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        counts = np.bincount(codes)  # by code point, of which there are 1.1 million
        known = np.flatnonzero(counts)
        by_count = known[np.lexsort((known, -counts[known]))]
        kept = np.sort(by_count[:MOST_LETTERS] if len(known) <= MOST_LETTERS else by_count[: MOST_LETTERS - 1])
        numbers = np.full(len(counts), len(kept))
        numbers[kept] = np.arange(len(kept))
        self.alphabet = "".join(map(chr, kept)) + (RARE if len(known) > len(kept) else "")
        self.tokens: NDArray[np.integer] = numbers[codes]
        self.cut = round(TRAINING_SHARE * len(self.tokens))

    @property
    def kinds(self) -> int:
        """Characters of the alphabet."""
        return len(self.alphabet)

    @property
    def longest(self) -> int:
        """The largest gap: sequences of gap + 2 characters fit into the end that is kept for tests."""
        return len(self.tokens) - self.cut - 2

    @cached_property
    def chance(self) -> float:
        """Cross entropy of always answering with the shares of the characters, in nats, on the training part."""
        shares = np.bincount(self.tokens[: self.cut], minlength=self.kinds) / self.cut
        shares = shares[shares > 0]
        return float(-np.sum(shares * np.log(shares)))

    @cached_property
    def pair_table(self) -> Array:
        """log of the chance of each character after each, (kinds, kinds); every pair was seen one time in ten more."""
        counts = np.full((self.kinds, self.kinds), 0.1)
        np.add.at(counts, (self.tokens[: self.cut - 1], self.tokens[1 : self.cut]), 1.0)
        return np.asarray(np.log(counts / counts.sum(axis=1, keepdims=True)))

    def pair_loss(self, batch: Batch) -> float:
        """Cross entropy of the pair table on the characters of a batch."""
        return float(-np.mean(self.pair_table[np.argmax(batch.x, axis=2), batch.targets]))

    def draw(self, unseen: bool) -> Draw:
        """Draws sequences from the training part, or from the end kept for tests."""
        shown = "".join(map(_shown, self.alphabet))
        low, high = (self.cut, len(self.tokens)) if unseen else (0, self.cut)

        def draw(gap: int, batch: int, rng: Generator) -> Batch:
            starts = low + np.floor(rng.random(batch) * (high - low - gap - 1)).astype(int)
            windows = self.tokens[starts + np.arange(gap + 2)[:, None]]
            x = one_hot(windows[:-1], self.kinds)
            return Batch(x, windows[1:], letters(windows[:-1], shown), (), query=gap + 1)

        return draw

    def task(self, names: dict[str, str]) -> Task:
        """The task of foreseeing this text; ``names`` holds name, title, about, source and group."""
        return Task(
            **names,
            question=tr("which letter?"),
            inputs=self.kinds,
            outputs=self.kinds,
            loss="cross_entropy",
            least_gap=2,
            greatest_gap=self.longest,
            chance=self.chance,
            chance_means=tr("letters by their frequency"),
            criterion=tr("cross entropy below that of a table of letter pairs, on the end of the text"),
            draw=self.draw(unseen=False),
            unseen=self.draw(unseen=True),
            score=accuracy,
            score_name=tr("letters right"),
            answers="".join(map(_shown, self.alphabet)),
            solved=self._solved(),
            loss_at="all",
            gap_means=tr("letters that are read, less one"),
        )

    def _solved(self) -> Callable[[Array, Batch], bool]:
        return lambda outputs, batch: letter_loss(outputs, batch) < self.pair_loss(batch)


def _shown(letter: str) -> str:
    """What stands for a character in one cell: itself, unless it cannot be seen or leans on its neighbours."""
    if letter in VISIBLE:
        return VISIBLE[letter]
    return letter if letter.isprintable() and not unicodedata.combining(letter) else UNSEEN


def letter_loss(outputs: Array, batch: Batch) -> float:
    """Cross entropy of the outputs, in nats by character."""
    relative = outputs - outputs.max(axis=-1, keepdims=True)
    logs = relative - np.log(np.exp(relative).sum(axis=-1, keepdims=True))
    return float(-np.mean(np.take_along_axis(logs, batch.targets[..., None], axis=-1)))


ALICE = Text(resource("assets", "texts", "alice.txt").read_text(encoding="utf-8").strip()).task(
    {
        "name": "text",
        "title": tr("Letters of a text"),
        "about": tr(
            "The beginning of “Alice's Adventures in Wonderland”, letter by letter; at each one the network foresees "
            "the next. Pairs of letters are learned first, then syllables and words. The end of the text is for tests."
        ),
        "source": "Lewis Carroll (1865), chapter 1; letters as in Karpathy, Johnson & Fei-Fei (2015)",
        "group": "languages",
    }
)
