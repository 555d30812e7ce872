"""Know the formats that are not opened, by the file's name and by its first bytes, before any parser sees them.

A pickle runs code while it is read, so nothing that may hold one gets further than this file; the others (HDF5, ONNX,
archives) have large parsers that we do not want near a stranger's bytes. ``docs/convert.md`` says how their owner
turns them into something that can be opened.
"""

from __future__ import annotations

import os
import re
import struct
from pathlib import PurePath

from lstmviz.files.error_line import BadInput
from lstmviz.files.save import Path
from lstmviz.words import tr

_BY_SUFFIX = {
    "pytorch": (".pt", ".pth", ".ckpt", ".bin", ".mar", ".ptl"),
    "pickle": (".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle"),
    "hdf5": (".h5", ".hdf5", ".hdf", ".he5"),
    "keras": (".keras",),
    "onnx": (".onnx", ".ort"),
    "other": (".pb", ".tflite", ".gguf", ".ggml", ".mat", ".msgpack", ".pdparams", ".caffemodel", ".mlmodel"),
    "archive": (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar"),
}
_SUFFIXES = {suffix: kind for kind, suffixes in _BY_SUFFIX.items() for suffix in suffixes}

_MAGIC = (
    (0, b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19", "pytorch"),  # torch.save before 1.6
    *((at, b"\x89HDF\r\n\x1a\n", "hdf5") for at in (0, 512, 1024, 2048)),  # a user block may come first
    (0, b"\x1f\x8b\x08", "archive"),  # gzip
    (0, b"\xfd7zXZ\x00", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"\x28\xb5\x2f\xfd", "archive"),  # zstandard
    (0, b"Rar!\x1a\x07", "archive"),
    (257, b"ustar\x00", "archive"),  # tar
    (257, b"ustar  \x00", "archive"),
    (0, b"GGUF", "other"),
    (4, b"TFL3", "other"),
    (0, b"MATLAB 5.0 MAT-file", "other"),
)
_BZIP2 = re.compile(rb"BZh[1-9]1AY&SY")
# The first field of an ONNX file is its version, the next one of the strings or messages that may follow.
_ONNX = re.compile(rb"\x08[\x01-\x1f][\x12\x1a\x22\x2a\x32\x3a\x42]")
# Pickles of protocol 0 and 1 are text: they start with a mark, an empty container or a name, and end with a point.
_OLD_PICKLE = re.compile(rb"\((?:[dlt]?p?\d*\n|d|l|i)|c[\w.]+\n[\w.]+\n|[\]}][q(.]")
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_END_OF_DIRECTORY = b"PK\x05\x06"
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENTRIES_LOOKED_AT = 256


def refuse_by_name(file: Path) -> None:
    """Refuse a file whose name says that it is of a format that is not opened.

    Parameters
    ----------
    file : str or path
        The name as the user gave it; the file need not exist.

    Raises
    ------
    BadInput
        Naming ``docs/convert.md``.
    """
    kind = _SUFFIXES.get(PurePath(os.fspath(file)).suffix.lower())
    if kind:
        raise _refusal(file, kind)


def refuse_by_content(data: bytes, file: Path, *, is_text: bool = False, is_npz: bool = False) -> None:
    """Refuse bytes that are of a format that is not opened, whatever the file is called.

    Parameters
    ----------
    data : bytes
        What the file held.
    file : str or path
        Its name, for the error line.
    is_text : bool
        Text is wanted: nothing that could be text is refused.
    is_npz : bool
        An .npz file is wanted, which is a zip archive of arrays.

    Raises
    ------
    BadInput
        Naming ``docs/convert.md``.
    """
    kind = _kind(data, is_text)
    if kind == "npz":
        if is_npz:
            return
        raise BadInput(file, "", tr("this is an .npz archive"), tr("another format is needed here"))
    if kind:
        raise _refusal(file, kind)


def _kind(data: bytes, is_text: bool) -> str | None:
    if _starts_like_safetensors(data):
        return None
    for at, magic, kind in _MAGIC:
        if data.startswith(magic, at):
            return kind
    if data[:4] in (b"PK\x03\x04", _END_OF_DIRECTORY, b"PK\x07\x08"):
        return _kind_of_zip(data)
    if _BZIP2.match(data):
        return "archive"
    may_be_text = is_text and b"\0" not in data
    if _PICKLE.match(data) or (not may_be_text and data.endswith(b".") and _OLD_PICKLE.match(data)):
        return "pickle"
    if _ONNX.match(data):
        return "onnx"
    return None


def _starts_like_safetensors(data: bytes) -> bool:
    """Whether the bytes start with a length of less than 16 MB and a brace.

    A header of 640 bytes starts as a pickle of protocol 2 does, one of 25,640 as an old pickle, one of 35,615 as gzip.
    """
    return data[3:9] == b"\0\0\0\0\0{"


def _kind_of_zip(data: bytes) -> str:
    names = _zip_names(data)
    if any(name.endswith(b"data.pkl") or name.endswith(b"constants.pkl") for name in names):
        return "pytorch"
    if any(name.endswith((b".pkl", b".pickle")) for name in names):
        return "pickle"
    if any(name.endswith((b".h5", b".keras")) for name in names):
        return "keras"
    return "npz" if names and all(name.endswith(b".npy") for name in names) else "archive"


def _zip_names(data: bytes) -> list[bytes]:
    """Names of the first members of a zip, read from its directory without parsing anything."""
    names = []
    if data.startswith(b"PK\x03\x04") and len(data) >= 30:
        (length,) = struct.unpack_from("<H", data, 26)
        names.append(data[30 : 30 + length])
    at = data.find(_CENTRAL_ENTRY, _directory_start(data))
    while 0 <= at <= len(data) - 46 and len(names) < _ENTRIES_LOOKED_AT:
        (length,) = struct.unpack_from("<H", data, at + 28)
        if at + 46 + length <= len(data):  # a cut name tells nothing
            names.append(data[at + 46 : at + 46 + length])
        at = data.find(_CENTRAL_ENTRY, at + 46)
    return names


def _directory_start(data: bytes) -> int:
    """Where a zip says that its directory starts, or 0 if that cannot be."""
    end = data.rfind(_END_OF_DIRECTORY)
    if 0 <= end <= len(data) - 22:
        (start,) = struct.unpack_from("<I", data, end + 16)
        if start <= end:
            return int(start)
    return 0


def _refusal(file: Path, kind: str) -> BadInput:
    wrong = {
        "pytorch": tr("PyTorch pickle files can run code and are not opened"),
        "pickle": tr("pickle files can run code and are not opened"),
        "hdf5": tr("HDF5 files are not opened"),
        "keras": tr("Keras files are not opened"),
        "onnx": tr("ONNX files are not opened"),
        "archive": tr("archives are not opened"),
        "other": tr("files of this format are not opened"),
    }[kind]
    return BadInput(file, "", wrong, tr("see docs/convert.md"))
