"""``lstmviz claim``: what is often said of LSTMs, the learner's vote, and the experiment that decides."""

import argparse
import sys
import textwrap
from typing import Any

from lstmviz.words import tr

WIDTH = 100
VOTES = ("yes", "no")


def add_parser(commands: Any) -> None:
    """Add ``claim`` and its three commands."""
    top = commands.add_parser("claim", help=tr("vote on what is said of LSTMs, then let an experiment decide"))
    verbs = top.add_subparsers(title=tr("commands"), metavar=tr("COMMAND"), required=True)
    listing = verbs.add_parser("list", help=tr("all claims, and what the runs that come with the program say"))
    listing.set_defaults(run=run_list)
    show = verbs.add_parser("show", help=tr("one claim: the experiment, its rows, and what it said"))
    show.add_argument("number", metavar="N", help=tr("as in the list"))
    show.set_defaults(run=run_show)
    run = verbs.add_parser("run", help=tr("vote, then run what decides a claim on this machine"))
    run.add_argument("number", metavar="N", help=tr("as in the list"))
    run.add_argument("--vote", choices=VOTES, help=tr("does it hold? asked when left out"))
    run.add_argument("--seeds", metavar="N", help=tr("of every row, 1 to 1000 (the experiment's own number)"))
    run.add_argument("--workers", metavar="N", default="1", help=tr("processes, 1 to 256 (1); the verdict is the same"))
    run.add_argument("--json", metavar="F", help=tr("write the runs and the verdict as JSON; - is standard output"))
    run.set_defaults(run=run_run)


def run_list(arguments: argparse.Namespace) -> int:
    """Print the claims by topic, each with its verdict; what was not run yet says so."""
    from lstmviz.lab.claims import CLAIMS, TOPICS, kept

    for topic in TOPICS:
        print(topic.capitalize())
        for claim in CLAIMS:
            if claim.topic == topic:
                verdict = claim.decide(kept(claim)).verdict
                print(textwrap.fill(f"{claim.number:>3}  {claim.words}", WIDTH - 18, subsequent_indent=" " * 5))
                print(f"     {verdict}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Print all that is fixed about one claim, and what its experiment said."""
    from lstmviz.lab.claims import experiment_of, kept

    claim = _claim(arguments.number)
    experiment = experiment_of(claim)
    print(f"{claim.number}. {claim.words}\n")
    parts = {
        tr("topic"): claim.topic,
        tr("experiment"): f"{experiment.name}: {experiment.title}",
        tr("set-up"): experiment.setup,
        tr("solved"): experiment.criterion,
        tr("budget"): experiment.budget,
        tr("rows"): "; ".join(claim.rows),
        tr("seeds"): str(experiment.seeds),
        tr("cost"): experiment.cost,
    }
    for name, text in parts.items():
        print(_paragraph(name, text))
    print()
    print(told(claim, kept(claim)))
    return 0


def run_run(arguments: argparse.Namespace) -> int:
    """Take the vote, run what decides, and say what came out."""
    from lstmviz.cli_compare import check_targets, deliver, whole, wrote_line
    from lstmviz.lab.claims import run_claim
    from lstmviz.lab.experiment import MOST_SEEDS
    from lstmviz.lab.workers import MOST_WORKERS

    claim = _claim(arguments.number)
    seeds = None if arguments.seeds is None else whole("--seeds", arguments.seeds, 1, MOST_SEEDS, "lstmviz claim run")
    workers, path = whole("--workers", arguments.workers, 1, MOST_WORKERS, "lstmviz claim run"), arguments.json
    check_targets([] if path is None else [path])
    to_read = sys.stderr if path == "-" else sys.stdout
    print(f"{claim.number}. {claim.words}", file=to_read)
    vote = arguments.vote or asked()
    with _bar(claim, seeds) as bar:

        def progress(finished: int, of: int, run: Any) -> None:
            bar.set_postfix_str(f"{run.row}, {tr('seed')} {run.seed}", refresh=False)
            bar.update(finished - bar.n)

        finding = run_claim(claim, seeds=seeds, workers=workers, progress=progress)
    wrote = path is not None and deliver(path, as_json(claim, finding, vote))
    print(told(claim, finding, vote), file=to_read)
    if wrote:
        print(wrote_line(path), file=to_read)
    return 0


def asked() -> str:
    """The vote of the person at the terminal; nothing where nobody sits."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    print(tr("Does it hold? yes or no, Enter to go on without a vote: "), end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().lower()
    return next((vote for vote in VOTES if answer and vote.startswith(answer)), "")


def told(claim: Any, finding: Any, vote: str = "") -> str:
    """The vote, the verdict, its condition and the figures, as a person reads them."""
    ruling = claim.decide(finding)
    lines = [_paragraph(tr("your vote"), {"yes": tr("it holds"), "no": tr("it does not")}[vote])] if vote else []
    lines.append(_paragraph(tr("verdict"), ruling.verdict))
    lines += [_paragraph(tr("condition"), ruling.condition)] if ruling.condition else []
    lines += [_paragraph(tr("figures"), ruling.figure)] if ruling.figure else []
    return "\n".join(lines)


def as_json(claim: Any, finding: Any, vote: str = "") -> bytes:
    """Claim, verdict and runs as JSON."""
    from lstmviz.lab.claims import decided
    from lstmviz.lab.papers.records import as_json as text_of

    return text_of(decided(claim, finding, vote)).encode()


def _claim(text: str) -> Any:
    from lstmviz.files import BadInput
    from lstmviz.files.error_line import shortened
    from lstmviz.lab.claims import CLAIMS, find

    if not (text.isdecimal() and len(text) < 5):
        allowed = tr("{low} to {high}").format(low=1, high=len(CLAIMS))
        raise BadInput("lstmviz claim", shortened(text) or '""', tr("there is no such claim"), allowed)
    return find(int(text))


def _bar(claim: Any, seeds: int | None) -> Any:
    from tqdm import tqdm

    from lstmviz.lab.claims import jobs_of

    total = len(jobs_of(claim, seeds))
    return tqdm(total=total, desc=tr("running"), unit=tr(" runs"), file=sys.stderr, disable=None, leave=False)


def _paragraph(name: str, text: str) -> str:
    return textwrap.fill(f"{name:<11}{text}", WIDTH, subsequent_indent=" " * 11)
