"""Read and write .safetensors: the header is checked here, entry by entry, before a single number is touched.

The format: 8 bytes with the length of the header, the header (JSON: name -> dtype, shape, begin and end of the
numbers), then the numbers without a gap. The format's own reader lets names such as ``../x``, keys standing there
twice, and NaN pass, and a header of 99 MB costs it 1.4 GB; hence this one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import caps
from lstmviz.files.array_checks import check_finite, check_name, shape_text, tensor_place
from lstmviz.files.error_line import BadInput, quoted, size_text
from lstmviz.files.formats import refuse_by_content, refuse_by_name
from lstmviz.files.read import read_bytes
from lstmviz.files.save import Path
from lstmviz.files.tree import parse_json
from lstmviz.words import tr

Tensors = dict[str, NDArray[np.floating]]

_METADATA = "__metadata__"
_BYTES = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}
_DTYPES = {"<f2": "F16", "<f4": "F32", "<f8": "F64"}
_LONGEST_SIDE = caps.WEIGHTS_BYTES  # no dimension can be longer: a number takes at least one byte


@dataclass(frozen=True, slots=True)
class _Entry:
    """One tensor as the header announces it."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


def read_safetensors(path: Path) -> Tensors:
    """The tensors of a .safetensors file.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.

    Returns
    -------
    dict of float32 or float64
        Name to array, in the order of the file; F16 and BF16 become float32, exactly.

    Raises
    ------
    BadInput
        If the file is unreadable, of another format, over a cap, malformed, or holds a NaN or an infinity.
    """
    refuse_by_name(path)
    data = read_bytes(path, cap=caps.WEIGHTS_BYTES, kind=tr("a weights file"))
    return parse_safetensors(data, path)[0]


def parse_safetensors(data: bytes, file: Path) -> tuple[Tensors, dict[str, str]]:
    """The tensors and the remarks (``__metadata__``) in the bytes of a .safetensors file.

    Parameters
    ----------
    data : bytes
        What the file held.
    file : str or path
        Its name, for the error line.

    Returns
    -------
    tensors : dict of float32 or float64
        Name to array, in the order of the file.
    metadata : dict of str
        The file's own remarks; empty if there are none.

    Raises
    ------
    BadInput
        As ``read_safetensors``.
    """
    refuse_by_content(data, file)
    header, start = _header(data, file)
    metadata = _metadata(header, file)
    entries = [_entry(name, value, file) for name, value in header.items()]
    entries.sort(key=lambda entry: entry.begin)
    _check_contiguous(entries, len(data) - start, file)
    numbers = memoryview(data)[start:]
    tensors = {}
    for entry in entries:
        array = _numbers(numbers[entry.begin : entry.end], entry.dtype).reshape(entry.shape)
        check_finite(array, file, tensor_place(entry.name))
        tensors[entry.name] = array
    return tensors, metadata


def _header(data: bytes, file: Path) -> tuple[dict[str, Any], int]:
    """The header as a dictionary, and where the numbers start."""
    place = tr("header")
    allowed = tr("needs a .safetensors file")
    length = int.from_bytes(data[:8], "little")
    if len(data) < 10 or data[8:9] != b"{":
        raise BadInput(file, "", tr("this is no .safetensors file"), allowed)
    if length > caps.WEIGHTS_HEADER_BYTES:
        wrong = tr("{size} is too large").format(size=size_text(length))
        raise BadInput(file, place, wrong, tr("{size} at most").format(size=size_text(caps.WEIGHTS_HEADER_BYTES)))
    if length > len(data) - 8:
        wrong = tr("the file ends inside the header")
        raise BadInput(file, place, wrong, tr("{size} announced").format(size=size_text(length)))
    try:
        text = data[8 : 8 + length].decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(file, place, tr("this is not UTF-8"), allowed) from error
    header = parse_json(text, file, place=place, has_lines=False)
    if not isinstance(header, dict):
        raise BadInput(file, place, tr("this is no JSON object"), allowed)
    return header, 8 + length


def _metadata(header: dict[str, Any], file: Path) -> dict[str, str]:
    """Take the remarks out of the header."""
    found = header.pop(_METADATA, {})
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadInput(file, _METADATA, tr("this is no list of remarks"), tr("text to text"))
    if not header:
        raise BadInput(file, "", tr("there is no tensor"), _count_allowed())
    if len(header) > caps.TENSORS:
        raise BadInput(file, "", tr("{count} tensors are too many").format(count=len(header)), _count_allowed())
    return found


def _count_allowed() -> str:
    return tr("1 to {count}").format(count=caps.TENSORS)


