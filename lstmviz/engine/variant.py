"""The cells there are: the LSTM and what is left of it, or added to it, in its family; the two forms of the GRU.

A variant is a description; ``equations`` says what follows from it. A part is True, or None where it is missing: so the
type of the tuple tells Numba which parts there are, and every variant gets kernels of its own, without what it lacks.

References
----------
Hochreiter & Schmidhuber (1997), Long Short-Term Memory: no forget gate.
Gers & Schmidhuber (2000), Recurrent nets that time and count: peepholes.
Greff et al. (2017), LSTM: A Search Space Odyssey: the other variants and their names.
Cho et al. (2014), Learning Phrase Representations using RNN Encoder-Decoder: the reset gate before the product.
"""

from dataclasses import dataclass
from typing import NamedTuple

GATES = ("i", "f", "o")  # input, forget, output


class LSTMParts(NamedTuple):
    """What a cell of the LSTM family has."""

    input_gate: bool | None = True  # missing: i = 1
    forget_gate: bool | None = True  # missing: f = 1, or 1 - i where it is coupled
    output_gate: bool | None = True  # missing: o = 1
    input_tanh: bool | None = True  # missing: the candidate is its pre-activation
    output_tanh: bool | None = True  # missing: h = o c
    coupled: bool | None = None  # the forget gate is what the input gate leaves
    peepholes: bool | None = None  # i and f see the cell state before, o the one after
    gate_recurrence: bool | None = None  # i, f and o see i, f and o of the timestep before

    @property
    def blocks(self) -> tuple[str, ...]:
        """Names of the blocks of H rows in the weights, in their order."""
        there = {"i": self.input_gate, "f": self.forget_gate, "g": True, "o": self.output_gate}
        return tuple(name for name, is_there in there.items() if is_there)


class GRUParts(NamedTuple):
    """Where the reset gate of a GRU acts."""

    before: bool | None = None  # on h before the product with the recurrent weights; else on the product


@dataclass(frozen=True, slots=True)
class Variant:
    """One cell of the LSTM family."""

    name: str
    title: str
    parts: LSTMParts


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("vanilla", "LSTM", LSTMParts()),
        Variant("nfg", "LSTM without forget gate", LSTMParts(forget_gate=None)),
        Variant("nig", "LSTM without input gate", LSTMParts(input_gate=None)),
        Variant("nog", "LSTM without output gate", LSTMParts(output_gate=None)),
        Variant("cifg", "LSTM with coupled gates", LSTMParts(forget_gate=None, coupled=True)),
        Variant("niaf", "LSTM without tanh at the input", LSTMParts(input_tanh=None)),
        Variant("noaf", "LSTM without tanh at the output", LSTMParts(output_tanh=None)),
        Variant("peephole", "LSTM with peepholes", LSTMParts(peepholes=True)),
        Variant("fgr", "LSTM with full gate recurrence", LSTMParts(gate_recurrence=True)),
    )
}
RESETS = {"after": GRUParts(), "before": GRUParts(before=True)}
USUAL = {"rnn": "tanh", "lstm": "vanilla", "gru": "after"}  # of each kind of cell, what is meant where nothing is said
HELD = {
    "rnn": ("h",),
    "lstm": ("i", "f", "g", "o", "c", "h"),
    "gru": ("r", "z", "n", "h"),
}  # what can be held
STATES = ("c", "h")  # what can be frozen
HOLDS = "+held"  # behind the name of a form whose quantities are held
