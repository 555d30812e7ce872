"""StackTrace: everything a stack did over one batch of sequences; made of the traces of its cells.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs of the stack, hidden units of each cell
    width        numbers a layer hands on at each timestep: H, or 2H if bidirectional
    suffix       what PyTorch puts behind the names of one cell: ``_l0``, ``_l1_reverse``
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.gradient_flow import GradientFlow
from lstmviz.lab.readout import Answer
from lstmviz.lab.recorded import Recorded
from lstmviz.lab.stack import Stack
from lstmviz.lab.stack_tape import StackGradients, StackTape, columns, in_turn
from lstmviz.lab.trace import Trace, found_bad
from lstmviz.lab.weight_names import MORE, suffix
from lstmviz.words import tr

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False, repr=False)
class StackTrace(Recorded):
    """Everything a stack did over one batch of sequences.

    Attributes
    ----------
    network : Stack
        Whose trace it is.
    tape, gradients : StackTape, StackGradients
        Forward quantities and dL/d of each, cell by cell.
    loss : float
        L.
    loss_weight : float (T, B, width) or None
        The weights, when L is a weighted sum of what the top layer hands on.
    answer : Answer or None
        Outputs and probabilities, when L comes from a readout.
    d_h_loss : float (T, B, width) or None
        What L alone says about what the top layer hands on.
    targets, loss_at
        The right answers, when L comes from a readout, and when it asks: "last" or "all".
    held : float (Q, T, B, H) or None
        What was held in the top layer's forward cell.
    """

    network: Stack
    tape: StackTape
    gradients: StackGradients
    loss: float
    loss_weight: Array | None = None
    answer: Answer | None = None
    readout: ReadoutParameters | None = None
    d_h_loss: Array | None = None
    targets: NDArray[Any] | None = None
    loss_at: str = "last"
    held: Array | None = None

    def __post_init__(self) -> None:
        for array in (self.tape.x, self.gradients.x, *chain.from_iterable(self.gradients.handed)):
            array.flags.writeable = False
        _ = self.cells  # whose arrays become read-only with them

    @cached_property
    def cells(self) -> tuple[tuple[Trace, ...], ...]:
        """The trace of every cell, layer by layer; a reverse's in the order in which it read, from x_T to x_1.

        Their ``d_h_loss`` is what the loss and the layers above say about their h.
        """
        return tuple(tuple(self._traces(layer)) for layer in range(self.network.depth))

    @property
    def top(self) -> Trace:
        """The trace of the top layer's forward cell."""
        return self.cells[-1][0]

    @property
    def flow(self) -> GradientFlow:
        """Norms of the gradient at each timestep in the top layer's forward cell."""
        return self.top.flow

    def first_bad(self) -> str | None:
        """Where the first value that is no finite number arose: ``NaN first at t=17 in the forget gate of layer 2``."""
        for _, layer, reverse, one in self._every_cell():
            found = found_bad(one.network.cell, one.tape)
            if found is not None:
                row, word, quantity = found
                where = tr("{word} first at t={t} in the {quantity} of layer {layer}").format(
                    word=word, t=self.timesteps - row if reverse else row + 1, quantity=quantity, layer=layer + 1
                )
                return where + (tr(", reverse") if reverse else "")
        return None

    def arrays(self) -> dict[str, Array]:
        """All arrays by name, each cell's with its suffix: ``weight_ih_l0``, ``h_l1``, ``d_c_l1_reverse``.

        Timesteps are those of the input in all of them: row t - 1 of ``h_l0_reverse`` is the state after x_t was
        read, and its last row the initial state. ``x`` and ``d_x`` are the stack's; ``x_l1`` is what layer 1 read,
        after dropout, and ``d_x_l1`` what one cell alone says about it. ``output (T, B, width)`` is what the top layer
        hands on, ``mask_l0`` the dropout of what layer 0 hands on, ``mask_input`` that of x.
        """
        named: dict[str, Array] = {"x": self.tape.x, "d_x": self.gradients.x, "loss": np.asarray(self.loss)}
        named["output"] = self.network.seen(self.tape)[1:]
        if self.d_h_loss is not None:
            named["d_output"] = self.d_h_loss
        if self.loss_weight is not None:
            named["loss_weight"] = self.loss_weight
        if self.tape.masks is not None:
            if self.tape.masks.inputs is not None:
                named["mask_input"] = self.tape.masks.inputs
            named |= {f"mask_l{layer}": mask for layer, mask in enumerate(self.tape.masks.between)}
        weights = {"weight_ih", "weight_hh", "bias", "bias_ih", "bias_hh", *MORE}
        for end, _, reverse, one in self._every_cell():
            for name, array in one.arrays().items():
                if name in ("loss", "loss_weight"):
                    continue
                along_time = name.removeprefix("d_") not in weights
                named[name + end] = array[::-1] if reverse and along_time else array
        return named

    def columns(self) -> tuple[list[str], Array]:
        """Names and values (T, B, columns): those of every cell, with its suffix, at the timesteps of the input."""
        names, tables = [], []
        for end, _, reverse, one in self._every_cell():
            of_cell, table = one.columns()
            names += [name + end for name in of_cell]
            tables.append(table[::-1] if reverse else table)
        return names, np.concatenate(tables, axis=2)

    def _every_cell(self) -> Iterator[tuple[str, int, bool, Trace]]:
        """Suffix, layer, whether it is a reverse, and trace; in PyTorch's order."""
        for layer, of_layer in enumerate(self.cells):
            for reverse, one in zip((False, True), of_layer, strict=False):
                yield suffix(layer, reverse), layer, reverse, one

    def _traces(self, layer: int) -> Iterator[Trace]:
        cells, tapes, found = self.network.layers[layer], self.tape.cells[layer], self.gradients.cells[layer]
        handed = columns(self.gradients.handed[layer], len(cells))
        # what a single cell's loss is can be said of the top layer alone, and there of one direction
        alone = layer == self.network.depth - 1 and len(cells) == 1
        loss_from: dict[str, Any] = {}
        if alone:
            names = ("loss_weight", "answer", "readout", "targets", "loss_at")
            loss_from = {name: getattr(self, name) for name in names}
        for cell, tape, d, rows, turn in zip(cells, tapes, found, handed, (1, -1), strict=False):
            own = in_turn(rows, turn)
            held = self.held if (layer, turn) == (self.network.depth - 1, 1) else None
            yield Trace(cell, tape, d, self.loss, d_h_loss=own.true(), handed=own, held=held, **loss_from)
