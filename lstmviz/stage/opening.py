"""The stage that ``--set KEY=VALUE`` asks for: the start-up state with settings changed and the playhead moved."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.data import LONGEST_HORIZON, adopt, open_data
from lstmviz.lab.intervention_lines import FORMS, interventions_in
from lstmviz.lab.opened import Opened, open_network
from lstmviz.lab.settings import FIELDS, Settings, units, with_changes
from lstmviz.stage.labs import OWN_LEVEL
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.opened import show_opened
from lstmviz.stage.playback import END, LEVELS, PLACES, USUAL_LEVEL, Position, read_position
from lstmviz.stage.stage import START, Stage
from lstmviz.words import tr

__all__ = ["FILE", "KEYS", "open_stage", "settle_work"]

FILE = "lstmviz picture"
WHERE = ("playhead", "operation", "level", "network", "unit", "updates", "update", "lesson", "page")
KEYS = (*FIELDS, *WHERE, "data", "column", "horizon", "weights", *FORMS)
MOST_UPDATES = 5000
BESIDE_WEIGHTS = ("cells", "gap", "lstm.variant", "gru.reset", "dtype")  # the other sizes are those of the file


def open_stage(changes: dict[str, Any], engine: str = "auto", lab: str = "") -> Stage:
    """A stage in a given state, computed and ready to be drawn.

    Parameters
    ----------
    changes : dict
        Keys of ``lab.settings.FIELDS``; "playhead" ("backward 17", "forward end", "loss"), "operation" (from
        1); "level"; "network" and "unit" (from 1), which are looked at; "lesson", a file, and "page", from 1. A
        lesson's page decides settings and playhead, the other keys change them. "updates" are trained first,
        and "update" is the one that is then shown. "data", a file, with "column" and "horizon", becomes the
        task. "weights", a file, takes the place of its kind of network, alone unless "cells" says otherwise.
        "clamp", "freeze", "cut", "edit" and "input" intervene, as ``lab.intervention_lines.FORMS`` says.
    engine : str
        "auto", "kernels" or "reference".
    lab : str
        The lab to open; when left out, the one of the lesson's page, or the first.

    Raises
    ------
    BadInput
        For an unknown key or a value that is not allowed.
    """
    for key in changes:
        if key not in KEYS:
            raise BadInput(FILE, "--set", tr("unknown key {key}").format(key=key), ", ".join(KEYS))
    lesson = read_lesson(Path(changes["lesson"])) if "lesson" in changes else None
    page = _page(str(changes.get("page", "1")), len(lesson.pages) if lesson else 1)
    wanted = {key: value for key, value in changes.items() if key in FIELDS} | _own_data(changes)
    start = lesson.pages[page].state.settings if lesson else START
    settings = with_changes(start, wanted, FILE, "--set")
    level = str(changes.get("level", _usual_level(changes, lab)))
    updates = _number(changes, "updates", 0, MOST_UPDATES)
    update = _number(changes, "update", updates, updates)
    if level not in LEVELS:
        raise BadInput(FILE, "level", tr("{value} is unknown").format(value=level), ", ".join(LEVELS))
    found = open_network(changes["weights"]) if "weights" in changes else None
    position = _position(str(changes["playhead"]), settings) if "playhead" in changes and found is None else None
    if found is None:
        interventions_in(_lines(changes), settings, FILE)  # refused now, not after a training
    stage = Stage(engine=engine)
    if lesson is not None:
        stage.lesson.open(lesson, page)
    if wanted:
        stage.change(wanted)
    if found is not None:
        position = _show_weights(stage, found, wanted, changes)
    if lab:
        stage.open_lab(lab)
    settle_work(stage)
    if updates:
        stage.train(updates)
        settle_work(stage)
        stage.desk.seek(update)
        settle_work(stage)
    _select(stage, changes)
    _intervene(stage, changes)
    if position is not None:
        stage.go_to(position)
    stage.set_level(level)
    settle_work(stage)
    _operation(stage, changes)
    return stage


def _show_weights(stage: Stage, found: Opened, wanted: dict[str, Any], changes: dict[str, Any]) -> Position | None:
    """Show an opened network and what was asked for beside it; where the playhead goes."""
    again = {key: value for key, value in wanted.items() if key in BESIDE_WEIGHTS}
    try:
        show_opened(stage, found)
        if again:
            stage.change(again)
        if stage.opened is None:
            wrong = tr("{name} does not fit --set {keys}").format(name=found.name, keys=", ".join(again))
            raise BadInput(FILE, "weights", wrong, tr("what the file holds"))
        return _position(str(changes["playhead"]), stage.settings) if "playhead" in changes else None
    except BadInput:
        stage.close()
        raise


def _intervene(stage: Stage, changes: dict[str, Any]) -> None:
    """Hold and change what was asked for, in what is on show."""
    try:
        for one in interventions_in(_lines(changes), stage.settings, FILE):
            stage.intervene(one, about="--set")
    except BadInput:
        stage.close()
        raise
    stage.close_entry()
    settle_work(stage)


def _select(stage: Stage, changes: dict[str, Any]) -> None:
    """Look at the network and the unit that were asked for."""
    network = str(changes.get("network", stage.selection.network))
    cells = stage.settings.cells
    if "network" in changes and network not in cells:
        stage.close()
        wrong = tr("there is no {value}").format(value=shortened(network))
        raise BadInput(FILE, "network", wrong, ", ".join(cells))
    if "unit" in changes:
        text, most = str(changes["unit"]), units(stage.settings, network)
        if not text.isdecimal() or not 1 <= int(text[:9]) <= most:
            stage.close()
            wrong = tr("there is no unit {unit}").format(unit=shortened(text))
            raise BadInput(FILE, "unit", wrong, tr("1 to {last}").format(last=most))
        stage.select(unit=int(text) - 1)
    if "network" in changes:
        stage.select(network=network)


def _lines(changes: dict[str, Any]) -> dict[str, str]:
    return {kind: str(changes[kind]) for kind in FORMS if kind in changes}


def _own_data(changes: dict[str, Any]) -> dict[str, Any]:
    """The task that "data", "column" and "horizon" make, as a change of settings."""
    if "data" not in changes:
        return {}
    column = str(changes["column"]) if "column" in changes else None
    return {"task": adopt(open_data(str(changes["data"]), column, _number(changes, "horizon", 1, LONGEST_HORIZON)))}


def settle_work(stage: Stage) -> None:
    """Let the clock tick until the numbers are those of the settings; a long comparison is made in a thread."""
    stage.tick(0.0)
    while stage.race.busy or stage.desk.running or stage.labs.working:
        time.sleep(0.002)
        stage.tick(0.0)


def _usual_level(changes: dict[str, Any], lab: str) -> str:
    """The level where none is given: that of the operation that is, else the lab's."""
    if "operation" in changes or ", operation" in str(changes.get("playhead", "")):
        return "operation"
    return OWN_LEVEL.get(lab, USUAL_LEVEL)


