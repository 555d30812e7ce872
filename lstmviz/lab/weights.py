"""Networks from files, and networks into files; weights are named and laid out as PyTorch does.

Words used in this file
    H, I, R   hidden units, inputs, rows of the weights: 4H for the LSTM (3H without a gate), 3H, or H for the RNN
    names     full name of each tensor of one cell, by its base (``weight_names``)
"""

import os
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import (
    GateRecurrenceParameters,
    GRUParameters,
    LSTMParameters,
    PeepholeParameters,
    RNNParameters,
)
from lstmviz.engine.variant import RESETS, VARIANTS
from lstmviz.files import (
    BadInput,
    atomic_save,
    caps,
    parse_npz,
    parse_safetensors,
    read_bytes,
    refuse_by_name,
    safetensors_bytes,
)
from lstmviz.files.array_checks import shape_text, tensor_place
from lstmviz.files.error_line import quoted
from lstmviz.lab.network import GRU, LSTM, Network, VanillaRNN
from lstmviz.lab.stack import AnyNetwork, Stack
from lstmviz.lab.weight_names import CellNames, cells_of, pytorch_parameters, suffix
from lstmviz.words import tr

Array = NDArray[np.floating]
Path = str | os.PathLike[str]

_BLOCKS = (4, 3, 1)  # blocks of H rows that a cell may have
# Remarks of a file, for no weight tells these: the first is PyTorch's word
REMARKS = _ACTIVATION, _VARIANT, _RESET = ("nonlinearity", "variant", "reset")


def load_network(
    path: Path, *, activation: str | None = None, variant: str | None = None, reset: str | None = None
) -> AnyNetwork:
    """A network from a ``.safetensors`` or ``.npz`` file.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    activation : str, optional
        "tanh" or "relu", for an RNN; when left out, what the file says of itself, else "tanh".
    variant : str, optional
        Of an LSTM, see ``LSTM``; when left out, what the file says of itself or its tensors tell, else "vanilla".
        Three blocks of weights are a GRU unless this, or the file, names a variant.
    reset : str, optional
        "after" or "before", for a GRU; when left out, what the file says of itself, else "after".

    Returns
    -------
    VanillaRNN, LSTM or GRU; or Stack
        In float64, whatever the file holds: nothing is lost on the way in. A Stack if there is more than one layer or
        a second direction.

    Raises
    ------
    BadInput
        If the file cannot be opened, or does not hold exactly one recurrent network.
    """
    tensors, remarks = read_tensors(path)
    given = {_ACTIVATION: activation, _VARIANT: variant, _RESET: reset}
    return network_in(tensors, {**remarks, **{name: word for name, word in given.items() if word}}, path)


def network_in(tensors: Mapping[str, Array], remarks: Mapping[str, str], file: Path) -> AnyNetwork:
    """The network in what ``read_tensors`` found; errors as ``load_network``."""
    activation, variant, reset = (remarks.get(name) for name in REMARKS)
    return network_from_tensors(tensors, file, activation=activation or "tanh", variant=variant, reset=reset)


def biases_as_given(path: Path) -> dict[str, NDArray[np.float64]]:
    """The two biases of each cell of a file before they were added; none for a cell that has none.

    Parameters
    ----------
    path : str or path
        A file that ``load_network`` takes.

    Returns
    -------
    dict of float64 (R,)
        ``bias_ih`` and ``bias_hh``; of a stack ``bias_ih_l0``, ``bias_ih_l0_reverse`` and so on.

    Raises
    ------
    BadInput
        As ``load_network``.
    """
    tensors, _ = read_tensors(path)
    layers = cells_of(tensors, path)
    alone = len(layers) == len(layers[0]) == 1
    return {
        base + ("" if alone else suffix(layer, reverse)): np.asarray(tensors[names[base]], np.float64)
        for layer, cells in enumerate(layers)
        for reverse, names in zip((False, True), cells, strict=False)
        for base in ("bias_ih", "bias_hh")
        if base in names
    }


def read_tensors(path: Path) -> tuple[Mapping[str, Array], Mapping[str, str]]:
    """All tensors of a ``.safetensors`` or ``.npz`` file, and what it says of itself; errors as ``load_network``."""
    refuse_by_name(path)
    data = read_bytes(path, cap=caps.WEIGHTS_BYTES, kind=tr("weights, .safetensors or .npz"))
    if data.startswith(b"PK") or PurePath(path).suffix.lower() == ".npz":
        return parse_npz(data, path), {}
    return parse_safetensors(data, path)


