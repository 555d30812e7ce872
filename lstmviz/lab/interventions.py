"""What hands can do to a run: hold a gate, freeze the state, change a weight, cut a connection, edit an input.

An intervention is a frozen value that names what it changes, not the run that it changes; ``lab.intervened`` runs the
networks with it. What lies outside the sizes of a run is kept and does nothing there.

Words used in this file
    T, H       timesteps (counted from 1), hidden units (counted from 0)
    cell       the kind of network that is meant: "rnn", "lstm", "gru"; of a stack its top layer, forward
    place      what an intervention changes, whatever it changes it to: a second one at the same place replaces it
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from lstmviz.engine.variant import HELD as HELD
from lstmviz.engine.variant import VARIANTS
from lstmviz.lab.settings import BLOCKS, Settings, units
from lstmviz.lab.tasks import TASKS
from lstmviz.words import MINUS

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


def shown_number(value: float) -> str:
    """A value as it was set: ``0.1``, ``−2.5``, with a real minus sign."""
    return f"{value:.6g}".replace("-", MINUS)
