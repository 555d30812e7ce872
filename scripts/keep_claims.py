"""Run the checks that only claims need, and keep what they give beside the published experiments.

Checks that were kept before are run again only when named, or with "all". A few minutes on two cores.
usage: python scripts/keep_claims.py [NAME ... | all]
"""

import sys

from lstmviz.files import atomic_save
from lstmviz.lab.claims import CHECKS, one_run
from lstmviz.lab.papers.parts import judged
from lstmviz.lab.papers.records import as_json, kept_record, record
from lstmviz.lab.workers import run_all
from lstmviz.resources import resource


def main() -> None:
    named = CHECKS if sys.argv[1:] == ["all"] else sys.argv[1:]
    for name in named or [name for name in CHECKS if kept_record(name) is None]:
        check = CHECKS[name]
        jobs = [(name, index, seed) for seed in range(check.seeds) for index in range(len(check.rows))]
        finding = judged(check, [run for _, run in run_all(one_run, jobs, workers=2)])
        kept = record(finding) | {"verdict": "", "condition": ""}  # claims judge it, nothing else does
        path = resource("lab", "papers", "results", f"{name}.json")
        atomic_save(str(path), as_json(kept).encode())
        print(f"{name}: {len(jobs)} runs")


if __name__ == "__main__":
    main()
