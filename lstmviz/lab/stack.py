"""Stacks: networks of several layers and of both directions, composed of single cells that run as they always do.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs of the stack, hidden units of each cell
    layer        one cell, or a pair: one that reads forward and one that reads backward ("reverse")
    width        numbers a layer hands on at each timestep: H, or 2H (forward beside reverse)
    handed down  the gradient by what a layer handed on, which its cells take for what the loss says about their h;
                 with exponents, since it may be far outside floating point (``engine.scaled``)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, islice
from typing import Any, Self, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import extremes_allowed
from lstmviz.engine.scaled import ScaledRows, scaled_rows, total
from lstmviz.files import caps
from lstmviz.lab.arguments import check_range, check_sizes, check_whole
from lstmviz.lab.dropout import Masks
from lstmviz.lab.network import Network
from lstmviz.lab.stack_start import check_fit, new_cell
from lstmviz.lab.stack_tape import StackGradients, StackTape, columns, in_turn, masked, seen_of
from lstmviz.words import count, tr

Array = NDArray[np.floating]
Layers = tuple[tuple[Network, ...], ...]


@final
@dataclass(frozen=True, eq=False, repr=False)
class Stack:
    """One to four layers of one kind of cell, in one direction or in both; weights laid out as in PyTorch.

    Parameters
    ----------
    layers : sequence
        From the lowest up: a network, or a pair (forward, reverse). All of one kind, size and number type; each
        layer above the first reads as many inputs as the layer below hands on.

    Raises
    ------
    BadInput
        If the layers do not fit together.

    References
    ----------
    Schuster & Paliwal (1997): bidirectional networks. Graves, Mohamed & Hinton (2013): stacked LSTMs.
    """

    layers: Layers

    def __init__(self, layers: Sequence[Network | Sequence[Network]]) -> None:
        parts = tuple((layer,) if isinstance(layer, Network) else tuple(layer) for layer in layers)
        check_fit(parts)
        object.__setattr__(self, "layers", parts)

    @classmethod
    def of(
        cls,
        cell: type[Network],
        inputs: int,
        hidden: int,
        *,
        layers: int = 2,
        bidirectional: bool = False,
        seed: int = 0,
        **options: Any,
    ) -> Self:
        """A fresh stack; its first cell is the one that the cell's own class would make with this seed.

        Parameters
        ----------
        cell : type
            VanillaRNN, LSTM or GRU.
        inputs, hidden : int
            I, 1 to 256, and H of each cell, 1 to 512.
        layers : int
            1 to 4.
        bidirectional : bool
            Whether each layer has a reverse.
        seed : int
            Equal seeds give equal weights; each cell has a draw of its own.
        **options
            Of the cell, such as ``forget_bias``.

        Raises
        ------
        BadInput
            If an argument lies outside its range.
        """
        check_whole("Stack", "layers", layers)
        check_range("Stack", "layers", layers, 1, caps.LAYERS)
        check_sizes("Stack", inputs, hidden, options.get("dtype", "float64"))
        directions = 2 if bidirectional else 1
        made = [
            [
                new_cell(cell, inputs if layer == 0 else directions * hidden, hidden, seed, 2 * layer + turn, options)
                for turn in range(directions)
            ]
            for layer in range(layers)
        ]
        return cls(made)

    # ------------------------------------------------------------------------- what it is

    @property
    def cells(self) -> tuple[Network, ...]:
        """All cells in PyTorch's order: layer 0, its reverse, layer 1, ..."""
        return tuple(chain.from_iterable(self.layers))

    @property
    def cell_count(self) -> int:
        """How many cells run: one or two for each layer."""
        return len(self.cells)

    @property
    def top(self) -> Network:
        """The top layer's forward cell."""
        return self.layers[-1][0]

    @property
    def cell(self) -> str:
        """The kind of its cells: "rnn", "lstm" or "gru"."""
        return self.top.cell

    @property
    def title(self) -> str:
        """As written on screen: RNN, LSTM, GRU."""
        return self.top.title

    @property
    def depth(self) -> int:
        """How many layers."""
        return len(self.layers)

    @property
    def bidirectional(self) -> bool:
        """Whether each layer has a reverse."""
        return len(self.layers[0]) == 2

    @property
    def inputs(self) -> int:
        """I, numbers read at each timestep."""
        return self.layers[0][0].inputs

    @property
    def hidden(self) -> int:
        """H, hidden units of each cell."""
        return self.top.hidden

    @property
    def width(self) -> int:
        """How many numbers a readout sees at each timestep: H, or 2H if bidirectional."""
        return self.hidden * len(self.layers[-1])

    @property
    def layer_widths(self) -> tuple[int, ...]:
        """Numbers that each layer hands on at each timestep."""
        return (self.width,) * self.depth

    @property
    def dtype(self) -> str:
        """Number type of the parameters, "float64" or "float32"."""
        return self.top.dtype

    @property
    def parameter_count(self) -> int:
        """Numbers that training changes."""
        return sum(cell.parameter_count for cell in self.cells)

    @property
    def build(self) -> str:
        """How it is put together, in words: ``2 layers, both directions``."""
        layers = tr("1 layer") if self.depth == 1 else tr("{n} layers").format(n=self.depth)
        return layers + (tr(", both directions") if self.bidirectional else "")

    # ------------------------------------------------------------------------- training

    def weights(self) -> tuple[Array, ...]:
        """The arrays that training changes, cell by cell in PyTorch's order."""
        return tuple(chain.from_iterable(cell.weights() for cell in self.cells))

    def with_weights(self, arrays: Sequence[Array]) -> Self:
        """The same stack with other ``weights()``, in their order; they are copied."""
        left = iter(arrays)
        fresh = [
            [cell.with_weights(list(islice(left, len(cell.weights())))) for cell in layer] for layer in self.layers
        ]
        return type(self)(fresh)

    def weight_gradients(self, gradients: StackGradients) -> tuple[Array, ...]:
        """dL/d of each of ``weights()``, from what ``backward`` returned."""
        found = chain.from_iterable(gradients.cells)
        return tuple(chain.from_iterable(cell.weight_gradients(d) for cell, d in zip(self.cells, found, strict=True)))

    # ------------------------------------------------------------------------- passes

    def forward(
        self,
        x: Array,
        h0: Array | None = None,
        c0: Array | None = None,
        engine: str = "auto",
        masks: Masks | None = None,
        held: Array | None = None,
    ) -> StackTape:
        """The tape of one forward pass over x: every intermediate quantity of every cell.

        Parameters
        ----------
        x : float (T, B, I)
            Input.
        h0, c0 : float (cells, B, H), optional
            Initial states in the order of ``cells``, zeros when left out. ``c0`` is for the LSTM only.
        engine : str
            "auto", "kernels" or "reference".
        masks : Masks, optional
            Dropout: x and what each layer hands on are multiplied by their masks.
        held : float (Q, T, B, H), optional
            What is held in the top layer's forward cell; see ``Network.forward``.
        """
        x = np.array(x, dtype=self.dtype, order="C")
        number, tapes, flowing = 0, [], x
        for layer in range(self.depth):
            flowing = masked(flowing, masks, layer)
            of_layer = []
            for cell, turned in self._turns(layer):
                start_h, start_c = (None if start is None else start[number] for start in (h0, c0))
                its_held = held if (layer, turned) == (self.depth - 1, 1) else None
                of_layer.append(cell.forward(flowing[::turned], start_h, start_c, engine, held=its_held))
                number += 1
            tapes.append(tuple(of_layer))
            flowing = seen_of(tapes[-1])[1:]
        return StackTape(x, tuple(tapes), masks)

    def seen(self, tape: StackTape) -> Array:
        """What a readout sees: h of the top layer (T + 1, B, width), row 0 the initial states.

        Of a bidirectional stack row t holds, side by side, h_t of the forward cell, which has read x_1 to x_t, and of
        the reverse, which has read x_T to x_t.
        """
        return seen_of(tape.cells[-1])

    @extremes_allowed
    def backward(
        self,
        tape: StackTape,
        d_seen: Array,
        engine: str = "auto",
        window: int = 0,
        truncated: bool = False,
        held: Array | None = None,
    ) -> StackGradients:
        """The gradients of every quantity of the tape, and of the parameters.

        Parameters
        ----------
        tape : StackTape
            What ``forward`` returned.
        d_seen : float (T, B, width)
            What the loss alone says about what the top layer hands on at t = 1 to T.
        engine : str
            "auto", "kernels" or "reference".
        window : int
            Truncated backpropagation through time in every cell, in the order in which it reads; 0 for none.
        truncated : bool
            The truncated gradient of 1997 within each cell; between layers it flows.
        held : float (Q, T, B, H), optional
            As in ``forward``.
        """
        gradients: list[tuple[Any, ...]] = []
        handed = [scaled_rows(d_seen, np.dtype(self.dtype))]
        for layer in reversed(range(self.depth)):
            of_layer, parts = [], []
            for (cell, turned), of_cell, rows in zip(
                self._turns(layer), tape.cells[layer], columns(handed[-1], len(self.layers[layer])), strict=True
            ):
                its_held = held if (layer, turned) == (self.depth - 1, 1) else None
                found = cell.backward(of_cell, in_turn(rows, turned), engine, window, truncated, its_held)
                parts.append(in_turn(found.x, turned))
                of_layer.append(found._replace(x=found.x.true()))
            gradients.append(tuple(of_layer))
            down = reduce(total, parts)
            handed.append(ScaledRows(masked(down.rows, tape.masks, layer), down.exponent))
        return StackGradients(handed[-1].true(), tuple(gradients[::-1]), tuple(handed[-2::-1]))

    def _turns(self, layer: int) -> Iterator[tuple[Network, int]]:
        """Each cell of a layer, and the direction in which it reads: 1 or -1."""
        return zip(self.layers[layer], (1, -1), strict=False)

    # ------------------------------------------------------------------------- shown

    def __repr__(self) -> str:
        both = ", bidirectional=True" if self.bidirectional else ""
        return f"Stack({self.layers[0][0]!r}, layers={self.depth}{both})"

    def _repr_html_(self) -> str:
        row = "<tr><th style='text-align:left'>{}</th><td style='text-align:left'>{}</td></tr>"
        rows = [
            (tr("network"), f"{self.title}, {self.build}"),
            (tr("inputs"), count(self.inputs)),
            (tr("units"), count(self.hidden)),
            (tr("parameters"), count(self.parameter_count)),
            (tr("number type"), self.dtype),
        ]
        return "<table>" + "".join(row.format(*cells) for cells in rows) + "</table>"


AnyNetwork: TypeAlias = Network | Stack
