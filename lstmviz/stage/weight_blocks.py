"""How a network's parameters stand in one picture: arrays side by side, blocks of rows under each other.

Words used in this file
    array    one of the engine's parameters, ``weight_ih``, ``weight_hh``, ``bias`` ...; a column group of the picture
    block    the H rows that belong to one gate, candidate or state; of a readout, the rows of all answers
    entry    one number: array, row and column of that array, from 0
    line     a row of the picture, from 0; an array of fewer blocks has no numbers at some lines
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.formulas import GATES
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
SHOWN = ("weight_ih", "weight_hh", "weight_gates", "peephole", "bias", "bias_hn")  # from left to right
READOUT = ("readout_weight", "readout_bias")
ANSWERS = "y"  # the one block of a readout


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
    hidden: int  # rows of a block
    blocks: tuple[str, ...]
    arrays: dict[str, Array]  # by name, from left to right; each (rows, columns)
    lines: dict[str, NDArray[np.intp]]  # of each array's rows, rising

    @property
    def height(self) -> int:
        """Lines of the picture."""
        return self.hidden * len(self.blocks)

    def extent(self, name: str) -> tuple[int, int]:
        """The first line of an array, and the one behind its last."""
        return int(self.lines[name][0]), int(self.lines[name][-1]) + 1

    def row_at(self, name: str, line: int) -> int | None:
        """The row of an array that stands at a line; None where it has none."""
        row = int(np.searchsorted(self.lines[name], line))
        return row if row < len(self.lines[name]) and self.lines[name][row] == line else None

    def value(self, entry: Entry) -> float:
        """The number."""
        return float(self.arrays[entry.array][entry.row, entry.column])

    def has(self, entry: Entry) -> bool:
        """Whether there is such an entry."""
        array = self.arrays.get(entry.array)
        return array is not None and 0 <= entry.row < array.shape[0] and 0 <= entry.column < array.shape[1]

    def block_of(self, entry: Entry) -> str:
        """The block that an entry's row belongs to."""
        return self.blocks[int(self.lines[entry.array][entry.row]) // self.hidden]

    def unit_of(self, entry: Entry) -> int:
        """The unit, or the answer, from 0, that an entry's row belongs to."""
        return int(self.lines[entry.array][entry.row] % self.hidden)

    def moved(self, entry: Entry, down: int, right: int) -> Entry:
        """The entry some lines and columns away in the picture, or the nearest one that there is on that way."""
        names = list(self.arrays)
        offsets = np.cumsum([0] + [self.arrays[name].shape[1] for name in names])
        across = int(offsets[names.index(entry.array)]) + entry.column + right
        across = max(0, min(across, int(offsets[-1]) - 1))
        index = int(np.searchsorted(offsets, across, side="right")) - 1
        lines, wanted = self.lines[names[index]], int(self.lines[entry.array][entry.row]) + down
        row = int(np.searchsorted(lines, wanted, side="right" if down < 0 else "left")) - (down < 0)
        return Entry(names[index], max(0, min(row, len(lines) - 1)), across - int(offsets[index]))

    def words(self, entry: Entry, symbols: tuple[str, ...] = ()) -> str:
        """Which connection an entry is, in words; ``symbols`` are the names of the inputs."""
        if entry.array in READOUT:
            answer = count(self.unit_of(entry) + 1)
            if entry.array == "readout_bias":
                return tr("answer {answer}, bias").format(answer=answer)
            return tr("answer {answer} from h of unit {source}").format(answer=answer, source=count(entry.column + 1))
        part, unit = NAMES[self.block_of(entry)], count(self.unit_of(entry) + 1)
        if entry.array == "weight_gates":
            gate, source = divmod(entry.column, self.hidden)
            text = tr("{part} of unit {unit} from the {gate} of unit {source} one timestep earlier")
            return text.format(part=part, unit=unit, gate=NAMES[GATES[gate]], source=count(source + 1))
        if entry.array == "weight_ih":
            known = symbols[entry.column] if entry.column < len(symbols) else count(entry.column + 1)
            text = tr("{part} of unit {unit} from input {source}")
        elif entry.array == "weight_hh":
            known, text = count(entry.column + 1), tr("{part} of unit {unit} from h of unit {source}")
        else:
            known, text = "", tr("{part} of unit {unit}, bias")
            if entry.array == "peephole":
                text = tr("{part} of unit {unit} from its own cell state")
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
    names = tuple("h" if name == "a" else name for name in lab_blocks(network))  # the RNN's one block makes h
    fewer = {"bias_hn": ("n",), "peephole": GATES, "weight_gates": GATES}
    arrays, lines = {}, {}
    for name in SHOWN:
        array = getattr(network.parameters, name, None)
        if array is not None:
            starts = [names.index(block) * network.hidden for block in fewer.get(name, names)]
            lines[name] = np.concatenate([np.arange(start, start + network.hidden) for start in starts])
            arrays[name] = array[:, None] if array.ndim == 1 else array
    return Blocks(network.cell, network.hidden, names, arrays, lines)


def readout_blocks(cell: str, readout: Any) -> Blocks:
    """The parameters of a network's readout, laid out for the picture.

    Parameters
    ----------
    cell : str
        Of the network.
    readout
        The engine's ``ReadoutParameters``.
    """
    arrays = {"readout_weight": readout.weight, "readout_bias": readout.bias[:, None]}
    every = np.arange(len(readout.bias))
    return Blocks(cell, len(every), (ANSWERS,), arrays, dict.fromkeys(arrays, every))
