"""What Inspect draws: every quantity of one or two networks, units by timesteps, and the text coloured by one.

Words used in this file
    T, H        timesteps, units
    quantity    a gate, the candidate, a state, or with d_ the gradient by one, under its name in the trace
    crosshair   the selected unit and timestep, in all panels at once
    marked      timesteps at which the selected unit is beyond the threshold
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.gradient_flow import FLOAT64_DIGITS
from lstmviz.lab.patterns import Place
from lstmviz.lab.trace import Trace
from lstmviz.words import count, tr

Array = NDArray[np.floating]
BAND = FLOAT64_DIGITS  # log10 of the first colour of a gradient: absolute, beside a gradient of 1
GATES = ("f", "i", "o", "r", "z")  # 0 to 1
OF_CELL = {
    "lstm": ("f", "i", "o", "g", "c", "h", "d_c", "d_h"),
    "gru": ("z", "r", "n", "h", "d_n", "d_h"),
    "rnn": ("a", "h", "d_a", "d_h"),
}


@dataclass(frozen=True, eq=False, slots=True)
class Panel:
    """One quantity of one network."""

    cell: str
    network: str  # as written on screen
    quantity: str
    title: str
    kind: str  # "gate" (0 to 1), "signed" (-limit to limit) or "gradient" (log10 of the size)
    values: Array  # (T, H) as the engine has them, the first sequence
    limit: float  # largest size of a signed quantity, 1 or a round number above it

    def shown(self) -> Array:
        """What is coloured, (T, H): log10 of the size for a gradient, else the values themselves."""
        if self.kind != "gradient":
            return self.values
        with np.errstate(divide="ignore"):
            return np.log10(np.abs(self.values))


@dataclass(frozen=True, slots=True)
class Marked:
    """What the threshold finds."""

    threshold: float
    timesteps: tuple[int, ...]  # from 1
    places: tuple[Place, ...] = ()  # elsewhere, where all units that are on throughout the brushed place are on
    brushed: tuple[int, int] | None = None
    units: int = 0  # that are on throughout the brushed place: their pattern is looked for

    def told(self) -> str:
        """What the brush found, in words."""
        if self.units == 0:
            return tr("no unit is beyond the threshold throughout")
        if not self.places:
            return tr("the same pattern is nowhere else")
        return tr("{n} other places with the same pattern").format(n=count(len(self.places)))


@dataclass(frozen=True, eq=False, slots=True)
class InspectPart:
    """Everything Inspect draws beside what all labs show."""

    cell: str  # the network that is looked at
    beside: str  # the one beside it, or ""
    panels: tuple[Panel, ...]  # in the order of the screen; with a network beside, in pairs
    chosen: tuple[str, ...]  # quantities that are ticked
    known: tuple[str, ...]  # quantities that the network has
    order: tuple[int, ...]  # units (from 0), from the top row down
    by_similarity: bool
    unit: int
    timestep: int
    colour_by: str  # quantity that colours the text
    colours: Panel
    limit: float  # of the scale of the text's colours
    alike: tuple[tuple[int, float], ...]  # units with the same pattern, and their correlation
    marked: Marked | None
    readout: tuple[tuple[str, float], ...] = field(default=())  # quantity and value at the crosshair

    def row(self, unit: int) -> int:
        """The row of a unit, from 0."""
        return self.order.index(unit)


def panel(trace: Trace, quantity: str) -> Panel:
    """One quantity of a trace, of its first sequence."""
    source = trace.gradients if quantity.startswith("d_") else trace.tape
    rows = getattr(source, quantity.removeprefix("d_"))[-trace.timesteps :, 0]
    values = np.ascontiguousarray(rows, dtype=np.float64)
    values.flags.writeable = False
    kind = "gradient" if quantity.startswith("d_") else "gate" if quantity in GATES else "signed"
    network = trace.network
    return Panel(
        network.cell, network.title, quantity, title_of(network.cell, quantity), kind, values, limit_of(values)
    )


def limit_of(values: Array) -> float:
    """1, or the first of 1.5, 2, 3, 5, 7, 10, 15 ... that no size exceeds: colours do not jump with every change."""
    sizes = np.abs(values[np.isfinite(values)])
    most = float(sizes.max(initial=0.0))
    if most <= 1.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next((step * power for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0) if most <= step * power), 10.0 * power)


def title_of(cell: str, quantity: str) -> str:
    """A quantity in words."""
    if quantity.startswith("d_"):
        return tr("gradient")
    titles = {
        "f": tr("forget gate"),
        "i": tr("input gate"),
        "o": tr("output gate"),
        "g": tr("candidate"),
        "c": tr("cell state"),
        "h": tr("hidden state"),
        "r": tr("reset gate"),
        "z": tr("update gate"),
        "n": tr("candidate"),
        "a": tr("pre-activation"),
    }
    return titles[quantity]


def symbol_of(quantity: str) -> str:
    """A quantity as formulas write it."""
    return f"∂L/∂{quantity[2:]}_{{t}}" if quantity.startswith("d_") else f"{quantity}_{{t}}"
