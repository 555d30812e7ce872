"""Interventions on the command line: ``lstmviz compare --clamp "lstm f 10-40 0.1"``."""

import argparse
from typing import Any

from lstmviz.words import tr

KINDS = ("clamp", "freeze", "cut", "edit", "input")
WHO = "lstmviz compare"
MOST_TOLD = 12


def add_options(parser: Any) -> None:
    """Add an option for each kind of intervention; each can be given several times."""
    helps = {
        "clamp": tr("hold a gate, candidate or state: NETWORK QUANTITY TIMESTEPS VALUE [UNITS], e.g. lstm f 10-40 0.1"),
        "freeze": tr("keep c and h as they were: NETWORK TIMESTEPS [UNITS], e.g. lstm 10-40"),
        "cut": tr("cut recurrent connections: NETWORK FROM TO, e.g. rnn 3 7, or rnn all all"),
        "edit": tr("set a weight: NETWORK ARRAY ROW COLUMN VALUE, e.g. lstm weight_hh f3 5 0.25"),
        "input": tr("read something else: TIMESTEP LETTER-OR-NUMBERS, e.g. 1 B"),
    }
    for kind in KINDS:
        parser.add_argument(f"--{kind}", action="append", default=[], metavar="TEXT", help=helps[kind])


def interventions_of(arguments: argparse.Namespace, settings: Any) -> list[Any]:
    """The interventions that the options name, checked against the settings."""
    lines = {kind: getattr(arguments, kind) for kind in KINDS}
    if not any(lines.values()):
        return []
    from lstmviz.lab.intervention_lines import interventions_in

    return interventions_in(lines, settings, WHO, "--")


def with_hands(comparison: Any, interventions: list[Any]) -> tuple[Any, list[str]]:
    """The comparison with interventions, and what they did, in lines; as it is when there are none."""
    if not interventions:
        return comparison, []
    from lstmviz.lab.effects import effects
    from lstmviz.lab.intervened import intervened
    from lstmviz.lab.intervention_text import describe

    # Kernels that hold quantities take longer to compile than one run takes: "auto" leaves those to the reference.
    after = intervened(comparison, interventions, "auto")
    told = [describe(one, comparison.settings) for one in interventions[:MOST_TOLD]]
    if len(interventions) > MOST_TOLD:
        told.append(tr("and {count} more").format(count=len(interventions) - MOST_TOLD))
    return after, ["", *told, *(effect.sentence for effect in effects(comparison, after))]
