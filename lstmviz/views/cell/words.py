"""The Cell lab in words and as a table."""

from __future__ import annotations

import numpy as np

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.explain import Line
from lstmviz.stage.sentence import PlotTable
from lstmviz.views.cell.tags import gradient_text, name_of, value_text
from lstmviz.views.formula_text import plain_words
from lstmviz.words import count, number, tr


def sentence_of(part: CellPart) -> str:
    """Which operation is on show, its formula with numbers, and what came out where it differs from the ghost's."""
    operation = part.operations[part.current]
    where = tr("{network}, unit {unit} of {units}, timestep {t} of {n}.").format(
        network=part.title,
        unit=count(part.unit + 1),
        units=count(part.units),
        t=count(part.t),
        n=count(part.timesteps),
    )
    done = tr("Operation {k} of {all}, {name}: {symbols} {numbers}.").format(
        k=count(operation.number),
        all=count(len(part.operations)),
        name=operation.name,
        symbols=spoken(operation.symbols),
        numbers=spoken(operation.numbers),
    )
    said = [where, done]
    states = [name for name in ("c", "h") if name in part.values]
    if part.shows == "values":
        said.append(tr(", ").join(_told(part, name) for name in states) + ".")
    else:
        told = tr("gradient by the {name} {value}")
        words = [
            told.format(name=name_of(f"{name}_before"), value=gradient_text(part.gradients[f"d_{name}_before"]))
            for name in states
            if f"d_{name}_before" in part.gradients
        ]
        said.append(tr(", ").join(words) + ".")
    return " ".join(said)


def _told(part: CellPart, name: str) -> str:
    text, before = value_text(part.values[name]), part.was.get(name)
    said = f"{name_of(name)} {text}"
    if before is not None and value_text(before) != text:
        said += tr(", was {value}").format(value=value_text(before))
    return said


def spoken(line: Line) -> str:
    """A formula without the marks of its layout."""
    return " ".join(plain_words(line).replace("_", " ").replace("^", " ").split())


def table_of(part: CellPart) -> PlotTable:
    """Every curve of the unit, timestep by timestep; of gradients log10 of their size."""
    names = [one.name for one in part.curves]
    columns = [np.asarray(one.values) for one in part.curves]
    header = [f"log₁₀ |∂L/∂{name[2:]}|" if name.startswith("d_") else name for name in names]
    rows = [[t + 1, *(float(column[t]) for column in columns)] for t in range(part.timesteps)]
    return PlotTable(
        title=tr("{network}: unit {unit} at every timestep").format(network=part.title, unit=count(part.unit + 1)),
        header=["t", *header],
        rows=[[count(int(t)), *(number(value, 3) for value in values)] for t, *values in rows],
        names=["timestep", *(f"log10_{name}" if name.startswith("d_") else name for name in names)],
        numbers=rows,
    )
