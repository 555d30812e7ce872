"""The embedded Reber grammar, one string at a time or as an endless stream.

Words used in this file
    string      B, T or P, an inner string of the Reber grammar, the same T or P again, E
    state       where in the grammar one stands; every state has two ways on, equally likely
    lane        whether the string had T (0) or P (1) outside
"""

from functools import lru_cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.task import Array, Batch, Task, Write, entropy, mostly_right_sets, right_sets, sets
from lstmviz.words import tr

LETTERS = "BTSXPVE"
KINDS = len(LETTERS)
B, T, S, X, P, V, E = range(KINDS)
INNER = 8  # states of the inner grammar: before B, its six nodes, after E
# state of the inner grammar: (symbol, state after it), twice; Reber (1967) in the drawing of Cleeremans (1989)
WAYS = (
    ((B, 1), (B, 1)),
    ((T, 2), (P, 3)),
    ((S, 2), (X, 4)),
    ((T, 3), (V, 5)),
    ((X, 3), (S, 6)),
    ((P, 4), (V, 6)),
    ((E, 7), (E, 7)),
)
START, CHOICE, LAST = 2 * INNER, 2 * INNER + 1, 2 * INNER + 2  # outer states: before B, before T or P, before E
STATES = 2 * INNER + 3
SHORTEST = 9  # symbols of the shortest string


def _grammar() -> tuple[NDArray[np.integer], NDArray[np.integer], Array]:
    """Symbols and next states (states, 2) of the two ways on, and the legal symbols (states, 7)."""
    ways: dict[int, tuple[tuple[int, int], tuple[int, int]]] = {
        START: ((B, CHOICE), (B, CHOICE)),
        CHOICE: ((T, 0), (P, INNER)),
        LAST: ((E, START), (E, START)),
    }
    for lane, outer in ((0, T), (1, P)):
        for state, ((one, to_one), (two, to_two)) in enumerate(WAYS):
            ways[lane * INNER + state] = ((one, lane * INNER + to_one), (two, lane * INNER + to_two))
        ways[lane * INNER + INNER - 1] = ((outer, LAST), (outer, LAST))
    table = np.array([ways[state] for state in range(STATES)])
    legal = np.zeros((STATES, KINDS))
    for state in range(STATES):
        legal[state, table[state, :, 0]] = 1.0
    return table[..., 0], table[..., 1], legal


SYMBOL, NEXT, LEGAL = _grammar()
OUTER_END = (INNER - 1, 2 * INNER - 1)  # the states before the second T or P


@lru_cache(maxsize=64)
def _first_way(timesteps: int) -> tuple[Array, Array]:
    """Chance of the first way on, (T, states), and of each state after each timestep, (T, states).

    For strings of which the second T or P comes right after t = T: each way is weighed by the chance to get there in
    just the timesteps that are left.
    """
    arrives = np.zeros(STATES)
    arrives[list(OUTER_END)] = 1.0
    first = np.empty((timesteps, STATES))
    for t in reversed(range(timesteps)):
        by_way = 0.5 * arrives[NEXT]
        total = by_way.sum(axis=1)
        first[t] = np.divide(by_way[:, 0], total, out=np.full(STATES, 0.5), where=total > 0)
        arrives = total
        arrives[list(OUTER_END)] = 0.0  # a string that has ended is not this string
    return first, _spread(first)


@lru_cache(maxsize=8)
def _any_way(timesteps: int) -> tuple[Array, Array]:
    first = np.full((timesteps, STATES), 0.5)
    return first, _spread(first)


def _spread(first: Array) -> Array:
    """Chance of each state after each timestep, (T, states), when a sequence begins before B."""
    found, now = np.empty_like(first), np.zeros(STATES)
    now[START] = 1.0
    for t, chances in enumerate(first):
        after = np.zeros(STATES)
        np.add.at(after, NEXT[:, 0], now * chances)
        np.add.at(after, NEXT[:, 1], now * (1.0 - chances))
        found[t] = now = after
    return found


def walk(first: Array, batch: int, rng: Generator) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Symbols and the states after them, both (T, B), by the chances (T, states) of the first way on.

    Parameters
    ----------
    first : float (T, states)
        Chance of the first of the two ways, by timestep and state before it.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    lots = rng.random((len(first), batch))
    places = np.empty(lots.shape, dtype=np.intp)  # 2 * state + way, where the two ways of all states stand in one row
    now = np.full(batch, 2 * START)
    for t, (lot, chances) in enumerate(zip(lots, np.repeat(first, 2, axis=1), strict=True)):
        now = np.add(now, lot >= chances.take(now), out=places[t])
        now = TWICE_NEXT.take(now)
    return SYMBOL.take(places), NEXT.take(places)


