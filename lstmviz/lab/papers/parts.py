"""What a published experiment is made of, and how runs become a finding.

Words used in this file
    row          one network under one set of conditions; an experiment compares rows
    run          one row with one seed: the unit of work
    headline     the row whose solved seeds stand for the experiment
    expectation  something that should come out, and whether it did
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstmviz.words import tr

Figures = Mapping[str, Any]  # "solved", and figures by name: numbers, or None where there is none
REPRODUCED, CONDITION, NOT_YET = "reproduced", "reproduced with a condition", "not reproduced yet"
VERDICTS = (REPRODUCED, CONDITION, NOT_YET)


@dataclass(frozen=True, slots=True)
class Row:
    """One network under one set of conditions.

    Parameters
    ----------
    name : str
        As it stands in tables.
    run : callable
        ``run(setup, seed)`` gives the figures of one seed; of a module's top level, so that it travels to processes.
    setup : object
        What decides the run, beside the seed.
    seeds : int, optional
        Fewer seeds than the experiment has, for a dear row.
    """

    name: str
    run: Callable[[Any, int], Figures]
    setup: Any
    seeds: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What one row gave for one seed."""

    row: str
    seed: int
    figures: Figures
    seconds: float = 0.0  # of processor time

    @property
    def solved(self) -> bool:
        """Whether the criterion was met."""
        return bool(self.figures["solved"])


class Results:
    """Runs by row, and what is asked of them.

    Parameters
    ----------
    runs : sequence of Run
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = tuple(sorted(runs, key=lambda run: run.seed))

    def of(self, row: str) -> tuple[Run, ...]:
        """The runs of one row, by seed."""
        return tuple(run for run in self.runs if run.row == row)

    def solved(self, row: str) -> int:
        """How many seeds were solved."""
        return sum(run.solved for run in self.of(row))

    def seeds(self, row: str) -> int:
        """How many seeds were run."""
        return len(self.of(row))

    def at_least(self, row: str, solved: int, of: int) -> bool:
        """Whether the share of solved seeds is that share or more."""
        return self.seeds(row) > 0 and self.solved(row) * of >= solved * self.seeds(row)

    def at_most(self, row: str, solved: int, of: int) -> bool:
        """Whether the share of solved seeds is that share or less."""
        return self.seeds(row) > 0 and self.solved(row) * of <= solved * self.seeds(row)

    def values(self, row: str, figure: str) -> list[float]:
        """A figure of all runs of a row that have it."""
        found = (run.figures.get(figure) for run in self.of(row))
        return [float(value) for value in found if value is not None]

    def mean(self, row: str, figure: str) -> float:
        """Mean of a figure; nan when no run has it."""
        values = self.values(row, figure)
        return statistics.fmean(values) if values else float("nan")

    def median(self, row: str, figure: str) -> float:
        """Median of a figure; nan when no run has it."""
        values = self.values(row, figure)
        return statistics.median(values) if values else float("nan")

    def every(self, row: str, figure: str, holds: Callable[[float], bool]) -> bool:
        """Whether every run of the row has the figure, and it holds for each; False without runs."""
        values = self.values(row, figure)
        return len(values) == self.seeds(row) > 0 and all(map(holds, values))


@dataclass(frozen=True, slots=True)
class Expectation:
    """Something that should come out.

    Parameters
    ----------
    words : str
        In words, with its numbers.
    holds : callable
        Whether it did. An expectation about rows that were not run does not hold.
    essential : bool
        Without it, the experiment is not reproduced. An expectation that is not essential only adds a condition.
    """

    words: str
    holds: Callable[[Results], bool]
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Experiment:
    """One published set-up, or one of our own, that is frozen: nothing about it is chosen when it is run.

    Parameters
    ----------
    name : str
        On the command line.
    title : str
    source : str
        Where it was published, with section; or that it is our own.
    setup, same, differs : str
        Networks and training; what is as in the source, and what is not.
    criterion, budget : str
        When a seed counts as solved, and how long it may take.
    paper : str
        The source's figure.
    seeds : int
        How many are run unless told otherwise, from 0 on.
    cost : str
        Of all seeds, in processor time, roughly.
    headline : str
        A row's name.
    rows : tuple of Row
    expected : tuple of Expectation
    """

    name: str
    title: str
    source: str
    setup: str
    same: str
    differs: str
    criterion: str
    budget: str
    paper: str
    seeds: int
    cost: str
    headline: str
    rows: tuple[Row, ...]
    expected: tuple[Expectation, ...]

    def row(self, name: str) -> Row:
        """The row of that name."""
        return next(row for row in self.rows if row.name == name)


@dataclass(frozen=True, slots=True)
class Held:
    """An expectation, and whether it held."""

    words: str
    held: bool
    essential: bool


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """What came of one experiment."""

    experiment: Experiment
    results: Results
    held: tuple[Held, ...]
    verdict: str  # one of VERDICTS
    condition: str  # what did not hold, in words; empty when all did
    seeds: int  # of the headline row that were run
    complete: bool  # whether all rows were run with all seeds

    @property
    def solved(self) -> int:
        """How many seeds of the headline row were solved."""
        return self.results.solved(self.experiment.headline)

    def measured(self) -> dict[str, dict[str, Any]]:
        """Each row: seeds, how many were solved, and median, lowest and highest of each figure."""
        return {row.name: _summary(self.results, row.name) for row in self.experiment.rows}

    def per_seed(self) -> list[dict[str, Any]]:
        """One entry a seed: whether the headline row was solved, and the figures of every row."""
        numbers = sorted({run.seed for run in self.results.of(self.experiment.headline)})
        return [
            {
                "seed": seed,
                "solved": any(r.solved for r in self.results.of(self.experiment.headline) if r.seed == seed),
                "rows": {run.row: dict(run.figures) for run in self.results.runs if run.seed == seed},
            }
            for seed in numbers
        ]

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain values."""
        of = self.experiment
        return {
            "name": of.name,
            "title": of.title,
            "source": of.source,
            "setup": of.setup,
            "same": of.same,
            "differs": of.differs,
            "criterion": of.criterion,
            "budget": of.budget,
            "headline": of.headline,
            "seeds": self.seeds,
            "solved": self.solved,
            "per_seed": self.per_seed(),
            "measured": self.measured(),
            "paper": of.paper,
            "expected": [{"words": each.words, "held": each.held, "essential": each.essential} for each in self.held],
            "verdict": self.verdict,
            "condition": self.condition,
            "complete": self.complete,
        }


