"""The few sentences that hands say to the stage: make, change, put back. Each is one undo entry, a drag included."""

from __future__ import annotations

from dataclasses import replace

from lstmviz.files import BadInput
from lstmviz.stage.hands import Clamp, Cut, Freeze, InputEdit, Intervention, WeightEdit
from lstmviz.stage.stage import Stage
from lstmviz.stage.weight_blocks import Entry
from lstmviz.words import tr


def make(stage: Stage, one: Intervention, about: str = "") -> int | None:
    """Add an intervention; its index, or None where the stage refuses it in one quiet line."""
    try:
        stage.intervene(one, about=about)
    except BadInput as error:
        _say(stage, error)
        return None
    return len(stage.interventions) - 1


def change(stage: Stage, index: int, one: Intervention, about: str = "") -> None:
    """Put another intervention in the place of one."""
    try:
        stage.change_intervention(index, one, about=about)
    except BadInput as error:
        _say(stage, error)


def _say(stage: Stage, error: BadInput) -> None:
    stage.notify(tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed))


def weight_edit(stage: Stage, cell: str, entry: Entry) -> int | None:
    """Index of the edit of one entry, or None."""
    for index, one in enumerate(stage.interventions):
        if isinstance(one, WeightEdit) and one.cell == cell and entry == Entry(one.array, one.row, one.column):
            return index
    return None


def set_weight(stage: Stage, cell: str, entry: Entry, value: float, about: str = "") -> None:
    """Give one entry of a network's parameters another value."""
    index = weight_edit(stage, cell, entry)
    fresh = WeightEdit(cell, entry.array, entry.row, entry.column, value)
    if index is None:
        make(stage, fresh, about)
    else:
        change(stage, index, fresh, about)


def cut_of(stage: Stage, cell: str, source: int, target: int) -> int | None:
    """Index of the cut of one recurrent connection, or None."""
    for index, one in enumerate(stage.interventions):
        if isinstance(one, Cut) and (one.cell, one.source, one.target) == (cell, source, target):
            return index
    return None


def toggle_cut(stage: Stage, cell: str, source: int, target: int) -> None:
    """Cut a recurrent connection, or join it again."""
    index = cut_of(stage, cell, source, target)
    if index is None:
        make(stage, Cut(cell, source, target))
    else:
        stage.remove_intervention(index)


def input_edit(stage: Stage, t: int) -> int | None:
    """Index of the edit of what is read at a timestep, or None."""
    for index, one in enumerate(stage.interventions):
        if isinstance(one, InputEdit) and one.t == t:
            return index
    return None


def set_input(stage: Stage, t: int, values: tuple[float, ...], about: str = "") -> None:
    """Let the networks read something else at a timestep; what they read before is no edit."""
    index, free = input_edit(stage, t), free_input(stage, t)
    if values == free and index is not None:
        stage.remove_intervention(index)
    elif values != free and index is None:
        make(stage, InputEdit(t, values), about)
    elif values != free and index is not None:
        change(stage, index, InputEdit(t, values), about)


def free_input(stage: Stage, t: int) -> tuple[float, ...]:
    """What the networks read at a timestep without any edit."""
    comparison = stage.race.ghost or stage.race.comparison
    return () if comparison is None else tuple(map(float, comparison.batch.x[t - 1, 0]))


def with_span(one: Clamp | Freeze, first: int, last: int) -> Clamp | Freeze:
    """The same over other timesteps; values drawn by hand go with their timesteps, new ones repeat the nearest."""
    if isinstance(one, Freeze) or len(one.values) == 1:
        return replace(one, first=first, last=last)
    values = tuple(one.values[max(0, min(t - one.first, len(one.values) - 1))] for t in range(first, last + 1))
    return replace(one, first=first, last=last, values=values)
