"""Save so that the folder holds the old file or the new one, whole, whatever happens in between.

The order of the operations is the whole idea: write everything beside the old file, make sure it lies on the disk,
and only then give it the old file's name, which the system does in one piece.
"""

# Raw descriptors throughout: pathlib can neither sync a folder nor create a file that must not exist yet.
# ruff: noqa: PTH105, PTH108, PTH114, PTH116, PTH118

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable

from lstmviz.files.error_line import BadInput
from lstmviz.words import tr

Path = str | os.PathLike[str]

# Some file systems cannot sync a folder, and some folders may be written but not listed: the new file stands there
# whole all the same.
_CANNOT_SYNC_FOLDERS = frozenset({errno.EINVAL, errno.EACCES, errno.EPERM, errno.ENOTSUP, errno.EBADF})


class Disk:
    """What a save asks of the operating system, one method an operation; tests hand in one that fails."""

    def look(self, path: str) -> os.stat_result:
        """State of ``path`` itself or of what a link leads to; raises ``FileNotFoundError`` if there is nothing."""
        return os.stat(path)

    def may_write(self, path: str) -> bool:
        """Whether the file at ``path`` lets us write."""
        return os.access(path, os.W_OK)

    def create(self, path: str, mode: int) -> int:
        """Open a new file for writing; fails if the name is taken."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        return os.open(path, flags, mode)

    def set_mode(self, descriptor: int, mode: int) -> None:
        """Give an open file its permissions."""
        if sys.platform != "win32":
            os.fchmod(descriptor, mode)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some of ``data``; returns how many bytes were taken."""
        return os.write(descriptor, data)

    def size(self, descriptor: int) -> int:
        """Bytes in an open file."""
        return os.fstat(descriptor).st_size

    def sync(self, descriptor: int) -> None:
        """Wait until an open file lies on the disk."""
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Close an open file; some file systems report only here that it did not fit."""
        os.close(descriptor)

    def replace(self, new: str, old: str) -> None:
        """Give ``new`` the name of ``old`` in one piece."""
        os.replace(new, old)

    def remove(self, path: str) -> None:
        """Remove a file."""
        os.unlink(path)

    def sync_folder(self, folder: str) -> None:
        """Wait until the folder's list of names lies on the disk."""
        if os.name == "nt":  # Windows opens no folders; its rename is already on the disk's log
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def atomic_save(path: Path, data: bytes | bytearray | memoryview, *, disk: Disk | None = None) -> None:
    """Write a file in one piece: afterwards the folder holds the old file or the new one, never half of either.

    A link is followed and stays a link. The mode of the old file is kept; a new file gets what the umask leaves.
    A file that is read-only, and anything that is no plain file (a folder, a pipe, a device), is left alone.

    Parameters
    ----------
    path : str or path
        Where to; the folder must exist.
    data : bytes
        Everything the file shall hold.
    disk : Disk, optional
        The operations to use; for tests.

    Raises
    ------
    BadInput
        In one line, if the operating system refuses any operation. Unless the line says that the file was saved but
        not confirmed by the disk, nothing was changed.
    """
    disk = disk or Disk()
    try:
        target, mode = _target(path, disk)
        folder, _ = os.path.split(target)
        temporary = os.path.join(folder, f".lstmviz-{secrets.token_hex(8)}.tmp")
        _write_beside(temporary, data, mode, disk)
        try:
            disk.replace(temporary, target)
        except BaseException:
            _remove(temporary, disk)
            raise
    except OSError as error:
        raise _refusal(path, reason(error)) from error
    except ValueError as error:  # a NUL, or a character the file system cannot encode
        if isinstance(error, BadInput):
            raise
        raise _refusal(path, tr("this name is not possible here")) from error
    try:
        disk.sync_folder(folder or os.curdir)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_FOLDERS:
            raise BadInput(
                path,
                tr("saved, but the disk did not confirm it"),
                reason(error),
                tr("save it once more, to another place"),
            ) from error


