"""What hands can do to a run: hold a gate, freeze the state, change a weight, cut a connection, edit an input.

An intervention is a frozen value that names what it changes, not the run that it changes; ``lab.intervened`` runs the
networks with it. What lies outside the sizes of a run is kept and does nothing there.

Words used in this file
    T, H       timesteps (counted from 1), hidden units (counted from 0)
    cell       the kind of network that is meant: "rnn", "lstm", "gru"; of a stack its top layer, forward
    place      what an intervention changes, whatever it changes it to: a second one at the same place replaces it
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from lstmviz.engine.variant import HELD as HELD
from lstmviz.engine.variant import VARIANTS
from lstmviz.files import BadInput, caps
from lstmviz.files.error_line import shortened
from lstmviz.lab.settings import BLOCKS, CELLS, Settings, units
from lstmviz.lab.tasks import TASKS
from lstmviz.words import MINUS, tr

GATES = {"rnn": (), "lstm": ("i", "f", "o"), "gru": ("r", "z")}  # what lies between 0 and 1
ARRAYS = {
    "rnn": ("weight_ih", "weight_hh", "bias"),
    "lstm": ("weight_ih", "weight_hh", "bias", "peephole", "weight_gates"),
    "gru": ("weight_ih", "weight_hh", "bias", "bias_hn"),
}
READOUT = ("readout_weight", "readout_bias")
LARGEST = 1e6  # of a value that is no gate
MOST = 1100  # interventions at a time; all connections of 32 units can be cut
MOST_NUMBERS = 80_000  # values and units of all of them; a session file holds no more entries than 100,000
NAMES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


@dataclass(frozen=True, slots=True)
class Clamp:
    """A quantity is held at given values.

    Attributes
    ----------
    cell : str
        The network.
    quantity : str
        A name of ``HELD[cell]``.
    first, last : int
        Timesteps, from 1.
    values : tuple of float
        One for all timesteps, or one for each from first to last. Gates take 0 to 1.
    units : tuple of int
        From 0; all when empty.
    on : bool
        Whether it acts.
    """

    cell: str
    quantity: str
    first: int
    last: int
    values: tuple[float, ...]
    units: tuple[int, ...] = ()
    on: bool = True


@dataclass(frozen=True, slots=True)
class Freeze:
    """c and h stay what they were one timestep before, from timestep first to last."""

    cell: str
    first: int
    last: int
    units: tuple[int, ...] = ()
    on: bool = True


@dataclass(frozen=True, slots=True)
class WeightEdit:
    """One number of a weight array, or of a bias (column 0), is another; rows and columns from 0, as in the array."""

    cell: str
    array: str
    row: int
    column: int
    value: float
    on: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """The recurrent connection from unit ``source`` to unit ``target`` is 0, in every block of the weights."""

    cell: str
    source: int
    target: int
    on: bool = True


@dataclass(frozen=True, slots=True)
class InputEdit:
    """All networks read other values at timestep t, in the sequence that is drawn."""

    t: int
    values: tuple[float, ...]
    on: bool = True


Intervention: TypeAlias = Clamp | Freeze | WeightEdit | Cut | InputEdit


@dataclass(frozen=True, slots=True)
class Sizes:
    """What there is to change in one network of a run."""

    timesteps: int
    inputs: int  # of the whole network
    hidden: int = 0
    quantities: tuple[str, ...] = ()
    arrays: tuple[tuple[str, tuple[int, ...]], ...] = ()  # names and shapes


def place(one: Intervention) -> tuple[Any, ...]:
    """What an intervention changes; of two at the same place the later one counts."""
    if isinstance(one, Clamp):
        return Clamp, one.cell, one.quantity, one.first, one.last, one.units
    if isinstance(one, WeightEdit):
        return WeightEdit, one.cell, one.array, one.row, one.column
    if isinstance(one, InputEdit):
        return InputEdit, one.t
    return type(one), replace(one, on=True)


def numbers_in(interventions: Iterable[Intervention]) -> int:
    """How many values and units interventions name."""
    return sum(len(getattr(one, "values", ())) + len(getattr(one, "units", ())) for one in interventions)


# ----------------------------------------------------------------------------- what there is


@lru_cache(maxsize=32)
def sizes_of(settings: Settings, cell: str) -> Sizes:
    """What there is to change in the network of one kind that the settings name; no units where there is none."""
    inputs = TASKS[settings.task].inputs
    if cell not in settings.cells:
        return Sizes(settings.timesteps(), inputs)
    hidden, parts = units(settings, cell), VARIANTS[settings.variant].parts
    rows = hidden * (len(parts.blocks) if cell == "lstm" else BLOCKS[cell])
    handed_on = hidden * (2 if settings.bidirectional else 1)
    outputs = TASKS[settings.task].outputs
    arrays: dict[str, tuple[int, ...]] = {
        "weight_ih": (rows, inputs if settings.layers == 1 else handed_on),
        "weight_hh": (rows, hidden),
        "bias": (rows,),
    }
    if cell == "gru":
        arrays["bias_hn"] = (hidden,)
    if cell == "lstm" and parts.peepholes:
        arrays["peephole"] = (3 * hidden,)
    if cell == "lstm" and parts.gate_recurrence:
        arrays["weight_gates"] = (3 * hidden, 3 * hidden)
    arrays |= {"readout_weight": (outputs, handed_on), "readout_bias": (outputs,)}
    return Sizes(settings.timesteps(), inputs, hidden, holdable(cell, settings.variant), tuple(arrays.items()))


def holdable(cell: str, variant: str = "vanilla") -> tuple[str, ...]:
    """Quantities that can be held; a variant of the LSTM has not all of them."""
    if cell != "lstm":
        return HELD[cell]
    parts = VARIANTS[variant].parts
    there = (*parts.blocks, "c", "h", *(("f",) if parts.coupled else ()))
    return tuple(name for name in HELD[cell] if name in there)


def fits(one: Intervention, sizes: Sizes) -> bool:
    """Whether an intervention finds what it changes in a network of these sizes, all of it or a part."""
    if isinstance(one, InputEdit):
        return one.t <= sizes.timesteps and len(one.values) == sizes.inputs
    if isinstance(one, WeightEdit):
        shape = (*dict(sizes.arrays).get(one.array, (0,)), 1)
        return one.row < shape[0] and one.column < shape[1]
    if isinstance(one, Cut):
        return max(one.source, one.target) < sizes.hidden
    there = not one.units or min(one.units) < sizes.hidden
    named = sizes.hidden > 0 and (isinstance(one, Freeze) or one.quantity in sizes.quantities)
    return named and there and one.first <= sizes.timesteps


def applies(one: Intervention, settings: Settings) -> bool:
    """Whether an intervention, if it is on, does anything to the networks that the settings name."""
    if isinstance(one, InputEdit):
        return bool(settings.cells) and fits(one, sizes_of(settings, settings.cells[0]))
    return fits(one, sizes_of(settings, one.cell))


# ----------------------------------------------------------------------------- checks


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

    def refuse(key: str, value: Any, allowed: str) -> BadInput:
        wrong = tr("{value} is out of range").format(value=shortened(str(value)))
        return BadInput(file, f"{where}: {key}" if where else key, wrong, allowed)

    def word(key: str, value: str, known: tuple[str, ...]) -> None:
        if value not in known:
            wrong = tr("{value} is unknown").format(value=shortened(str(value)))
            raise BadInput(file, f"{where}: {key}" if where else key, wrong, ", ".join(known))

    def whole(key: str, value: int, low: int, high: int) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise refuse(key, value, tr("{low} to {high}").format(low=low, high=high))

    def place_number(key: str, value: int, count: int) -> None:
        """From 0 in the value, from 1 in words."""
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < count:
            raise refuse(key, value + 1 if isinstance(value, int) else value, tr("1 to {last}").format(last=count))

    def numbers(values: tuple[float, ...], low: float = -LARGEST, high: float = LARGEST) -> None:
        for value in values:
            if not (math.isfinite(value) and low <= value <= high):
                raise refuse("value", value, tr("{low:g} to {high:g}").format(low=low, high=high))

    if isinstance(one, InputEdit):
        whole("timestep", one.t, 1, caps.TIMESTEPS)
        numbers(one.values)
        if not 1 <= len(one.values) <= caps.INPUTS:
            raise refuse("values", len(one.values), tr("1 to {most} numbers").format(most=caps.INPUTS))
        return one
    word("network", one.cell, CELLS)
    if isinstance(one, WeightEdit):
        word("array", one.array, (*ARRAYS[one.cell], *READOUT))
        place_number("row", one.row, 4 * caps.HIDDEN)
        place_number("column", one.column, 3 * caps.HIDDEN)
        numbers((one.value,))
    elif isinstance(one, Cut):
        place_number("source", one.source, caps.HIDDEN)
        place_number("target", one.target, caps.HIDDEN)
    else:
        whole("timesteps", one.first, 1, caps.TIMESTEPS)
        whole("timesteps", one.last, one.first, caps.TIMESTEPS)
        for unit in one.units:
            place_number("unit", unit, caps.HIDDEN)
    if isinstance(one, Clamp):
        word("quantity", one.quantity, HELD[one.cell])
        numbers(one.values, *((0.0, 1.0) if one.quantity in GATES[one.cell] else ()))
        span = one.last - one.first + 1
        if len(one.values) not in (1, span):
            wrong = tr("there are {count} values").format(count=len(one.values))
            allowed = tr("1, or one for each of the {span} timesteps").format(span=span)
            raise BadInput(file, f"{where}: values" if where else "values", wrong, allowed)
    return one


def checked(one: Intervention, settings: Settings, file: str = "intervene", where: str = "") -> Intervention:
    """``one`` if it is well formed and all of it lies within what the settings name.

    Raises
    ------
    BadInput
        If not; one line says what there is.
    """
    well_formed(one, file, where)

    def beyond(key: str, value: Any, allowed: str) -> BadInput:
        wrong = tr("there is no {value}").format(value=shortened(str(value)))
        return BadInput(file, f"{where}: {key}" if where else key, wrong, allowed)

    last = settings.timesteps()
    if isinstance(one, InputEdit):
        inputs = TASKS[settings.task].inputs
        if one.t > last:
            raise beyond("timestep", f"t = {one.t}", tr("1 to {last}").format(last=last))
        if len(one.values) != inputs:
            wrong = tr("there are {count} values").format(count=len(one.values))
            raise BadInput(file, f"{where}: values" if where else "values", wrong, str(inputs))
        return one
    sizes = sizes_of(settings, one.cell)
    if not sizes.hidden:
        raise beyond("network", NAMES[one.cell], ", ".join(settings.cells))
    if isinstance(one, WeightEdit):
        shapes = dict(sizes.arrays)
        if one.array not in shapes:
            raise beyond("array", one.array, ", ".join(shapes))
        if not fits(one, sizes):
            at = tr("row {row}, column {column}").format(row=one.row + 1, column=one.column + 1)
            raise beyond(one.array, at, " × ".join(map(str, shapes[one.array])))
        return one
    used = (one.source, one.target) if isinstance(one, Cut) else one.units
    if max(used, default=0) >= sizes.hidden:
        raise beyond("unit", tr("unit {unit}").format(unit=max(used) + 1), tr("1 to {last}").format(last=sizes.hidden))
    if isinstance(one, Cut):
        return one
    if one.last > last:
        raise beyond("timesteps", f"t = {one.last}", tr("1 to {last}").format(last=last))
    if isinstance(one, Clamp) and one.quantity not in sizes.quantities:
        raise beyond("quantity", one.quantity, ", ".join(sizes.quantities))
    return one


def shown_number(value: float) -> str:
    """A value as it was set: ``0.1``, ``−2.5``, with a real minus sign."""
    return f"{value:.6g}".replace("-", MINUS)
