"""What a trace is asked for, checked before anything is allocated.

Words used in this file
    T, B, I, K   timesteps, sequences, inputs, outputs
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.engine.variant import HELD, STATES
from lstmviz.files import BadInput, caps
from lstmviz.files.array_checks import shape_text
from lstmviz.lab.settings import trace_bytes
from lstmviz.lab.stack import AnyNetwork
from lstmviz.words import tr

Array = NDArray[np.floating]


def checked_input(network: AnyNetwork, x: Any) -> Array:
    """Input as a contiguous array (T, B, I) in the network's number type, if it fits the network and the caps."""
    x = numbers_of("x", x)
    if x.ndim == 2:
        x = x[:, None, :]
    if x.ndim != 3 or x.shape[2] != network.inputs or 0 in x.shape:
        what = tr("shape {shape} does not fit {inputs} inputs").format(shape=shape_text(x.shape), inputs=network.inputs)
        raise BadInput("trace", "x", what, tr("needs (T, B, {inputs})").format(inputs=network.inputs))
    if x.shape[0] > caps.TIMESTEPS:
        what = tr("{n} timesteps are too many").format(n=x.shape[0])
        raise BadInput("trace", "x", what, tr("1 to {most}").format(most=caps.TIMESTEPS))
    size = trace_bytes(x.shape[0], x.shape[1], network.hidden) * network.cell_count
    if size > caps.TRACE_BYTES:
        what = tr("the trace needs {size} MB").format(size=size >> 20)
        raise BadInput("trace", "x", what, tr("at most {most} MB").format(most=caps.TRACE_BYTES >> 20))
    return np.ascontiguousarray(x, dtype=network.dtype)


def checked_held(network: AnyNetwork, x: Array, held: Any) -> Array:
    """Held values as a read-only array (Q, T, B, H) in the network's number type, if they fit the network and x."""
    names = HELD[network.cell]
    shape = (len(names), *x.shape[:2], network.hidden)
    found = np.array(numbers_of("held", held), dtype=network.dtype)
    if found.shape != shape:
        what = tr("shape {shape} does not fit").format(shape=shape_text(found.shape))
        raise BadInput("trace", "held", what, tr("needs {shape}").format(shape=shape_text(shape)))
    frozen = [name in STATES for name in names]
    if np.isneginf(found).any() or np.isposinf(found[np.invert(frozen)]).any():
        raise BadInput("trace", "held", tr("infinity cannot be held"), tr("a number, nan; inf freezes a state"))
    found.flags.writeable = False
    return found


def numbers_of(name: str, values: Any) -> NDArray[Any]:
    """An array of real numbers, from an array or nested lists."""
    try:
        found = np.asarray(values)
    except ValueError:  # rows of different lengths
        found = np.empty(0, dtype=object)
    if found.dtype.kind not in "biuf":
        raise BadInput("trace", name, tr("these are no numbers"), tr("an array of real numbers"))
    return found


def check_answered(
    network: AnyNetwork, tape: Any, readout: ReadoutParameters, targets: NDArray[Any], kind: str, loss: str
) -> None:
    """Refuse a readout that does not fit the network, and targets that do not fit the readout."""
    outputs, hidden = readout.weight.shape
    if hidden != network.width:
        what = tr("{hidden} units do not fit the network").format(hidden=hidden)
        raise BadInput("trace", "readout", what, tr("needs {hidden}").format(hidden=network.width))
    one: tuple[int, ...] = (tape.x.shape[1],) if kind == "cross_entropy" else (tape.x.shape[1], outputs)
    fitting = [one] if loss == "last" else [one, (tape.x.shape[0], *one)]
    if targets.shape not in fitting:
        what = tr("shape {shape} does not fit").format(shape=shape_text(targets.shape))
        raise BadInput("trace", "targets", what, tr("needs {shape}").format(shape=_either(fitting)))
    if kind == "cross_entropy" and not (targets.min() >= 0 and targets.max() < outputs):  # -1 would count from the end
        what = tr("a class is out of range")
        raise BadInput("trace", "targets", what, tr("0 to {last}").format(last=outputs - 1))


def _either(shapes: list[tuple[int, ...]]) -> str:
    return tr(" or ").join(map(shape_text, shapes))