def judged(experiment: Experiment, runs: Sequence[Run], *, complete: bool = True) -> Finding:
    """A finding from runs.

    Parameters
    ----------
    experiment : Experiment
    runs : sequence of Run
        In any order.
    complete : bool
        Whether these are all that were wanted.

    Returns
    -------
    Finding
        "reproduced" when every expectation held, "reproduced with a condition" when every essential one did.
    """
    results = Results(runs)
    held = tuple(Held(each.words, bool(each.holds(results)), each.essential) for each in experiment.expected)
    missed = [each for each in held if not each.held]
    short_of = NOT_YET if any(each.essential for each in missed) else CONDITION
    verdict = short_of if missed else REPRODUCED
    condition = tr("; ").join(tr("not so: {words}").format(words=each.words) for each in missed)
    return Finding(experiment, results, held, verdict, condition, results.seeds(experiment.headline), complete)


def _summary(results: Results, row: str) -> dict[str, Any]:
    found: dict[str, Any] = {"seeds": results.seeds(row), "solved": results.solved(row)}
    names = dict.fromkeys(name for run in results.of(row) for name in run.figures if name != "solved")
    for name in names:
        values = results.values(row, name)
        if values:
            mean, median = statistics.fmean(values), statistics.median(values)
            found[name] = {"mean": mean, "median": median, "lowest": min(values), "highest": max(values)}
    return found
