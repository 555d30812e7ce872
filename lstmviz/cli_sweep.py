"""``lstmviz sweep`` and ``lstmviz report``: many runs from one file, and what came of them."""

import argparse
import os
import sys
from typing import Any

from lstmviz.words import tr

LOCAL = ("threads", "processes")


def add_parsers(commands: Any) -> None:
    """Add ``sweep`` and ``report`` to the commands."""
    sweep = commands.add_parser("sweep", help=tr("train many networks as a file asks, and write one line for each"))
    sweep.add_argument("spec", metavar="SPEC.toml", help=tr("which runs; docs/sweeps.md says how to write one"))
    sweep.add_argument(
        "-o", "--output", required=True, metavar="RUNS.jsonl", help=tr("where to write; continued if there")
    )
    sweep.add_argument("--backend", choices=(*LOCAL, "dask"), help=tr("where the runs happen (processes)"))
    sweep.add_argument("--workers", help=tr("runs at a time, 1 to 256 (as many as there are cores)"))
    sweep.add_argument("--scheduler", metavar="ADDRESS", help=tr("a Dask scheduler, such as tcp://127.0.0.1:8786"))
    sweep.set_defaults(run=run_sweep)
    report = commands.add_parser("report", help=tr("make a page or a table of the runs of a sweep"))
    report.add_argument("runs", metavar="RUNS.jsonl", help=tr("as lstmviz sweep wrote it"))
    report.add_argument("-o", "--output", required=True, metavar="F", help=tr("F.html or F.csv"))
    report.set_defaults(run=run_report)


def run_sweep(arguments: argparse.Namespace) -> int:
    """Run what is left of a sweep; each finished run is in the file before the next is told."""
    from lstmviz.cli_compare import check_targets
    from lstmviz.lab.sweep import Sweep
    from lstmviz.lab.sweep_spec import read_spec

    options = where(arguments)
    check_targets([arguments.output], [arguments.spec])
    plan = read_spec(arguments.spec)
    with Sweep(plan, arguments.output) as sweep:
        print(begun(sweep), file=sys.stderr)
        try:
            solved = shown(sweep, options)
        except KeyboardInterrupt:
            print(tr("stopped; the same command goes on from here"), file=sys.stderr)
            return 130
    said = tr("{name}: {solved} of {n} runs solved")
    print(said.format(name=plan.name, solved=solved, n=len(plan.trials)))
    return 0


def where(arguments: argparse.Namespace) -> dict[str, Any]:
    """Backend, workers and scheduler, checked."""
    from lstmviz.cli_compare import whole
    from lstmviz.files import BadInput
    from lstmviz.lab.workers import ADDRESS, MOST_WORKERS

    scheduler = arguments.scheduler or ""
    backend = arguments.backend or ("dask" if scheduler else "processes")
    if (backend == "dask") != bool(scheduler):
        wrong = tr("dask and its scheduler go together")
        raise BadInput("lstmviz sweep", "--scheduler", wrong, "--backend dask --scheduler tcp://127.0.0.1:8786")
    if scheduler and not ADDRESS.fullmatch(scheduler):
        raise BadInput("lstmviz sweep", "--scheduler", tr("this is no address"), tr("such as tcp://127.0.0.1:8786"))
    workers = cores()
    if arguments.workers is not None:
        workers = whole("--workers", arguments.workers, 1, MOST_WORKERS, "lstmviz sweep")
    return {"backend": backend, "workers": workers, "scheduler": scheduler}


def cores() -> int:
    """How many runs this machine does at a time."""
    has = getattr(os, "sched_getaffinity", None)
    return len(has(0)) if has else os.cpu_count() or 1


def begun(sweep: Any) -> str:
    """What there is to do, in one line."""
    from lstmviz.files.error_line import one_line
    from lstmviz.words import count

    said = tr("{name}: {n} runs").format(name=one_line(sweep.plan.name), n=count(len(sweep.plan.trials)))
    if sweep.plan.twins:
        said += tr("; {n} more would be the same and are left out").format(n=count(sweep.plan.twins))
    if sweep.done:
        said += tr("; {n} are finished, {left} are left").format(n=count(len(sweep.done)), left=count(len(sweep.left)))
    return said


def shown(sweep: Any, options: dict[str, Any]) -> int:
    """Let the runs happen behind a progress bar with the time left; how many of all are solved."""
    from tqdm import tqdm

    from lstmviz.lab.sweep import prepare

    solved: int = sum(record.solved for record in sweep.done)
    total, done = len(sweep.plan.trials), len(sweep.done)
    bar = tqdm(
        total=total, initial=done, desc=tr("sweep"), unit=tr(" runs"), file=sys.stderr, disable=None, smoothing=0.05
    )
    with bar:
        if options["backend"] != "dask":
            bar.set_postfix_str(tr("getting the kernels ready"))
            prepare(sweep.left)
        for record in sweep.run(**options):
            solved += record.solved
            bar.set_postfix_str(tr("{n} solved").format(n=solved), refresh=False)
            bar.update()
    return solved


def run_report(arguments: argparse.Namespace) -> int:
    """Write the page or the table."""
    from lstmviz.cli_compare import check_targets, deliver, wrote_line
    from lstmviz.files import BadInput
    from lstmviz.lab.report import report_csv, report_html
    from lstmviz.lab.sweep import read_records

    ending = arguments.output.rpartition(".")[2].lower()
    if ending not in ("html", "csv"):
        raise BadInput(arguments.output, "-o", tr("unknown kind of report"), ".html, .csv")
    check_targets([arguments.output], [arguments.runs])
    records = read_records(arguments.runs)
    if not records:
        raise BadInput(arguments.runs, "", tr("it holds no finished run"), tr("one line or more"))
    deliver(arguments.output, report_html(records) if ending == "html" else report_csv(records))
    print(wrote_line(arguments.output))
    return 0
