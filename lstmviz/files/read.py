"""Read a user's file whole, after asking what it is and how large: never a folder, a pipe or a device, never too much.

Everything else in this package works on the bytes this file returns.
"""

# Raw descriptors throughout: a file must be opened without waiting (a pipe without a writer blocks) and asked about
# through the same descriptor it is read from.
# ruff: noqa: PTH116

from __future__ import annotations

import errno
import os
import stat

from lstmviz.files.error_line import BadInput, size_text
from lstmviz.files.formats import refuse_by_content, refuse_by_name
from lstmviz.files.save import Path, reason
from lstmviz.words import tr

_CHUNK = 1 << 20


def read_bytes(path: Path, *, cap: int, kind: str) -> bytes:
    """All bytes of a plain file that is no larger than ``cap``.

    Parameters
    ----------
    path : str or path
        The name as the user gave it; links are followed.
    cap : int
        Bytes at most; never more than one byte above it is read.
    kind : str
        What the file should be, as the error line says it: ``a weights file``.

    Returns
    -------
    bytes
        At least one byte.

    Raises
    ------
    BadInput
        If there is no such file, it is a folder, a pipe, a socket or a device, it may not be read, it is empty or
        larger than ``cap``, or the links lead in a circle.
    """
    needs = tr("needs {kind}").format(kind=kind)
    try:
        # Asked before opening, since opening alone can start a tape or wait for a pipe; asked again afterwards,
        # since the name may lead elsewhere by then.
        _check_plain(path, os.stat(path), needs)
        descriptor = os.open(path, _flags())
        try:
            state = os.fstat(descriptor)
            _check_plain(path, state, needs)
            if state.st_size > cap:
                raise _too_large(path, state.st_size, cap)
            data = _read_at_most(descriptor, cap + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise BadInput(path, "", _why_not(error), needs) from error
    except ValueError as error:  # a NUL, or a character the file system cannot encode
        if isinstance(error, BadInput):
            raise
        raise BadInput(path, "", tr("no file can have this name"), needs) from error
    if len(data) > cap:
        raise _too_large(path, len(data), cap)
    if not data:
        raise BadInput(path, "", tr("the file is empty"), needs)
    return data


def read_text(path: Path, *, cap: int, kind: str | None = None) -> str:
    """The text of a UTF-8 file.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    cap : int
        Bytes at most.
    kind : str, optional
        What the file should be, as the error line says it; "a text file" when left out.

    Returns
    -------
    str
        Without a byte order mark, every line end turned into a newline.

    Raises
    ------
    BadInput
        As ``read_bytes``; if the file is of a binary format; or, with line and column, where it is not UTF-8.
    """
    refuse_by_name(path)
    data = read_bytes(path, cap=cap, kind=tr("a text file") if kind is None else kind)
    return decode_text(data, path)


def decode_text(data: bytes, file: Path) -> str:
    """UTF-8 bytes as text, with one kind of line end.

    Parameters
    ----------
    data : bytes
        What the file held.
    file : str or path
        Its name, for the error line.

    Returns
    -------
    str
        Without a byte order mark, every line end turned into a newline.

    Raises
    ------
    BadInput
        If the bytes are of a binary format or not UTF-8.
    """
    refuse_by_content(data, file, is_text=True)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadInput(file, "", tr("the text is UTF-16"), tr("save it as UTF-8"))
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(data, error.start)
        wrong = tr("byte {byte} is not UTF-8").format(byte=f"0x{data[error.start]:02x}")
        raise BadInput(file, "", wrong, tr("save it as UTF-8"), line=line, column=column) from error
    nul = text.find("\0")
    if nul >= 0:
        line, column = _position(data, data.index(b"\0"))
        raise BadInput(file, "", tr("a NUL character"), tr("text in UTF-8"), line=line, column=column)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _position(data: bytes, at: int) -> tuple[int, int]:
    """Line and column, both from 1, of a byte up to which the data is good UTF-8."""
    before = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1


def _flags() -> int:
    names = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")  # those that this system has
    flags = os.O_RDONLY
    for name in names:
        flags |= getattr(os, name, 0)
    return flags


def _check_plain(path: Path, state: os.stat_result, needs: str) -> None:
    if stat.S_ISREG(state.st_mode):
        return
    for is_kind, what in (
        (stat.S_ISDIR, tr("this is a folder")),
        (stat.S_ISFIFO, tr("this is a pipe")),
        (stat.S_ISSOCK, tr("this is a socket")),
        (stat.S_ISCHR, tr("this is a device")),
        (stat.S_ISBLK, tr("this is a device")),
    ):
        if is_kind(state.st_mode):
            raise BadInput(path, "", what, needs)
    raise BadInput(path, "", tr("this is no plain file"), needs)


def _why_not(error: OSError) -> str:
    return tr("there is no such file") if error.errno == errno.ENOENT else reason(error)


def _read_at_most(descriptor: int, most: int) -> bytes:
    chunks: list[bytes] = []
    left = most
    while left > 0:
        chunk = os.read(descriptor, min(left, _CHUNK))
        if not chunk:
            break
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _too_large(path: Path, size: int, cap: int) -> BadInput:
    wrong = tr("{size} is too large").format(size=size_text(size))
    return BadInput(path, "", wrong, tr("{size} at most").format(size=size_text(cap)))
