"""Trace: everything one network did over one batch of sequences, forward and backward.

Words used in this file
    T, B, I, H, K   timesteps, sequences, inputs, hidden units, outputs
    d_<name>        dLoss/d<name>, always the shape of <name>
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, overload

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.engine.scaled import ScaledRows
from lstmviz.files import BadInput
from lstmviz.files.array_checks import shape_text
from lstmviz.lab.arguments import check_word
from lstmviz.lab.gradient_flow import GradientFlow, gradient_flow
from lstmviz.lab.network import Network
from lstmviz.lab.readout import Answer, ask
from lstmviz.lab.recorded import Recorded, kind_of
from lstmviz.lab.stack import AnyNetwork, Stack
from lstmviz.lab.trace_input import check_answered, checked_held, checked_input, numbers_of
from lstmviz.lab.weight_names import pytorch_gradients, pytorch_parameters
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.lab.stack_trace import StackTrace

Array = NDArray[np.floating]

ENGINES = ("auto", "kernels", "reference")

# In the order in which a forward pass makes them, so that the first NaN found is the first one made.
QUANTITIES = {
    "rnn": {"a": "pre-activation", "h": "hidden state"},
    "lstm": {
        "z": "pre-activations",
        "f": "forget gate",
        "i": "input gate",
        "g": "candidate",
        "o": "output gate",
        "c": "cell state",
        "h": "hidden state",
    },
    "gru": {
        "a": "pre-activations",
        "r": "reset gate",
        "z": "update gate",
        "n": "candidate",
        "h": "hidden state",
    },
}


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Recorded):
    """Everything one network did over one batch of sequences.

    Attributes
    ----------
    network : Network
        Whose trace it is.
    tape
        Forward quantities: ``x (T, B, I)``, pre-activations, gates and candidate ``(T, B, H)``, ``h`` and ``c``
        ``(T+1, B, H)`` with row 0 before the first timestep.
    gradients
        dL/d of each quantity of the tape and of the parameters, under the same names.
    loss : float
        L.
    loss_weight : float (T, B, H) or None
        The weights, when L is a weighted sum of hidden states.
    answer : Answer or None
        Outputs and probabilities, when L comes from a readout.
    d_h_loss : float (T, B, H) or None
        What L alone says about h_1 to h_T.
    targets, loss_at
        The right answers, when L comes from a readout, and when it asks: "last" or "all".
    handed : ScaledRows or None
        In a stack, ``d_h_loss`` as the layers above handed it down, where floating point may not hold it.
    held : float (Q, T, B, H) or None
        What was held at a value whatever the cell would have computed; see ``trace``.
    """

    network: Network
    tape: Any
    gradients: Any
    loss: float
    loss_weight: Array | None = None
    answer: Answer | None = None
    readout: ReadoutParameters | None = None
    d_h_loss: Array | None = None
    targets: NDArray[Any] | None = None
    loss_at: str = "last"
    handed: ScaledRows | None = None
    held: Array | None = None

    def __post_init__(self) -> None:
        for array in (*self.tape, *self.gradients):
            array.flags.writeable = False

    @cached_property
    def flow(self) -> GradientFlow:
        """Norms of the gradient at each timestep, on an absolute scale; with a bound only where h_T alone is asked."""
        found = gradient_flow(self.network, self.tape, self.gradients, self.held)
        says = self.d_h_loss if self.handed is None else self.handed.rows
        return found if says is None or not says[:-1].any() else replace(found, log10_bound=None)

    def first_bad(self) -> str | None:
        """Where the first value that is no finite number arose: ``NaN first at t=17 in the forget gate``; else None."""
        return first_bad(self.network.cell, self.tape)

    def arrays(self) -> dict[str, Array]:
        """All arrays by name, laid out as PyTorch's: weights, ``x``, forward quantities, and ``d_`` of each."""
        named: dict[str, Array] = pytorch_parameters(self.network.parameters)
        named |= {"x": self.tape.x, "loss": np.asarray(self.loss)}
        if self.loss_weight is not None:
            named["loss_weight"] = self.loss_weight
        named |= pytorch_gradients(self.gradients)
        named["d_x"] = self.gradients.x
        for name in self.tape._fields[1:]:
            named[name] = getattr(self.tape, name)
            if hasattr(self.gradients, name):
                named[f"d_{name}"] = getattr(self.gradients, name)
        named["log10_grad_norm_h"] = self.gradients.log10_h
        if self.held is not None:
            named["held"] = self.held
        if self.network.cell == "lstm":
            named["log10_grad_norm_c"] = self.gradients.log10_c
        return named

    def columns(self) -> tuple[list[str], Array]:
        """Names and values (T, B, columns): every quantity, then its gradient; of h and c without the initial state."""
        names: list[str] = []
        columns: list[Array] = []
        for name in QUANTITIES[self.network.cell]:
            for prefix, source in (("", self.tape), ("d_", self.gradients)):
                values = getattr(source, name)[-self.timesteps :]
                names += [f"{prefix}{name}_{unit + 1}" for unit in range(values.shape[2])]
                columns.append(values)
        return names, np.concatenate(columns, axis=2)


class _Asked(TypedDict, total=False):
    loss: str
    loss_weight: Any
    readout: ReadoutParameters | None
    targets: Any
    held: Any
    engine: str


@overload
def trace(network: Network, x: Any, **asked: Unpack[_Asked]) -> Trace: ...


