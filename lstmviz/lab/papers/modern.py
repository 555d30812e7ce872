"""Experiments with today's training: Adam, batches of 32 and the whole gradient.

They hold what the literature says of gates, biases and starts to networks of a few units.
"""

from dataclasses import replace
from typing import Any

from lstmviz.lab.papers.parts import Expectation, Experiment, Results, Row
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.trial import Trial, run_trial
from lstmviz.words import decimal, tr

TRAINING = tr("Adam, gradient clipped to norm 1, batches of 32, float32")
FRESH = tr("Batches are drawn afresh for every update.")


def run_trained(trial: Trial, seed: int) -> dict[str, Any]:
    """One network trained until it solves its task; of a module's top level, so that it travels to processes."""
    found = run_trial(replace(trial, settings=replace(trial.settings, seed=seed))).to_dict()
    del found["seconds"]
    return {"solved": found["solved_at"] is not None} | found


def trained(name: str, cell: str, trial: Trial, **changes: Any) -> Row:
    """A row: ``trial`` with another cell and other settings; ``learning_rate`` belongs to the recipe."""
    rate = changes.pop("learning_rate", trial.recipe.learning_rate)
    recipe, settings = replace(trial.recipe, learning_rate=rate), replace(trial.settings, **changes)
    return Row(name, run_trained, replace(trial, settings=settings, recipe=recipe, cell=cell))


def base(task: str, timesteps: int, hidden: int, rate: float, updates: int) -> Trial:
    """What the rows of one experiment share."""
    settings = Settings(task=task, gap=timesteps - 1, hidden=hidden, dtype="float32")
    return Trial(settings, Recipe(learning_rate=rate, test_every=50), "lstm", updates)


def grid(trial: Trial, rnn_rate: float | None = None) -> tuple[Row, ...]:
    """Twelve rows: three starts of the RNN, five biases of the LSTM, three of the GRU, and the LSTM at 0."""
    slow = {} if rnn_rate is None else {"learning_rate": rnn_rate}
    starts = {"RNN": "uniform", "RNN, orthogonal": "orthogonal", "IRNN": "identity"}
    rows = [trained(name, "rnn", trial, initialisation=start, **slow) for name, start in starts.items()]
    for cell, biases in (("lstm", (0.0, 1.0, 2.0, 3.0, 5.0, "chrono")), ("gru", (0.0, 2.0, "chrono"))):
        for bias in biases:
            rows.append(trained(f"{cell.upper()}, {_bias(bias)}", cell, trial, forget_bias=bias))
    return tuple(rows)


def _bias(bias: float | str) -> str:
    return str(bias) if isinstance(bias, str) else tr("bias {bias:g}").format(bias=bias)


def solve(
    names: tuple[str, ...], solved: int, of: int, within: int | None = None, essential: bool = True
) -> Expectation:
    """Each of these rows is solved by at least so many seeds, and by every solved one within so many updates."""

    def holds(results: Results) -> bool:
        soon = within is None or all(value <= within for name in names for value in results.values(name, "solved_at"))
        return soon and all(results.at_least(name, solved, of) for name in names)

    words = tr("{names}: at least {solved} of {of}").format(names="; ".join(names), solved=solved, of=of)
    words += "" if within is None else tr(" within {updates} updates").format(updates=within)
    return Expectation(words, holds, essential)


def fail(names: tuple[str, ...], most: int = 0, of: int = 5, essential: bool = True) -> Expectation:
    """None of these rows is solved by more than so many seeds."""
    words = tr("{names}: at most {most} of {of}").format(names="; ".join(names), most=most, of=of)
    return Expectation(words, lambda results: all(results.at_most(name, most, of) for name in names), essential)


def stays(names: tuple[str, ...], figure: str, low: float = float("-inf"), high: float = float("inf")) -> Expectation:
    """A figure of these rows stays in a range for every seed."""
    parts = [tr("at least {low}").format(low=decimal(low, 3))] if low > float("-inf") else []
    parts += [tr("at most {high}").format(high=decimal(high, 3))] if high < float("inf") else []
    words = tr("{names}: {figure} {range}").format(names="; ".join(names), figure=figure, range=", ".join(parts))
    return Expectation(
        words, lambda results: all(results.every(name, figure, lambda value: low <= value <= high) for name in names)
    )


GRID_SETUP = tr("16 units; learning rate 0.003; ") + TRAINING
RECALL = tr("First-token recall of two symbols among eight; own set-up after Tallec & Ollivier (2018), chrono start")
ACCURACY = tr("99.5 % of 500 unseen sequences right")


