"""Interventions in words for people, and as plain values for session files.

In words and files units, rows and columns count from 1, as people do.

Words used in this file
    span    timesteps from first to last, ``10–40``
    plain   what JSON can say: the tree of one intervention
"""

from collections.abc import Callable
from typing import Any

from lstmviz.engine.variant import VARIANTS
from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.intervention_checks import well_formed
from lstmviz.lab.interventions import (
    NAMES,
    Clamp,
    Cut,
    Freeze,
    InputEdit,
    Intervention,
    WeightEdit,
    applies,
    shown_number,
)
from lstmviz.lab.letters import NEUTRAL, letter_of
from lstmviz.lab.settings import Settings, units
from lstmviz.lab.tasks import TASKS
from lstmviz.words import tr

MOST_UNITS_NAMED = 4
ARRAY_NAMES = {
    "weight_ih": tr("weight from x{column} to {row}"),
    "weight_hh": tr("weight from h{column} to {row}"),
    "bias": tr("bias of {row}"),
    "bias_hn": tr("bias of W h in n{row}"),
    "peephole": tr("peephole {row}"),
    "weight_gates": tr("weight between gates, row {row}, column {column}"),
    "readout_weight": tr("weight from h{column} to answer {row}"),
    "readout_bias": tr("bias of answer {row}"),
}


def describe(one: Intervention, settings: Settings | None = None) -> str:
    """An intervention in words: ``LSTM: f = 0.1 at t = 10–40, all units``.

    Parameters
    ----------
    one : Intervention
    settings : Settings, optional
        Of the run; with them weights are named by gate and unit, inputs by their letters, and what does nothing there
        says so.
    """
    idle = "" if settings is None or applies(one, settings) else tr(" (nothing to change here)")
    if isinstance(one, InputEdit):
        return _input(one, settings) + idle
    return tr("{network}: {what}").format(network=NAMES[one.cell], what=_what(one, settings)) + idle


def _what(one: Clamp | Freeze | WeightEdit | Cut, settings: Settings | None) -> str:
    if isinstance(one, Cut):
        words = tr("connection from unit {source} to unit {target} cut")
        return words.format(source=one.source + 1, target=one.target + 1)
    if isinstance(one, WeightEdit):
        name = ARRAY_NAMES[one.array].format(row=row_name(one, settings), column=one.column + 1)
        return tr("{weight} = {value}").format(weight=name, value=shown_number(one.value))
    where = tr("at t = {span}, {units}").format(span=span(one.first, one.last), units=_units(one.units))
    if isinstance(one, Freeze):
        return tr("state frozen {where}").format(where=where)
    if len(one.values) > 1:
        return tr("{quantity} by hand {where}").format(quantity=one.quantity, where=where)
    return tr("{quantity} = {value} {where}").format(
        quantity=one.quantity, value=shown_number(one.values[0]), where=where
    )


def _input(one: InputEdit, settings: Settings | None) -> str:
    told = ", ".join(map(shown_number, one.values))
    if settings is not None and TASKS[settings.task].shows != "numbers":
        letter = letter_of(settings.task, one.values)
        told = told if letter == NEUTRAL else letter
    return tr("Input at t = {t}: {values}").format(t=one.t, values=told)


def row_name(one: WeightEdit, settings: Settings | None) -> str:
    """The row of a weight: ``f3`` for the forget gate of unit 3, where the settings tell; else its number."""
    row, blocks = str(one.row + 1), blocks_of(one.cell, settings.variant) if settings is not None else ()
    if settings is None or one.cell not in settings.cells or one.array not in ("weight_ih", "weight_hh", "bias"):
        return row
    hidden = units(settings, one.cell)
    block, unit = divmod(one.row, hidden)
    return f"{blocks[block]}{unit + 1}" if block < len(blocks) else row


def blocks_of(cell: str, variant: str) -> tuple[str, ...]:
    """Names of the blocks of H rows of a cell's weights, in their order."""
    return VARIANTS[variant].parts.blocks if cell == "lstm" else {"rnn": ("h",), "gru": ("r", "z", "n")}[cell]


def span(first: int, last: int) -> str:
    """Timesteps in words: ``7``, or ``10–40``."""
    return str(first) if first == last else f"{first}–{last}"


def _units(chosen: tuple[int, ...]) -> str:
    if not chosen:
        return tr("all units")
    if len(chosen) == 1:
        return tr("unit {unit}").format(unit=chosen[0] + 1)
    if len(chosen) > MOST_UNITS_NAMED:
        return tr("{count} units").format(count=len(chosen))
    return tr("units {units}").format(units=", ".join(str(unit + 1) for unit in chosen))


# ----------------------------------------------------------------------------- plain values


