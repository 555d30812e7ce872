"""Read and write .npz, a zip archive of .npy arrays: sizes are added up before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from lstmviz.files import caps
from lstmviz.files.array_checks import check_name, tensor_place
from lstmviz.files.error_line import BadInput, size_text
from lstmviz.files.formats import refuse_by_content, refuse_by_name
from lstmviz.files.npy import Array, npy_bytes, parse_npy
from lstmviz.files.read import read_bytes
from lstmviz.files.save import Path
from lstmviz.words import tr

_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 0xFFFF
_ZIP64_LOCATOR = b"PK\x06\x07"
_LARGEST_DIRECTORY = 64 * caps.KB  # 64 members with names of 128 characters take a quarter of it
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the first one a zip can hold: equal arrays shall give equal bytes
# What the standard library's reader is known to raise on malformed archives.
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
    OverflowError, IndexError, KeyError,
)  # fmt: skip


def read_npz(path: Path, *, cap: int = caps.WEIGHTS_BYTES, finite: bool = True) -> dict[str, Array]:
    """The arrays of an .npz file.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    cap : int
        Bytes at most, of the file and of what it unpacks to.
    finite : bool
        Refuse NaN and infinities, saying where the first one stands.

    Returns
    -------
    dict of any number type
        Name to array, in the order of the file; native byte order, contiguous, at most 4 dimensions.

    Raises
    ------
    BadInput
        If the file is unreadable, of another format, over a cap, malformed, or holds anything but numbers.
    """
    refuse_by_name(path)
    data = read_bytes(path, cap=cap, kind=tr("an .npz file"))
    return parse_npz(data, path, cap=cap, finite=finite)


def parse_npz(data: bytes, file: Path, *, cap: int = caps.WEIGHTS_BYTES, finite: bool = True) -> dict[str, Array]:
    """The arrays in the bytes of an .npz file.

    Parameters
    ----------
    data : bytes
        What the file held.
    file : str or path
        Its name, for the error line.
    cap : int
        Bytes at most that it may unpack to.
    finite : bool
        Refuse NaN and infinities.

    Returns
    -------
    dict of any number type
        Name to array, in the order of the file.

    Raises
    ------
    BadInput
        As ``read_npz``.
    """
    refuse_by_content(data, file, is_npz=True)
    _check_directory(data, file)
    arrays: dict[str, Array] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, file, cap)
            for member in members:
                name = member.filename.removesuffix(".npy")
                # one byte more than announced is asked for, so that a longer member cannot pass as a shorter one
                with archive.open(member) as stream:
                    unpacked = stream.read(member.file_size + 1)
                arrays[name] = parse_npy(unpacked, file, place=tensor_place(name), finite=finite)
    except BadInput:
        raise
    except _ZIP_ERRORS as error:
        raise BadInput(file, "", tr("the archive is damaged"), tr("needs a whole .npz file")) from error
    return arrays


def _check_directory(data: bytes, file: Path) -> None:
    """Refuse an archive whose directory is too large to be parsed, or that is no archive at all."""
    whole_end = len(data) - _END_BYTES
    if whole_end >= 0 and data.startswith(_END, whole_end) and data.endswith(b"\0\0"):
        end = whole_end
    else:
        end = data.rfind(_END, max(0, whole_end - _LONGEST_COMMENT))
    if end < 0 or end > whole_end:
        raise BadInput(file, "", tr("this is no .npz file"), tr("needs a whole .npz file"))
    in_all, directory = struct.unpack_from("<HI", data, end + 10)
    is_zip64 = end >= 20 and data.startswith(_ZIP64_LOCATOR, end - 20)
    if in_all > caps.TENSORS or directory > _LARGEST_DIRECTORY or is_zip64:
        allowed = tr("1 to {count}").format(count=caps.TENSORS)
        raise BadInput(file, "", tr("there are too many arrays"), allowed)


def _check_members(members: list[zipfile.ZipInfo], file: Path, cap: int) -> None:
    """Refuse members by what the directory says about them."""
    if not 1 <= len(members) <= caps.TENSORS:
        wrong = tr("{count} arrays").format(count=len(members))
        raise BadInput(file, "", wrong, tr("1 to {count}").format(count=caps.TENSORS))
    names = set()
    for member in members:
        # orig_filename: the standard library cuts the other one at a NUL
        name = member.orig_filename
        place = tensor_place(name.removesuffix(".npy"))
        if not name.endswith(".npy"):
            raise BadInput(file, place, tr("this is no .npy array"), tr("arrays saved by NumPy"))
        check_name(name.removesuffix(".npy"), file)
        if name in names:
            raise BadInput(file, place, tr("the name stands there twice"), tr("every name once"))
        names.add(name)
        if member.flag_bits & 0x1:
            raise BadInput(file, place, tr("it is encrypted"), tr("plain arrays"))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInput(file, place, tr("this compression is not known"), tr("stored or deflated"))
    unpacked = sum(member.file_size for member in members)
    if unpacked > cap:
        wrong = tr("it unpacks to {size}").format(size=size_text(unpacked))
        raise BadInput(file, "", wrong, tr("{size} at most").format(size=size_text(cap)))


def npz_bytes(arrays: Mapping[str, Array]) -> bytes:
    """The bytes of an .npz file; equal arrays in equal order give equal bytes, on every machine.

    Nothing is compressed, since versions of the compressor differ in what they write.

    Parameters
    ----------
    arrays : mapping of any number type
        Name to array.

    Returns
    -------
    bytes
        To be saved with ``atomic_save``; ``numpy.load`` reads it.

    Raises
    ------
    ValueError
        If a name or a number type is one that ``read_npz`` refuses.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            if not caps.TENSOR_NAME.fullmatch(name):
                raise ValueError(f"an array cannot be called {name!r}")
            member = zipfile.ZipInfo(f"{name}.npy", _FIXED_DATE)
            member.create_system = 3  # Unix, wherever it is written
            member.external_attr = 0o644 << 16
            archive.writestr(member, npy_bytes(array))
    return buffer.getvalue()
