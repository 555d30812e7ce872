"""``lstmviz experiment``: published results, run again and judged."""

import argparse
import sys
import textwrap
from typing import Any

from lstmviz.words import count, decimal, number, tr

WIDTH = 100
INTERRUPTED = 130


def add_parser(commands: Any) -> None:
    """Add ``experiment`` to the commands."""
    top = commands.add_parser("experiment", help=tr("run published experiments again, and judge what comes out"))
    verbs = top.add_subparsers(title=tr("commands"), metavar=tr("COMMAND"), required=True)
    listing = verbs.add_parser("list", help=tr("all experiments, with what they gave when last run for the package"))
    listing.set_defaults(run=run_list)
    show = verbs.add_parser("show", help=tr("one experiment: source, set-up, differences, criterion and results"))
    show.add_argument("name", metavar=tr("NAME"), help=tr("as in the list"))
    show.set_defaults(run=run_show)
    run = verbs.add_parser("run", help=tr("run one experiment; Ctrl-C keeps the seeds that are finished"))
    run.add_argument("name", metavar=tr("NAME"), help=tr("as in the list"))
    run.add_argument("--seeds", metavar="N", help=tr("of every row, 1 to 1000 (the experiment's own number)"))
    run.add_argument("--first-seed", metavar="N", default="0", help=tr("the first of them, 0 to 1000000 (0)"))
    run.add_argument("--workers", metavar="N", default="1", help=tr("processes, 1 to 256 (1); results are the same"))
    run.add_argument("--json", metavar="F", help=tr("write the finding as JSON; - is standard output"))
    run.set_defaults(run=run_run)


def run_list(arguments: argparse.Namespace) -> int:
    """Print a line for each experiment."""
    from lstmviz.lab.experiment import EXPERIMENTS
    from lstmviz.lab.papers.records import kept_record

    for name, experiment in EXPERIMENTS.items():
        kept = kept_record(name)
        result = tr("not run yet") if kept is None else _result(kept)
        print(f"{name:<15}{experiment.cost:<8}{result:<42}{experiment.title}")
    return 0


def _result(kept: dict[str, Any]) -> str:
    line = tr("{solved} of {seeds}, {verdict}")
    return line.format(solved=kept["solved"], seeds=kept["seeds"], verdict=kept["verdict"])


def run_show(arguments: argparse.Namespace) -> int:
    """Print all that is fixed about one experiment, and what it gave."""
    from lstmviz.lab.experiment import find
    from lstmviz.lab.papers.records import kept_record

    experiment = find(arguments.name)
    print(f"{experiment.name}: {experiment.title}\n")
    parts = {
        tr("source"): experiment.source,
        tr("set-up"): experiment.setup,
        tr("same"): experiment.same,
        tr("differs"): experiment.differs,
        tr("solved"): experiment.criterion,
        tr("budget"): experiment.budget,
        tr("published"): experiment.paper,
        tr("seeds"): str(experiment.seeds),
        tr("cost"): experiment.cost,
        tr("rows"): "; ".join(row.name for row in experiment.rows),
    }
    for name, text in parts.items():
        print(_paragraph(name, text))
    for each in experiment.expected:
        print(_paragraph(tr("expected"), each.words))
    kept = kept_record(experiment.name)
    if kept is not None:
        print("\n" + tr("Last run for the package, version {version}:").format(version=kept["version"]))
        print(summary(kept))
    return 0


def _paragraph(name: str, text: str) -> str:
    return textwrap.fill(f"{name:<11}{text}", WIDTH, subsequent_indent=" " * 11)


