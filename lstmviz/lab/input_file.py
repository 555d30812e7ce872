"""Input sequences, and weights of a loss, from files.

Words used in this file
    T, B, I, H   timesteps, sequences, inputs, hidden units
"""

import os
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import BadInput, caps, parse_csv, parse_npy, read_bytes, read_npy, refuse_by_name
from lstmviz.files.array_checks import shape_text
from lstmviz.files.error_line import size_text
from lstmviz.lab.settings import trace_bytes
from lstmviz.lab.stack import AnyNetwork
from lstmviz.words import tr

Path = str | os.PathLike[str]


def load_input(path: Path, network: AnyNetwork | None = None) -> NDArray[np.float64]:
    """Input sequences from a ``.csv`` table (one sequence) or an ``.npy`` array.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    network : Network or Stack, optional
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


def _check_input(shape: tuple[int, ...], file: Path, network: AnyNetwork | None) -> None:
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
    size = trace_bytes(timesteps, sequences, network.hidden) * network.cell_count
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
        (T, B, H) of the run they are for, or (T, B, 2H) if bidirectional; (T, H) is taken too when B is 1.

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