def network_from_tensors(
    tensors: Mapping[str, Array],
    file: Path,
    *,
    activation: str = "tanh",
    variant: str | None = None,
    reset: str | None = None,
) -> AnyNetwork:
    """The one recurrent network among tensors with PyTorch's names; kind and sizes are read from the shapes.

    Other tensors, such as those of a readout, are left alone. The two biases of PyTorch are added; the GRU keeps
    b_hn apart, since the reset gate multiplies it.

    Parameters
    ----------
    tensors : mapping of float arrays
        ``weight_ih_l0 (R, I)``, ``weight_hh_l0 (R, H)`` and, both or neither, ``bias_ih_l0``, ``bias_hh_l0 (R,)``;
        ``_l0`` may be missing, one common prefix may stand before the names. Up to three more layers ``_l1`` ..., and
        of every layer a reverse, ``_l0_reverse`` .... ``peephole_l0 (3H,)`` and ``weight_gates_l0 (3H, 3H)``, blocks
        in the order i, f, o, make an LSTM one with peepholes, or with full gate recurrence.
    file : str or path
        Where they come from, for the error line.
    activation : str
        "tanh" or "relu", for an RNN.
    variant : str, optional
        Of an LSTM; "vanilla" when left out, or what the tensors tell.
    reset : str, optional
        "after" or "before", for a GRU; "after" when left out.

    Returns
    -------
    VanillaRNN, LSTM or GRU; or Stack
        In float64.

    Raises
    ------
    BadInput
        Naming the tensor, if there is no network, more than one, a gap among layers or directions, a projection, or a
        shape or a size does not fit.
    """
    layers = cells_of(tensors, file)
    hidden, blocks = _hidden_and_blocks(tensors, layers[0][0], file)
    kind, options = _kind_of(layers[0][0], blocks, {_ACTIVATION: activation, _VARIANT: variant, _RESET: reset}, file)
    inputs, made = _inputs(tensors, layers[0][0], file), []
    for cells in layers:
        for names in cells:
            _check_shapes(tensors, names, hidden, blocks * hidden, inputs, file)
        made.append([kind.from_arrays(_parameters(tensors, names, kind, file), **options) for names in cells])
        inputs = hidden * len(cells)
    return made[0][0] if len(made) == len(made[0]) == 1 else Stack(made)


def _kind_of(
    names: CellNames, blocks: int, given: Mapping[str, str | None], file: Path
) -> tuple[type[Network], dict[str, str]]:
    """The class of a network, and its form: what is given, else what the lowest layer's tensors tell."""
    told = {"peephole": "peephole", "weight_gates": "fgr"}
    variant = given[_VARIANT] or next((told[base] for base in told if base in names), None)
    if blocks == 1 and variant is None:
        _check_known(_ACTIVATION, given[_ACTIVATION], ("tanh", "relu"), file)
        return VanillaRNN, {"activation": given[_ACTIVATION] or "tanh"}
    if blocks == 3 and variant is None:
        _check_known(_RESET, given[_RESET] or "after", tuple(RESETS), file)
        return GRU, {} if given[_RESET] in (None, "after") else {"reset": "before"}
    variant = variant or "vanilla"
    _check_known(_VARIANT, variant, tuple(VARIANTS), file)
    fitting: tuple[str, ...] = tuple(name for name, known in VARIANTS.items() if len(known.parts.blocks) == blocks)
    for base, name in told.items():
        if base in names:  # only this one has it
            fitting = tuple(word for word in fitting if word == name)
        elif variant == name:
            missing = names["weight_hh"].replace("weight_hh", base)
            raise BadInput(file, tensor_place(missing), tr("it is missing"), tr("the variant {name}").format(name=name))
    if variant not in fitting:
        wrong = tr("{value} does not fit the weights").format(value=variant)
        raise BadInput(file, _VARIANT, wrong, ", ".join(fitting) or tr("none does"))
    return LSTM, {} if variant == "vanilla" else {"variant": variant}


def _check_known(place: str, word: str | None, known: tuple[str, ...], file: Path) -> None:
    if word not in known:
        raise BadInput(file, place, tr("{value} is unknown").format(value=quoted(str(word))), ", ".join(known))


def _parameters(tensors: Mapping[str, Array], names: CellNames, kind: type[Network], file: Path) -> Any:
    """One cell's parameters, from tensors whose shapes fit."""
    given = {base: np.asarray(tensors[name], np.float64) for base, name in names.items()}
    weight_ih, weight_hh = given["weight_ih"], given["weight_hh"]
    bias_ih, bias_hh = (given.get(base, np.zeros(len(weight_hh))) for base in ("bias_ih", "bias_hh"))
    into_n = 2 * weight_hh.shape[1]
    bias_hn = bias_hh[into_n:].copy()
    if kind is GRU:
        bias_hh = np.concatenate((bias_hh[:into_n], np.zeros_like(bias_hn)))
    with np.errstate(over="ignore"):  # told in the next line
        bias = bias_ih + bias_hh
    if not np.isfinite(bias).all():
        raise BadInput(file, tensor_place(names["bias_ih"]), tr("the two biases add up to infinity"), tr("finite sums"))
    if kind is GRU:
        return GRUParameters(weight_ih, weight_hh, bias, bias_hn)
    if kind is VanillaRNN:
        return RNNParameters(weight_ih, weight_hh, bias)
    if "peephole" in given:
        return PeepholeParameters(weight_ih, weight_hh, bias, given["peephole"])
    if "weight_gates" in given:
        return GateRecurrenceParameters(weight_ih, weight_hh, bias, given["weight_gates"])
    return LSTMParameters(weight_ih, weight_hh, bias)


