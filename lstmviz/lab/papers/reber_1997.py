"""The embedded Reber grammar of experiment 1: strings, and which symbols may come next.

Words used in this file
    node       place in the grammar's graph
    edges      what may come next at a node, and where it leads

References
----------
Smith & Zipser (1989); Cleeremans, Servan-Schreiber & McClelland (1989); Fahlman (1991): the grammar and the task.
"""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.engine.weights_1997 import Stream1997
from lstmviz.lab.papers.sequences_1997 import starts_of

SYMBOLS = "BTPSXVE"
# The inner grammar; node 6 leads out of it by E.
EDGES = (
    (("B", 1),),
    (("T", 2), ("P", 3)),
    (("S", 2), ("X", 4)),
    (("T", 3), ("V", 5)),
    (("X", 3), ("S", 6)),
    (("P", 4), ("V", 6)),
    (("E", 7),),
)


class Strings(NamedTuple):
    """Strings as a stream, and which symbols may follow at each asked timestep."""

    stream: Stream1997
    legal: NDArray[np.bool_]  # (Q, 7)


def draw_string(rng: Generator) -> str:
    """One string: B, T or P, a string of the inner grammar, the same T or P again, E."""
    inner, node = "", 0
    while node < len(EDGES):
        edges = EDGES[node]
        symbol, node = edges[rng.integers(0, len(edges))]
        inner += symbol
    outer = "TP"[rng.integers(0, 2)]
    return f"B{outer}{inner}{outer}E"


def legal_next(string: str) -> list[str]:
    """What may come after each symbol of a string but the last."""
    sets, node = ["TP", "B"], 0
    for symbol in string[2:-2]:
        node = dict(EDGES[node])[symbol]
        sets.append("".join(name for name, _ in EDGES[node]) if node < len(EDGES) else string[1])
    return [*sets, "E"]


def draw_sets(size: int, rng: Generator) -> tuple[list[str], list[str]]:
    """A training set, and a test set of other strings.

    Parameters
    ----------
    size : int
        Strings in each. The training set may hold a string twice, as chance has it.
    rng : numpy.random.Generator
    """
    training = [draw_string(rng) for _ in range(size)]
    known = set(training)
    test: list[str] = []
    while len(test) < size:
        string = draw_string(rng)
        if string not in known:
            test.append(string)
    return training, test


def strings_as_stream(strings: list[str]) -> Strings:
    """Strings with the next symbol as target at every timestep; the last symbol is only a target."""
    starts = starts_of(np.array([len(string) - 1 for string in strings]))
    tokens = np.array([SYMBOLS.index(symbol) for string in strings for symbol in string[:-1]])
    after = np.array([SYMBOLS.index(symbol) for string in strings for symbol in string[1:]])
    legal = np.array([[name in allowed for name in SYMBOLS] for string in strings for allowed in legal_next(string)])
    ones, asked = np.ones((len(tokens), 1)), np.arange(len(tokens))
    return Strings(Stream1997(starts, tokens[:, None], ones, asked, np.eye(7)[after]), legal)


def picked(stream: Stream1997, places: NDArray[np.int64]) -> Stream1997:
    """Some sequences of a stream that is asked at every timestep, in the order given."""
    lengths = np.diff(stream.starts)[places]
    starts = starts_of(lengths)
    rows = np.repeat(stream.starts[places] - starts[:-1], lengths) + np.arange(starts[-1])
    return Stream1997(starts, stream.active[rows], stream.value[rows], np.arange(len(rows)), stream.targets[rows])


def all_right(answers: NDArray[np.floating], legal: NDArray[np.bool_]) -> bool:
    """Whether at every timestep all symbols that may follow are more active than all that may not."""
    lowest = np.where(legal, answers, np.inf).min(axis=1)
    highest = np.where(legal, -np.inf, answers).max(axis=1)
    return bool(np.all(lowest > highest))
