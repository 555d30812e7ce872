"""A network that was trained elsewhere, in the place of the untrained one of its kind.

Words used in this file
    opened     network, and readout if the file has one, as a file of PyTorch's or Keras's holds them
    readout    the one linear layer of the file, of whatever name, that reads what the network hands on
    fits       the settings describe a network of this shape, on a task of this many inputs
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.arrays import LSTMParameters
from lstmviz.engine.readout import ReadoutParameters
from lstmviz.engine.variant import VARIANTS
from lstmviz.files import BadInput, safetensors_bytes
from lstmviz.files.error_line import one_line, shortened
from lstmviz.lab.comparison import build, readout_for
from lstmviz.lab.network import GRU, LSTM, Network
from lstmviz.lab.settings import Settings, fitting, units
from lstmviz.lab.stack import AnyNetwork, Stack
from lstmviz.lab.tasks import OWN, TASKS, Task
from lstmviz.lab.tasks.random_numbers import random_task, width_in
from lstmviz.lab.weight_names import cells_of
from lstmviz.lab.weights import REMARKS, network_in, read_tensors
from lstmviz.words import tr

Array = NDArray[np.floating]
Pair = tuple[AnyNetwork, ReadoutParameters]
ENDINGS = (".safetensors", ".npz")


@dataclass(frozen=True, slots=True)
class Opened:
    """A network from a file; equal when name and numbers are.

    Attributes
    ----------
    name : str
        Of the file, without its folders.
    data : bytes
        The tensors that are used, as a ``.safetensors`` file in the number types in which they came.
    network : Network or Stack
        In float64.
    readout : ReadoutParameters or None
        In float64; None if the file has none, or several that could be meant.
    """

    name: str
    data: bytes = field(repr=False)
    network: AnyNetwork = field(compare=False)
    readout: ReadoutParameters | None = field(compare=False, repr=False)

    @property
    def cell(self) -> str:
        """Its kind: "rnn", "lstm" or "gru"."""
        return self.network.cell


def is_weights(path: str | os.PathLike[str]) -> bool:
    """Whether a file's name says that it holds weights."""
    return PurePath(path).suffix.lower() in ENDINGS


def open_network(path: str | os.PathLike[str]) -> Opened:
    """The network in a ``.safetensors`` or ``.npz`` file, and its readout.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.

    Raises
    ------
    BadInput
        If the file cannot be opened, or does not hold exactly one recurrent network.
    """
    return opened(*read_tensors(path), path)


def opened(tensors: Mapping[str, Array], remarks: Mapping[str, str], file: str | os.PathLike[str]) -> Opened:
    """The network in what ``lab.weights.read_tensors`` found; errors as ``open_network``."""
    network = network_in(tensors, remarks, file)
    names = [name for layer in cells_of(tensors, file) for cell in layer for name in cell.values()]
    pair = _readout_names(tensors, names, network.width)
    kept = {name: _wide(tensors[name]) for name in (*names, *pair)}
    data = safetensors_bytes(kept, {name: remarks[name] for name in REMARKS if name in remarks})
    readout = None
    if pair:
        readout = ReadoutParameters(*(np.array(tensors[name], np.float64) for name in pair))
        for array in readout:
            array.flags.writeable = False
    return Opened(shortened(one_line(PurePath(file).name)), data, network, readout)


def _wide(array: Array) -> Array:
    """In float32 or float64, which a ``.safetensors`` file brings back as they are."""
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _readout_names(tensors: Mapping[str, Array], others: Iterable[str], width: int) -> tuple[str, ...]:
    """Names of the weight (K, width) and the bias (K,) of the one linear layer; none if it is not clear which."""
    found = []
    for name, weight in tensors.items():
        bias = tensors.get(name.removesuffix("weight") + "bias")
        if not name.endswith("weight") or name in others or bias is None:
            continue
        if weight.ndim == 2 and weight.shape[1] == width and len(weight) and bias.shape == (len(weight),):
            found.append((name, name.removesuffix("weight") + "bias"))
    return found[0] if len(found) == 1 else ()


# ----------------------------------------------------------------------------- settings that fit


