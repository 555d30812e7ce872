"""The derivatives of one timestep, and the weights they go with, for every cell whose Jacobian is made of them.

Words used in this file
    H, K    hidden units; blocks of H rows: 1, 4 (i, f, g, o) or 3 (r, z, n)
    form    activation of the RNN, variant of the LSTM, place of the GRU's reset gate
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.jacobian import Slopes, slopes
from lstmviz.engine.jacobian_choice import jacobian_functions
from lstmviz.engine.variant import VARIANTS
from lstmviz.files import BadInput
from lstmviz.lab.arguments import check_range
from lstmviz.lab.network import LSTM, Network, VanillaRNN
from lstmviz.words import tr

Array = NDArray[np.floating]
BLOCKS = {"rnn": ("a",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}


def local_slopes(trace: Any, sequence: int = 0, engine: str = "auto") -> Slopes:
    """The derivatives of every timestep of one sequence.

    Parameters
    ----------
    trace : Trace
    sequence : int
        0 to B - 1.
    engine : str
        "auto", "kernels" or "reference".

    Raises
    ------
    BadInput
        If there is no such sequence, or ``check_taken_apart`` refuses the cell.
    """
    check_range("jacobian", "sequence", sequence, 0, trace.tape.x.shape[1] - 1)
    check_taken_apart("jacobian", trace.network)
    functions = jacobian_functions(trace.network.dtype, engine)
    return functions.slopes(trace.tape, sequence, _form(trace.network), _peephole(trace.network), trace.held)


def all_slopes(trace: Any) -> Slopes:
    """The same of all sequences at once, with an axis B after T."""
    check_taken_apart("jacobian", trace.network)
    return slopes(trace.tape, None, _form(trace.network), _peephole(trace.network), trace.held)


def check_taken_apart(place: str, network: Network) -> None:
    """Refuse a cell whose timestep is not a sum of blocks of weights, each times one factor for every unit."""
    if network.form not in ("lstm/fgr", "gru/before"):
        return
    known = tr("the RNN, the GRU with its reset gate after the product, every LSTM but fgr")
    raise BadInput(place, tr("network"), tr("the Jacobian of {cell} is not known").format(cell=network.form), known)


def recurrent_weights(network: Network) -> Array:
    """The recurrent weights (K H, H), zeros for the gates that a variant lacks."""
    return _all_blocks(network, network.parameters.weight_hh)


def input_weights(network: Network) -> Array:
    """The input weights (K H, I), zeros for the gates that a variant lacks."""
    return _all_blocks(network, network.parameters.weight_ih)


def blocks_of(network: Network) -> tuple[str, ...]:
    """Names of the blocks of weights that a network has."""
    return VARIANTS[network.variant].parts.blocks if isinstance(network, LSTM) else BLOCKS[network.cell]


def _all_blocks(network: Network, weight: Array) -> Array:
    there, every = blocks_of(network), BLOCKS[network.cell]
    if there == every:
        return weight
    whole = np.zeros((len(every), network.hidden, weight.shape[1]), weight.dtype)
    whole[[every.index(name) for name in there]] = weight.reshape(len(there), network.hidden, -1)
    return whole.reshape(-1, weight.shape[1])


def _form(network: Network) -> str:
    if isinstance(network, VanillaRNN):
        return network.activation
    return network.variant if isinstance(network, LSTM) else ""


def _peephole(network: Network) -> Array | None:
    return getattr(network.parameters, "peephole", None)
