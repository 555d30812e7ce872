"""How a network's parameters stand in one picture: arrays side by side, blocks of rows under each other.

Words used in this file
    array    one of the engine's parameters, ``weight_ih``, ``weight_hh``, ``bias`` ...; a column group of the picture
    block    the H rows that belong to one gate, candidate or state
    entry    one number: array, row and column of that array, from 0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.slopes import blocks_of as lab_blocks
from lstmviz.words import count, tr

Array = NDArray[np.floating]
NAMES = {
    "i": tr("input gate"),
    "f": tr("forget gate"),
    "g": tr("candidate"),
    "o": tr("output gate"),
    "r": tr("reset gate"),
    "z": tr("update gate"),
    "n": tr("candidate"),
    "h": tr("hidden state"),
}
SHOWN = ("weight_ih", "weight_hh", "bias", "bias_hn")  # from left to right; others have no such rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of the parameters."""

    array: str
    row: int
    column: int


@dataclass(frozen=True, eq=False, slots=True)
class Blocks:
    """The parameters of one network, as the picture needs them."""

    cell: str
    hidden: int
    blocks: tuple[str, ...]
    arrays: dict[str, Array]  # by name, from left to right; each (rows, columns)
    first_row: dict[str, int]  # row of the picture where an array begins

    @property
    def rows(self) -> int:
        """Rows of the picture."""
        return self.hidden * len(self.blocks)

    def value(self, entry: Entry) -> float:
        """The number."""
        return float(self.arrays[entry.array][entry.row, entry.column])

    def has(self, entry: Entry) -> bool:
        """Whether there is such an entry."""
        array = self.arrays.get(entry.array)
        return array is not None and 0 <= entry.row < array.shape[0] and 0 <= entry.column < array.shape[1]

    def block_of(self, entry: Entry) -> str:
        """The block that an entry's row belongs to."""
        return self.blocks[(entry.row + self.first_row[entry.array]) // self.hidden]

    def unit_of(self, entry: Entry) -> int:
        """The unit, from 0, that an entry's row belongs to."""
        return (entry.row + self.first_row[entry.array]) % self.hidden

    def moved(self, entry: Entry, down: int, right: int) -> Entry:
        """The entry some rows and columns away in the picture, kept inside it."""
        names = list(self.arrays)
        offsets = np.cumsum([0] + [self.arrays[name].shape[1] for name in names])
        across = int(offsets[names.index(entry.array)]) + entry.column + right
        across = max(0, min(across, int(offsets[-1]) - 1))
        index = int(np.searchsorted(offsets, across, side="right")) - 1
        name = names[index]
        rows, start = self.arrays[name].shape[0], self.first_row[name]
        row = entry.row + self.first_row[entry.array] + down - start
        return Entry(name, max(0, min(row, rows - 1)), across - int(offsets[index]))

    def words(self, entry: Entry, symbols: tuple[str, ...] = ()) -> str:
        """Which connection an entry is, in words; ``symbols`` are the names of the inputs."""
        part, unit = NAMES[self.block_of(entry)], count(self.unit_of(entry) + 1)
        if entry.array == "weight_ih":
            known = symbols[entry.column] if entry.column < len(symbols) else count(entry.column + 1)
            text = tr("{part} of unit {unit} from input {source}")
        elif entry.array == "weight_hh":
            known, text = count(entry.column + 1), tr("{part} of unit {unit} from h of unit {source}")
        else:
            known, text = "", tr("{part} of unit {unit}, bias")
            if entry.array == "bias_hn":
                text = tr("{part} of unit {unit}, bias of what the reset gate multiplies")
        return text.format(part=part, unit=unit, source=known)


def blocks_of(network: Any) -> Blocks:
    """The parameters of a network, laid out for the picture.

    Parameters
    ----------
    network
        A ``VanillaRNN``, ``LSTM`` or ``GRU``.
    """
    hidden, parameters = network.hidden, network.parameters
    arrays, first = {}, {}
    rows = len(parameters.weight_hh)
    for name in SHOWN:
        array = getattr(parameters, name, None)
        if array is None:
            continue
        arrays[name] = array[:, None] if array.ndim == 1 else array
        first[name] = rows - len(array)  # what has fewer rows belongs to the last blocks: the GRU's b_hn
    names = tuple("h" if name == "a" else name for name in lab_blocks(network))  # the RNN's one block makes h
    return Blocks(network.cell, hidden, names, arrays, first)