def check_target(path: Path, spare: Iterable[Path] = (), *, disk: Disk | None = None) -> None:
    """Refuse a place where ``atomic_save`` could not save, before the work is begun whose result would go there.

    Parameters
    ----------
    path : str or path
        Where to.
    spare : iterable of str or path
        Files of the same command, read or written, that must not be written over.
    disk : Disk, optional
        The operations to use; for tests.

    Raises
    ------
    BadInput
        In the words of ``atomic_save``. That nothing is raised is no promise: the disk may fill up meanwhile.
    """
    disk = disk or Disk()
    try:
        target, _ = _target(path, disk)
        folder, name = os.path.split(target)
        disk.look(folder or os.curdir)
        if not name:
            raise _refusal(path, reason(FileNotFoundError(errno.ENOENT, "")))
        if not disk.may_write(folder or os.curdir):
            raise _refusal(path, tr("permission denied"))
        if os.path.realpath(target) in [os.path.realpath(other) for other in spare]:
            raise _refusal(path, tr("the same command reads or writes this file already"))
    except OSError as error:
        raise _refusal(path, reason(error)) from error
    except ValueError as error:  # a NUL, or a character the file system cannot encode
        if isinstance(error, BadInput):
            raise
        raise _refusal(path, tr("this name is not possible here")) from error


def _target(path: Path, disk: Disk) -> tuple[str, int | None]:
    """Where the file really goes, and the mode of the old one (None if there is none)."""
    name = os.fspath(path)
    target = os.path.realpath(name) if os.path.islink(name) else name
    try:
        old = disk.look(target)
    except FileNotFoundError:
        return target, None
    if stat.S_ISDIR(old.st_mode):
        raise _refusal(path, tr("this is a folder"))
    if not stat.S_ISREG(old.st_mode):
        raise _refusal(path, tr("this is a pipe or a device"))
    if not disk.may_write(target):
        raise _refusal(path, tr("the old file is read-only"))
    return target, stat.S_IMODE(old.st_mode)


def _write_beside(temporary: str, data: bytes | bytearray | memoryview, mode: int | None, disk: Disk) -> None:
    """Fill a new file and wait until it lies on the disk; nothing is left of it if that fails."""
    # Private until it has the old file's mode: what the old file hid, the new one must not show for a moment.
    descriptor = disk.create(temporary, 0o666 if mode is None else 0o600)
    is_open = True
    try:
        if mode is not None:
            disk.set_mode(descriptor, mode)
        rest = memoryview(data).cast("B")
        length = len(rest)
        while rest:
            taken = disk.write(descriptor, rest)
            if not 0 < taken <= len(rest):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            rest = rest[taken:]
        disk.sync(descriptor)
        if disk.size(descriptor) != length:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        is_open = False  # a failed close has closed all the same
        disk.close(descriptor)
    except BaseException:
        if is_open:
            with contextlib.suppress(OSError):
                os.close(descriptor)
        _remove(temporary, disk)
        raise


def _remove(temporary: str, disk: Disk) -> None:
    with contextlib.suppress(OSError):  # the first error is the one to tell
        disk.remove(temporary)


def _refusal(path: Path, why: str) -> BadInput:
    return BadInput(path, tr("cannot be saved"), why, tr("nothing was changed"))


def reason(error: OSError) -> str:
    """Why the operating system refused, as the middle of a sentence.

    Parameters
    ----------
    error : OSError
        What was raised.

    Returns
    -------
    str
        Such as ``no space left on device``; never with a path in it.
    """
    known = {
        errno.ENOENT: tr("there is no such file or folder"),
        errno.ENOTDIR: tr("part of the path is not a folder"),
        errno.ENOSPC: tr("no space left on device"),
        errno.EDQUOT: tr("your share of the disk is used up"),
        errno.EACCES: tr("permission denied"),
        errno.EPERM: tr("permission denied"),
        errno.EROFS: tr("the disk is read-only"),
        errno.EIO: tr("the disk reports an error"),
        errno.ELOOP: tr("the links lead in a circle"),
        errno.ENAMETOOLONG: tr("the name is too long"),
        errno.EFBIG: tr("the file is too large for this disk"),
    }
    if error.errno in known:
        return known[error.errno]
    # The system's own words, which have no entry in our catalogue.
    text = error.strerror or type(error).__name__
    return text[:1].lower() + text[1:]
