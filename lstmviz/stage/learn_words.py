"""What the Learn lab says: how a network starts, what came of a bet, what the buttons do, how far the training is.

Words used in this file
    start    how a network's weights begin
    within   solved in as many updates as the budget has
"""

from __future__ import annotations

import math

import numpy as np

from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.frame import TrainingFrame
from lstmviz.stage.learn_frame import LearnFrame, SeedRuns
from lstmviz.stage.opened import OpenedNote
from lstmviz.stage.readouts import variant_titles
from lstmviz.words import count, decimal, number, tr

PALE = 0.1  # of the chance loss: below it little gradient is left


def start_words(settings: Settings, cell: str, opened: OpenedNote | None = None) -> str:
    """How a network's weights begin, and what is unusual about its cells: ``forget bias 3, with peepholes``."""
    if opened is not None and opened.cell == cell:
        parts = [tr("from {file}").format(file=opened.name)]
    else:
        parts = [_start(settings, cell)]
    if cell == "lstm" and settings.variant != "vanilla":
        parts.append(variant_titles()[settings.variant].removeprefix("LSTM "))
    if settings.layers > 1:
        parts.append(tr("{n} layers").format(n=settings.layers))
    if settings.bidirectional:
        parts.append(tr("both directions"))
    return tr(", ").join(parts)


def _start(settings: Settings, cell: str) -> str:
    if cell == "rnn":
        names = {"uniform": tr("uniform"), "orthogonal": tr("orthogonal"), "identity": tr("identity, ReLU")}
        return names[settings.initialisation]
    bias = settings.forget_bias
    if isinstance(bias, str):
        return tr("chrono")
    text = decimal(float(bias), 0 if round(bias) == bias else 1)
    return (tr("forget bias {b}") if cell == "lstm" else tr("update bias {b}")).format(b=text)


def loss_name(settings: Settings) -> str:
    """What a wrong answer costs in this task."""
    names = {
        "cross_entropy": tr("cross entropy"),
        "squared_error": tr("squared error"),
        "binary": tr("binary cross entropy"),
    }
    return names[TASKS[settings.task].loss]


def outcome_words(training: TrainingFrame | None, index: int) -> str:
    """What has become of one network; empty before the first update."""
    if training is None or not training.trained:
        return ""
    solved = training.solved_at[index]
    if solved is not None:
        return tr("solved at update {n}").format(n=count(solved))
    text = tr("not solved in 1 update") if training.trained == 1 else tr("not solved in {n} updates")
    return text.format(n=count(training.trained))


def bet_words(learn: LearnFrame, index: int) -> str:
    """One bet, and what came of it: ``yes: right``, ``no: wrong, 2 of 5``."""
    bet, won = learn.bets[index], learn.won[index]
    if bet is None:
        return tr("no bet")
    said = tr("yes") if bet else tr("no")
    if won is None:
        return tr("{bet}: open").format(bet=said)
    judged = tr("{bet}: right") if won else tr("{bet}: wrong")
    text = judged.format(bet=said)
    seeds, cell = learn.seeds, learn.cells[index]
    if seeds is None or not seeds.of(cell):
        return text
    return text + ", " + solved_words(seeds, cell)


def solved_words(seeds: SeedRuns, cell: str) -> str:
    """How many seeds of one network solved the task: ``2 of 5``."""
    return tr("{n} of {all}").format(n=seeds.solved(cell), all=len(seeds.of(cell)))


def clipped_words(training: TrainingFrame, index: int) -> str:
    """How many updates of one network were clipped."""
    text = tr("clipped at {n} of {all} updates")
    return text.format(n=count(len(training.clipped[index])), all=count(len(training.losses[index])))


def broken_words(training: TrainingFrame, index: int) -> str:
    """Where a loss became infinite or no number; empty while all are numbers."""
    bad = np.flatnonzero(~np.isfinite(training.losses[index]))
    if not len(bad):
        return ""
    return tr("the loss is not a number from update {n} on; clip the gradient").format(n=count(int(bad[0])))


def pales_from(training: TrainingFrame, index: int) -> int | None:
    """The update from which a heat map is pale because its network has solved the task; None when it is not."""
    means = training.means[index]
    newest = float(means[-1]) if len(means) else math.nan
    return training.solved_at[index] if newest < PALE * training.chance else None


def train_words(training: TrainingFrame | None, budget: int) -> str:
    """What pressing the main button does."""
    if training is None or not training.trained:
        return tr("Stop") if training is not None and training.running else tr("Train")
    if training.running:
        return tr("Stop")
    if training.update < training.trained:
        return tr("Train on from {n}").format(n=count(training.update))
    if training.trained < budget:
        return tr("Train on to {n}").format(n=count(budget))
    return tr("Train again")


def progress_words(training: TrainingFrame | None, budget: int) -> str:
    """How far the training is."""
    if training is None:
        return tr("Not trained yet. Budget {n} updates").format(n=count(budget))
    if training.running:
        return tr("Update {n} of {aim}").format(n=count(training.trained), aim=count(training.aim))
    if training.update < training.trained:
        text = tr("Rewound to update {n} of {all}")
        return text.format(n=count(training.update), all=count(training.trained))
    return tr("Trained to update {n}").format(n=count(training.trained))


def learn_sentence(training: TrainingFrame | None, learn: LearnFrame | None) -> str:
    """What the Learn lab shows, in a few sentences."""
    if training is None or not training.trained:
        return tr("Not trained yet.")
    parts = []
    for index, name in enumerate(training.names):
        losses = training.losses[index]
        if not len(losses):
            continue
        text = tr("{name}: loss {value} after {n} updates, {outcome}.")
        if training.trained == 1:
            text = tr("{name}: loss {value} after 1 update, {outcome}.")
        parts.append(
            text.format(
                name=name,
                value=number(float(losses[-1])),
                n=count(len(losses)),
                outcome=outcome_words(training, index),
            )
        )
    mark = training.chance_name
    parts.append(tr("{name} is {value}.").format(name=mark[:1].upper() + mark[1:], value=number(training.chance)))
    if learn is not None and learn.seeds is not None:
        for cell, name in zip(learn.cells, learn.names, strict=True):
            if learn.seeds.of(cell):
                text = tr("{name} solved it from {n} seeds.")
                parts.append(text.format(name=name, n=solved_words(learn.seeds, cell)))
    return " ".join(parts)
