"""One trial: one network trained from its start until it solves its task, or until its budget is spent.

Words used in this file
    trial     settings, recipe, one cell and a budget of updates: all that decides the outcome
    outcome   what came of it; the same trial gives the same outcome, bit for bit, in any process
    solved    the task's criterion, on unseen sequences, at the first test that meets it
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Progress, Training


class Stop(Protocol):
    """What tells a trial to end early: a ``threading.Event``, or anything else that can be asked."""

    def is_set(self) -> bool:
        """Whether it should end."""


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
        Asked before every update; when set, the trial ends with what it has.
    report : callable, optional
        Called after every update with the progress so far.

    Returns
    -------
    Outcome
        ``solved_at`` is an update at which a test was made: a multiple of ``test_every``, or the last one.
    """
    start = time.perf_counter()
    training = Training(replace(trial.settings, cells=(trial.cell,)), trial.recipe)
    solved_at = None
    while training.update < trial.updates and solved_at is None and not (stop is not None and stop.is_set()):
        progress = training.advance()
        if report is not None:
            report(progress)
        solved_at = progress.solved_at[0]
    test = training.examine()[0]
    if solved_at is None and test.solved:
        solved_at = training.update
    progress = training.progress()
    loss = float(progress.losses[0][-1]) if training.update else test.loss
    share = training.log10_shares()[0]
    return Outcome(solved_at, training.update, test.score, loss, test.loss, share, time.perf_counter() - start)
