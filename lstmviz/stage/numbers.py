"""The numbers on show as files and for the clipboard: what the open lab's table has, and every array behind it.

Words used in this file
    table    what the open lab shows as a table, with every digit
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from lstmviz.files import csv_bytes, npz_bytes
from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import PlotTable


def table_csv(table: PlotTable) -> bytes:
    """The table as a CSV file: commas, points, one header line; numbers read back exactly."""
    return csv_bytes(table.names, table.numbers)


def table_text(table: PlotTable) -> str:
    """The table as a spreadsheet takes it from the clipboard: tabs between the columns, a line for each row."""
    lines: list[Sequence[Any]] = [table.names, *table.numbers]
    return "".join("\t".join(map(_cell, line)) + "\n" for line in lines)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return repr(float(value))
    return " ".join(str(value).split())  # a tab or a line break in a name would be another cell


def arrays(frame: Frame) -> dict[str, np.ndarray]:
    """Every array behind what is on show.

    ``<cell>.<name>`` of the networks, ``before.<cell>.<name>`` of the run before interventions, and
    ``training.<cell>.<name>``.
    """
    found: dict[str, np.ndarray] = {}
    if frame.comparison is not None:
        found |= frame.comparison.arrays()
    if frame.ghost is not None:
        found |= {f"before.{name}": array for name, array in frame.ghost.arrays().items()}
    training = frame.training
    if training is not None:
        for cell, loss, norm in zip(training.cells, training.losses, training.norms, strict=True):
            found[f"training.{cell}.loss"] = np.asarray(loss)
            found[f"training.{cell}.norm"] = np.asarray(norm)
    return found


def arrays_npz(frame: Frame) -> bytes:
    """The arrays as a NumPy file."""
    return npz_bytes(arrays(frame))