def settings_for(found: Opened, settings: Settings) -> Settings:
    """``settings`` with the sizes of an opened network, alone, on a task that it can read.

    The task stays if it has as many inputs; else own data that is open, else another task, else random numbers. The
    gap is made smaller where the trace would not fit into memory, or the task knows no such gap.

    Raises
    ------
    BadInput
        If no gap is small enough.
    """
    task = task_for(found, settings.task)
    least, most = task.least_gap, task.greatest_gap
    gap = max(least, settings.gap if most is None else min(settings.gap, most))
    network = found.network
    fresh = replace(
        settings,
        task=task.name,
        gap=gap,
        cells=(found.cell,),
        hidden=network.hidden,
        fair="units",
        dtype="float64",
        layers=len(network.layer_widths),
        bidirectional=isinstance(network, Stack) and network.bidirectional,
    )
    cell = network.top if isinstance(network, Stack) else network
    if isinstance(cell, LSTM):
        fresh = replace(fresh, variant=cell.variant)
    if isinstance(cell, GRU):
        fresh = replace(fresh, reset=cell.reset)
    while True:
        try:
            return fitting(fresh, found.name)
        except BadInput:
            if fresh.gap == least and fresh.batch == 1:
                raise
            fresh = replace(fresh, gap=max(least, fresh.gap // 2), batch=1)


def task_for(found: Opened, now: str) -> Task:
    """The task that an opened network is shown on; ``now`` is the name of the one on show."""
    inputs = found.network.inputs
    if TASKS[now].inputs == inputs:
        return TASKS[now]
    outputs = None if found.readout is None else len(found.readout.bias)
    fitting_ones = [task for task in TASKS.values() if task.inputs == inputs and width_in(task.name) is None]
    ranked = sorted(fitting_ones, key=lambda task: (not task.name.startswith(OWN), task.outputs != outputs))
    return ranked[0] if ranked else TASKS[adopt_random(inputs)]


def adopt_random(inputs: int) -> str:
    """Add the random numbers of this width to the tasks, and return their name."""
    task = random_task(inputs)
    return TASKS.setdefault(task.name, task).name


def fits(found: Opened, settings: Settings) -> bool:
    """Whether the settings describe a network of this shape, on a task that it can read."""
    network = found.network
    return (
        TASKS[settings.task].inputs == network.inputs
        and units(settings, found.cell) == network.hidden
        and settings.layers == len(network.layer_widths)
        and settings.bidirectional == (isinstance(network, Stack) and network.bidirectional)
        and _in_form(network, settings) is not None
    )


def _in_form(network: AnyNetwork, settings: Settings) -> AnyNetwork | None:
    """The same weights as the form of the cell that the settings name; None where they cannot be that."""
    if isinstance(network, Stack):
        layers = [[_in_form(cell, settings) for cell in layer] for layer in network.layers]
        whole = [[cell for cell in layer if isinstance(cell, Network)] for layer in layers]
        return Stack(whole) if whole == layers else None
    if isinstance(network, LSTM) and network.variant != settings.variant:
        wanted, has = VARIANTS[settings.variant].parts, VARIANTS[network.variant].parts
        alike = wanted.blocks == has.blocks and not (wanted.peepholes or wanted.gate_recurrence)
        if not alike or not isinstance(network.parameters, LSTMParameters):
            return None
        return LSTM.from_arrays(network.parameters, variant=settings.variant)
    if isinstance(network, GRU) and network.reset != settings.reset:
        return GRU.from_arrays(network.parameters, reset=settings.reset)
    return network


# ----------------------------------------------------------------------------- networks


def answers_itself(found: Opened, settings: Settings) -> bool:
    """Whether the file's readout has as many outputs as the task asks for."""
    return found.readout is not None and len(found.readout.bias) == TASKS[settings.task].outputs


def networks_for(settings: Settings, found: Opened | None) -> list[Pair]:
    """The networks of the settings with their readouts: the opened one in its place, the others untrained.

    Parameters
    ----------
    settings : Settings
        Which networks, and of what size.
    found : Opened or None
        Used only if it ``fits``.
    """
    return [
        _opened_pair(settings, found)
        if found is not None and found.cell == cell and fits(found, settings)
        else (build(settings, cell), readout_for(settings, cell))
        for cell in settings.cells
    ]


def _opened_pair(settings: Settings, found: Opened) -> Pair:
    network = _in_form(found.network, settings)
    assert network is not None
    readout = found.readout
    if readout is None or not answers_itself(found, settings):
        readout = readout_for(settings, found.cell)
    if settings.dtype == network.dtype:
        return network, readout
    parts = ReadoutParameters(*(array.astype(settings.dtype) for array in readout))
    return _typed(network, settings.dtype), parts


def _typed(network: AnyNetwork, dtype: str) -> AnyNetwork:
    if isinstance(network, Stack):
        return Stack([[_typed_cell(cell, dtype) for cell in layer] for layer in network.layers])
    return _typed_cell(network, dtype)


def _typed_cell(network: Network, dtype: str) -> Network:
    parameters = network.parameters
    return network.with_parameters(type(parameters)(*(array.astype(dtype) for array in parameters)))


def words_of(found: Opened, settings: Settings) -> str:
    """What was opened, what it reads and who answers, in one line."""
    network, task = found.network, TASKS[settings.task]
    size = tr("{n} units").format(n=network.hidden)
    if isinstance(network, Stack):
        size += ", " + network.build
    parts = [tr("{title} opened from this file: {size}.").format(title=network.title, size=size)]
    if width_in(task.name) is not None:
        parts.append(tr("No task here has {n} inputs: it reads random numbers.").format(n=network.inputs))
    else:
        parts.append(tr("It reads {task}.").format(task=task.title))
    if answers_itself(found, settings):
        parts.append(tr("Its own readout answers."))
    elif found.readout is not None:
        outputs = tr("Its readout has {n} outputs, the task {wanted}: a new, untrained one answers.")
        parts.append(outputs.format(n=len(found.readout.bias), wanted=task.outputs))
    else:
        parts.append(tr("The file has no readout: a new, untrained one answers."))
    return " ".join(parts)
