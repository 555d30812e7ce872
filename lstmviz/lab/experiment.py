"""Published experiments, run again: all of them by name, and how one is run.

``run_experiment("1997-6a", seeds=5)`` gives a ``Finding``; ``lstmviz experiment run 1997-6a`` prints one.
"""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.papers.beyond import FEW, LONGER, SIDES
from lstmviz.lab.papers.gates import GATES, STREAM
from lstmviz.lab.papers.gradients import GRADIENTS
from lstmviz.lab.papers.guessing import GUESSING
from lstmviz.lab.papers.languages import COUNTING, REBER
from lstmviz.lab.papers.literal import LITERAL
from lstmviz.lab.papers.modern import MODERN
from lstmviz.lab.papers.parts import Experiment, Finding, Run, judged
from lstmviz.lab.workers import run_all
from lstmviz.words import tr

OTHERS = (GRADIENTS, GATES, GUESSING, SIDES, LONGER, FEW, COUNTING, STREAM, REBER)
EXPERIMENTS: dict[str, Experiment] = {experiment.name: experiment for experiment in (*LITERAL, *MODERN, *OTHERS)}
MOST_SEEDS, LAST_SEED = 1000, 10**6

__all__ = ["EXPERIMENTS", "Experiment", "Finding", "find", "run_experiment"]


class Stop(Protocol):
    """What tells an experiment to end early."""

    def is_set(self) -> bool:
        """Whether it should end."""


class Work(NamedTuple):
    """One run, as it travels to a process."""

    experiment: str
    row: int
    seed: int


def find(name: str) -> Experiment:
    """The experiment of that name.

    Raises
    ------
    BadInput
        If there is none.
    """
    if name not in EXPERIMENTS:
        raise BadInput(
            "lstmviz experiment", shortened(name) or '""', tr("there is no such experiment"), ", ".join(EXPERIMENTS)
        )
    return EXPERIMENTS[name]


def work_of(experiment: Experiment, seeds: int | None = None, first_seed: int = 0) -> list[Work]:
    """All runs of an experiment, seed by seed, so that an interrupted one has whole seeds."""
    return [
        Work(experiment.name, index, first_seed + offset)
        for offset in range(experiment.seeds if seeds is None else seeds)
        for index, row in enumerate(experiment.rows)
        if seeds is not None or row.seeds is None or offset < row.seeds
    ]


def do(work: Work) -> Run:
    """One run."""
    row, start = EXPERIMENTS[work.experiment].rows[work.row], time.process_time()
    figures = row.run(row.setup, work.seed)
    return Run(row.name, work.seed, figures, time.process_time() - start)


def run_experiment(
    name: str,
    *,
    seeds: int | None = None,
    first_seed: int = 0,
    workers: int = 1,
    stop: Stop | None = None,
    progress: Callable[[int, int, Run], None] | None = None,
) -> Finding:
    """Run an experiment and judge it.

    Parameters
    ----------
    name : str
        A key of ``EXPERIMENTS``.
    seeds : int, optional
        1 to 1000 for every row; the experiment's own number when left out.
    first_seed : int
        0 to 1000000.
    workers : int
        Processes; with 1 the runs happen here. The findings are the same.
    stop : object with ``is_set()``, optional
        When set, the runs that are finished are judged. Ctrl-C does the same.
    progress : callable, optional
        Called with the number of finished runs, that of all runs, and the last one.

    Returns
    -------
    Finding

    Raises
    ------
    BadInput
        For an unknown name, or a number out of range.
    """
    experiment = find(name)
    _check("seeds", seeds, 1, MOST_SEEDS)
    _check("first_seed", first_seed, 0, LAST_SEED)
    items = work_of(experiment, seeds, first_seed)
    runs: list[Run] = []
    try:
        for _, run in run_all(do, items, workers=workers, stop=stop):
            runs.append(run)
            if progress is not None:
                progress(len(runs), len(items), run)
    except KeyboardInterrupt:  # what is finished is kept
        pass
    return judged(experiment, runs, complete=len(runs) == len(items))


def _check(name: str, value: int | None, low: int, high: int) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high):
        what = tr("{value} is out of range").format(value=shortened(str(value)))
        raise BadInput("run_experiment", name, what, tr("{low} to {high}").format(low=low, high=high))