def _entry(name: str, value: Any, file: Path) -> _Entry:
    """What the header says about one tensor, every part of it checked."""
    check_name(name, file)
    place = tensor_place(name)
    if not isinstance(value, dict) or value.keys() != {"dtype", "shape", "data_offsets"}:
        raise BadInput(file, place, tr("the entry is malformed"), "dtype, shape, data_offsets")
    dtype = value["dtype"]
    if not isinstance(dtype, str) or dtype not in _BYTES:
        wrong = tr("the number type {dtype} is not allowed").format(dtype=quoted(str(dtype)))
        raise BadInput(file, place, wrong, ", ".join(_BYTES))
    shape = _whole_numbers(value["shape"])
    if shape is None or len(shape) > caps.TENSOR_DIMENSIONS or not all(1 <= n <= _LONGEST_SIDE for n in shape):
        allowed = tr("at most {count} whole numbers from 1").format(count=caps.TENSOR_DIMENSIONS)
        raise BadInput(file, place, tr("the shape is not allowed"), allowed)
    offsets = _whole_numbers(value["data_offsets"])
    if offsets is None or len(offsets) != 2:
        raise BadInput(file, place, tr("data_offsets is malformed"), tr("two whole numbers"))
    begin, end = offsets
    needed = math.prod(shape) * _BYTES[dtype]
    if end - begin != needed:
        wrong = tr("{count} bytes do not fit the shape {shape}").format(count=end - begin, shape=shape_text(shape))
        raise BadInput(file, place, wrong, tr("needs {count}").format(count=needed))
    return _Entry(name, dtype, shape, begin, end)


def _whole_numbers(value: Any) -> tuple[int, ...] | None:
    """A list of whole numbers from 0 as a tuple, None if it is anything else (``True`` included)."""
    if not isinstance(value, list) or not all(type(n) is int and 0 <= n < 1 << 63 for n in value):
        return None
    return tuple(value)


def _check_contiguous(entries: list[_Entry], length: int, file: Path) -> None:
    """Refuse tensors that overlap, leave a gap, or do not end where the file does."""
    at = 0
    for entry in entries:
        if entry.begin != at:
            wrong = tr("the numbers start at byte {begin}").format(begin=entry.begin)
            raise BadInput(file, tensor_place(entry.name), wrong, tr("{at}, without gap or overlap").format(at=at))
        at = entry.end
    if at != length:
        wrong = tr("{count} bytes of numbers").format(count=length)
        raise BadInput(file, "", wrong, tr("the header announces {count}").format(count=at))


def _numbers(data: memoryview, dtype: str) -> NDArray[np.floating]:
    """Numbers of one tensor, in one dimension and native byte order."""
    if dtype == "BF16":  # the upper half of a float32
        wide = np.frombuffer(data, "<u2").astype(np.uint32)
        np.left_shift(wide, 16, out=wide)
        return wide.view(np.float32)
    if dtype == "F16":
        return np.frombuffer(data, "<f2").astype(np.float32)
    return np.frombuffer(data, "<f4").astype(np.float32) if dtype == "F32" else np.frombuffer(data, "<f8").astype(float)


def safetensors_bytes(tensors: Mapping[str, NDArray[np.floating]], metadata: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a .safetensors file; equal tensors give equal bytes.

    Parameters
    ----------
    tensors : mapping of float16, float32 or float64
        Name to array.
    metadata : mapping of str, optional
        Remarks to keep in the file; no paths, no user names.

    Returns
    -------
    bytes
        To be saved with ``atomic_save``.

    Raises
    ------
    ValueError
        If a name or a number type is one that ``read_safetensors`` refuses.
    """
    for name, array in tensors.items():
        if not caps.TENSOR_NAME.fullmatch(name) or array.dtype.newbyteorder("<").str not in _DTYPES:
            raise ValueError(f"tensor {name!r} of {array.dtype} cannot be written")
    header: dict[str, Any] = {_METADATA: dict(sorted(metadata.items()))} if metadata else {}
    numbers: list[bytes] = []
    begin = 0
    # The widest numbers first, as the format's own library does it: so every number is aligned in the file.
    for name in sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name)):
        dtype = tensors[name].dtype.newbyteorder("<")
        numbers.append(tensors[name].astype(dtype).tobytes())
        end = begin + len(numbers[-1])
        header[name] = {"dtype": _DTYPES[dtype.str], "shape": tensors[name].shape, "data_offsets": (begin, end)}
        begin = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    text = text.ljust(-(-len(text) // 8) * 8)
    return len(text).to_bytes(8, "little") + text + b"".join(numbers)
