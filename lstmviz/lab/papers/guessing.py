"""Random guessing: weights are drawn, never trained, until a network latches one bit.

Words used in this file
    guess     one draw of all weights of a tanh RNN
    range     weights are drawn between -range and range
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmviz.lab.papers.parts import Expectation, Experiment, Row
from lstmviz.lab.tasks.latch import latched
from lstmviz.words import tr

AT_A_TIME, NEEDED = 500, 200  # guesses that meet the same sequences; sequences in a row


@dataclass(frozen=True, slots=True)
class Guessing:
    """How weights are guessed, and how long the sequences are."""

    timesteps: int
    units: int
    span: float  # the range
    most: int  # guesses


def run_guessing(setup: Guessing, seed: int) -> dict[str, Any]:
    """Guess until 200 sequences in a row are right; of a module's top level, so that it travels to processes."""
    from lstmviz.engine.guess import first_right

    rng, guesses = np.random.default_rng([seed, 0]), 0
    while guesses < setup.most:
        amount = min(AT_A_TIME, setup.most - guesses)
        weights = rng.uniform(-setup.span, setup.span, size=(amount, setup.units, setup.units + 2))
        readouts = rng.uniform(-setup.span, setup.span, size=(amount, setup.units + 1))
        classes = rng.integers(0, 2, size=NEEDED)
        x = latched(classes, np.full(NEEDED, setup.timesteps), 1, rng)[:, :, 0].T
        found = first_right(weights, readouts, np.ascontiguousarray(x), classes)
        if found >= 0:
            return {"solved": True, "solved_at": guesses + found + 1, "guesses": guesses + found + 1}
        guesses += amount
    return {"solved": False, "solved_at": None, "guesses": guesses}


RANGES = (1.0, 10.0, 100.0)
ROWS = tuple(
    Row(tr("range ±{span:g}").format(span=span), run_guessing, Guessing(500, 5, span, 40_000)) for span in RANGES
)
HEADLINE = ROWS[1].name

GUESSING = Experiment(
    name="guessing",
    title=tr("Guessing weights for the two-sequence problem"),
    source=tr("Hochreiter & Schmidhuber (1996), LSTM can solve hard long time lag problems; (1997), section 5.3"),
    setup=tr("tanh RNN of 5 units, all weights drawn within the range; T = 500, N = 1, noise of variance 0.2"),
    same=tr("Task, and that nothing is learned."),
    differs=tr("Network and ranges are our own."),
    criterion=tr("200 sequences in a row on the right side of 0"),
    budget=tr("40 000 guesses"),
    paper=tr("Guessing solves the task faster than the algorithms it had been used to compare"),
    seeds=20,
    cost=tr("10 s"),
    headline=HEADLINE,
    rows=ROWS,
    expected=tuple(
        Expectation(
            tr("{row}: at least 19 of 20 within 20 000 guesses").format(row=row.name),
            lambda results, name=row.name: (  # type: ignore[misc]
                results.at_least(name, 19, 20)
                and sum(value <= 20_000 for value in results.values(name, "guesses")) * 20 >= 19 * results.seeds(name)
            ),
            row.name == HEADLINE,
        )
        for row in ROWS
    ),
)
