"""Networks: the parameters of one cell, and how they start. Frozen; a trained network is a new network.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    cell         the kind of recurrence: "rnn", "lstm", "gru"
"""

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, final

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import GRUParameters, LSTMParameters, RNNParameters
from lstmviz.engine.choose import cell_functions
from lstmviz.files import BadInput
from lstmviz.lab.arguments import check_range, check_sizes, check_whole, check_word
from lstmviz.lab.dropout import Masks
from lstmviz.lab.initialisation import INITIALISATIONS, keeping_bias, recurrent, uniform
from lstmviz.words import count, tr

Array = NDArray[np.floating]
NUMBER_TYPES = {"d": "float64", "f": "float32"}
DRAW = 9  # of the first 40 draws the one whose seed 0 is most typical: near the medians at gap 5, 50 and 200


class Network(ABC):
    """A recurrent network of one cell kind: what VanillaRNN, LSTM and GRU share."""

    cell: ClassVar[str]
    title: ClassVar[str]
    blocks: ClassVar[int]  # blocks of H rows in the weights: 1, 4 or 3
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
    def parameter_count(self) -> int:
        """Numbers that training changes: one bias per row where PyTorch adds two; the GRU's b_hn stays as it is."""
        return self.blocks * self.hidden * (self.inputs + self.hidden + 1)

    @classmethod
    def from_arrays(cls, parameters: Any, **options: str) -> Self:
        """A network with these parameters; they are copied.

        Parameters
        ----------
        parameters : RNNParameters, LSTMParameters or GRUParameters
            In float64 or float32.
        **options
            ``activation`` of a VanillaRNN.
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
        """
        if masks is not None and masks.inputs is not None:
            x = x * masks.inputs
        zeros = np.zeros((x.shape[1], self.hidden), dtype=self.dtype)
        states = [zeros if h0 is None else h0]
        if self.cell == "lstm":
            states.append(zeros if c0 is None else c0)
        run = cell_functions(self.cell, self.dtype, engine).forward
        return run(self.parameters, x, *states, **self._options())

    def backward(self, tape: Any, d_seen: Array, engine: str = "auto", window: int = 0, truncated: bool = False) -> Any:
        """The gradients of every quantity of the tape, and of the parameters.

        Parameters
        ----------
        tape
            What ``forward`` returned.
        d_seen : float (T, B, H)
            What the loss alone says about h_1 to h_T.
        engine : str
            "auto", "kernels" or "reference".
        window : int
            Truncated backpropagation through time: nothing flows back across t = window, 2 window, ...; 0 for none.
        truncated : bool
            The truncated gradient of 1997, along the cell state alone.
        """
        if window or truncated:
            raise BadInput(
                "backward", "window", tr("this engine does not truncate"), tr("window 0, the whole gradient")
            )
        run = cell_functions(self.cell, self.dtype, engine).backward
        return run(self.parameters, tape, d_seen, **self._options())

    def _options(self) -> dict[str, str]:
        """What the engine must know beside the parameters."""
        return {}

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
            (tr("network"), self.title),
            (tr("inputs"), count(self.inputs)),
            (tr("units"), count(self.hidden)),
            (tr("parameters"), count(self.parameter_count)),
            (tr("number type"), self.dtype),
        ]
        return "<table>" + "".join(row.format(*cells) for cells in rows) + "</table>"


@final
@dataclass(frozen=True, eq=False, repr=False)
class VanillaRNN(Network):
    """h_t = phi(W_ih x_t + W_hh h_{t-1} + b), with phi = tanh or ReLU.

    Parameters
    ----------
    inputs, hidden : int
        I, 1 to 256, and H, 1 to 512.
    activation : str
        "tanh" or "relu".
    initialisation : str
        "uniform" (within 1/sqrt(H)), "orthogonal" or "identity".
    gain : float
        Factor on the recurrent weights, 0 to 3.
    seed : int
        Equal seeds give equal weights.
    dtype : str
        "float64" or "float32".

    Raises
    ------
    BadInput
        If an argument lies outside its range.

    References
    ----------
    Elman (1990); the identity start with ReLU is the IRNN of Le, Jaitly & Hinton (2015).
    """

    parameters: RNNParameters
    activation: str = "tanh"
    cell: ClassVar[str] = "rnn"
    title: ClassVar[str] = "RNN"
    blocks: ClassVar[int] = 1

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        activation: str = "tanh",
        initialisation: str = "uniform",
        gain: float = 1.0,
        seed: int = 0,
        dtype: str = "float64",
    ) -> None:
        check_sizes("VanillaRNN", inputs, hidden, dtype)
        check_word("VanillaRNN", "activation", activation, ("tanh", "relu"))
        check_word("VanillaRNN", "initialisation", initialisation, INITIALISATIONS)
        check_range("VanillaRNN", "gain", gain, 0, 3)
        into, again = streams(seed, "rnn")
        parameters = RNNParameters(
            uniform((hidden, inputs), hidden, into), recurrent(initialisation, hidden, gain, again), np.zeros(hidden)
        )
        self._freeze(parameters, dtype, activation=activation)

    def _options(self) -> dict[str, str]:
        return {"activation": self.activation}