@overload
def trace(network: Stack, x: Any, **asked: Unpack[_Asked]) -> "StackTrace": ...


@overload
def trace(network: AnyNetwork, x: Any, **asked: Unpack[_Asked]) -> "Trace | StackTrace": ...


def trace(
    network: AnyNetwork,
    x: Any,
    *,
    loss: str = "last",
    loss_weight: Any = None,
    readout: ReadoutParameters | None = None,
    targets: Any = None,
    held: Any = None,
    engine: str = "auto",
) -> "Trace | StackTrace":
    """Run one network forward and backward over x and keep every quantity.

    Parameters
    ----------
    network : Network or Stack
        Whose trace is wanted.
    x : float (T, B, I) or (T, I)
        Input; two axes mean one sequence. T up to 10,000.
    loss : str
        "last" asks at t = T only, "all" at every timestep.
    loss_weight : float (T, B, H), or (T, B, 2H) if bidirectional, optional
        L = sum of loss_weight * h over the timesteps asked; ones when left out. Not together with ``targets``.
    readout, targets : ReadoutParameters and array, optional
        L = cross entropy (integer targets (B,)) or squared error (float targets (B, K)) of the readout; with
        ``loss="all"`` also one target per timestep, (T, B) or (T, B, K).
    held : float (Q, T, B, H), optional
        What is held at a value, whatever the cell would compute: one block for each quantity of
        ``engine.variant.HELD[network.cell]``, nan where it is free, and inf where c or h stays what it was. Of a Stack,
        in the top layer's forward cell.
    engine : str
        "auto", "kernels" or "reference".

    Returns
    -------
    Trace; StackTrace of a Stack

    Raises
    ------
    BadInput
        If something is no number, shapes disagree, or a size is over its cap; nothing has been allocated then.

    References
    ----------
    Werbos (1990): backpropagation through time.
    """
    x = checked_input(network, x)
    check_word("trace", "loss", loss, ("last", "all"))
    check_word("trace", "engine", engine, ENGINES)
    holds = None if held is None else checked_held(network, x, held)
    tape = network.forward(x, engine=engine, held=holds)
    if targets is not None:
        return _answered(network, tape, readout, np.asarray(targets), loss, engine, holds)
    shape = (*x.shape[:2], network.width)
    given = np.broadcast_to(1.0, shape) if loss_weight is None else numbers_of("loss_weight", loss_weight)
    if given.shape != shape:
        what = tr("shape {shape} does not fit the hidden states").format(shape=shape_text(given.shape))
        raise BadInput("trace", "loss_weight", what, tr("needs {shape}").format(shape=shape_text(shape)))
    weight = np.array(given, dtype=network.dtype)
    d_h = weight.copy()
    if loss == "last":
        d_h[:-1] = 0.0
    with np.errstate(invalid="ignore", over="ignore"):  # a NaN is located by first_bad, not warned about
        value = float(np.sum(d_h * network.seen(tape)[1:]))
    weight.flags.writeable = False
    d_h.flags.writeable = False
    gradients = network.backward(tape, d_h, engine=engine, held=holds)
    loss_from: dict[str, Any] = {"loss_weight": weight, "d_h_loss": d_h, "loss_at": loss}
    return _kind_of_trace(network)(network, tape, gradients, value, held=holds, **loss_from)


def _kind_of_trace(network: AnyNetwork) -> "Callable[..., Trace | StackTrace]":
    from lstmviz.lab.stack_trace import StackTrace  # which is made of traces

    return StackTrace if isinstance(network, Stack) else Trace


def _answered(
    network: AnyNetwork,
    tape: Any,
    readout: ReadoutParameters | None,
    targets: NDArray[Any],
    loss: str,
    engine: str,
    held: Array | None,
) -> "Trace | StackTrace":
    if readout is None:
        raise BadInput("trace", "readout", tr("targets were given without a readout"), tr("give both or neither"))
    kind = kind_of(targets)
    check_answered(network, tape, readout, targets, kind, loss)
    answer = ask(readout, network.seen(tape), targets, kind, loss)
    gradients = network.backward(tape, answer.d_h, engine=engine, held=held)
    loss_from: dict[str, Any] = {"readout": readout, "d_h_loss": answer.d_h, "targets": targets, "loss_at": loss}
    return _kind_of_trace(network)(network, tape, gradients, answer.loss, answer=answer, held=held, **loss_from)


def first_bad(cell: str, tape: Any) -> str | None:
    """Where the first value that is no finite number arose, in words; None when all are finite."""
    found = found_bad(cell, tape)
    if found is None:
        return None
    row, word, quantity = found
    return tr("{word} first at t={t} in the {quantity}").format(word=word, t=row + 1, quantity=quantity)


def found_bad(cell: str, tape: Any) -> tuple[int, str, str] | None:
    """The first row that holds a value that is no finite number, what it is, and in which quantity; None: all are."""
    found: tuple[int, str, Array] | None = None
    for name, title in {"x": "input", **QUANTITIES[cell]}.items():
        values = getattr(tape, name)[-len(tape.x) :]
        rows = np.flatnonzero(~np.isfinite(values).all(axis=(1, 2)))
        wins = len(rows) and (found is None or rows[0] < found[0])
        if wins and not (name == "z" and cell == "lstm"):  # the block of four says less than the gate it fed
            found = (int(rows[0]), title, values[rows[0]])
    if found is None:
        return None
    return found[0], tr("NaN") if np.isnan(found[2]).any() else tr("infinity"), tr(found[1])
