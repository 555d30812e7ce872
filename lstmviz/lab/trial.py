"""One trial: one network trained from its start until it solves its task, or until its budget is spent.

Words used in this file
    trial     settings, recipe, one cell and a budget of updates: all that decides the outcome
    outcome   what came of it; the same trial gives the same outcome, bit for bit, in any process
    solved    the task's criterion, on unseen sequences, at the first test that meets it
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from lstmviz.lab.examiner import Examination
from lstmviz.lab.learner import Interrupted
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.records import Progress
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Training
from lstmviz.lab.workers import Stop


@dataclass(frozen=True, slots=True)
class Trial:
    """All that decides what comes of training one network.

    Parameters
    ----------
    settings : Settings
        Task, gap, sizes, start and seed; its list of cells is not read.
    recipe : Recipe
        How it is trained, and how often tested.
    cell : str
        "rnn", "lstm" or "gru".
    updates : int
        The budget: training ends here, solved or not.
    """

    settings: Settings
    recipe: Recipe
    cell: str
    updates: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one trial."""

    solved_at: int | None  # the update of the first test that met the criterion
    updates: int  # made; fewer than the budget when solved or stopped before
    score: float  # of the last test, in the task's own measure
    loss: float  # of the last update, on its batch
    test_loss: float  # of the last test
    log10_share: float  # log10 of |dL/dh_1| / |dL/dh_T| before training, a geometric mean over the first batch
    seconds: float  # the only value that is not decided by the trial

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain values, under the names above."""
        return asdict(self)


def run_trial(trial: Trial, *, stop: Stop | None = None, report: Callable[[Progress], None] | None = None) -> Outcome:
    """Train one network, test it on unseen sequences every ``recipe.test_every`` updates, and end when it is solved.

    Parameters
    ----------
    trial : Trial
        What to train; 1 update or more.
    stop : object with ``is_set()``, optional
        Asked before every update, and often in a test; when set, the trial ends with what it has.
    report : callable, optional
        Called after every update with the progress so far.

    Returns
    -------
    Outcome
        ``solved_at`` is an update at which a test was made: a multiple of ``test_every``, or the last one. Score and
        test loss are NaN when the trial was stopped before its first test.
    """
    start = time.perf_counter()
    training = Training(replace(trial.settings, cells=(trial.cell,)), trial.recipe)
    while not _ended(training, trial.updates) and not (stop is not None and stop.is_set()):
        progress = training.advance(stop)
        if report is not None:
            report(progress)
    progress, share = training.progress(), training.log10_shares()[0]
    last = _last_test(training, stop)
    solved_at = progress.solved_at[0]
    if solved_at is None and last.solved:
        solved_at = training.update
    loss = float(progress.losses[0][-1]) if len(progress.losses[0]) else last.loss
    return Outcome(solved_at, training.trained, last.score, loss, last.loss, share, time.perf_counter() - start)


def _ended(training: Training, budget: int) -> bool:
    return training.update >= budget or training.stopped or training.solved


def _last_test(training: Training, stop: Stop | None) -> Examination:
    """The test of the network as it stands; the one before, or none, when there is no time for it."""
    tests = training.progress().examinations[0]
    if tests and tests[-1].update == training.update and not training.stopped:
        return tests[-1]
    try:
        return training.examine(stop)[0]
    except Interrupted:
        return tests[-1] if tests else Examination(training.update, math.nan, math.nan, False)
