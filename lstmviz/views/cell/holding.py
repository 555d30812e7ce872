"""Clamps of the drawn unit: which one holds a quantity now, and how a hand on a gauge or in the plot changes it."""

from __future__ import annotations

from dataclasses import replace

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.hands import Clamp, Intervention
from lstmviz.stage.stage import Stage
from lstmviz.views.interventions.edits import change, make

Listed = tuple[Intervention, ...]


def clamp_index(listed: Listed, part: CellPart, quantity: str, t: int) -> int | None:
    """Place in the list of the clamp that holds a quantity of the drawn unit at a timestep; None where it is free."""
    found = None
    for index, one in enumerate(listed):
        if (
            isinstance(one, Clamp)
            and one.on
            and (one.cell, one.quantity) == (part.cell, quantity)
            and one.first <= t <= one.last
            and (not one.units or part.unit in one.units)
        ):
            found = index  # of two, the later one counts
    return found


def held_value(listed: Listed, part: CellPart, quantity: str, t: int) -> float | None:
    """The value at which a quantity is held; None where it is free."""
    index = clamp_index(listed, part, quantity, t)
    if index is None:
        return None
    one = listed[index]
    assert isinstance(one, Clamp)
    return one.values[0] if len(one.values) == 1 else one.values[t - one.first]


def hold_at(stage: Stage, part: CellPart, quantity: str, value: float, everyone: bool) -> None:
    """Hold a quantity at the playhead: a clamp that is there takes the value, else there is a new one."""
    index = clamp_index(stage.interventions, part, quantity, part.t)
    about = f"cell {part.cell} {quantity} {part.unit} {part.t}"
    if index is None:
        make(stage, Clamp(part.cell, quantity, part.t, part.t, (value,), () if everyone else (part.unit,)), about)
        return
    one = stage.interventions[index]
    assert isinstance(one, Clamp)
    if len(one.values) == 1:
        change(stage, index, replace(one, values=(value,)), about)
    else:
        place = part.t - one.first
        change(stage, index, replace(one, values=(*one.values[:place], value, *one.values[place + 1 :])), about)


def let_go(stage: Stage, part: CellPart, quantity: str) -> None:
    """Take the clamp that holds a quantity at the playhead out of the list."""
    index = clamp_index(stage.interventions, part, quantity, part.t)
    if index is not None:
        stage.remove_intervention(index)
