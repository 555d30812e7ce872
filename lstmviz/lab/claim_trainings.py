"""Checks for claims that take training: seconds to a minute each, on two cores."""

from dataclasses import replace
from typing import Any

import numpy as np

from lstmviz.lab.batches import unseen_batch
from lstmviz.lab.claim_checks import check
from lstmviz.lab.examiner import examined
from lstmviz.lab.papers.beyond import Course, trained
from lstmviz.lab.papers.modern import TRAINING, run_trained
from lstmviz.lab.papers.parts import Row
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.trial import Trial
from lstmviz.words import tr


def recall(timesteps: int, hidden: int = 16, **changes: Any) -> Settings:
    """First-token recall over T timesteps."""
    return Settings(task="recall", gap=timesteps - 1, hidden=hidden, dtype="float32", **changes)


# ---------------------------------------------------------------- a larger network, or another start


def _sized(name: str, hidden: int, bias: float | str) -> Row:
    settings = recall(100, hidden, forget_bias=bias)
    return Row(name, run_trained, Trial(settings, Recipe(learning_rate=3e-3, test_every=50), "lstm", 500))


LARGER = check(
    "larger",
    tr("More units, or another forget bias"),
    tr("First-token recall, T = 100, learning rate 0.003; ") + TRAINING,
    (
        _sized(tr("64 units, bias 1"), 64, 1.0),
        _sized(tr("16 units, bias 1"), 16, 1.0),
        _sized(tr("16 units, bias 3"), 16, 3.0),
        _sized(tr("16 units, chrono"), 16, "chrono"),
    ),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    budget=tr("500 updates"),
    cost=tr("60 s"),
)

# ---------------------------------------------------------------- the learning rate

RATES = (1e-4, 1e-3, 1e-2, 1e-1)


def _rate(rate: float) -> Row:
    trial = Trial(recall(50, forget_bias=3.0), Recipe(learning_rate=rate, test_every=50), "lstm", 400)
    return Row(tr("rate {rate:g}").format(rate=rate), run_trained, trial)


TUNING = check(
    "tuning",
    tr("The learning rate"),
    tr("First-token recall, T = 50, LSTM of 16 units, forget bias 3; ") + TRAINING,
    tuple(_rate(rate) for rate in RATES),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    budget=tr("400 updates"),
    cost=tr("20 s"),
)

# ---------------------------------------------------------------- noise and gaps in a trained network's input


def run_disturbed(setup: Course, seed: int) -> dict[str, Any]:
    """Accuracy on clean, gappy and noisy sequences; of a module's top level, so that it travels."""
    training = trained(setup, seed)
    clean = unseen_batch(training.settings, 500)
    gone = np.random.default_rng([seed, 9]).random((*clean.x.shape[:2], 1)) < 0.5
    gone[0] = False  # what must be recalled stays: without it nobody could know
    batches = {"clean": clean, "missing": replace(clean, x=np.where(gone, 0.0, clean.x))}
    batches["noisy"] = unseen_batch(replace(training.settings, noise=0.3), 500)
    runner, task = training.runners[0], training.task
    found = {name: examined(runner, batch, task, training.update, "kernels").score for name, batch in batches.items()}
    return {"solved": found["clean"] >= 0.995} | found


def _robust(name: str, cell: str, **changes: Any) -> Row:
    return Row(
        name, run_disturbed, Course(cell, recall(50, **changes), Recipe(learning_rate=3e-3, test_every=300), 300)
    )


ROBUST = check(
    "disturbed",
    tr("Noise and missing timesteps after training"),
    tr("First-token recall, T = 50, 16 units, trained clean; then half of the distractors zeroed, or noise of sd 0.3; ")
    + TRAINING,
    (
        _robust("LSTM, chrono", "lstm", forget_bias="chrono"),
        _robust(tr("LSTM, bias 3"), "lstm", forget_bias=3.0),
        _robust(tr("RNN, orthogonal"), "rnn", initialisation="orthogonal"),
    ),
    criterion=tr("99.5 % of clean sequences right"),
    budget=tr("300 updates, solved or not"),
    cost=tr("20 s"),
)

# ---------------------------------------------------------------- what is learned, and stays learned


def run_lasting(setup: Course, seed: int) -> dict[str, Any]:
    """The lowest test score after the task was solved for the first time; of a module's top level."""
    training = trained(setup, seed)
    progress = training.progress()
    solved_at = progress.solved_at[0]
    later = [test.score for test in progress.examinations[0] if solved_at is not None and test.update >= solved_at]
    return {"solved": solved_at is not None, "solved_at": solved_at, "lowest": min(later) if later else None}


def _lasting(name: str, cell: str, rate: float, **changes: Any) -> Row:
    return Row(name, run_lasting, Course(cell, recall(100, **changes), Recipe(learning_rate=rate, test_every=25), 600))


LASTING = check(
    "lasting",
    tr("Whether a solved task stays solved"),
    tr("First-token recall, T = 100, 16 units, trained on after it is solved; ") + TRAINING,
    (
        _lasting(tr("LSTM, chrono, rate 0.003"), "lstm", 3e-3, forget_bias="chrono"),
        _lasting(tr("LSTM, chrono, rate 0.03"), "lstm", 3e-2, forget_bias="chrono"),
        _lasting(tr("RNN, orthogonal, rate 0.003"), "rnn", 3e-3, initialisation="orthogonal"),
    ),
    criterion=tr("99.5 % of 500 unseen sequences right at one test"),
    budget=tr("600 updates, solved or not"),
    cost=tr("40 s"),
)

# ---------------------------------------------------------------- forecasts


def run_forecast(setup: Course, seed: int) -> dict[str, Any]:
    """Squared error as a share of that of "same as now"; of a module's top level, so that it travels."""
    found = trained(setup, seed).examine()[0]
    return {"solved": found.solved, "error_share": 1.0 - found.score}


def _forecast(task: str) -> Row:
    settings = Settings(task=task, gap=50, hidden=16, forget_bias=1.0, dtype="float32")
    name = {"walk": tr("random walk"), "sine": tr("noisy waves")}[task]
    return Row(name, run_forecast, Course("lstm", settings, Recipe(learning_rate=3e-3, test_every=600), 600))


FORECAST = check(
    "forecast",
    tr("Forecasting what can and what cannot be known"),
    tr("LSTM of 16 units, bias 1, learning rate 0.003, 51 timesteps; ") + TRAINING,
    (_forecast("walk"), _forecast("sine")),
    criterion=tr("squared error below that of “same as now”, as the task says"),
    budget=tr("600 updates, solved or not"),
    cost=tr("20 s"),
    seeds=3,
)

TRAINED = (LARGER, TUNING, ROBUST, LASTING, FORECAST)