def _hidden_and_blocks(tensors: Mapping[str, Array], names: CellNames, file: Path) -> tuple[int, int]:
    """H and R / H, as the shape of the recurrent weights tells them."""
    shape = tensors[names["weight_hh"]].shape
    place = tensor_place(names["weight_hh"])
    if len(shape) != 2 or 0 in shape or shape[0] not in [blocks * shape[1] for blocks in _BLOCKS]:
        wrong = tr("shape {shape} fits no cell").format(shape=shape_text(shape))
        raise BadInput(file, place, wrong, tr("4H x H for the LSTM, 3H x H for the GRU, H x H for the RNN"))
    hidden = shape[1]
    if hidden > caps.HIDDEN:
        wrong = tr("hidden = {hidden} is too large").format(hidden=hidden)
        raise BadInput(file, place, wrong, tr("1 to {most}").format(most=caps.HIDDEN))
    return hidden, shape[0] // hidden


def _inputs(tensors: Mapping[str, Array], names: CellNames, file: Path) -> int:
    """I, as the shape of the lowest layer's input weights tells it; 1 where it tells nothing."""
    shape = tensors[names["weight_ih"]].shape
    inputs = max(shape[1], 1) if len(shape) == 2 else 1
    if inputs > caps.INPUTS:
        wrong = tr("inputs = {inputs} is too large").format(inputs=inputs)
        raise BadInput(file, tensor_place(names["weight_ih"]), wrong, tr("1 to {most}").format(most=caps.INPUTS))
    return inputs


def _check_shapes(
    tensors: Mapping[str, Array], names: CellNames, hidden: int, rows: int, inputs: int, file: Path
) -> None:
    """Refuse tensors of one cell that do not fit the lowest layer's recurrent weights and the layer below."""
    needed: dict[str, tuple[int, ...]] = {"weight_ih": (rows, inputs), "weight_hh": (rows, hidden)}
    needed |= {"peephole": (3 * hidden,), "weight_gates": (3 * hidden, 3 * hidden)}
    for base, name in names.items():
        shape, wanted = tensors[name].shape, needed.get(base, (rows,))
        if shape != wanted:
            wrong = tr("shape {shape} does not fit hidden {hidden}")
            wrong = wrong.format(shape=shape_text(shape), hidden=hidden)
            raise BadInput(file, tensor_place(name), wrong, tr("needs {shape}").format(shape=shape_text(wanted)))


def tensors_of_network(network: AnyNetwork) -> dict[str, Array]:
    """A network's parameters with PyTorch's names and shapes; ``network_from_tensors`` takes them back unchanged.

    Parameters
    ----------
    network : Network or Stack
        Of any cell.

    Returns
    -------
    dict of float arrays
        ``weight_ih_l0``, ``weight_hh_l0``, ``bias_ih_l0``, and ``bias_hh_l0`` of zeros but for the GRU's b_hn; the
        same of further layers, and of every reverse.
    """
    layers = network.layers if isinstance(network, Stack) else ((network,),)
    return {
        base + suffix(layer, reverse): tensor
        for layer, cells in enumerate(layers)
        for reverse, cell in zip((False, True), cells, strict=False)
        for base, tensor in pytorch_parameters(cell.parameters).items()
    }


def save_network(network: AnyNetwork, path: Path) -> None:
    """Write a network to a ``.safetensors`` file, which PyTorch reads too; the old file stays whole if that fails.

    Parameters
    ----------
    network : Network or Stack
        Of any cell.
    path : str or path
        Where to.

    Raises
    ------
    BadInput
        If the name does not end in ``.safetensors``, or the file cannot be written.
    """
    if PurePath(path).suffix.lower() != ".safetensors":
        raise BadInput(path, "", tr("unknown kind of file for weights"), ".safetensors")
    atomic_save(path, weights_bytes(network))


def weights_bytes(network: AnyNetwork, others: Mapping[str, Array] | None = None) -> bytes:
    """A network as the bytes of a ``.safetensors`` file.

    Parameters
    ----------
    network : Network or Stack
        Of any cell.
    others : dict of arrays, optional
        Further tensors, such as those of a readout; ``load_network`` leaves them alone.
    """
    cell = network.top if isinstance(network, Stack) else network
    return safetensors_bytes(tensors_of_network(network) | dict(others or {}), _remarks(cell))


def _remarks(cell: Network) -> dict[str, str] | None:
    """What no weight tells."""
    if isinstance(cell, VanillaRNN):
        return {_ACTIVATION: cell.activation}
    if isinstance(cell, LSTM) and cell.variant != "vanilla":
        return {_VARIANT: cell.variant}
    return {_RESET: cell.reset} if isinstance(cell, GRU) and cell.reset != "after" else None
