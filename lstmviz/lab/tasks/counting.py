"""a^n b^n and a^n b^n c^n: count the letters of one kind, and then as many of the next.

Words used in this file
    word      a^n b^n (two letters) or a^n b^n c^n (three)
    legal     the symbols that may come next, all of which are wanted
    lead      timesteps before the first a: S, or S more than once where the gap is no multiple of the letters
"""

from functools import lru_cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Array, Batch, Task, entropy, letters, sets, whole
from lstmviz.words import tr

MOST = 400  # a longer word of random weights says nothing, and its legal symbols fill memory


def draw(gap: int, batch: int, rng: Generator, kinds: int) -> Batch:
    """Words with n from 1 to the largest that fits into ``gap`` + 1 timesteps; the first word is a longest one.

    Parameters
    ----------
    gap : int
        Letters of the longest word, rounded down to a multiple of ``kinds``; ``kinds`` or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    kinds : int
        2 or 3 letters.

    References
    ----------
    Gers & Schmidhuber (2001): the network reads a word behind a start symbol and predicts which symbols may come next.
    """
    largest = gap // kinds
    counts = rng.integers(1, largest + 1, size=batch)
    counts[0] = largest
    known, at = _all_words(gap, kinds), largest - counts
    assert known.asked is not None
    write, cues = known.write, known.cues
    return Batch(known.x[:, at], known.targets[:, at], write, cues, known.query, known.asked[:, at])


@lru_cache(maxsize=4)
def _all_words(gap: int, kinds: int) -> Batch:
    """Every word that fits, the longest first, so that its symbols and cues are those of every batch."""
    return words(np.arange(gap // kinds, 0, -1), gap + 1, kinds)


def words(counts: NDArray[np.integer], timesteps: int, kinds: int = 2) -> Batch:
    """The words with these n, each from the first timestep on, zero and not asked beyond its end.

    Parameters
    ----------
    counts : int (B,)
        n of each word; ``kinds * n < timesteps``.
    timesteps : int
        T. The largest word ends at T: where it is shorter, S stands more than once before all of them.
    kinds : int
        2 or 3 letters.

    Returns
    -------
    Batch
        x one-hot (T, B, 1 + ``kinds``): S, a, b, c. Targets (T, B, ``kinds`` + 1): which of a, b, c and the end may
        come next.
    """
    lead = timesteps - kinds * int(counts.max())
    at = np.arange(timesteps)[:, None] - lead  # how many letters were read before this one; negative: S
    inside = at < kinds * counts
    tokens = np.where(at < 0, 0, 1 + np.clip(at // counts, 0, kinds - 1))
    read = at + 1  # letters read after this timestep
    legal = np.zeros((timesteps, len(counts), kinds + 1))
    legal[..., 0] = (read >= 0) & (tokens <= 1)
    legal[..., 1] = (tokens == 1) & inside
    for kind in range(1, kinds + 1):  # once a kind has begun its length is known: the next symbol is certain
        legal[..., kind] += (tokens >= 2) & inside & (np.minimum(read // counts, kinds) == kind)
    asked = (inside & (read >= 0)).astype(float)
    legal *= asked[..., None]
    x = np.eye(1 + kinds)[tokens] * inside[..., None]
    cues = tuple(range(lead + 1, lead + 1 + int(counts[0])))
    shown = np.where(inside, tokens, kinds + 1)
    return Batch(x, legal, letters(shown, "Sabc"[: 1 + kinds] + "·"), cues, query=timesteps, asked=asked)


@lru_cache(maxsize=64)
def chance(gap: int, kinds: int) -> float:
    """Cross entropy, summed over the outputs, of the shares of the words in which a symbol is legal, by timestep."""
    batch = _all_words(gap, kinds)
    assert batch.asked is not None
    asked = batch.asked.sum(axis=1)
    shares = batch.targets.sum(axis=1) / np.maximum(asked, 1.0)[:, None]
    return float((entropy(shares).sum(axis=1) * asked).sum() / asked.sum())


def words_right(outputs: Array, batch: Batch) -> float:
    """Share of the words of which every symbol was answered with exactly the legal ones."""
    return whole(sets(outputs, batch), batch)


def _task(kinds: int, name: str, written: str) -> Task:
    return Task(
        name=name,
        title=written,
        question=tr("what may follow?"),
        about=tr(
            "Words of the form {word}. At each letter the network says which symbols may come next; after the first b "
            "there is only one. It has to count the a's, and to say when the word must end."
        ).format(word=written),
        source="Gers & Schmidhuber (2001)",
        inputs=1 + kinds,
        outputs=1 + kinds,
        loss="binary",
        least_gap=2 * kinds,
        greatest_gap=MOST * kinds,
        chance=lambda gap: chance(gap, kinds),
        criterion=tr("99.5 % of 500 words without a single mistake"),
        draw=lambda gap, batch, rng: draw(gap, batch, rng, kinds),
        score=words_right,
        score_name=tr("words right"),
        answers=(*"abc"[:kinds], tr("end")),
        solved=lambda outputs, batch: words_right(outputs, batch) >= 0.995,
        loss_at="all",
        group="counting",
        gap_means=tr("letters of the longest word"),
    )


AB = _task(2, "anbn", "aⁿbⁿ")
ABC = _task(3, "anbncn", "aⁿbⁿcⁿ")
