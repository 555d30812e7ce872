"""What is often said of LSTMs, each bound to the experiment that decides it.

A claim holds no verdict: ``decide`` reads it off the runs. ``kept(claim)`` are the runs that come with the program,
``run_claim(claim)`` makes new ones.
"""

from collections.abc import Callable
from typing import Any

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.claim_checks import QUICK
from lstmviz.lab.claim_list import TOPICS, Claim, all_claims
from lstmviz.lab.claim_rulings import VERDICTS, Ruling
from lstmviz.lab.claim_trainings import TRAINED
from lstmviz.lab.experiment import EXPERIMENTS
from lstmviz.lab.papers.parts import Experiment, Finding, Run, judged
from lstmviz.lab.papers.records import kept_record, record
from lstmviz.lab.workers import Stop, run_all
from lstmviz.words import tr

__all__ = ["CHECKS", "CLAIMS", "TOPICS", "VERDICTS", "Claim", "Ruling", "find", "finding_of", "kept", "run_claim"]

CHECKS: dict[str, Experiment] = {check.name: check for check in (*QUICK, *TRAINED)}
CLAIMS: tuple[Claim, ...] = all_claims()


def experiment_of(claim: Claim) -> Experiment:
    """The experiment that decides a claim."""
    return CHECKS.get(claim.experiment) or EXPERIMENTS[claim.experiment]


def find(number: int) -> Claim:
    """The claim of that number.

    Raises
    ------
    BadInput
        If there is none.
    """
    if not 1 <= number <= len(CLAIMS):
        allowed = tr("{low} to {high}").format(low=1, high=len(CLAIMS))
        raise BadInput("lstmviz claim", shortened(str(number)), tr("there is no such claim"), allowed)
    return CLAIMS[number - 1]


def kept(claim: Claim) -> Finding | None:
    """The runs that come with the program; None when there are none yet."""
    record = kept_record(claim.experiment)
    return None if record is None else finding_of(claim, record)


def finding_of(claim: Claim, record: dict[str, Any]) -> Finding:
    """A finding from a record, as ``papers.records`` keeps it."""
    runs = [Run(row, entry["seed"], figures) for entry in record["per_seed"] for row, figures in entry["rows"].items()]
    return judged(experiment_of(claim), runs, complete=bool(record.get("complete")))


def decided(claim: Claim, finding: Finding, vote: str = "") -> dict[str, Any]:
    """Claim, vote, verdict and runs as plain values."""
    ruling, found = claim.decide(finding), record(finding)
    said = {"verdict": ruling.verdict, "condition": ruling.condition, "figure": ruling.figure}
    # What was expected of the experiment as a whole, and its time, say nothing about some of its rows.
    found = {key: value for key, value in found.items() if key not in ("expected", "processor_seconds")}
    found["measured"] = {row: each for row, each in found["measured"].items() if each["seeds"]}
    return {"claim": claim.number, "words": claim.words, "topic": claim.topic, "vote": vote or None} | found | said


def one_run(job: tuple[str, int, int]) -> Run:
    """One row of an experiment with one seed; of a module's top level, so that it travels to processes."""
    name, index, seed = job
    row = (CHECKS.get(name) or EXPERIMENTS[name]).rows[index]
    return Run(row.name, seed, row.run(row.setup, seed))


def run_claim(
    claim: Claim,
    *,
    seeds: int | None = None,
    workers: int = 1,
    stop: Stop | None = None,
    progress: Callable[[int, int, Run], None] | None = None,
) -> Finding:
    """Run what decides a claim: only the rows that its ruling reads.

    Parameters
    ----------
    claim : Claim
    seeds : int, optional
        Of every row; the experiment's own number when left out.
    workers : int
        Processes; with 1 the runs happen here.
    stop : object with ``is_set()``, optional
        When set, what is finished is given back.
    progress : callable, optional
        Called with the number of finished runs, that of all runs, and the last one.
    """
    experiment = experiment_of(claim)
    jobs = jobs_of(claim, seeds)
    runs: list[Run] = []
    for _, run in run_all(one_run, jobs, workers=workers, stop=stop):
        runs.append(run)
        if progress is not None:
            progress(len(runs), len(jobs), run)
    return judged(experiment, runs, complete=len(runs) == len(jobs))


def jobs_of(claim: Claim, seeds: int | None = None) -> list[tuple[str, int, int]]:
    """All runs of a claim, seed by seed."""
    experiment = experiment_of(claim)
    return [
        (experiment.name, index, seed)
        for seed in range(experiment.seeds if seeds is None else seeds)
        for index, row in enumerate(experiment.rows)
        # The headline's seeds are those of a record.
        if row.name in (*claim.rows, experiment.headline)
        and (seeds is not None or row.seeds is None or seed < row.seeds)
    ]
