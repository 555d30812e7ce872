"""From claims and experiments of the lab to the rows of the table; nothing here changes anything.

The lab's list of experiments takes a second to import, so that this is done in a thread, on the first opening.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lstmviz.lab.settings import CELLS, Settings
from lstmviz.stage.claims_frame import CLAIM, PUBLISHED, ClaimRow, Sign, seconds_of
from lstmviz.words import count, decimal, number, tr

if TYPE_CHECKING:
    from lstmviz.lab.claim_list import Claim
    from lstmviz.lab.claim_rulings import Ruling
    from lstmviz.lab.papers.parts import Experiment, Finding, Run

TOPIC = tr("published results")
MOST_FIGURES = 3


@dataclass(frozen=True, eq=False, slots=True)
class Book:
    """All claims and experiments, by key, and the runs that come with the program."""

    claims: dict[str, Claim]
    experiments: dict[str, Experiment]  # of every key: the one that decides a claim, or the published one
    kept: dict[str, Finding]
    topics: tuple[str, ...]
    verdicts: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, claims first."""
        return tuple(self.experiments)

    def seconds(self, key: str) -> float:
        """How long the runs of a row take, roughly."""
        from lstmviz.lab.claims import jobs_of

        experiment = self.experiments[key]
        whole = seconds_of(experiment.cost)
        if key not in self.claims:
            return whole
        jobs = sum(min(experiment.seeds, row.seeds or experiment.seeds) for row in experiment.rows)
        return whole * len(jobs_of(self.claims[key])) / max(jobs, 1)

    def run(self, key: str, workers: int, stop: threading.Event, progress: Callable[[int, int, Run], None]) -> Finding:
        """Run what decides a row."""
        from lstmviz.lab.claims import run_claim
        from lstmviz.lab.experiment import run_experiment

        if key in self.claims:
            return run_claim(self.claims[key], workers=workers, stop=stop, progress=progress)
        return run_experiment(self.experiments[key].name, workers=workers, stop=stop, progress=progress)


def open_book() -> Book:
    """Read everything; takes a second or two."""
    from lstmviz.lab.claims import CLAIMS, TOPICS, VERDICTS, experiment_of, kept
    from lstmviz.lab.experiment import EXPERIMENTS
    from lstmviz.lab.papers.parts import Run, judged
    from lstmviz.lab.papers.records import kept_record

    claims = {f"{CLAIM} {claim.number}": claim for claim in CLAIMS}
    experiments = {f"{PUBLISHED} {name}": experiment for name, experiment in EXPERIMENTS.items()}
    known = {key: found for key, claim in claims.items() if (found := kept(claim)) is not None}
    for key, experiment in experiments.items():
        record = kept_record(experiment.name)
        if record is not None:
            entries = record["per_seed"]
            runs = [Run(row, entry["seed"], figures) for entry in entries for row, figures in entry["rows"].items()]
            known[key] = judged(experiment, runs, complete=bool(record.get("complete")))
    decides = {key: experiment_of(claim) for key, claim in claims.items()}
    return Book(claims, decides | experiments, known, (*TOPICS, TOPIC), tuple(VERDICTS))


