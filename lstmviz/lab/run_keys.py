"""The keys that name what decides a run: all settings, all of the recipe, the cell and the budget, under flat names.

Words used in this file
    key       ``gap``, ``lstm.forget_bias``, ``learning_rate``, ``schedule.span``: as in a sweep's file and its results
    values    a mapping of keys to plain values; all of them together decide a run
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import CELLS, FIELDS, Field, Settings, fitting, value_of
from lstmviz.lab.trial import Trial
from lstmviz.words import tr

CELL = Field("cell", "cell", "choice", choices=CELLS)
UPDATES = Field("updates", "updates", "integer", 1, 1_000_000)
DEFAULT_UPDATES = 600
# A run has one cell, and its batches are the recipe's.
SETTINGS = {key: field for key, field in FIELDS.items() if field.name not in ("cells", "batch")}
# Settings that a cell does not read: runs that differ in them alone are one run.
NOT_READ = {"rnn": ("lstm.", "gru."), "lstm": ("rnn.", "gru."), "gru": ("rnn.", "lstm.variant")}


def _recipe_keys() -> dict[str, Any]:
    """Every key of the recipe and its default."""
    found: dict[str, Any] = {}
    for name, value in ((field.name, getattr(Recipe(), field.name)) for field in fields(Recipe)):
        if is_dataclass(value):
            found |= {f"{name}.{inner.name}": getattr(value, inner.name) for inner in fields(value)}
        else:
            found[name] = value
    return found


RECIPE = _recipe_keys()
KEYS = (CELL.key, UPDATES.key, *SETTINGS, *RECIPE)


def is_whole(key: str) -> bool:
    """Whether a key holds whole numbers."""
    if key in RECIPE:
        return type(RECIPE[key]) is int
    field = {CELL.key: CELL, UPDATES.key: UPDATES}.get(key) or SETTINGS[key]
    return field.kind == "integer"


def checked(key: str, value: Any, file: str, place: str, line: int | None = None) -> Any:
    """One value as the type of its key, if it is allowed.

    Raises
    ------
    BadInput
        If it is not; ``file``, ``place`` and ``line`` say where it stands.
    """
    if key == CELL.key:
        return value_of(CELL, value, file, place, line)
    if key == UPDATES.key:
        return value_of(UPDATES, value, file, place, line)
    if key in SETTINGS:
        return value_of(SETTINGS[key], value, file, place, line)
    wanted, label = type(RECIPE[key]), f"{place}: {key}"
    if wanted is float and type(value) is int:
        value = float(value) if abs(value) < 1e300 else value
    if type(value) is not wanted:
        kinds = {
            bool: tr("true or false"),
            int: tr("a whole number"),
            float: tr("a number"),
            str: tr("a word in quotation marks"),
        }
        wrong = tr("{value} has the wrong type").format(value=shortened(str(value)))
        raise BadInput(file, label, wrong, kinds[wanted], line=line)
    try:
        recipe_of({key: value})
    except BadInput as error:
        raise BadInput(file, label, error.wrong, error.allowed, line=line) from None
    return value


def recipe_of(values: Mapping[str, Any]) -> Recipe:
    """The recipe with the given keys changed, others left out of account."""
    recipe = Recipe()
    changes: dict[str, Any] = {}
    for key, value in values.items():
        name, dot, inner = key.partition(".")
        if key in RECIPE and dot:
            changes[name] = replace(changes.get(name, getattr(recipe, name)), **{inner: value})
        elif key in RECIPE:
            changes[name] = value
    return replace(recipe, **changes)


def trial_of(values: Mapping[str, Any], file: str, place: str = "", line: int | None = None) -> Trial:
    """The run that checked values decide; what a cell does not read is left at its default.

    Raises
    ------
    BadInput
        If values that are right by themselves do not go together.
    """
    cell = values.get(CELL.key, "lstm")
    own = {SETTINGS[key].name: value for key, value in values.items() if key in SETTINGS and reads(cell, key)}
    settings = fitting(replace(Settings(), cells=(cell,), **own), file, place, line)
    return Trial(settings, recipe_of(values), cell, values.get(UPDATES.key, DEFAULT_UPDATES))


def values_of(trial: Trial) -> dict[str, Any]:
    """Everything that decides a run, under its keys; what the cell does not read is left out."""
    found: dict[str, Any] = {CELL.key: trial.cell, UPDATES.key: trial.updates}
    found |= {key: getattr(trial.settings, field.name) for key, field in SETTINGS.items() if reads(trial.cell, key)}
    for key in RECIPE:
        outer, dot, inner = key.partition(".")
        value = getattr(trial.recipe, outer)
        found[key] = getattr(value, inner) if dot else value
    return found


def reads(cell: str, key: str) -> bool:
    """Whether a setting makes a difference to a cell."""
    return not key.startswith(NOT_READ[cell])
