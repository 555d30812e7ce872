"""Read one array of NumPy's own format, without NumPy's reader.

The header of an .npy file is a Python dictionary as text, which NumPy's reader compiles, and an array of objects is a
pickle. Here the header must match three patterns, and only plain numbers are taken.
"""

from __future__ import annotations

import io
import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import caps
from lstmviz.files.array_checks import check_finite, shape_text
from lstmviz.files.error_line import BadInput, quoted
from lstmviz.files.formats import refuse_by_content, refuse_by_name
from lstmviz.files.read import read_bytes
from lstmviz.files.save import Path
from lstmviz.words import tr

Array = NDArray[Any]

_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 4096
_LONGEST_SIDE = 1 << 40  # no array of a file within the caps can be longer
_ENTRIES = {
    "descr": re.compile(r"'descr':\s*'([^']*)'"),
    "fortran_order": re.compile(r"'fortran_order':\s*(True|False)"),
    "shape": re.compile(r"'shape':\s*\(([\d,\s]*)\)"),
}
_WHAT_IS_LEFT = re.compile(r"\{[\s,]*\}\s*")
_NUMBER_TYPES = frozenset(
    {order + kind for order in "<>" for kind in ("f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8")}
    | {"|i1", "|u1", "|b1"}
)


def read_npy(path: Path, *, cap: int = caps.ARRAY_BYTES, finite: bool = True) -> Array:
    """The array of an .npy file.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    cap : int
        Bytes at most.
    finite : bool
        Refuse NaN and infinities, saying where the first one stands.

    Returns
    -------
    any number type, at most 4 dimensions
        In native byte order, contiguous.

    Raises
    ------
    BadInput
        If the file is unreadable, of another format, too large, malformed, or holds anything but numbers.
    """
    refuse_by_name(path)
    data = read_bytes(path, cap=cap, kind=tr("an .npy file"))
    return parse_npy(data, path, finite=finite)


def parse_npy(data: bytes, file: Path, *, place: str = "", finite: bool = True) -> Array:
    """The array in the bytes of an .npy file.

    Parameters
    ----------
    data : bytes
        What the file held.
    file : str or path
        Its name, for the error line.
    place : str
        Where in the file the array stands; empty when it is the whole file.
    finite : bool
        Refuse NaN and infinities.

    Returns
    -------
    any number type, at most 4 dimensions
        In native byte order, contiguous.

    Raises
    ------
    BadInput
        As ``read_npy``.
    """
    refuse_by_content(data, file)
    text, start = _header(data, file, place)
    dtype, fortran, shape = _entries(text, file, place)
    needed = math.prod(shape) * dtype.itemsize
    if len(data) - start != needed:
        wrong = tr("{count} bytes do not fit the shape {shape}")
        wrong = wrong.format(count=len(data) - start, shape=shape_text(shape))
        raise BadInput(file, place, wrong, tr("needs {count}").format(count=needed))
    flat = np.frombuffer(data, dtype, offset=start)
    array = flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
    array = np.array(array, dtype.newbyteorder("="), order="C")
    if finite:
        check_finite(array, file, place)
    return array


def _header(data: bytes, file: Path, place: str) -> tuple[str, int]:
    """The header's text, and where the numbers start."""
    if not data.startswith(_MAGIC):
        raise BadInput(file, place, tr("this is no .npy file"), tr("needs an array saved by NumPy"))
    version = tuple(data[6:8])
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise BadInput(file, place, tr("the .npy version is not known"), tr("1.0, 2.0 or 3.0"))
    width = 2 if version == (1, 0) else 4
    length = int.from_bytes(data[8 : 8 + width], "little")
    start = 8 + width + length
    if length > _LONGEST_HEADER:
        raise BadInput(file, place, tr("the header is too long"), tr("{count} bytes").format(count=_LONGEST_HEADER))
    if start > len(data):
        raise BadInput(file, place, tr("the file ends inside the header"), tr("needs a whole file"))
    return data[8 + width : start].decode("latin-1"), start


def _entries(text: str, file: Path, place: str) -> tuple[np.dtype[Any], bool, tuple[int, ...]]:
    """Number type, order of the dimensions, and shape, as the header says them."""
    found, rest = {}, text
    for key, pattern in _ENTRIES.items():
        match = pattern.search(rest)
        if not match:
            if key == "descr" and "'descr':" in text:
                raise BadInput(file, place, tr("the array holds records"), tr("an array of plain numbers"))
            raise _malformed(file, place)
        found[key] = match.group(1)
        rest = rest[: match.start()] + rest[match.end() :]
    if not _WHAT_IS_LEFT.fullmatch(rest):
        raise _malformed(file, place)
    return _number_type(found["descr"], file, place), found["fortran_order"] == "True", _shape(found, file, place)


def _number_type(descr: str, file: Path, place: str) -> np.dtype[Any]:
    if descr in _NUMBER_TYPES:
        return np.dtype(descr)
    if descr.lstrip("|").startswith("O"):
        wrong = tr("arrays of objects are pickles, which can run code, and are not opened")
        raise BadInput(file, place, wrong, tr("see docs/convert.md"))
    wrong = tr("the number type {dtype} is not allowed").format(dtype=quoted(descr))
    raise BadInput(file, place, wrong, tr("float16, float32, float64 or whole numbers"))


def _shape(found: dict[str, str], file: Path, place: str) -> tuple[int, ...]:
    sides = [side.strip() for side in found["shape"].split(",")]
    if sides[-1] == "":  # (3,) ends with a comma, () is empty
        sides.pop()
    if not all(side.isascii() and side.isdigit() and len(side) < 14 for side in sides):
        raise _malformed(file, place)
    shape = tuple(int(side) for side in sides)
    if len(shape) > caps.TENSOR_DIMENSIONS or not all(1 <= side <= _LONGEST_SIDE for side in shape):
        wrong = tr("the shape {shape} is not allowed").format(shape=shape_text(shape))
        allowed = tr("at most {count} dimensions, none of them empty").format(count=caps.TENSOR_DIMENSIONS)
        raise BadInput(file, place, wrong, allowed)
    return shape


def _malformed(file: Path, place: str) -> BadInput:
    return BadInput(file, place, tr("the header is malformed"), tr("needs an array saved by NumPy"))


def npy_bytes(array: Array) -> bytes:
    """The bytes of an .npy file; equal arrays give equal bytes.

    Parameters
    ----------
    array : any number type
        Any shape.

    Returns
    -------
    bytes
        Version 1.0, little-endian, rows first.

    Raises
    ------
    ValueError
        If the array holds anything but numbers.
    """
    array = np.asarray(array)
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise ValueError(f"an array of {array.dtype} cannot be written")
    buffer = io.BytesIO()
    # ascontiguousarray would turn a single number into a list of one
    plain = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
    np.lib.format.write_array(buffer, plain, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()