def _number(changes: dict[str, Any], key: str, usual: int, most: int) -> int:
    text = str(changes.get(key, usual))
    if not text.isdecimal() or int(text[:9]) > most:
        wrong = tr("{value} is out of range").format(value=shortened(text))
        raise BadInput(FILE, key, wrong, tr("0 to {most}").format(most=most))
    return int(text)


def _page(text: str, pages: int) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= pages:
        wrong = tr("there is no page {page}").format(page=text)
        raise BadInput(FILE, "page", wrong, tr("1 to {last}").format(last=pages))
    return int(text) - 1


def _position(text: str, settings: Settings) -> Position:
    last = settings.timesteps()
    found = read_position(text.strip())
    if found is None:
        raise BadInput(FILE, "playhead", tr("{value} is no place").format(value=shortened(text)), PLACES)
    if found.t > last and found.t != END:
        wrong = tr("t = {t} is beyond the end").format(t=found.t)
        raise BadInput(FILE, "playhead", wrong, tr("1 to {last}").format(last=last))
    return replace(found, t=min(found.t, last))


def _operation(stage: Stage, changes: dict[str, Any]) -> None:
    """Stand at one operation of the timestep."""
    if "operation" not in changes:
        return
    text, names = str(changes["operation"]), stage.frame.operations
    if not text.isdecimal() or not 1 <= int(text[:9]) <= len(names):
        stage.close()
        wrong = tr("there is no operation {n}").format(n=shortened(text))
        raise BadInput(FILE, "operation", wrong, tr("1 to {last}").format(last=len(names)))
    stage.go_to_operation(int(text), stage.frame.position.stretch == "backward")
    settle_work(stage)
