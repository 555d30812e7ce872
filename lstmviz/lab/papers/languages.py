"""Small languages: counting letters, and the embedded Reber grammar with today's training.

Words used in this file
    largest   N such that all words with n up to N are right
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.comparison import build, readout_for
from lstmviz.lab.learner import Runner, Turn, answered, new_runner, updated
from lstmviz.lab.papers.parts import Expectation, Experiment, Results, Row
from lstmviz.lab.papers.reber_1997 import SYMBOLS, all_right, draw_sets, draw_string, legal_next
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch, Task
from lstmviz.lab.tasks.counting import words
from lstmviz.lab.tasks.task import Array, sets
from lstmviz.words import tr

TRAINED_TO, TRIED_TO = 10, 100


@dataclass(frozen=True, slots=True)
class Course:
    """One network, and how long it is trained."""

    cell: str
    settings: Settings
    rate: float
    updates: int


def after_updates(
    course: Course, task: Task, batches: Callable[[int], Batch], every: int
) -> Iterator[tuple[int, Runner]]:
    """Train on ``batches(update)``, and give the network whenever ``every`` more updates are made."""
    settings, recipe = course.settings, Recipe(learning_rate=course.rate)
    runner = new_runner(build(settings, course.cell), readout_for(settings, course.cell), recipe)
    for update in range(1, course.updates + 1):
        runner, _ = updated(runner, batches(update), task, recipe, Turn(update, settings.seed, "kernels"))
        if update % every == 0:
            yield update, runner


# ---------------------------------------------------------------- a^n b^n


def run_counting(course: Course, seed: int) -> dict[str, Any]:
    """Train on all words up to n = 10, then read longer ones; of a module's top level, so that it travels."""
    course = replace(course, settings=replace(course.settings, seed=seed))
    task, batch = TASKS["anbn"], words(np.arange(1, TRAINED_TO + 1), 2 * TRAINED_TO + 1)
    *_, (_, runner) = after_updates(course, task, lambda update: batch, course.updates)
    largest = largest_right(runner, task)
    return {"solved": largest >= TRAINED_TO, "largest": largest}


def largest_right(runner: Runner, task: Task) -> int:
    """N such that all words with n up to N, at most 100, are right."""
    batch = words(np.arange(1, TRIED_TO + 1), 2 * TRIED_TO + 1)
    outputs, _ = answered(runner, batch, task, "kernels")
    assert batch.asked is not None
    wrong = ~(sets(outputs, batch) | (batch.asked == 0)).all(axis=0)
    return int(np.argmax(wrong)) if wrong.any() else TRIED_TO


def _counting(name: str, cell: str, hidden: int, bias: float) -> Row:
    settings = Settings(task="anbn", gap=2 * TRAINED_TO, hidden=hidden, forget_bias=bias, dtype="float32")
    return Row(name, run_counting, Course(cell, settings, 1e-2, 4000))


BEST, GRU_ROW, RNN_ROW = tr("LSTM, 3 units, bias 3"), tr("GRU, 8 units, bias 0"), tr("RNN, 8 units")


def _counts_further(results: Results) -> bool:
    return all(results.median(BEST, "largest") - results.median(row, "largest") >= 4 for row in (GRU_ROW, RNN_ROW))


COUNTING = Experiment(
    name="counting",
    title=tr("Counting beyond the training set: aⁿbⁿ"),
    source=tr("Gers & Schmidhuber (2001); Weiss, Goldberg & Yahav (2018): LSTMs count, GRUs do not"),
    setup=tr("3 or 8 units; Adam, learning rate 0.01, clipped to norm 1; all ten words n = 1..10 in every batch"),
    same=tr("Training words n = 1..10; at each letter the set of legal next letters is asked."),
    differs=tr("No peepholes; Adam on all words at once, not single words with momentum."),
    criterion=tr("all words up to n = 10 right; beyond that, the largest N below which all are right"),
    budget=tr("4000 updates"),
    paper=tr("LSTM with peepholes: up to n = 1000 from n = 1..10 (2001); LSTM to 256 from 100, GRU not (2018)"),
    seeds=8,
    cost=tr("2 min"),
    headline=BEST,
    rows=(
        _counting(BEST, "lstm", 3, 3.0),
        _counting(tr("LSTM, 3 units, bias 1"), "lstm", 3, 1.0),
        _counting(GRU_ROW, "gru", 8, 0.0),
        _counting(RNN_ROW, "rnn", 8, 0.0),
    ),
    expected=(
        Expectation(
            tr("{row}: median of the largest N at least 16").format(row=BEST),
            lambda results: results.median(BEST, "largest") >= 16,
        ),
        Expectation(
            tr("{rows}: medians of at most 14").format(rows=f"{GRU_ROW}; {RNN_ROW}"),
            lambda results: all(results.median(row, "largest") <= 14 for row in (GRU_ROW, RNN_ROW)),
        ),
        Expectation(tr("the medians differ by 4 or more"), _counts_further),
    ),
)

# ---------------------------------------------------------------- embedded Reber grammar

TESTED, AT_ONCE, TEST_EVERY = 256, 8, 50


@dataclass(frozen=True, slots=True)
class Strings:
    """A course on strings, and what its targets are."""

    course: Course
    next_symbol: bool = False  # the symbol that does follow, by softmax; else the set of those that may, by sigmoids


