"""A session from its file; every value is checked, and what is wrong is said in one line.

Words used in this file
    pair       of a recipe and the update from which on it counts
    place      the playhead in words: ``forward 7``, ``loss``, ``backward 7``
"""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from lstmviz.files import BadInput, caps, parse_json, read_text
from lstmviz.files.error_line import shortened
from lstmviz.lab.intervention_text import from_plain
from lstmviz.lab.interventions import MOST, Intervention
from lstmviz.lab.opened import Opened, fits
from lstmviz.lab.recipe import Recipe, Schedule
from lstmviz.lab.settings import FIELDS, Settings, with_changes
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.intervention_desk import Hands
from lstmviz.stage.lab_names import EXISTING
from lstmviz.stage.lab_options import read_options
from lstmviz.stage.labs import Picked
from lstmviz.stage.playback import END, LEVELS, USUAL_LEVEL, Position, read_position
from lstmviz.stage.session_files import Data, know_task, read_data, read_weights
from lstmviz.stage.session_parts import CELLS, MOST_RECIPES, MOST_UPDATES, SCHEMAS, Session
from lstmviz.stage.session_reader import Reader
from lstmviz.stage.trained import Trained
from lstmviz.words import tr

KEYS = (
    *("schema", "settings", "playhead", "level", "lab", "selection", "updates", "training", "interventions", "ghost"),
    *("opened", "data", "labs", "bets"),
)


def read_session(path: str | os.PathLike[str], known: Opened | None = None) -> Session:
    """The session in a file.

    Parameters
    ----------
    path : str or path
        A file that ``save_session`` wrote, or a person in the same form.
    known : Opened, optional
        The network that is open now: it may be the one that was too large for the file.

    Returns
    -------
    Session

    Raises
    ------
    BadInput
        If the file is no JSON, is too large, has an unknown key, or a value that is not allowed.
    """
    path = Path(path)
    tree = parse_json(read_text(path, cap=caps.SESSION_BYTES, kind=tr("a session file")), path)
    read = Reader(path)
    read.keys(tree, "", KEYS)
    read.word(tree, "", "schema", SCHEMAS)
    before = set(TASKS)
    try:
        return _session(read, tree, known)
    except BadInput:
        for name in set(TASKS) - before:  # data of a session that is refused after all
            del TASKS[name]
        raise


def _session(read: Reader, tree: dict[str, Any], known: Opened | None) -> Session:
    data = read_data(read, tree["data"]) if "data" in tree else None
    settings = _settings(read, tree.get("settings", {}), data)
    selection = tree.get("selection", {})
    read.keys(selection, "selection", ("network", "unit"))
    picked = Picked(
        read.word(selection, "selection", "network", CELLS, Picked().network),
        read.whole(selection, "selection", "unit", 1, caps.HIDDEN, 1) - 1,
    )
    return Session(
        settings,
        _position(read, tree.get("playhead", "backward 1"), settings),
        read.word(tree, "", "level", LEVELS, USUAL_LEVEL),
        read.word(tree, "", "lab", EXISTING, EXISTING[0]),
        picked,
        _training(read, tree["training"]) if "training" in tree else None,
        read.whole(tree, "", "updates", 1, MOST_UPDATES, 300),
        Hands(_interventions(read, tree.get("interventions", [])), read.switch(tree, "", "ghost", True)),
        _opened(read, tree["opened"], settings, known) if "opened" in tree else None,
        data,
        read_options(read, tree.get("labs", {})),
        _bets(read, tree.get("bets", {})),
    )


def _opened(read: Reader, tree: Any, settings: Settings, known: Opened | None) -> Opened:
    found = read_weights(read, tree, known)
    if not fits(found, settings):
        read.refuse("opened", tr("the network does not fit the settings"), tr("as a session is saved"))
    return found


def _bets(read: Reader, tree: Any) -> dict[str, bool]:
    read.keys(tree, "bets", CELLS)
    return {cell: read.switch(tree, "bets", cell) for cell in tree}


def _interventions(read: Reader, entries: Any) -> tuple[Intervention, ...]:
    """What is held and changed; also what the settings of the file have no room for, as other settings may."""
    if not isinstance(entries, list) or len(entries) > MOST:
        allowed = tr("at most {most}").format(most=MOST)
        read.refuse("interventions", tr("this is no list of interventions"), allowed)
    named = (tr("interventions: {number}").format(number=number) for number in range(1, len(entries) + 1))
    return tuple(from_plain(entry, str(read.path), place) for entry, place in zip(entries, named, strict=True))


def _settings(read: Reader, tree: Any, data: Data | None) -> Settings:
    read.keys(tree, "settings", tuple(FIELDS))
    know_task(read, tree.get("task"), data)
    return with_changes(Settings(), tree, str(read.path), "settings")


def _position(read: Reader, text: Any, settings: Settings) -> Position:
    last = settings.timesteps()
    found = read_position(text)
    if found is None or not (found.t <= last or found.t == END):
        allowed = tr("forward 1 to {last}, loss, backward 1 to {last}").format(last=last)
        read.refuse("playhead", tr("{value} is no place").format(value=shortened(str(text))), allowed)
    assert found is not None
    return replace(found, t=min(found.t, last))


def _training(read: Reader, tree: Any) -> Trained:
    read.keys(tree, "training", ("engine", "trained", "update", "recipes"))
    engine = read.word(tree, "training", "engine", ("kernels", "reference"), "kernels")
    trained = read.whole(tree, "training", "trained", 0, MOST_UPDATES)
    update = read.whole(tree, "training", "update", 0, trained, trained)
    entries = tree.get("recipes")
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_RECIPES:
        read.refuse("training: recipes", tr("this is no list of recipes"), tr("1 to {most}").format(most=MOST_RECIPES))
    pairs: list[tuple[int, Recipe]] = []
    for number, entry in enumerate(entries, start=1):
        place = tr("training: recipe {number}").format(number=number)
        read.keys(entry, place, ("from", *(field.name for field in fields(Recipe))))
        low = pairs[-1][0] + 1 if pairs else 0
        start = read.whole(entry, place, "from", low, MOST_UPDATES if pairs else 0)
        pairs.append((start, _recipe(read, place, {key: value for key, value in entry.items() if key != "from"})))
    return Trained(engine, tuple(pairs), trained, update)


def _recipe(read: Reader, place: str, tree: dict[str, Any]) -> Recipe:
    given = dict(tree)
    if "schedule" in given:
        read.keys(given["schedule"], f"{place}: schedule", tuple(field.name for field in fields(Schedule)))
        given["schedule"] = read.made(Schedule, f"{place}: schedule", given["schedule"])
    found = read.made(Recipe, place, given)
    assert isinstance(found, Recipe)
    return found