def row_of(book: Book, key: str, finding: Finding | None, shipped: bool) -> ClaimRow:
    """One row of the table.

    Parameters
    ----------
    book : Book
    key : str
    finding : Finding or None
        The runs known of it.
    shipped : bool
        Whether they come with the program.
    """
    experiment, claim = book.experiments[key], book.claims.get(key)
    ruling = ruling_of(finding, claim)
    solves = experiment.criterion != tr("none; the figures decide")
    runs = () if finding is None else finding.results.of(experiment.headline)
    dots = tuple(run.solved for run in runs) if solves else ()
    details = {
        tr("condition"): ruling.condition,
        tr("here"): ruling.figure,
        tr("paper"): experiment.paper,
        tr("set-up"): experiment.setup,
        tr("as in the source"): experiment.same,
        tr("different"): experiment.differs,
        tr("criterion"): experiment.criterion,
        tr("budget"): experiment.budget,
        tr("seeds"): count(experiment.seeds),
    }
    return ClaimRow(
        key=key,
        kind=PUBLISHED if claim is None else CLAIM,
        words=experiment.title if claim is None else claim.words,
        source=experiment.source if claim is None else f"{claim.topic}; {experiment.title}",
        topic=TOPIC if claim is None else claim.topic,
        verdict=ruling.verdict,
        sign=sign_of(ruling.verdict),
        condition=ruling.condition,
        paper=experiment.paper if claim is None else "",
        figure=ruling.figure,
        solved=tr("{n} of {all}").format(n=sum(dots), all=len(dots)) if dots else "",
        dots=dots,
        shipped=shipped,
        seconds=book.seconds(key),
        details=tuple((name, text) for name, text in details.items() if text),
        opens=settings_of(book, key) is not None,
    )


def ruling_of(finding: Finding | None, claim: Claim | None) -> Ruling:
    """Verdict, condition and figures of a claim, or of a published experiment in the same words."""
    from lstmviz.lab.claim_rulings import HOLDS, HOLDS_IF, NOT_REPRODUCED, NOT_TESTED, Ruling
    from lstmviz.lab.papers.parts import CONDITION, REPRODUCED

    if claim is not None:
        return claim.decide(finding)
    if finding is None:
        return Ruling(NOT_TESTED, "", "")
    verdict = {REPRODUCED: HOLDS, CONDITION: HOLDS_IF}.get(finding.verdict, NOT_REPRODUCED)
    return Ruling(verdict, finding.condition, figures_of(finding))


def sign_of(verdict: str) -> Sign:
    """The sign beside a verdict."""
    from lstmviz.lab.claim_rulings import FALSE, HOLDS, HOLDS_IF, NOT_REPRODUCED

    signs: dict[str, Sign] = {HOLDS: "tick", HOLDS_IF: "half disc", FALSE: "cross", NOT_REPRODUCED: "bar"}
    return signs.get(verdict, "")


def figures_of(finding: Finding) -> str:
    """The first figures of the headline row, at their medians."""
    measured = finding.measured()[finding.experiment.headline]
    parts = []
    for name, value in measured.items():
        if isinstance(value, dict):
            text = count(round(value["median"])) if abs(value["median"]) >= 1000 else number(value["median"])
            parts.append(f"{name.replace('_', ' ')} {text}")
    return "; ".join(parts[:MOST_FIGURES])


def settings_of(book: Book, key: str) -> tuple[Settings, float, int] | None:
    """Settings, learning rate and updates under which Learn shows what a row is about; None where it cannot."""
    experiment, claim = book.experiments[key], book.claims.get(key)
    wanted = experiment.rows if claim is None else [experiment.row(name) for name in claim.rows]
    setups = [row.setup for row in wanted if isinstance(getattr(row.setup, "settings", None), Settings)]
    if not setups:
        return None
    first = setups[0]
    named = {cell for setup in setups for cell in _cells(setup)}
    cells = tuple(cell for cell in CELLS if cell in named)
    recipe = getattr(first, "recipe", None)
    rate = float(recipe.learning_rate if recipe is not None else first.rate)
    # in the window's own precision, whose kernels are compiled already
    settings = replace(first.settings, cells=cells, batch=1, dtype="float64")
    return settings, rate, int(first.updates)


def _cells(setup: Any) -> tuple[str, ...]:
    """The network that a set-up trains; some name it beside their settings."""
    cell = getattr(setup, "cell", None)
    return tuple(setup.settings.cells) if cell is None else (cell,)


def duration(seconds: float) -> str:
    """``52 s`` or ``3 min``."""
    if seconds < 100:
        return tr("{n} s").format(n=max(1, round(seconds)))
    minutes = seconds / 60
    return tr("{n} min").format(n=decimal(minutes, 1) if minutes < 3 and round(minutes, 1) % 1 else round(minutes))