def recall_grid(timesteps: int, updates: int, cost: str, expected: tuple[Expectation, ...]) -> Experiment:
    """First-token recall over one length, with every cell and start."""
    return Experiment(
        name=f"recall-{timesteps}",
        title=tr("First-token recall over {t} timesteps").format(t=timesteps),
        source=RECALL,
        setup=GRID_SETUP,
        same=tr("The start ln U[1, T - 1] of the biases that keep."),
        differs=tr("Sizes, task and optimiser. ") + FRESH,
        criterion=ACCURACY,
        budget=tr("{updates} updates").format(updates=updates),
        paper=tr("None: the paper has other tasks. Expected is what prototypes gave, loosened."),
        seeds=5,
        cost=cost,
        headline="LSTM, chrono",
        rows=grid(base("recall", timesteps, 16, 3e-3, updates)),
        expected=expected,
    )


CHRONO = ("LSTM, chrono", "GRU, chrono")

MODERN: tuple[Experiment, ...] = (
    recall_grid(
        50,
        1500,
        tr("60 s"),
        (
            solve(("RNN, orthogonal", "IRNN", "LSTM, bias 2", "LSTM, bias 3", "LSTM, bias 5", *CHRONO), 4, 5),
            fail(("LSTM, bias 0", "GRU, bias 0"), 1),
            fail(("RNN",), 3),
        ),
    ),
    recall_grid(
        100,
        600,
        tr("2 min"),
        (
            solve(CHRONO, 5, 5),
            solve(("LSTM, bias 3", "RNN, orthogonal"), 4, 5),
            fail(("RNN", "LSTM, bias 0", "LSTM, bias 1", "GRU, bias 0")),
        ),
    ),
    recall_grid(
        200,
        600,
        tr("5 min"),
        (
            solve(CHRONO, 4, 5),
            fail(("RNN", "LSTM, bias 0", "LSTM, bias 1", "GRU, bias 0")),
            fail(("LSTM, bias 2",), essential=False),
        ),
    ),
    Experiment(
        name="adding",
        title=tr("Adding over 50 timesteps"),
        source=tr("Arjovsky, Shah & Bengio (2016), section 4.2: the task; Le, Jaitly & Hinton (2015): the IRNN"),
        setup=tr("16 units; learning rate 0.005, RNNs 0.001; ") + TRAINING,
        same=tr("Task: numbers from 0 to 1, one marker in each half."),
        differs=tr("Length, sizes and optimiser. The output's bias starts at 0. ") + FRESH,
        criterion=tr("mean squared error below 0.005 on 500 unseen sequences; saying 1 gives 0.167"),
        budget=tr("2000 updates"),
        paper=tr("At lengths from 100 on a tanh RNN stays at the error of guessing; LSTMs and uRNNs do not"),
        seeds=4,
        cost=tr("80 s"),
        headline="LSTM, bias 1",
        rows=tuple(
            row
            for row in grid(base("adding", 50, 16, 5e-3, 2000), rnn_rate=1e-3)
            if row.name not in ("LSTM, bias 2", "LSTM, bias 3", "LSTM, bias 5", "GRU, bias 2")
        ),
        expected=(
            solve(("LSTM, bias 1", "LSTM, chrono", "GRU, bias 0", "GRU, chrono"), 4, 4, within=1500),
            solve(("LSTM, bias 0",), 4, 4, within=1500, essential=False),
            fail(("RNN", "RNN, orthogonal"), of=4),
            stays(("RNN", "RNN, orthogonal"), "test_loss", low=0.12),
        ),
    ),
    Experiment(
        name="order",
        title=tr("Temporal order over 100 timesteps"),
        source=tr("Hochreiter & Schmidhuber (1997), section 5.6, experiment 6a: the task"),
        setup=tr("8 units; learning rate 0.005; ") + TRAINING,
        same=tr("Symbols, and where X and Y stand."),
        differs=tr("Network with a forget gate, whole gradient, Adam, batches; all sequences have 100 timesteps. ")
        + FRESH,
        criterion=ACCURACY,
        budget=tr("800 updates"),
        paper=tr("31 390 sequences one at a time; 800 updates are 25 600"),
        seeds=5,
        cost=tr("60 s"),
        headline="LSTM, chrono",
        rows=tuple(
            row
            for row in grid(base("order", 100, 8, 5e-3, 800))
            if row.name not in ("IRNN", "LSTM, bias 2", "LSTM, bias 5", "GRU, bias 0", "GRU, bias 2")
        ),
        expected=(
            solve(CHRONO, 5, 5),
            solve(CHRONO, 5, 5, within=500, essential=False),
            fail(("RNN", "RNN, orthogonal", "LSTM, bias 0", "LSTM, bias 1")),
            stays(("RNN", "RNN, orthogonal"), "score", high=0.4),
        ),
    ),
)
