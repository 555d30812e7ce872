"""A file that grows by one whole line at a time, and keeps what it has when the program is killed in between.

Words used in this file
    line    one JSON object; it ends with a newline, and only then does it count
    torn    what stands after the last newline: a line that was being written when the program ended
    mark    what every line of the file begins with; it tells the file from one of another kind
"""

# Raw descriptors: a line must be handed to the system in one piece and be on the disk before the next one.

from __future__ import annotations

import os
import stat

from lstmviz.files import caps
from lstmviz.files.error_line import BadInput, FileName
from lstmviz.files.read import decode_text, read_bytes
from lstmviz.files.save import Path, reason
from lstmviz.words import tr


def read_lines(path: Path, *, cap: int, kind: str) -> list[str]:
    """The whole lines of a file; a torn one at its end is left out.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    cap : int
        Bytes that the file may have at most.
    kind : str
        What it should be, for the error line.

    Raises
    ------
    BadInput
        If it cannot be read, is larger than ``cap``, no UTF-8, or has more than 100,000 lines.
    """
    data = read_bytes(path, cap=cap, kind=kind)
    lines = decode_text(data[: data.rfind(b"\n") + 1], path).split("\n")[:-1]
    if len(lines) > caps.RUNS:
        wrong = tr("{n} lines are too many").format(n=len(lines))
        raise BadInput(path, "", wrong, tr("at most {count}").format(count=caps.RUNS))
    return lines


class LineFile:
    """Open for more lines, and for no other program.

    Parameters
    ----------
    path : str or path
        Made if it is not there.

    Raises
    ------
    BadInput
        If it cannot be opened, is no plain file, or is being written by another program.
    """

    def __init__(self, path: Path) -> None:
        self._path: FileName = path
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            self._descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o666)
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else tr("this name is not possible here")
            raise self._refusal(why) from error
        try:
            if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
                raise self._refusal(tr("this is no plain file"))
            self._lock()
        except BaseException:
            os.close(self._descriptor)
            raise

    def is_empty(self) -> bool:
        """Whether nothing stands in it, not even a torn line."""
        return os.fstat(self._descriptor).st_size == 0

    def mend(self, mark: bytes) -> int:
        """Take away a torn line at the end.

        Parameters
        ----------
        mark : bytes
            A torn line that does not begin like this is somebody else's, and is refused.

        Returns
        -------
        int
            How many bytes were taken away.
        """
        size = os.fstat(self._descriptor).st_size
        end, tail = size, b""
        while end and b"\n" not in tail:
            start = max(0, end - (1 << 16))
            os.lseek(self._descriptor, start, os.SEEK_SET)
            tail = os.read(self._descriptor, end - start) + tail
            end = start
        torn = tail[tail.rfind(b"\n") + 1 :]
        if not (torn.startswith(mark) or mark.startswith(torn)):
            raise self._refusal(tr("its last line has no end, and is not one of ours"))
        if torn:
            os.ftruncate(self._descriptor, size - len(torn))
        return len(torn)

    def append(self, line: bytes) -> None:
        """Add a line, without its newline, and wait until it lies on the disk; if that fails, nothing of it stays."""
        data = line + b"\n"
        before = os.fstat(self._descriptor).st_size
        try:
            if os.write(self._descriptor, data) != len(data):
                raise OSError(28, "")  # ENOSPC: the disk took only a part
            os.fsync(self._descriptor)
        except OSError as error:
            os.ftruncate(self._descriptor, before)
            raise self._refusal(reason(error)) from error

    def close(self) -> None:
        """Let other programs write the file."""
        os.close(self._descriptor)  # and with it goes the lock

    def __enter__(self) -> LineFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # Windows: two sweeps into one file are not noticed there
            return
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise self._refusal(tr("another program is writing it")) from error
        except OSError:  # a file system without locks
            return

    def _refusal(self, wrong: str) -> BadInput:
        return BadInput(self._path, tr("cannot be written"), wrong, tr("a new file, or one that a sweep has begun"))
