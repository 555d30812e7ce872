"""What a network's cell does in one timestep, operation by operation: the engine's equations for whoever shows them."""

from lstmviz.engine.operations import BINDS as BINDS
from lstmviz.engine.operations import FUNCTIONS as FUNCTIONS
from lstmviz.engine.operations import LETTERS as LETTERS
from lstmviz.engine.operations import SIGNS as SIGNS
from lstmviz.engine.operations import Expression as Expression
from lstmviz.engine.operations import Operation as Operation
from lstmviz.engine.operations import operations as operations
from lstmviz.engine.operations import symbol as symbol
from lstmviz.engine.variant import GATES as GATES
from lstmviz.engine.variant import HELD as HELD
from lstmviz.lab.network import GRU, LSTM, Network, VanillaRNN


def operations_of(network: Network, direction: str = "forward") -> tuple[Operation, ...]:
    """The operations of one timestep of a network, in the order of computation.

    Parameters
    ----------
    network : VanillaRNN, LSTM or GRU
        Of any variant.
    direction : "forward" or "backward"
        Backward, a name that begins with ``d_`` is dLoss/d of what follows.

    Returns
    -------
    tuple of Operation
        Frozen: ``result``, ``operands`` (the wires of a diagram), ``kind``, ``name`` in words, ``formula()`` as text
        or TeX.
    """
    return operations(network.cell, form_of(network), direction)


def form_of(network: Network) -> str:
    """Which form of its cell: activation of the RNN, variant of the LSTM, place of the GRU's reset gate."""
    if isinstance(network, VanillaRNN):
        return network.activation
    if isinstance(network, LSTM):
        return network.variant
    return network.reset if isinstance(network, GRU) else ""
