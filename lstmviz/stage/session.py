"""A session in one small readable file: what decides everything on show, so that it can be computed again bit for bit.

It holds no weights. What was trained is trained again when the session is opened, from the same seeds, by the same
recipes and with the same implementation of the cells; a training of 300 updates takes seconds.

Words used in this file
    pair       of a recipe and the update from which on it counts
    place      the playhead in words: ``forward 7``, ``loss``, ``backward 7``
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lstmviz.files import BadInput, atomic_save, caps, parse_json, read_text
from lstmviz.files.error_line import shortened
from lstmviz.lab.recipe import Recipe, Schedule
from lstmviz.lab.settings import FIELDS, Settings, with_changes
from lstmviz.stage.lab_names import EXISTING
from lstmviz.stage.labs import Picked
from lstmviz.stage.playback import LEVELS, Pass, Position
from lstmviz.stage.trained import Trained
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

SUFFIX = ".lstmviz"
SCHEMA = "lstmviz.session/1"
MOST_UPDATES = 100_000
MOST_RECIPES = 10_000
CELLS = ("rnn", "lstm", "gru")


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that a session file holds."""

    settings: Settings
    position: Position
    level: str
    lab: str
    picked: Picked
    training: Trained | None = None
    goal: int = 300


# ----------------------------------------------------------------------------- writing


def session_of(stage: Stage) -> Session:
    """What the stage shows now, as a session."""
    situation = stage.situation()
    return Session(
        situation.settings,
        situation.position,
        situation.level,
        situation.lab,
        situation.picked,
        stage.desk.as_recipe(),
        stage.desk.goal,
    )


def session_bytes(session: Session) -> bytes:
    """A session as the bytes of its file: JSON, keys as in ``--set``, the same session the same bytes."""
    position, picked, training = session.position, session.picked, session.training
    tree: dict[str, Any] = {
        "schema": SCHEMA,
        "settings": {key: _plain(getattr(session.settings, field.name)) for key, field in FIELDS.items()},
        "playhead": "loss" if position.stretch == "loss" else f"{position.stretch} {position.t}",
        "level": session.level,
        "lab": session.lab,
        "selection": {"network": picked.network, "unit": picked.unit + 1},
        "updates": session.goal,
    }
    if training is not None:
        recipes = [{"from": start, **asdict(recipe)} for start, recipe in training.recipes]
        counts = {"trained": training.trained, "update": training.update}
        tree["training"] = {"engine": training.engine, **counts, "recipes": recipes}
    return (json.dumps(tree, indent=1, allow_nan=False, ensure_ascii=False) + "\n").encode()


def save_session(stage: Stage, path: str | os.PathLike[str]) -> None:
    """Write what the stage shows; the old file or the new one is left, never half of one.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    atomic_save(path, session_bytes(session_of(stage)))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# ----------------------------------------------------------------------------- reading


def read_session(path: str | os.PathLike[str]) -> Session:
    """The session in a file.

    Parameters
    ----------
    path : str or path
        A file that ``save_session`` wrote, or a person in the same form.

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
    read = _Reader(path)
    read.keys(tree, "", ("schema", "settings", "playhead", "level", "lab", "selection", "updates", "training"))
    read.word(tree, "", "schema", (SCHEMA,))
    settings = _settings(read, tree.get("settings", {}))
    selection = tree.get("selection", {})
    read.keys(selection, "selection", ("network", "unit"))
    picked = Picked(
        read.word(selection, "selection", "network", CELLS, Picked().network),
        read.whole(selection, "selection", "unit", 1, caps.HIDDEN, 1) - 1,
    )
    return Session(
        settings,
        _position(read, tree.get("playhead", "backward 1"), settings),
        read.word(tree, "", "level", LEVELS, LEVELS[0]),
        read.word(tree, "", "lab", EXISTING, EXISTING[0]),
        picked,
        _training(read, tree["training"]) if "training" in tree else None,
        read.whole(tree, "", "updates", 1, MOST_UPDATES, 300),
    )


def _settings(read: _Reader, tree: Any) -> Settings:
    read.keys(tree, "settings", tuple(FIELDS))
    task = tree.get("task")
    if isinstance(task, str) and task.startswith("own") and task not in FIELDS["task"].choices:
        wrong = tr("the data of {task} is not open").format(task=shortened(task))
        read.refuse("settings: task", wrong, tr("open its table or text first, then the session"))
    return with_changes(Settings(), tree, str(read.path), "settings")