TWICE_NEXT = 2 * NEXT.ravel()


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Strings cut before their second T or P, which comes right after ``gap`` + 1 timesteps; legal symbols are asked.

    Parameters
    ----------
    gap : int
        Timesteps from the first symbol to the one before the second T or P, 6 or more. All strings have this length;
        among those, each is as likely as the grammar makes it.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.

    References
    ----------
    Hochreiter & Schmidhuber (1997), section 5.1.
    """
    symbols, states = walk(_first_way(gap + 1)[0], batch, rng)
    return Batch(np.eye(KINDS)[symbols], LEGAL[states], _letters(symbols), (2,), query=gap + 1)


def draw_stream(gap: int, batch: int, rng: Generator) -> Batch:
    """``gap`` + 1 symbols of an endless stream of strings, from the beginning of one; legal symbols are asked.

    Parameters
    ----------
    gap : int
        Timesteps from the first symbol to the last, 1 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.

    References
    ----------
    Gers, Schmidhuber & Cummins (2000), section 4.1.
    """
    symbols, states = walk(_any_way(gap + 1)[0], batch, rng)
    outer = np.flatnonzero(states[:, 0] % INNER == 0) + 1  # the T or P after which an inner string begins
    cues = tuple(int(t) for t in outer[states[outer - 1, 0] < 2 * INNER][-1:])
    return Batch(np.eye(KINDS)[symbols], LEGAL[states], _letters(symbols), cues, query=gap + 1)


def outer_right(outputs: Array, batch: Batch) -> float:
    """Share of the strings whose second T or P is foreseen, exactly that one of the two."""
    return float(np.mean(sets(outputs[-1:, :, [T, P]], _part(batch, [T, P]))))


def _part(batch: Batch, kinds: list[int]) -> Batch:
    return Batch(batch.x, batch.targets[-1:, :, kinds], batch.write, batch.cues, batch.query)


def solved(outputs: Array, batch: Batch) -> bool:
    """Whether 99.5 % of all answers are right, and as many of the last ones, which need the memory."""
    return mostly_right_sets(outputs, batch) and outer_right(outputs, batch) >= 0.995


def _chance(spread: Array) -> float:
    """Entropies of the seven answers, summed, when only the timestep is known."""
    return float(entropy(np.clip(spread @ LEGAL, 0.0, 1.0)).sum() / len(spread))


def _letters(symbols: NDArray[np.integer]) -> Write:
    first = symbols[:, 0].copy()
    return lambda: tuple(LETTERS[symbol] for symbol in first)


REBER = Task(
    name="reber",
    title=tr("Embedded Reber grammar"),
    question=tr("T or P?"),
    about=tr(
        "Strings of an artificial grammar: B, then T or P, a string of the inner grammar, and the same T or P again. "
        "At each symbol the network says which may follow. Only the last needs the second symbol of all."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.1, experiment 1; all strings of one length",
    inputs=KINDS,
    outputs=KINDS,
    loss="binary",
    least_gap=SHORTEST - 3,
    chance=lambda gap: _chance(_first_way(gap + 1)[1]),
    criterion=tr("99.5 % of all answers, and of the last ones, to 500 unseen strings right"),
    draw=draw,
    score=outer_right,
    score_name=tr("second T or P right"),
    answers=LETTERS,
    solved=solved,
    loss_at="all",
    group="languages",
    gap_means=tr("timesteps from the first symbol to the one before the second T or P"),
)

STREAM = Task(
    name="stream",
    title=tr("Stream of Reber strings"),
    question=tr("what may follow?"),
    about=tr(
        "Strings of the embedded Reber grammar one after the other, without a mark where the memory should be cleared. "
        "Without a forget gate the cell state grows and grows; the gate was invented for this task."
    ),
    source="Gers, Schmidhuber & Cummins (2000), section 4",
    inputs=KINDS,
    outputs=KINDS,
    loss="binary",
    least_gap=SHORTEST,
    chance=lambda gap: _chance(_any_way(gap + 1)[1]),
    criterion=tr("99.5 % of the answers to 500 unseen streams right"),
    draw=draw_stream,
    score=right_sets,
    score_name=tr("answers right"),
    answers=LETTERS,
    solved=mostly_right_sets,
    loss_at="all",
    group="languages",
    gap_means=tr("timesteps of the stream, less one"),
)