def run_run(arguments: argparse.Namespace) -> int:
    """Run one experiment, print what came out, write it if asked."""
    from lstmviz.cli_compare import check_targets, deliver, wrote_line
    from lstmviz.lab.experiment import LAST_SEED, MOST_SEEDS, find, run_experiment, work_of
    from lstmviz.lab.papers.records import as_json, record
    from lstmviz.lab.workers import MOST_WORKERS

    experiment = find(arguments.name)
    seeds = None if arguments.seeds is None else _whole("--seeds", arguments.seeds, 1, MOST_SEEDS)
    first = _whole("--first-seed", arguments.first_seed, 0, LAST_SEED)
    workers = _whole("--workers", arguments.workers, 1, MOST_WORKERS)
    path = arguments.json
    check_targets([] if path is None else [path])
    with _bar(len(work_of(experiment, seeds, first))) as bar:

        def progress(finished: int, of: int, run: Any) -> None:
            solved = tr("solved") if run.solved else tr("not solved")
            bar.set_postfix_str(f"{run.row}, {tr('seed')} {run.seed}: {solved}", refresh=False)
            bar.update(finished - bar.n)

        finding = run_experiment(experiment.name, seeds=seeds, first_seed=first, workers=workers, progress=progress)
    if not finding.results.runs:
        print(tr("stopped before the first run was finished"), file=sys.stderr)
        return INTERRUPTED
    kept = record(finding)
    wrote = path is not None and deliver(path, as_json(kept).encode())
    to_read = sys.stderr if path == "-" else sys.stdout
    print(f"{experiment.name}: {experiment.title}\n", file=to_read)
    print(_paragraph(tr("solved"), experiment.criterion), file=to_read)
    print(_paragraph(tr("budget"), experiment.budget) + "\n", file=to_read)
    print(summary(kept), file=to_read)
    if wrote:
        print(wrote_line(path), file=to_read)
    return 0 if finding.complete else INTERRUPTED


def _bar(runs: int) -> Any:
    from tqdm import tqdm

    return tqdm(total=runs, desc=tr("running"), unit=tr(" runs"), file=sys.stderr, disable=None, leave=False)


def _whole(option: str, text: str, low: int, high: int) -> int:
    """A whole number in a range; the error names this command."""
    from lstmviz.cli_compare import whole
    from lstmviz.files import BadInput

    try:
        return whole(option, text, low, high)
    except BadInput as error:
        raise BadInput("lstmviz experiment", option, error.wrong, error.allowed) from None


def summary(kept: dict[str, Any]) -> str:
    """Table of the rows, what was expected, and the verdict, as a person reads them in a terminal."""
    from lstmviz.cli_compare import text_table

    rows = [_row(name, found) for name, found in kept["measured"].items()]
    header = [tr("row"), tr("solved"), tr("after: median"), tr("lowest"), tr("highest")]
    timed = any("solved_at" in found for found in kept["measured"].values())
    lines = [text_table(header, rows)] if timed else [text_table(header[:2], [row[:2] for row in rows])]
    if not timed:
        lines += ["", tr("Medians:"), *(_figures(name, found) for name, found in kept["measured"].items())]
    lines.append("")
    for each in kept["expected"]:
        mark = tr("as expected") if each["held"] else tr("NOT AS EXPECTED")
        lines.append(textwrap.fill(f"{mark}: {each['words']}", WIDTH, subsequent_indent="  "))
    lines += ["", _paragraph(tr("published"), kept["paper"]), _paragraph(tr("verdict"), kept["verdict"])]
    if not kept["complete"]:
        lines.append(tr("Not all runs were made: stopped early."))
    return "\n".join(lines)


def _figures(name: str, found: dict[str, Any]) -> str:
    """The medians of what one row measured, where nothing was counted until it was solved."""
    told = [
        f"{key.replace('_', ' ')} {number(of['median'], 3)}"
        for key, of in found.items()
        if isinstance(of, dict) and of["median"] is not None
    ]
    return textwrap.fill(f"{name}: {'; '.join(told)}", WIDTH, subsequent_indent="  ")


def _row(name: str, found: dict[str, Any]) -> list[str]:
    """One row with the spread of what was counted until it was solved."""
    share = tr("{solved} of {seeds}").format(solved=found["solved"], seeds=found["seeds"])
    spread = found.get("solved_at")
    if spread is None:
        return [name, share, "", "", ""]
    return [name, share, *(_number(spread[key]) for key in ("median", "lowest", "highest"))]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return count(round(value)) if abs(value) >= 100 else decimal(value, 2)
