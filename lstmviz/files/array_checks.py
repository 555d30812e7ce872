"""What every array from a file must be: finite, native in byte order, and told apart by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import caps
from lstmviz.files.error_line import BadInput, quoted
from lstmviz.files.save import Path
from lstmviz.words import tr

_CHUNK = 1 << 20  # numbers looked at in one go: a mask of the whole array would double what it costs


def tensor_place(name: str) -> str:
    """A tensor's place in an error line: ``tensor "weight_ih_l0"``.

    Parameters
    ----------
    name : str
        Any text from a file.

    Returns
    -------
    str
        One line.
    """
    return tr("tensor {name}").format(name=quoted(name))


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as error lines write it: ``400x8``; a single number is ``()``.

    Parameters
    ----------
    shape : tuple of int
        Of an array.

    Returns
    -------
    str
        The text.
    """
    return "x".join(str(n) for n in shape) or "()"


def check_name(name: str, file: Path) -> None:
    """Refuse a tensor name that is not 1 to 128 letters, digits, points or underscores.

    Parameters
    ----------
    name : str
        Any text from a file.
    file : str or path
        The file's name, for the error line.

    Raises
    ------
    BadInput
        Naming the tensor.
    """
    if not caps.TENSOR_NAME.fullmatch(name):
        wrong = tr("the name is not allowed")
        raise BadInput(file, tensor_place(name), wrong, tr("1 to 128 letters, digits, points and underscores"))


def check_finite(array: NDArray[np.generic], file: Path, place: str) -> None:
    """Refuse an array with a NaN or an infinity in it, saying where the first one stands.

    Parameters
    ----------
    array : any number type
        Any shape.
    file : str or path
        The file's name, for the error line.
    place : str
        Where in the file the array stands.

    Raises
    ------
    BadInput
        With the position of the first one, counted from 0 along each dimension.
    """
    if array.dtype.kind != "f":
        return
    flat = array.reshape(-1)
    for start in range(0, flat.size, _CHUNK):
        finite = np.isfinite(flat[start : start + _CHUNK])
        if finite.all():
            continue
        first = start + int(finite.argmin())
        what = tr("NaN") if np.isnan(flat[first]) else tr("infinity")
        if not array.ndim:
            raise BadInput(file, place, what, tr("finite numbers only"))
        where = ", ".join(str(int(i)) for i in np.unravel_index(first, array.shape))
        wrong = tr("{what} first at [{where}]").format(what=what, where=where)
        raise BadInput(file, place, wrong, tr("finite numbers only"))
