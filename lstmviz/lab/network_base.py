"""What all networks of one cell share, and where their chance comes from.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    cell         the kind of recurrence: "rnn", "lstm", "gru"
"""

from abc import ABC
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.choose import cell_functions
from lstmviz.engine.scaled import AnyRows
from lstmviz.engine.variant import HOLDS
from lstmviz.files import BadInput
from lstmviz.lab.arguments import check_range, check_whole
from lstmviz.lab.dropout import Masks
from lstmviz.words import count, tr

Array = NDArray[np.floating]
NUMBER_TYPES = {"d": "float64", "f": "float32"}
DRAW = 9  # of the first 40 draws the one whose seed 0 is most typical: near the medians at gap 5, 50 and 200


class Network(ABC):
    """A recurrent network of one cell kind: what VanillaRNN, LSTM and GRU share."""

    cell: ClassVar[str]
    title: ClassVar[str]
    parameters: Any  # one of the engine's parameter tuples; its arrays are read-only

    @property
    def inputs(self) -> int:
        """I, numbers read at each timestep."""
        return int(self.parameters.weight_ih.shape[1])

    @property
    def hidden(self) -> int:
        """H, hidden units."""
        return int(self.parameters.weight_hh.shape[1])

    @property
    def dtype(self) -> str:
        """Number type of the parameters, "float64" or "float32"."""
        return NUMBER_TYPES[self.parameters.weight_hh.dtype.char]  # its name takes NumPy ten microseconds

    @property
    def blocks(self) -> int:
        """Blocks of H rows in the weights: 1, 3 or 4."""
        return len(self.parameters.weight_hh) // self.hidden

    @property
    def parameter_count(self) -> int:
        """Numbers that training changes: one bias per row where PyTorch adds two; the GRU's b_hn stays as it is."""
        return sum(array.size for array in self.weights())

    @classmethod
    def from_arrays(cls, parameters: Any, **options: str) -> Self:
        """A network with these parameters; they are copied.

        Parameters
        ----------
        parameters
            One of the engine's parameter tuples, in float64 or float32.
        **options
            ``activation`` of a VanillaRNN, ``variant`` of an LSTM, ``reset`` of a GRU.
        """
        network = cls.__new__(cls)
        network._freeze(parameters, str(parameters.weight_hh.dtype), **options)
        return network

    def with_parameters(self, parameters: Any) -> Self:
        """The same kind of network with other parameters; they are copied."""
        return self.from_arrays(parameters, **self._options())

    @property
    def width(self) -> int:
        """How many numbers a readout sees at each timestep: H."""
        return self.hidden

    @property
    def cell_count(self) -> int:
        """How many cells run: one, where a ``Stack`` has one or two for each layer."""
        return 1

    @property
    def layer_widths(self) -> tuple[int, ...]:
        """Numbers that each layer hands on at each timestep; a cell by itself is one layer, of H."""
        return (self.hidden,)

    def seen(self, tape: Any) -> Array:
        """What a readout sees: h (T + 1, B, H), row 0 before the first timestep."""
        seen: Array = tape.h
        return seen

    def weights(self) -> tuple[Array, ...]:
        """The arrays that training changes; all parameters but the GRU's b_hn, which stays as it is."""
        return tuple(getattr(self.parameters, name) for name in self._trained())

    def with_weights(self, arrays: Sequence[Array]) -> Self:
        """The same network with other ``weights()``, in their order; they are copied."""
        return self.with_parameters(self.parameters._replace(**dict(zip(self._trained(), arrays, strict=True))))

    def weight_gradients(self, gradients: Any) -> tuple[Array, ...]:
        """dL/d of each of ``weights()``, from what ``backward`` returned."""
        return tuple(getattr(gradients, name) for name in self._trained())

    def _trained(self) -> list[str]:
        return [name for name in self.parameters._fields if name != "bias_hn"]

    def forward(
        self,
        x: Array,
        h0: Array | None = None,
        c0: Array | None = None,
        engine: str = "auto",
        masks: Masks | None = None,
        held: Array | None = None,
    ) -> Any:
        """The tape of one forward pass over x (T, B, I): every intermediate quantity.

        Parameters
        ----------
        x : float (T, B, I)
            Input.
        h0, c0 : float (B, H), optional
            Initial states, zeros when left out. ``c0`` is for the LSTM only.
        engine : str
            "auto", "kernels" or "reference".
        masks : Masks, optional
            Dropout of the input: the tape's x is then what the cell read, x times the mask.
        held : float (Q, T, B, H), optional
            What is held at a value, whatever the cell would compute; one block for each quantity of
            ``engine.variant.HELD``. nan: free; a number: held there; inf, of a state: it stays what it was.
        """
        if masks is not None and masks.inputs is not None:
            x = x * masks.inputs
        zeros = np.zeros((x.shape[1], self.hidden), dtype=self.dtype)
        states = [zeros if h0 is None else h0]
        if self.cell == "lstm":
            states.append(zeros if c0 is None else c0)
        form, options = self._asked(held)
        run = cell_functions(form, self.dtype, engine).forward
        return run(self.parameters, x, *states, **options)

    def backward(
        self,
        tape: Any,
        d_seen: AnyRows,
        engine: str = "auto",
        window: int = 0,
        truncated: bool = False,
        held: Array | None = None,
    ) -> Any:
        """The gradients of every quantity of the tape, and of the parameters.

        Parameters
        ----------
        tape
            What ``forward`` returned.
        d_seen : float (T, B, H), or ScaledRows
            What the loss alone says about h_1 to h_T. ScaledRows, as a layer above hands them down, give the gradient
            by x as ScaledRows too.
        engine : str
            "auto", "kernels" or "reference".
        window : int
            Truncated backpropagation through time: nothing flows back across t = window, 2 window, ...; 0 for none.
        truncated : bool
            The truncated gradient of 1997, along the cell state alone; of an LSTM.
        held : float (Q, T, B, H), optional
            As in ``forward``: what is held keeps the gradient that arrives there, and hands nothing on.

        Raises
        ------
        BadInput
            If ``truncated`` is asked of a cell without a cell state.
        """
        form, options = self._asked(held)
        options["window"] = window
        if truncated and self.cell != "lstm":
            wrong = tr("{cell} has no cell state").format(cell=self.title)
            raise BadInput("backward", "truncated", wrong, tr("an LSTM"))
        if truncated:
            options["truncated"] = True
        run = cell_functions(form, self.dtype, engine).backward
        return run(self.parameters, tape, d_seen, **options)

    @property
    def full_title(self) -> str:
        """The title, and which form of the cell it is where that is not the usual one."""
        return self.title

    @property
    def form(self) -> str:
        """The cell as the engine's kernels are named: "lstm", "lstm/cifg", "gru/before" ..."""
        return self.cell

    def _options(self) -> dict[str, str]:
        """What the engine must know beside the parameters."""
        return {}

    def _asked(self, held: Array | None) -> tuple[str, dict[str, Any]]:
        """The form whose kernels are needed, and what they must know beside the parameters."""
        if held is None:
            return self.form, dict(self._options())
        return f"{self.form}{HOLDS}", {**self._options(), "held": np.asarray(held, dtype=self.dtype)}

    def _freeze(self, parameters: Any, dtype: str, **options: str) -> None:
        copies = frozen_copies(parameters, dtype)
        object.__setattr__(self, "parameters", type(parameters)(*copies))
        for name, value in options.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        options = "".join(f", {name}={value!r}" for name, value in self._options().items())
        return f"{type(self).__name__}(inputs={self.inputs}, hidden={self.hidden}{options})"

    def _repr_html_(self) -> str:
        row = "<tr><th style='text-align:left'>{}</th><td style='text-align:left'>{}</td></tr>"
        rows = [
            (tr("network"), self.full_title),
            (tr("inputs"), count(self.inputs)),
            (tr("units"), count(self.hidden)),
            (tr("parameters"), count(self.parameter_count)),
            (tr("number type"), self.dtype),
        ]
        return "<table>" + "".join(row.format(*cells) for cells in rows) + "</table>"


def streams(seed: int, cell: str) -> tuple[np.random.Generator, np.random.Generator]:
    """Two independent sources of chance, for the input and the recurrent weights of one kind of cell.

    The RNN's initialisation can then change without touching its input weights. A seed that is no whole number from 0
    is refused.
    """
    check_whole(cell, "seed", seed)
    check_range(cell, "seed", seed, 0, 2**63 - 1)
    key = sum(letter << 8 * place for place, letter in enumerate(cell.encode()))
    return np.random.default_rng([seed, key, 0, DRAW]), np.random.default_rng([seed, key, 1, DRAW])


def frozen_copies(arrays: Any, dtype: str) -> list[Array]:
    """Read-only, contiguous copies of the arrays in one number type."""
    copies = [np.array(array, dtype=dtype, order="C") for array in arrays]
    for copy in copies:
        copy.flags.writeable = False
    return copies
