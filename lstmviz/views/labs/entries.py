"""The labs that exist, one line each."""

from __future__ import annotations

from dataclasses import dataclass

from lstmviz.stage.lab_names import EXISTING, LABS
from lstmviz.words import tr


@dataclass(frozen=True, slots=True)
class Entry:
    """One lab: where its widget is. The module is imported when the lab is opened, so that start-up stays short."""

    title: str
    about: str
    module: str
    widget: str


def entries() -> dict[str, Entry]:
    """The labs, by name, in the order of the switch bar."""
    known = {
        "race": Entry(tr("Race"), tr("Open the Race"), "lstmviz.views.labs.race", "RaceLab"),
        "cell": Entry(tr("Cell"), tr("Open Cell"), "lstmviz.views.labs.cell", "CellLab"),
        "inspect": Entry(tr("Inspect"), tr("Open Inspect"), "lstmviz.views.labs.inspect", "InspectLab"),
        "map": Entry(tr("Map"), tr("Open the Map"), "lstmviz.views.labs.map", "MapLab"),
        "learn": Entry(tr("Learn"), tr("Open Learn: train, bet, compare"), "lstmviz.views.labs.learn", "LearnLab"),
        "claims": Entry(tr("Claims"), tr("Open Claims: vote, run, decide"), "lstmviz.views.labs.claims", "ClaimsLab"),
    }
    return {name: known[name] for name in EXISTING}


def key_of(lab: str) -> str:
    """The key that opens a lab: Ctrl and its place among all labs, whether they exist or not."""
    return f"Ctrl+{LABS.index(lab) + 1}"
