"""Networks and inputs from files, and networks into files; weights are named and laid out as PyTorch does.

Words used in this file
    H, I, R   hidden units, inputs, rows of the weights: 4H for the LSTM, 3H for the GRU, H for the RNN
    prefix    what a whole model puts before the names of one layer: ``lstm.`` in ``lstm.weight_ih_l0``
"""

import os
import re
from collections.abc import Mapping
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import GRUParameters, LSTMParameters, RNNParameters
from lstmviz.files import (
    BadInput,
    atomic_save,
    caps,
    parse_csv,
    parse_npy,
    parse_npz,
    parse_safetensors,
    read_bytes,
    read_npy,
    refuse_by_name,
    safetensors_bytes,
)
from lstmviz.files.array_checks import shape_text, tensor_place
from lstmviz.files.error_line import quoted, size_text
from lstmviz.lab.network import GRU, LSTM, Network, VanillaRNN
from lstmviz.lab.settings import trace_bytes
from lstmviz.words import tr

Array = NDArray[np.floating]
Path = str | os.PathLike[str]

_NAME = re.compile(
    r"(?:(?P<prefix>.+)\.)?(?P<base>weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)"
    r"(?:_l(?P<layer>[0-9]+)(?P<reverse>_reverse)?)?"
)
_CELLS = {4: "lstm", 3: "gru", 1: "rnn"}  # by blocks of H rows
_ACTIVATION = "nonlinearity"  # PyTorch's word; kept among the remarks of a file, since no weight tells it


def load_network(path: Path, *, activation: str | None = None) -> Network:
    """A network from a ``.safetensors`` or ``.npz`` file.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    activation : str, optional
        "tanh" or "relu", for an RNN; when left out, what the file says of itself, else "tanh".

    Returns
    -------
    Network
        In float64, whatever the file holds: nothing is lost on the way in.

    Raises
    ------
    BadInput
        If the file cannot be opened, or does not hold exactly one recurrent layer in one direction.
    """
    tensors, remarks = _read(path)
    return network_from_tensors(tensors, path, activation=activation or remarks.get(_ACTIVATION, "tanh"))


def biases_as_given(path: Path) -> dict[str, NDArray[np.float64]]:
    """The two biases of a file before they were added, as ``bias_ih (R,)`` and ``bias_hh (R,)``; none when it has none.

    Parameters
    ----------
    path : str or path
        A file that ``load_network`` takes.

    Raises
    ------
    BadInput
        As ``load_network``.
    """
    tensors, _ = _read(path)
    names = _layer(tensors, path)
    return {base: np.asarray(tensors[names[base]], np.float64) for base in ("bias_ih", "bias_hh") if base in names}


def _read(path: Path) -> tuple[Mapping[str, Array], Mapping[str, str]]:
    """All tensors of a file, and what it says of itself."""
    refuse_by_name(path)
    data = read_bytes(path, cap=caps.WEIGHTS_BYTES, kind=tr("weights, .safetensors or .npz"))
    if data.startswith(b"PK") or PurePath(path).suffix.lower() == ".npz":
        return parse_npz(data, path), {}
    return parse_safetensors(data, path)


def network_from_tensors(tensors: Mapping[str, Array], file: Path, *, activation: str = "tanh") -> Network:
    """The one recurrent layer among tensors with PyTorch's names; kind and sizes are read from the shapes.

    Other tensors, such as those of a readout, are left alone. The two biases of PyTorch are added; the GRU keeps
    b_hn apart, since the reset gate multiplies it.

    Parameters
    ----------
    tensors : mapping of float arrays
        ``weight_ih_l0 (R, I)``, ``weight_hh_l0 (R, H)`` and, both or neither, ``bias_ih_l0``, ``bias_hh_l0 (R,)``;
        ``_l0`` may be missing, one common prefix may stand before the names.
    file : str or path
        Where they come from, for the error line.
    activation : str
        "tanh" or "relu", for an RNN.

    Returns
    -------
    VanillaRNN, LSTM or GRU
        In float64.

    Raises
    ------
    BadInput
        Naming the tensor, if there is no layer, more than one, a second direction, a projection, or a shape or a
        size does not fit.
    """
    names = _layer(tensors, file)
    hidden, blocks = _hidden_and_blocks(tensors, names, file)
    _check_shapes(tensors, names, hidden, blocks, file)
    weight_ih, weight_hh = (np.asarray(tensors[names[base]], np.float64) for base in ("weight_ih", "weight_hh"))
    bias_ih, bias_hh = (
        np.asarray(tensors[names[base]], np.float64) if base in names else np.zeros(blocks * hidden)
        for base in ("bias_ih", "bias_hh")
    )
    cell = _CELLS[blocks]
    bias_hn = bias_hh[2 * hidden :].copy()
    if cell == "gru":
        bias_hh = np.concatenate((bias_hh[: 2 * hidden], np.zeros(hidden)))
    with np.errstate(over="ignore"):  # told in the next line
        bias = bias_ih + bias_hh
    if not np.isfinite(bias).all():
        raise BadInput(file, tensor_place(names["bias_ih"]), tr("the two biases add up to infinity"), tr("finite sums"))
    if cell == "gru":
        return GRU.from_arrays(GRUParameters(weight_ih, weight_hh, bias, bias_hn))
    if cell == "lstm":
        return LSTM.from_arrays(LSTMParameters(weight_ih, weight_hh, bias))
    if activation not in ("tanh", "relu"):
        wrong = tr("{value} is unknown").format(value=quoted(activation))
        raise BadInput(file, _ACTIVATION, wrong, "tanh, relu")
    return VanillaRNN.from_arrays(RNNParameters(weight_ih, weight_hh, bias), activation=activation)