@final
@dataclass(frozen=True, eq=False, repr=False)
class LSTM(Network):
    """The LSTM with input, forget and output gates; weights laid out as in PyTorch (i, f, g, o).

    Parameters
    ----------
    inputs, hidden : int
        I, 1 to 256, and H, 1 to 512.
    forget_bias : float or "chrono"
        Start value of the forget gate's bias, -2 to 10. "chrono" draws ln U[1, T-1] and sets b_i = -b_f.
    gain : float
        Factor on the recurrent weights, 0 to 3.
    timesteps : int
        T, the longest dependency expected; read by "chrono" only.
    seed : int
        Equal seeds give equal weights.
    dtype : str
        "float64" or "float32".

    Raises
    ------
    BadInput
        If an argument lies outside its range.

    References
    ----------
    Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000) for the forget gate; Tallec & Ollivier (2018)
    for the chrono start.
    """

    parameters: LSTMParameters
    cell: ClassVar[str] = "lstm"
    title: ClassVar[str] = "LSTM"
    blocks: ClassVar[int] = 4

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        forget_bias: float | str = 1.0,
        gain: float = 1.0,
        timesteps: int = 100,
        seed: int = 0,
        dtype: str = "float64",
    ) -> None:
        check_sizes("LSTM", inputs, hidden, dtype)
        check_range("LSTM", "gain", gain, 0, 3)
        if forget_bias != "chrono":
            check_range("LSTM", "forget_bias", forget_bias, -2, 10, also=tr(" or chrono"))
        into, again = streams(seed, "lstm")
        bias = np.zeros(4 * hidden)
        weight_ih = uniform((4 * hidden, inputs), hidden, into)
        weight_hh = gain * uniform((4 * hidden, hidden), hidden, again)
        bias[hidden : 2 * hidden] = keeping_bias(forget_bias, hidden, timesteps, again)
        if forget_bias == "chrono":
            bias[:hidden] = -bias[hidden : 2 * hidden]
        self._freeze(LSTMParameters(weight_ih, weight_hh, bias), dtype)


@final
@dataclass(frozen=True, eq=False, repr=False)
class GRU(Network):
    """The GRU in PyTorch's form (reset gate after the product): h_t = (1 - z) n + z h_{t-1}; layout r, z, n.

    Parameters
    ----------
    inputs, hidden : int
        I, 1 to 256, and H, 1 to 512.
    update_bias : float or "chrono"
        Start value of the update gate's bias, -2 to 10: z is the share of the old state that is kept.
    gain : float
        Factor on the recurrent weights, 0 to 3.
    timesteps : int
        T, the longest dependency expected; read by "chrono" only.
    seed : int
        Equal seeds give equal weights.
    dtype : str
        "float64" or "float32".

    Raises
    ------
    BadInput
        If an argument lies outside its range.

    References
    ----------
    Cho et al. (2014), with the reset gate placed as in cuDNN and PyTorch.
    """

    parameters: GRUParameters
    cell: ClassVar[str] = "gru"
    title: ClassVar[str] = "GRU"
    blocks: ClassVar[int] = 3

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        update_bias: float | str = 0.0,
        gain: float = 1.0,
        timesteps: int = 100,
        seed: int = 0,
        dtype: str = "float64",
    ) -> None:
        check_sizes("GRU", inputs, hidden, dtype)
        check_range("GRU", "gain", gain, 0, 3)
        if update_bias != "chrono":
            check_range("GRU", "update_bias", update_bias, -2, 10, also=tr(" or chrono"))
        into, again = streams(seed, "gru")
        bias = np.zeros(3 * hidden)
        weight_ih = uniform((3 * hidden, inputs), hidden, into)
        weight_hh = gain * uniform((3 * hidden, hidden), hidden, again)
        bias[hidden : 2 * hidden] = keeping_bias(update_bias, hidden, timesteps, again)
        self._freeze(GRUParameters(weight_ih, weight_hh, bias, np.zeros(hidden)), dtype)


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