def run_reber(setup: Strings, seed: int) -> dict[str, Any]:
    """Train on fresh strings until 256 others are foreseen; of a module's top level, so that it travels."""
    course = replace(setup.course, settings=replace(setup.course.settings, seed=seed))
    task = NEXT_SYMBOL if setup.next_symbol else TASKS["reber"]
    _, unseen = draw_sets(TESTED, np.random.default_rng([seed, 3]))
    test = strings_as_batch(unseen, setup.next_symbol)

    def batches(update: int) -> Batch:
        rng = np.random.default_rng([seed, 2, update])
        return strings_as_batch([draw_string(rng) for _ in range(AT_ONCE)], setup.next_symbol)

    for update, runner in after_updates(course, task, batches, TEST_EVERY):
        outputs, _ = answered(runner, test, task, "kernels")
        if foreseen(outputs, unseen, test, setup.next_symbol):
            return {"solved": True, "solved_at": update * AT_ONCE, "strings": update * AT_ONCE}
    return {"solved": False, "solved_at": None, "strings": course.updates * AT_ONCE}


def foreseen(outputs: Array, strings: list[str], batch: Batch, most_active: bool) -> bool:
    """Whether every symbol is: exactly the set of those that may follow, or these the most active.

    Parameters
    ----------
    outputs : float (T, B, 7)
        Before softmax or sigmoid.
    strings : list of str
    batch : Batch
        Those strings.
    most_active : bool
        The criterion of 1997.
    """
    assert batch.asked is not None
    if not most_active:
        return bool((sets(outputs, batch) | (batch.asked == 0)).all())
    in_order = np.swapaxes(outputs, 0, 1)[batch.asked.T > 0]
    return all_right(in_order, np.concatenate([_legal(string) for string in strings]))


def strings_as_batch(strings: list[str], next_symbol: bool = False) -> Batch:
    """Strings side by side, each from the first timestep on; asked is what follows, at each timestep.

    Parameters
    ----------
    strings : list of str
    next_symbol : bool
        Targets are the symbols that follow (T, B), not the sets of those that may (T, B, 7).
    """
    lengths = np.array([len(string) - 1 for string in strings])
    timesteps = int(lengths.max())
    tokens = np.zeros((timesteps + 1, len(strings)), dtype=np.int64)
    legal = np.zeros((timesteps, len(strings), len(SYMBOLS)))
    for column, string in enumerate(strings):
        tokens[: len(string), column] = [SYMBOLS.index(symbol) for symbol in string]
        legal[: len(string) - 1, column] = _legal(string)
    asked = (np.arange(timesteps)[:, None] < lengths).astype(float)
    x = np.eye(len(SYMBOLS))[tokens[:-1]] * asked[..., None]
    targets = tokens[1:] * asked.astype(np.int64) if next_symbol else legal
    return Batch(x, targets, lambda: tuple(strings[0]), (2,), timesteps, asked)


def _legal(string: str) -> NDArray[np.bool_]:
    return np.array([[symbol in allowed for symbol in SYMBOLS] for allowed in legal_next(string)])


NEXT_SYMBOL = replace(TASKS["reber"], loss="cross_entropy")


def _reber(name: str, cell: str, hidden: int, next_symbol: bool = False, **changes: Any) -> Row:
    settings = Settings(task="reber", gap=10, hidden=hidden, dtype="float32", **changes)
    return Row(name, run_reber, Strings(Course(cell, settings, 1e-2, 3000), next_symbol))


LSTM_ROW = tr("LSTM, 8 units, bias 1")
RNN_ROWS = (tr("RNN, 8 units"), tr("RNN, 16 units"), tr("RNN, 8 units, orthogonal"))

REBER = Experiment(
    name="reber",
    title=tr("Embedded Reber grammar"),
    source=tr("Hochreiter & Schmidhuber (1997), section 5.1, experiment 1: the task"),
    setup=tr("8 or 16 units; Adam, learning rate 0.01, clipped to norm 1, batches of 8 strings"),
    same=tr("Grammar and coding. In the rows named so the next symbol is the target, as in the paper."),
    differs=tr(
        "Network with a forget gate, whole gradient, Adam; fresh strings, not 256 again and again. The target is the "
        "set of symbols that may follow, which is harder than to have them the most active."
    ),
    criterion=tr(
        "for every symbol of 256 unseen strings exactly the set of those that may follow, or these most active"
    ),
    budget=tr("24 000 strings"),
    paper=tr("8 440 to 39 740 strings; Elman networks none of the trials"),
    seeds=5,
    cost=tr("60 s"),
    headline=LSTM_ROW,
    rows=(
        _reber(LSTM_ROW, "lstm", 8, forget_bias=1.0),
        _reber(tr("LSTM, 8 units, bias 0"), "lstm", 8, forget_bias=0.0),
        _reber(tr("GRU, 8 units, bias 0"), "gru", 8, forget_bias=0.0),
        _reber(RNN_ROWS[0], "rnn", 8),
        _reber(RNN_ROWS[1], "rnn", 16),
        _reber(RNN_ROWS[2], "rnn", 8, initialisation="orthogonal"),
        _reber(tr("LSTM, 8 units, bias 1, next symbol"), "lstm", 8, next_symbol=True, forget_bias=1.0),
        _reber(tr("RNN, 16 units, next symbol"), "rnn", 16, next_symbol=True),
    ),
    expected=(
        Expectation(
            tr("{row}: at least 4 of 5").format(row=LSTM_ROW), lambda results: results.at_least(LSTM_ROW, 4, 5)
        ),
        Expectation(
            tr("{rows}: at most 3 of 5").format(rows="; ".join(RNN_ROWS)),
            lambda results: all(results.at_most(row, 3, 5) for row in RNN_ROWS),
        ),
    ),
)