def _layer(tensors: Mapping[str, Array], file: Path) -> dict[str, str]:
    """Full name of each tensor of the one recurrent layer, by its name in PyTorch's layer 0."""
    one_layer = tr("one layer, one direction, no projection")
    found: dict[str, str] = {}
    prefixes: set[str] = set()
    for name in tensors:
        match = _NAME.fullmatch(name)
        if not match:
            continue
        base, place = match["base"], tensor_place(name)
        prefixes.add(match["prefix"] or "")
        if base == "weight_hr":
            raise BadInput(file, place, tr("the layer has a projection"), one_layer)
        if match["reverse"]:
            raise BadInput(file, place, tr("the layer runs in both directions"), one_layer)
        if int(match["layer"] or 0) > 0:
            raise BadInput(file, place, tr("there is more than one layer"), one_layer)
        if len(prefixes) > 1 or base in found:
            raise BadInput(file, place, tr("there is a second recurrent layer"), tr("one layer; save it alone"))
        found[base] = name
    for base, other in (("weight_ih", "weight_hh"), ("weight_hh", "weight_ih")):
        if base not in found and other in found:
            missing = found[other].replace(other, base)
            raise BadInput(file, tensor_place(missing), tr("it is missing"), tr("every layer has two weights"))
    if not found.keys() >= {"weight_ih", "weight_hh"}:
        raise BadInput(file, "", tr("there is no recurrent layer"), tr("needs weight_ih_l0 and weight_hh_l0"))
    for base, other in (("bias_ih", "bias_hh"), ("bias_hh", "bias_ih")):
        if base not in found and other in found:
            missing = found[other].replace(other, base)
            raise BadInput(file, tensor_place(missing), tr("it is missing"), tr("both biases or none"))
    return found


def _hidden_and_blocks(tensors: Mapping[str, Array], names: Mapping[str, str], file: Path) -> tuple[int, int]:
    """H and R / H, as the shape of the recurrent weights tells them."""
    shape = tensors[names["weight_hh"]].shape
    place = tensor_place(names["weight_hh"])
    if len(shape) != 2 or 0 in shape or shape[0] not in [blocks * shape[1] for blocks in _CELLS]:
        wrong = tr("shape {shape} fits no cell").format(shape=shape_text(shape))
        raise BadInput(file, place, wrong, tr("4H x H for the LSTM, 3H x H for the GRU, H x H for the RNN"))
    hidden = shape[1]
    if hidden > caps.HIDDEN:
        wrong = tr("hidden = {hidden} is too large").format(hidden=hidden)
        raise BadInput(file, place, wrong, tr("1 to {most}").format(most=caps.HIDDEN))
    return hidden, shape[0] // hidden


def _check_shapes(tensors: Mapping[str, Array], names: Mapping[str, str], hidden: int, blocks: int, file: Path) -> None:
    """Refuse input weights and biases that do not fit the recurrent weights."""
    rows = blocks * hidden
    for base, name in names.items():
        shape = tensors[name].shape
        if base == "weight_hh":
            continue
        if base == "weight_ih":
            inputs = max(shape[1], 1) if len(shape) == 2 else 1
            needed: tuple[int, ...] = (rows, inputs)
            if inputs > caps.INPUTS:
                wrong = tr("inputs = {inputs} is too large").format(inputs=inputs)
                raise BadInput(file, tensor_place(name), wrong, tr("1 to {most}").format(most=caps.INPUTS))
        else:
            needed = (rows,)
        if shape != needed:
            wrong = tr("shape {shape} does not fit hidden {hidden}")
            wrong = wrong.format(shape=shape_text(shape), hidden=hidden)
            raise BadInput(file, tensor_place(name), wrong, tr("needs {shape}").format(shape=shape_text(needed)))


