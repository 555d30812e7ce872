"""Put records of ``lstmviz experiment run NAME --json F`` into the package, and write docs/experiments.md from them.

    python scripts/keep_experiment.py F ...      keep these records, then write the page
    python scripts/keep_experiment.py            write the page
    python scripts/keep_experiment.py --judge    judge all kept runs anew, by today's expectations, then write the page

A record that is kept replaces the one of the same experiment. One of an experiment that was stopped is refused.
"""

import json
import sys
from pathlib import Path

from lstmviz.lab.experiment import EXPERIMENTS
from lstmviz.lab.papers.page import page
from lstmviz.lab.papers.parts import Run, judged
from lstmviz.lab.papers.records import KEPT_BY_RUN, as_json

ROOT = Path(__file__).resolve().parent.parent
RESULTS, PAGE = ROOT / "lstmviz" / "lab" / "papers" / "results", ROOT / "docs" / "experiments.md"


def judged_anew(record: dict) -> dict:
    """The record with the words and the verdict of today."""
    runs = [Run(row, entry["seed"], figures) for entry in record["per_seed"] for row, figures in entry["rows"].items()]
    fresh = judged(EXPERIMENTS[record["name"]], runs).to_dict()
    return record | {key: fresh[key] for key in fresh if key not in KEPT_BY_RUN}


def main(arguments: list[str]) -> int:
    """Keep, judge, write."""
    RESULTS.mkdir(exist_ok=True)
    kept = [RESULTS / f"{name}.json" for name in EXPERIMENTS]
    files = [file for file in kept if file.exists()] if arguments == ["--judge"] else [Path(name) for name in arguments]
    for file in files:
        record = json.loads(file.read_text(encoding="utf-8"))
        if not record["complete"] or record["first_seed"] != 0:
            print(f"{file}: not all of its runs were made, or not from seed 0", file=sys.stderr)
            return 2
        text = as_json(judged_anew(record))
        (RESULTS / f"{record['name']}.json").write_text(text, encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
