"""What an intervention may say: whether it can mean something at all, and whether there is what it names.

Words used in this file
    where    the place of the intervention in its file, for the error line
    key      a part of the intervention, as people and files call it; units, rows and columns count from 1 there
"""

import math
from dataclasses import dataclass
from typing import NoReturn

from lstmviz.files import BadInput, caps
from lstmviz.files.error_line import shortened
from lstmviz.lab.interventions import (
    ARRAYS,
    GATES,
    HELD,
    LARGEST,
    NAMES,
    READOUT,
    Clamp,
    Cut,
    Freeze,
    InputEdit,
    Intervention,
    WeightEdit,
    fits,
    sizes_of,
)
from lstmviz.lab.settings import CELLS, Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.words import tr


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an intervention stands; refuses what is wrong with a part of it."""

    file: str
    where: str

    def refuse(self, key: str, wrong: str, allowed: str) -> NoReturn:
        raise BadInput(self.file, f"{self.where}: {key}" if self.where else key, wrong, allowed)

    def beyond(self, key: str, value: str, allowed: str) -> NoReturn:
        self.refuse(key, tr("there is no {value}").format(value=shortened(value)), allowed)

    def out_of_range(self, key: str, value: object, allowed: str) -> NoReturn:
        self.refuse(key, tr("{value} is out of range").format(value=shortened(str(value))), allowed)

    def word(self, key: str, value: str, known: tuple[str, ...]) -> None:
        if value not in known:
            self.refuse(key, tr("{value} is unknown").format(value=shortened(str(value))), ", ".join(known))

    def whole(self, key: str, value: int, low: int, high: int) -> None:
        if not _is_whole(value) or not low <= value <= high:
            self.out_of_range(key, value, tr("{low} to {high}").format(low=low, high=high))

    def index(self, key: str, value: int, count: int) -> None:
        """From 0 in the value, from 1 in words."""
        if not _is_whole(value) or not 0 <= value < count:
            self.out_of_range(key, value + 1 if _is_whole(value) else value, tr("1 to {last}").format(last=count))

    def numbers(self, values: tuple[float, ...], low: float = -LARGEST, high: float = LARGEST) -> None:
        for value in values:
            if not (math.isfinite(value) and low <= value <= high):
                self.out_of_range("value", value, tr("{low:g} to {high:g}").format(low=low, high=high))

    def count(self, values: tuple[float, ...], allowed: str) -> NoReturn:
        self.refuse("values", tr("there are {count} values").format(count=len(values)), allowed)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def well_formed(one: Intervention, file: str = "intervene", where: str = "") -> Intervention:
    """``one`` if it can mean something for some settings.

    Parameters
    ----------
    one : Intervention
    file, where
        Where it stands, for the error line.

    Raises
    ------
    BadInput
        If a name is unknown or a number lies outside its range.
    """
    at = _Place(file, where)
    if isinstance(one, InputEdit):
        at.whole("timestep", one.t, 1, caps.TIMESTEPS)
        at.numbers(one.values)
        if not 1 <= len(one.values) <= caps.INPUTS:
            at.out_of_range("values", len(one.values), tr("1 to {most} numbers").format(most=caps.INPUTS))
        return one
    at.word("network", one.cell, CELLS)
    if isinstance(one, WeightEdit):
        at.word("array", one.array, (*ARRAYS[one.cell], *READOUT))
        at.index("row", one.row, 4 * caps.HIDDEN)
        at.index("column", one.column, 3 * caps.HIDDEN)
        at.numbers((one.value,))
    elif isinstance(one, Cut):
        at.index("source", one.source, caps.HIDDEN)
        at.index("target", one.target, caps.HIDDEN)
    else:
        _well_formed_stretch(one, at)
    return one


def _well_formed_stretch(one: Clamp | Freeze, at: _Place) -> None:
    at.whole("timesteps", one.first, 1, caps.TIMESTEPS)
    at.whole("timesteps", one.last, one.first, caps.TIMESTEPS)
    for unit in one.units:
        at.index("unit", unit, caps.HIDDEN)
    if isinstance(one, Freeze):
        return
    at.word("quantity", one.quantity, HELD[one.cell])
    at.numbers(one.values, *((0.0, 1.0) if one.quantity in GATES[one.cell] else ()))
    span = one.last - one.first + 1
    if len(one.values) not in (1, span):
        at.count(one.values, tr("1, or one for each of the {span} timesteps").format(span=span))


def checked(one: Intervention, settings: Settings, file: str = "intervene", where: str = "") -> Intervention:
    """``one`` if it is well formed and all of it lies within what the settings name.

    Raises
    ------
    BadInput
        If not; one line says what there is.
    """
    well_formed(one, file, where)
    at, last = _Place(file, where), settings.timesteps()
    if isinstance(one, InputEdit):
        inputs = TASKS[settings.task].inputs
        if one.t > last:
            at.beyond("timestep", f"t = {one.t}", tr("1 to {last}").format(last=last))
        if len(one.values) != inputs:
            at.count(one.values, str(inputs))
        return one
    sizes = sizes_of(settings, one.cell)
    if not sizes.hidden:
        at.beyond("network", NAMES[one.cell], ", ".join(settings.cells))
    if isinstance(one, WeightEdit):
        shapes = dict(sizes.arrays)
        if one.array not in shapes:
            at.beyond("array", one.array, ", ".join(shapes))
        if not fits(one, sizes):
            number = tr("row {row}, column {column}").format(row=one.row + 1, column=one.column + 1)
            at.beyond(one.array, number, " × ".join(map(str, shapes[one.array])))
        return one
    most = max((one.source, one.target) if isinstance(one, Cut) else one.units, default=0)
    if most >= sizes.hidden:
        at.beyond("unit", tr("unit {unit}").format(unit=most + 1), tr("1 to {last}").format(last=sizes.hidden))
    if isinstance(one, Cut):
        return one
    if one.last > last:
        at.beyond("timesteps", f"t = {one.last}", tr("1 to {last}").format(last=last))
    if isinstance(one, Clamp) and one.quantity not in sizes.quantities:
        at.beyond("quantity", one.quantity, ", ".join(sizes.quantities))
    return one
