"""Which of a file's tensors belong to which cell of a recurrent network, by PyTorch's names.

Words used in this file
    base     what a tensor is: weight_ih, weight_hh, bias_ih, bias_hh; peephole and weight_gates, which PyTorch lacks
    suffix   what follows: ``_l0`` is the first layer, ``_l1_reverse`` the second layer's backward direction
    prefix   what a whole model puts before the names of one network: ``lstm.`` in ``lstm.weight_ih_l0``
"""

import os
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import BadInput, caps
from lstmviz.files.array_checks import tensor_place
from lstmviz.words import tr

Array = NDArray[np.floating]
Path = str | os.PathLike[str]
CellNames = dict[str, str]  # full name of each tensor of one cell, by its base

MORE = ("peephole", "weight_gates")  # of two of the LSTM's variants
_NAME = re.compile(
    r"(?:(?P<prefix>.+)\.)?(?P<base>weight_ih|weight_hh|weight_hr|weight_gates|bias_ih|bias_hh|peephole)"
    r"(?:_l(?P<layer>[0-9]+)(?P<reverse>_reverse)?)?"
)


def suffix(layer: int, reverse: bool) -> str:
    """What PyTorch puts behind the names of one cell: ``_l0``, ``_l1_reverse``."""
    return f"_l{layer}" + ("_reverse" if reverse else "")


def cells_of(names: Iterable[str], file: Path) -> list[list[CellNames]]:
    """The names of the one recurrent network among those of a file: for each layer one cell, or two.

    Parameters
    ----------
    names : iterable of str
        Of all tensors; those of other kinds are passed over.
    file : str or path
        Where they come from, for the error line.

    Raises
    ------
    BadInput
        Naming the tensor, if there is no recurrent network, more than one, more than four layers, a projection, or a
        gap among layers, directions or biases.
    """
    found = _sorted(names, file)
    if not any({"weight_ih", "weight_hh"} & cell.keys() for cell in found.values()):
        raise BadInput(file, "", tr("there is no recurrent layer"), tr("needs weight_ih_l0 and weight_hh_l0"))
    layers = 1 + max(layer for layer, _ in found)
    turns = (False, True) if any(reverse for _, reverse in found) else (False,)
    return [[_whole(found, layer, reverse, file) for reverse in turns] for layer in range(layers)]


def _sorted(names: Iterable[str], file: Path) -> dict[tuple[int, bool], CellNames]:
    """Every recurrent tensor's name, by the cell it belongs to."""
    found: dict[tuple[int, bool], CellNames] = {}
    prefixes: set[str] = set()
    for name in names:
        match = _NAME.fullmatch(name)
        if not match:
            continue
        base, layer, place = match["base"], int(match["layer"] or 0), tensor_place(name)
        prefixes.add(match["prefix"] or "")
        if base == "weight_hr":
            raise BadInput(file, place, tr("the layer has a projection"), tr("layers without one"))
        if layer >= caps.LAYERS:
            raise BadInput(file, place, tr("there are too many layers"), tr("1 to {most}").format(most=caps.LAYERS))
        cell = found.setdefault((layer, bool(match["reverse"])), {})
        if len(prefixes) > 1 or base in cell:
            raise BadInput(file, place, tr("there is a second recurrent network"), tr("one; save it alone"))
        cell[base] = name
    return found


def _whole(found: dict[tuple[int, bool], CellNames], layer: int, reverse: bool, file: Path) -> CellNames:
    """The names of one cell, which must have both weights, and both biases or none."""
    known = found.get((layer, reverse), {})
    if known:
        allowed = tr("every layer has two weights")
    elif any(found.get((layer, turn)) for turn in (False, True)):
        allowed = tr("all layers run in both directions, or none")
    else:
        allowed = tr("layers are counted without a gap")
    needed = ["weight_ih", "weight_hh"]
    if "bias_ih" in known or "bias_hh" in known:
        needed += ["bias_ih", "bias_hh"]
    for base in needed:
        if base not in known:
            if base.startswith("bias"):
                allowed = tr("both biases or none")
            raise BadInput(
                file, tensor_place(_missing(found, known, base, layer, reverse)), tr("it is missing"), allowed
            )
    return known


def _missing(found: dict[tuple[int, bool], CellNames], known: CellNames, base: str, layer: int, reverse: bool) -> str:
    """The name that a missing tensor would have, spelt as the file spells those it has."""
    for other, name in known.items():
        head, _, tail = name.rpartition(other)
        return head + base + tail
    some = next(iter(next(iter(found.values())).values()))
    return some[: _NAME.fullmatch(some).start("base")] + base + suffix(layer, reverse)  # type: ignore[union-attr]


def pytorch_parameters(parameters: Any) -> dict[str, Array]:
    """One cell's parameters by base: ``weight_ih (R, I)``, ``weight_hh (R, H)``, ``bias_ih`` and ``bias_hh (R,)``.

    The second bias, which PyTorch adds to the first, is zero but for the GRU's b_hn. Of two of the LSTM's variants also
    ``peephole (3H,)`` or ``weight_gates (3H, 3H)``.
    """
    bias_hh = np.zeros_like(parameters.bias)
    if hasattr(parameters, "bias_hn"):
        bias_hh[-len(parameters.bias_hn) :] = parameters.bias_hn
    return {
        "weight_ih": parameters.weight_ih,
        "weight_hh": parameters.weight_hh,
        "bias_ih": parameters.bias,
        "bias_hh": bias_hh,
        **{name: getattr(parameters, name) for name in MORE if hasattr(parameters, name)},
    }


def pytorch_gradients(gradients: Any) -> dict[str, Array]:
    """dLoss/d of one cell's parameters: ``d_weight_ih``, ``d_weight_hh``, ``d_bias`` (the first) and ``d_bias_hh``."""
    d_bias_hh = gradients.bias.copy()  # of a bias that is only added, the gradient is that of the one inside
    if hasattr(gradients, "bias_hn"):
        d_bias_hh[-len(gradients.bias_hn) :] = gradients.bias_hn
    return {
        "d_weight_ih": gradients.weight_ih,
        "d_weight_hh": gradients.weight_hh,
        "d_bias": gradients.bias,
        "d_bias_hh": d_bias_hh,
        **{f"d_{name}": getattr(gradients, name) for name in MORE if hasattr(gradients, name)},
    }
