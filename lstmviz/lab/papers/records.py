"""Findings as they are kept: plain values with version, kind of machine and seeds; and those in the package.

``lstmviz experiment run NAME --json F`` writes such a record; ``scripts/keep_experiment.py`` puts one into ``results``,
from which ``docs/experiments.md`` is made.
"""

import json
import math
import os
import platform
from typing import Any

from lstmviz import __version__
from lstmviz.files import parse_json
from lstmviz.lab.papers.parts import Finding
from lstmviz.resources import resource

SCHEMA = "lstmviz.experiment/1"
RESULTS = ("lab", "papers", "results")
DIGITS = 6  # of the numbers that are kept
KEPT_BY_RUN = ("per_seed", "measured", "complete", "seeds", "solved")  # what a later judging leaves as it is


def machine() -> str:
    """What kind of machine this is: the processors' family, and how many cores."""
    return f"{platform.machine()}, {os.cpu_count()} cores"


def record(finding: Finding) -> dict[str, Any]:
    """A finding with where it came from; what JSON cannot say (infinity, NaN) is None."""
    runs = finding.results.runs
    origin = {
        "schema": SCHEMA,
        "version": __version__,
        "machine": machine(),
        "first_seed": min((run.seed for run in runs), default=0),
        "processor_seconds": sum(run.seconds for run in runs),
    }
    rounded: dict[str, Any] = _rounded(finding.to_dict() | origin)
    return rounded


def as_json(kept: dict[str, Any]) -> str:
    """A record as JSON text, one seed a line."""
    seeds = [json.dumps(entry, allow_nan=False) for entry in kept["per_seed"]]
    text = json.dumps(kept | {"per_seed": []}, indent=1, allow_nan=False)
    lines = ",\n  ".join(seeds)
    return text.replace('"per_seed": []', f'"per_seed": [\n  {lines}\n ]' if seeds else '"per_seed": []', 1) + "\n"


def kept_record(name: str) -> dict[str, Any] | None:
    """The record of an experiment that comes with the program, or None."""
    if not resource(*RESULTS, f"{name}.json").is_file():
        return None
    text = resource(*RESULTS, f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = parse_json(text, f"{name}.json")
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value