def tensors_of_network(network: Network) -> dict[str, Array]:
    """A network's parameters with PyTorch's names and shapes; ``network_from_tensors`` takes them back unchanged.

    Parameters
    ----------
    network : Network
        Of any cell.

    Returns
    -------
    dict of float arrays
        ``weight_ih_l0``, ``weight_hh_l0``, ``bias_ih_l0``, and ``bias_hh_l0`` of zeros but for the GRU's b_hn.
    """
    parameters = network.parameters
    bias_hh = np.zeros_like(parameters.bias)
    if network.cell == "gru":
        bias_hh[-network.hidden :] = parameters.bias_hn
    return {
        "weight_ih_l0": parameters.weight_ih,
        "weight_hh_l0": parameters.weight_hh,
        "bias_ih_l0": parameters.bias,
        "bias_hh_l0": bias_hh,
    }


def save_network(network: Network, path: Path) -> None:
    """Write a network to a ``.safetensors`` file, which PyTorch reads too; the old file stays whole if that fails.

    Parameters
    ----------
    network : Network
        Of any cell.
    path : str or path
        Where to.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    remarks = {_ACTIVATION: network.activation} if isinstance(network, VanillaRNN) else None
    atomic_save(path, safetensors_bytes(tensors_of_network(network), remarks))


def load_input(path: Path, network: Network | None = None) -> NDArray[np.float64]:
    """Input sequences from a ``.csv`` table (one sequence) or an ``.npy`` array.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    network : Network, optional
        Who shall read them; its inputs must fit, and the trace must stay within 512 MB.

    Returns
    -------
    float64 (T, B, I)
        T up to 10,000, I up to 256. A table or a two-dimensional array (T, I) is one sequence.

    Raises
    ------
    BadInput
        If the file cannot be opened, holds anything but finite numbers, or is over a cap; no trace has been allocated
        then.
    """
    refuse_by_name(path)
    is_npy = PurePath(path).suffix.lower() == ".npy"
    cap = caps.ARRAY_BYTES if is_npy else caps.CSV_BYTES
    data = read_bytes(path, cap=cap, kind=tr("input sequences, .csv or .npy"))
    is_npy = is_npy or data.startswith(b"\x93NUMPY")
    x = parse_npy(data, path) if is_npy else parse_csv(data, path)
    if x.ndim == 2:
        x = x[:, None, :]
    if x.ndim != 3:
        wrong = tr("shape {shape} is no input").format(shape=shape_text(x.shape))
        raise BadInput(path, "", wrong, tr("(T, I) or (T, B, I)"))
    _check_input(x.shape, path, network)
    return np.ascontiguousarray(x, dtype=np.float64)


def _check_input(shape: tuple[int, ...], file: Path, network: Network | None) -> None:
    timesteps, sequences, inputs = shape
    if timesteps > caps.TIMESTEPS:
        wrong = tr("{count} timesteps are too many").format(count=timesteps)
        raise BadInput(file, "", wrong, tr("1 to {most}").format(most=caps.TIMESTEPS))
    if inputs > caps.INPUTS:
        wrong = tr("{count} inputs are too many").format(count=inputs)
        raise BadInput(file, "", wrong, tr("1 to {most}").format(most=caps.INPUTS))
    if network is None:
        return
    if inputs != network.inputs:
        wrong = tr("{count} inputs do not fit the network").format(count=inputs)
        raise BadInput(file, "", wrong, tr("needs {count}").format(count=network.inputs))
    size = trace_bytes(timesteps, sequences, network.hidden)
    if size > caps.TRACE_BYTES:
        wrong = tr("the trace would need {size}").format(size=size_text(size))
        raise BadInput(file, "", wrong, tr("{size} at most").format(size=size_text(caps.TRACE_BYTES)))


def load_loss_weight(path: Path, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """Weights of the hidden states in the loss, from an ``.npy`` array.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    shape : tuple of int
        (T, B, H) of the run they are for; (T, H) is taken too when B is 1.

    Returns
    -------
    float64 (T, B, H)
        Finite numbers.

    Raises
    ------
    BadInput
        If the file cannot be opened or its shape does not fit.
    """
    weight = read_npy(path)
    if weight.ndim == 2:
        weight = weight[:, None, :]
    if weight.shape != shape:
        wrong = tr("shape {shape} does not fit the hidden states").format(shape=shape_text(weight.shape))
        raise BadInput(path, "", wrong, tr("needs {shape}").format(shape=shape_text(shape)))
    return np.ascontiguousarray(weight, dtype=np.float64)