def _position(read: _Reader, text: Any, settings: Settings) -> Position:
    allowed = tr("forward 1 to {last}, loss, backward 1 to {last}").format(last=settings.timesteps())
    if text == "loss":
        return Position("loss", settings.timesteps())
    name, _, where = text.partition(" ") if isinstance(text, str) else ("", "", "")
    good = name in ("forward", "backward") and where.isascii() and where.isdecimal() and len(where) < 7
    if not good or not 1 <= int(where) <= settings.timesteps():
        read.refuse("playhead", tr("{value} is no place").format(value=shortened(str(text))), allowed)
    stretch: Pass = "forward" if name == "forward" else "backward"
    return Position(stretch, int(where))


def _training(read: _Reader, tree: Any) -> Trained:
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


def _recipe(read: _Reader, place: str, tree: dict[str, Any]) -> Recipe:
    given = dict(tree)
    if "schedule" in given:
        read.keys(given["schedule"], f"{place}: schedule", tuple(field.name for field in fields(Schedule)))
        given["schedule"] = read.made(Schedule, f"{place}: schedule", given["schedule"])
    found = read.made(Recipe, place, given)
    assert isinstance(found, Recipe)
    return found


class _Reader:
    """Checks of a tree's parts, each with the file's name in its error line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, place: str, wrong: str, allowed: str) -> None:
        raise BadInput(self.path, place, wrong, allowed)

    def keys(self, tree: Any, place: str, known: tuple[str, ...]) -> None:
        """Refuse what is no object, or has another key."""
        if not isinstance(tree, dict):
            self.refuse(place, tr("this is no object"), "{...}")
        for key in tree:
            if key not in known:
                self.refuse(place, tr("unknown key {key}").format(key=shortened(key)), ", ".join(known))

    def word(self, tree: dict[str, Any], place: str, key: str, known: tuple[str, ...], usual: str | None = None) -> str:
        """One of a few words."""
        value = tree.get(key, usual)
        if not isinstance(value, str) or value not in known:
            shown = tr("{value} is unknown").format(value=shortened(str(value)))
            self.refuse(f"{place}: {key}" if place else key, shown, ", ".join(known))
        return str(value)

    def whole(self, tree: dict[str, Any], place: str, key: str, low: int, high: int, usual: int | None = None) -> int:
        """A whole number in a range."""
        value = tree.get(key, usual)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            shown = tr("{value} is out of range").format(value=shortened(str(value)))
            allowed = tr("{low} to {high}").format(low=low, high=high)
            self.refuse(f"{place}: {key}" if place else key, shown, allowed)
        assert isinstance(value, int)
        return value

    def made(self, kind: Callable[..., Any], place: str, given: dict[str, Any]) -> Any:
        """A value whose own checks speak of the file; a number written with or without a point is the same number."""
        usual = {field.name: field.default for field in fields(kind)}  # type: ignore[arg-type]
        for key, value in given.items():
            like = usual[key]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if isinstance(like, bool):
                good = isinstance(value, bool)
            elif isinstance(like, int):
                good = isinstance(value, int) and not isinstance(value, bool)
            else:
                good = number if isinstance(like, float) else not number
            if not good:
                wrong = tr("{value} is of the wrong kind").format(value=shortened(str(value)))
                self.refuse(f"{place}: {key}", wrong, tr("such as {value}").format(value=like))
            if isinstance(like, float):
                given = given | {key: float(value)}
        try:
            return kind(**given)
        except BadInput as error:
            raise BadInput(self.path, f"{place}: {error.place}", error.wrong, error.allowed) from None


# ----------------------------------------------------------------------------- opening


def open_session(stage: Stage, session: Session) -> None:
    """Show what the session holds; what was trained is trained again in a thread. One undo entry."""
    stage.playback.pause()
    stage.remember()
    stage.desk.forget()
    stage.desk.goal = session.goal
    fresh = replace(
        stage.situation(),
        settings=session.settings,
        position=session.position,
        level=session.level,
        tile=None,
        lab=session.lab,
        picked=session.picked,
        branch=0,
    )
    stage.take(fresh)
    if session.training is not None and session.training.trained:
        stage.desk.train_again(session.settings, session.training)
