"""A sweep: many trials, each written down as soon as it is finished, so that a killed sweep goes on where it was.

Words used in this file
    plan      all runs that the sweep's file asks for
    record    a finished run: what decided it and what came of it; one line of the file of results
    values    everything that decides a run, under the keys of ``run_keys``
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec

from lstmviz import __version__
from lstmviz.files import BadInput, LineFile, caps, read_lines
from lstmviz.files.save import Path
from lstmviz.lab.run_keys import values_of
from lstmviz.lab.sweep_spec import Plan
from lstmviz.lab.trial import Outcome, Trial, run_trial
from lstmviz.lab.workers import Stop, run_all
from lstmviz.words import count, tr

MARK = b'{"lstmviz":'
NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}  # JSON has no numbers for them
MEASURES = ("score", "loss", "test_loss", "log10_share")

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Record:
    """A finished run."""

    values: dict[str, Value]
    outcome: dict[str, Any]  # as ``Outcome.to_dict``, without ``seconds``
    seconds: float
    version: str

    @property
    def solved(self) -> bool:
        """Whether the run met its task's criterion."""
        return self.outcome["solved_at"] is not None

    def key(self) -> str:
        """What is the same for two records of the same run."""
        return key_of(self.values)

    def line(self) -> bytes:
        """The record as a line of the file, without its newline."""
        outcome = {name: _written(value) for name, value in self.outcome.items()}
        entries = {
            "lstmviz": self.version,
            "values": self.values,
            "outcome": outcome,
            "seconds": round(self.seconds, 3),
        }
        return json.dumps(entries, separators=(",", ":"), allow_nan=False).encode()


def key_of(values: dict[str, Value]) -> str:
    """The values of a run as one text; two runs with the same text are one run."""
    return json.dumps(values, sort_keys=True)


def _written(value: Any) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        return next(word for word, number in NOT_FINITE.items() if repr(number) == repr(value))
    return value  # type: ignore[no-any-return]


def record_of(trial: Trial, outcome: Outcome) -> Record:
    """What is written down of a trial."""
    found = outcome.to_dict()
    return Record(values_of(trial), found, found.pop("seconds"), __version__)


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """One line of the file, as it must be."""

    lstmviz: str
    values: dict[str, Value]
    outcome: dict[str, Value]
    seconds: float


def read_records(path: Path) -> list[Record]:
    """All finished runs of a file of results, in its order; a torn last line is left out.

    Parameters
    ----------
    path : str or path
        As ``lstmviz sweep -o`` wrote it.

    Raises
    ------
    BadInput
        If it cannot be read, or a line is no record; with the line.
    """
    lines = read_lines(path, cap=caps.RUNS_BYTES, kind=tr("results of a sweep"))
    return [_record(text, path, number) for number, text in enumerate(lines, start=1)]


def _record(text: str, path: Path, number: int) -> Record:
    allowed = tr("a line as lstmviz sweep writes it")
    try:
        line = msgspec.json.decode(text, type=_Line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput(
            path, "", tr("this is no finished run: {why}").format(why=error), allowed, line=number
        ) from error
    outcome = {
        name: NOT_FINITE.get(value, value) if isinstance(value, str) else value for name, value in line.outcome.items()
    }
    whole = [outcome.get("solved_at", ""), outcome.get("updates")]
    bad = [name for name in MEASURES if type(outcome.get(name)) not in (int, float)]
    if bad or type(whole[1]) is not int or not (whole[0] is None or type(whole[0]) is int):
        wrong = tr("the outcome is not complete")
        raise BadInput(path, "outcome", wrong, f"solved_at, updates, {', '.join(MEASURES)}", line=number)
    if not isinstance(line.values.get("cell"), str):
        raise BadInput(path, "values", tr("there is no cell"), allowed, line=number)
    return Record(line.values, outcome, line.seconds, line.lstmviz)


class Job(NamedTuple):
    """One run as it travels to a process."""

    trial: Trial
    version: str  # of the program that asks

    def __str__(self) -> str:
        settings = self.trial.settings
        return f"{self.trial.cell}, {settings.task}, gap {settings.gap}, seed {settings.seed}"


class Sweep:
    """A plan and its file of results, open for more.

    Parameters
    ----------
    plan : Plan
        All runs.
    path : str or path
        The file of results; made if it is not there, continued if it is.

    Raises
    ------
    BadInput
        If the file cannot be written, is being written by another sweep, or holds runs that are not in the plan, or of
        another version; it is left as it was then.
    """

    def __init__(self, plan: Plan, path: Path) -> None:
        self.plan, self._path = plan, path
        self._file = LineFile(path)
        try:
            self.done = [] if self._file.is_empty() else self._finished()
            self._file.mend(MARK)
        except BaseException:
            self.close()
            raise
        known = {record.key() for record in self.done}
        self.left = [trial for trial in plan.trials if key_of(values_of(trial)) not in known]

    def run(
        self, *, workers: int = 1, backend: str = "processes", scheduler: str = "", stop: Stop | None = None
    ) -> Iterator[Record]:
        """Run what is left; each record is on the disk before it is given out.

        Parameters
        ----------
        workers, backend, scheduler, stop
            As for ``run_all``. Every backend gives the same outcomes, bit for bit, on processors with the same
            vector instructions.

        Raises
        ------
        BadInput
            When a run fails or a line cannot be written; what was finished before stays.
        """
        jobs = [Job(trial, __version__) for trial in self.left]
        options: dict[str, Any] = {"workers": workers, "backend": backend, "scheduler": scheduler, "stop": stop}
        for index, outcome in run_all(one_run, jobs, **options):
            record = record_of(jobs[index].trial, outcome)
            self._file.append(record.line())
            yield record

    def close(self) -> None:
        """Let other programs write the file."""
        self._file.close()

    def __enter__(self) -> "Sweep":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _finished(self) -> list[Record]:
        records = {record.key(): record for record in read_records(self._path)}
        planned = {key_of(values_of(trial)) for trial in self.plan.trials}
        allowed = tr("another file, or the sweep that this one was begun with and more")
        strangers = [record for key, record in records.items() if key not in planned]
        others = sorted({record.version for record in records.values()} - {__version__})
        if others:
            wrong = tr("it was begun with version {version}").format(version=others[0])
            raise BadInput(self._path, "", wrong, tr("version {version}, or another file").format(version=others[0]))
        if strangers:
            wrong = tr("{n} of its {all} runs are not in this sweep").format(
                n=count(len(strangers)), all=count(len(records))
            )
            raise BadInput(self._path, "", wrong, allowed)
        return list(records.values())


def one_run(job: Job, stop: Stop | None = None) -> Outcome:
    """Run one trial, in whatever process."""
    if job.version != __version__:
        raise RuntimeError(f"this worker has lstmviz {__version__}, the sweep {job.version}")
    return run_trial(job.trial, stop=stop)


def prepare(trials: list[Trial]) -> None:
    """Compile, in this process, the kernels that the trials need, so that worker processes find them on the disk."""
    kinds = {(trial.cell, trial.settings.dtype): trial for trial in trials}
    for trial in kinds.values():
        run_trial(replace(trial, updates=1))
