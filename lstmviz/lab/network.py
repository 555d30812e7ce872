"""Networks: the parameters of one cell, and how they start. Frozen; a trained network is a new network.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
    cell         the kind of recurrence: "rnn", "lstm", "gru"
"""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from lstmviz.engine.arrays import (
    AnyLSTMParameters,
    GateRecurrenceParameters,
    GRUParameters,
    LSTMParameters,
    PeepholeParameters,
    RNNParameters,
)
from lstmviz.engine.variant import RESETS, VARIANTS
from lstmviz.lab.arguments import check_range, check_sizes, check_word
from lstmviz.lab.initialisation import INITIALISATIONS, keeping_bias, recurrent, uniform
from lstmviz.lab.network_base import DRAW as DRAW
from lstmviz.lab.network_base import Network as Network
from lstmviz.lab.network_base import frozen_copies as frozen_copies
from lstmviz.lab.network_base import streams as streams
from lstmviz.words import tr


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
    """The LSTM and its family; weights laid out as in PyTorch (i, f, g, o), without the blocks that a variant lacks.

    Parameters
    ----------
    inputs, hidden : int
        I, 1 to 256, and H, 1 to 512.
    variant : str
        "vanilla"; "nfg", "nig", "nog" (no forget, input, output gate), "cifg" (f = 1 - i), "niaf", "noaf" (no tanh at
        the input, at the output), "peephole" or "fgr" (the gates of the timestep before feed the gates).
    forget_bias : float or "chrono"
        Start value of the forget gate's bias, -2 to 10. "chrono" draws ln U[1, T-1] and sets b_i = -b_f. Where the
        gates are coupled, b_i = -b_f always: the forget gate starts where that of a plain LSTM does.
    gain : float
        Factor on the recurrent weights, peepholes included, 0 to 3.
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
    Hochreiter & Schmidhuber (1997), whose cell is "nfg"; Gers, Schmidhuber & Cummins (2000) for the forget gate; Gers &
    Schmidhuber (2000) for peepholes; Greff et al. (2017) for the others; Tallec & Ollivier (2018) for the chrono start.
    """

    parameters: AnyLSTMParameters
    variant: str = "vanilla"
    cell: ClassVar[str] = "lstm"
    title: ClassVar[str] = "LSTM"

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        variant: str = "vanilla",
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
        check_word("LSTM", "variant", variant, tuple(VARIANTS))
        parts = VARIANTS[variant].parts
        into, again = streams(seed, "lstm")
        # all four blocks are drawn, whatever the variant: what two variants share starts the same
        weight_ih = uniform((4, hidden, inputs), hidden, into)
        weight_hh = gain * uniform((4, hidden, hidden), hidden, again)
        bias, keeping = np.zeros((4, hidden)), keeping_bias(forget_bias, hidden, timesteps, again)
        bias[1] = keeping
        if forget_bias == "chrono" or parts.coupled:
            bias[0] = -keeping
        there = ["ifgo".index(name) for name in parts.blocks]
        common = weight_ih[there].reshape(-1, inputs), weight_hh[there].reshape(-1, hidden), bias[there].ravel()
        parameters: AnyLSTMParameters = LSTMParameters(*common)
        if parts.peepholes:
            parameters = PeepholeParameters(*common, gain * uniform((3 * hidden,), hidden, again))
        if parts.gate_recurrence:
            between = gain * uniform((3 * hidden, 3 * hidden), hidden, again)
            parameters = GateRecurrenceParameters(*common, between)
        self._freeze(parameters, dtype, variant=variant)

    @property
    def form(self) -> str:
        """See ``Network.form``."""
        return self.cell if self.variant == "vanilla" else f"{self.cell}/{self.variant}"

    @property
    def full_title(self) -> str:
        """See ``Network.full_title``."""
        return tr(VARIANTS[self.variant].title)

    def _options(self) -> dict[str, str]:
        return {} if self.variant == "vanilla" else {"variant": self.variant}


@final
@dataclass(frozen=True, eq=False, repr=False)
class GRU(Network):
    """The GRU in both its forms: h_t = (1 - z) n + z h_{t-1}; layout r, z, n.

    Parameters
    ----------
    inputs, hidden : int
        I, 1 to 256, and H, 1 to 512.
    reset : str
        Where the reset gate acts: "after" the product with the recurrent weights, as in PyTorch and cuDNN, or on h
        "before" it, as in Cho et al.
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
    Cho et al. (2014).
    """

    parameters: GRUParameters
    reset: str = "after"
    cell: ClassVar[str] = "gru"
    title: ClassVar[str] = "GRU"

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        reset: str = "after",
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
        check_word("GRU", "reset", reset, tuple(RESETS))
        into, again = streams(seed, "gru")
        bias = np.zeros(3 * hidden)
        weight_ih = uniform((3 * hidden, inputs), hidden, into)
        weight_hh = gain * uniform((3 * hidden, hidden), hidden, again)
        bias[hidden : 2 * hidden] = keeping_bias(update_bias, hidden, timesteps, again)
        self._freeze(GRUParameters(weight_ih, weight_hh, bias, np.zeros(hidden)), dtype, reset=reset)

    @property
    def form(self) -> str:
        """See ``Network.form``."""
        return self.cell if self.reset == "after" else f"{self.cell}/{self.reset}"

    @property
    def full_title(self) -> str:
        """See ``Network.full_title``."""
        return self.title if self.reset == "after" else tr("GRU with its reset gate before the product")

    def _options(self) -> dict[str, str]:
        return {} if self.reset == "after" else {"reset": self.reset}
