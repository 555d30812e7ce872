"""Which letter of a task stands for which input: what is written over a changed input, and what it can be flipped to.

Words used in this file
    letter   what a task writes over a timestep
    code     the numbers (I,) that a network reads there
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.tasks import TASKS, Batch
from lstmviz.words import decimal

Code = tuple[float, ...]
LOOKS = 48  # sequences that are looked at; the rarest letter of a task stands in one of eight
AT_LEAST = 30  # timesteps of each
NEUTRAL = "∗"  # over values that are no letter's code


@lru_cache(maxsize=32)
def codes(task: str) -> Mapping[str, Code]:
    """Code of each letter of a task, in the order of the codes; none where a task reads numbers.

    They are read off sequences, as a learner would: so no task needs to say them, and own text has them too. A letter
    written over different codes, as over two signals at once, is left out.
    """
    found: dict[str, Code] = {}
    doubtful: set[str] = set()
    known = TASKS[task]
    if known.shows == "numbers":
        return found
    gap = max(known.least_gap, min(AT_LEAST, known.greatest_gap or AT_LEAST))
    for look in range(LOOKS):
        batch = known.draw(gap, 1, np.random.default_rng(look))
        for letter, row in zip(batch.symbols, batch.x[:, 0], strict=True):
            code = tuple(map(float, row))
            if found.setdefault(letter, code) != code:
                doubtful.add(letter)
    kept = {letter: code for letter, code in found.items() if letter not in doubtful}
    return dict(sorted(kept.items(), key=lambda pair: pair[1], reverse=True))


def letter_of(task: str, values: Code | NDArray[np.floating]) -> str:
    """What to write over an input: its letter, its number where the task reads numbers, else a neutral mark."""
    if TASKS[task].shows == "numbers":
        return decimal(float(values[0]), 2)
    wanted = tuple(map(float, values))
    return next((letter for letter, code in codes(task).items() if code == wanted), NEUTRAL)


def with_letters(batch: Batch, edited: dict[int, str]) -> tuple[str, ...]:
    """The symbols of a batch, with others over the timesteps (from 1) that were edited."""
    return tuple(edited.get(t, symbol) for t, symbol in enumerate(batch.symbols, start=1))