def to_plain(one: Intervention) -> dict[str, Any]:
    """An intervention as JSON can say it; ``from_plain`` gives back an equal one."""
    tree: dict[str, Any]
    if isinstance(one, InputEdit):
        tree = {"kind": "input", "timestep": one.t, "values": [float(value) for value in one.values]}
    elif isinstance(one, WeightEdit):
        tree = {"kind": "edit", "network": one.cell, "array": one.array, "row": one.row + 1, "column": one.column + 1}
        tree["value"] = float(one.value)
    elif isinstance(one, Cut):
        tree = {"kind": "cut", "network": one.cell, "source": one.source + 1, "target": one.target + 1}
    else:
        tree = {"kind": "freeze", "network": one.cell, "timesteps": [one.first, one.last]}
        if isinstance(one, Clamp):
            tree |= {"kind": "clamp", "quantity": one.quantity, "values": [float(value) for value in one.values]}
        if one.units:
            tree["units"] = [unit + 1 for unit in one.units]
    return tree if one.on else tree | {"on": False}


KEYS = {
    "clamp": ("network", "timesteps", "quantity", "values", "units"),
    "freeze": ("network", "timesteps", "units"),
    "edit": ("network", "array", "row", "column", "value"),
    "cut": ("network", "source", "target"),
    "input": ("timestep", "values"),
}


def from_plain(tree: Any, file: str, where: str = "") -> Intervention:
    """The intervention that ``to_plain`` wrote, or a person in the same form.

    Parameters
    ----------
    tree : object
        As it came out of JSON.
    file, where : str
        Where it stands, for the error line.

    Raises
    ------
    BadInput
        If a key is missing or unknown, or a value is of the wrong kind or out of its range.
    """
    read = _Plain(tree, file, where)
    kind = read.kind()
    one: Intervention
    if kind == "input":
        one = InputEdit(read.whole("timestep"), read.numbers("values"), read.on())
    elif kind == "edit":
        row, column = read.whole("row") - 1, read.whole("column") - 1
        one = WeightEdit(read.text("network"), read.text("array"), row, column, read.number("value"), read.on())
    elif kind == "cut":
        one = Cut(read.text("network"), read.whole("source") - 1, read.whole("target") - 1, read.on())
    else:
        cell, (first, last) = read.text("network"), read.wholes("timesteps", 2)
        chosen = tuple(unit - 1 for unit in read.wholes("units")) if "units" in tree else ()
        if kind == "freeze":
            one = Freeze(cell, first, last, chosen, read.on())
        else:
            one = Clamp(cell, read.text("quantity"), first, last, read.numbers("values"), chosen, read.on())
    return well_formed(one, file, where)


class _Plain:
    """Takes the parts of a tree, each refused with its place when it is of the wrong kind."""

    def __init__(self, tree: Any, file: str, where: str) -> None:
        self.tree, self.file, self.where = tree, file, where

    def refuse(self, key: str, wrong: str, allowed: str) -> BadInput:
        place = ": ".join(part for part in (self.where, key) if part)
        return BadInput(self.file, place, wrong, allowed)

    def kind(self) -> str:
        """The kind of intervention; all its keys are there, and no other."""
        if not isinstance(self.tree, dict):
            raise self.refuse("", tr("this is no object"), "{...}")
        kind = self.tree.get("kind")
        if not isinstance(kind, str) or kind not in KEYS:
            raise self.refuse("kind", tr("{value} is unknown").format(value=shortened(str(kind))), ", ".join(KEYS))
        known = ("kind", *KEYS[kind], "on")
        for key in self.tree:
            if key not in known:
                raise self.refuse("", tr("unknown key {key}").format(key=shortened(key)), ", ".join(known))
        for key in KEYS[kind]:
            if key not in self.tree and key != "units":
                raise self.refuse("", tr("there is no {key}").format(key=key), ", ".join(KEYS[kind]))
        return kind

    def _of(self, key: str, value: Any, good: Callable[[Any], bool], allowed: str) -> Any:
        if not good(value):
            raise self.refuse(key, tr("{value} is of the wrong kind").format(value=shortened(str(value))), allowed)
        return value

    def whole(self, key: str) -> int:
        """A whole number."""
        found: int = self._of(key, self.tree[key], _is_whole, tr("a whole number"))
        return found

    def wholes(self, key: str, count: int = 0) -> tuple[int, ...]:
        """Whole numbers; ``count`` of them, or one or more."""
        found = self._of(key, self.tree[key], lambda v: isinstance(v, list), tr("a list of whole numbers"))
        wanted = tr("{count} whole numbers").format(count=count) if count else tr("one whole number or more")
        self._of(key, found, lambda v: len(v) == count if count else len(v) > 0, wanted)
        return tuple(self._of(key, value, _is_whole, tr("a whole number")) for value in found)

    def number(self, key: str) -> float:
        """A number, written with or without a point."""
        return float(self._of(key, self.tree[key], _is_number, tr("a number")))

    def numbers(self, key: str) -> tuple[float, ...]:
        """One number or more."""
        found = self._of(key, self.tree[key], lambda v: isinstance(v, list) and len(v) > 0, tr("a list of numbers"))
        return tuple(float(self._of(key, value, _is_number, tr("a number"))) for value in found)

    def text(self, key: str) -> str:
        """A word."""
        found: str = self._of(key, self.tree[key], lambda v: isinstance(v, str), tr("a word"))
        return found

    def on(self) -> bool:
        """Whether it is switched on; yes when nothing is said."""
        found: bool = self._of("on", self.tree.get("on", True), lambda v: isinstance(v, bool), "true, false")
        return found


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
