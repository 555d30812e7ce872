"""A save leaves the old file or the new one, whole: with every operation failing, or with a disk that lies."""

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lstmviz.files import BadInput, Disk, atomic_save, check_target

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")
OLD, NEW = b"old" * 1000, bytes(range(256)) * 64
ERRORS = [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS]


class FailingDisk(Disk):
    """Fails its operation number ``fails_at`` (from 0) and writes a quarter of what it is asked to at a time."""

    def __init__(self, fails_at: int = -1, error: int = errno.EIO) -> None:
        self.fails_at, self.error = fails_at, error
        self.done: list[str] = []

    def _next(self, operation: str) -> None:
        self.done.append(operation)
        if len(self.done) - 1 == self.fails_at:
            raise OSError(self.error, os.strerror(self.error), "/a/path/of/the/machine")

    def look(self, path: str) -> os.stat_result:
        self._next("look")
        return super().look(path)

    def may_write(self, path: str) -> bool:
        self._next("may_write")
        return super().may_write(path)

    def create(self, path: str, mode: int) -> int:
        self._next("create")
        return super().create(path, mode)

    def set_mode(self, descriptor: int, mode: int) -> None:
        self._next("set_mode")
        super().set_mode(descriptor, mode)

    def write(self, descriptor: int, data: memoryview) -> int:
        self._next("write")
        return super().write(descriptor, data[: len(NEW) // 4])

    def size(self, descriptor: int) -> int:
        self._next("size")
        return super().size(descriptor)

    def sync(self, descriptor: int) -> None:
        self._next("sync")
        super().sync(descriptor)

    def close(self, descriptor: int) -> None:
        super().close(descriptor)  # close has closed, also when it reports an error
        self._next("close")

    def replace(self, new: str, old: str) -> None:
        self._next("replace")
        super().replace(new, old)

    def remove(self, path: str) -> None:
        self._next("remove")
        super().remove(path)

    def sync_folder(self, folder: str) -> None:
        self._next("sync_folder")
        super().sync_folder(folder)


def operations(has_old: bool, folder: Path) -> list[str]:
    """What a save that succeeds asks of the disk."""
    folder.mkdir()
    if has_old:
        (folder / "file").write_bytes(OLD)
    disk = FailingDisk()
    atomic_save(folder / "file", NEW, disk=disk)
    assert (folder / "file").read_bytes() == NEW
    return disk.done


@pytest.mark.parametrize("error", ERRORS, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("has_old", [True, False], ids=["over an old file", "a new file"])
def test_whichever_operation_fails_the_old_or_the_new_file_is_whole(has_old: bool, error: int, tmp_path: Path) -> None:
    done = operations(has_old, tmp_path / "whole")
    assert done.count("write") == 4
    assert {"look", "create", "sync", "size", "close", "replace", "sync_folder"} <= set(done)
    for number, operation in enumerate(done):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "F.png"
        if has_old:
            path.write_bytes(OLD)
        before = open_descriptors()
        disk = FailingDisk(number, error)
        if operation == "sync_folder":
            check_a_folder_that_cannot_be_synced(path, disk, error)
        else:
            with pytest.raises(BadInput) as caught:
                atomic_save(path, NEW, disk=disk)
            line = str(caught.value)
            assert line.startswith(f"{path}: cannot be saved: ")
            assert line.endswith(" (nothing was changed)")
            assert line.isprintable()
            assert "machine" not in line
            assert [file.read_bytes() for file in folder.iterdir()] == [OLD] * has_old
        assert open_descriptors() == before


def open_descriptors() -> int:
    """How many files this process has open, 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def check_a_folder_that_cannot_be_synced(path: Path, disk: Disk, error: int) -> None:
    if error == errno.EACCES:  # a folder that may be written but not listed: nothing to complain about
        atomic_save(path, NEW, disk=disk)
    else:
        with pytest.raises(BadInput, match="saved, but the disk did not confirm it: "):
            atomic_save(path, NEW, disk=disk)
    assert [file.read_bytes() for file in path.parent.iterdir()] == [NEW]


def test_the_line_says_in_words_why_a_save_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    number = operations(False, tmp_path / "whole").index("write")
    with pytest.raises(BadInput) as caught:
        atomic_save("F.png", NEW, disk=FailingDisk(number, errno.ENOSPC))
    assert str(caught.value) == "F.png: cannot be saved: no space left on device (nothing was changed)"


class LyingDisk(Disk):
    """Takes nothing, takes too much, or loses what it took."""

    def __init__(self, lie: str) -> None:
        self.lie = lie

    def write(self, descriptor: int, data: memoryview) -> int:
        if self.lie == "takes nothing":
            return 0
        taken = super().write(descriptor, data)
        return taken + 1 if self.lie == "takes too much" else taken

    def size(self, descriptor: int) -> int:
        return super().size(descriptor) - (self.lie == "loses a byte")


@pytest.mark.parametrize("lie", ["takes nothing", "takes too much", "loses a byte"])
def test_a_disk_that_lies_is_found_out_before_the_old_file_is_gone(lie: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    with pytest.raises(BadInput, match="the disk reports an error"):
        atomic_save(path, NEW, disk=LyingDisk(lie))
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [OLD]


def test_an_interrupted_save_leaves_nothing_behind(tmp_path: Path) -> None:
    class Interrupted(Disk):
        def sync(self, descriptor: int) -> None:
            raise KeyboardInterrupt

    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(KeyboardInterrupt):
        atomic_save(tmp_path / "file", NEW, disk=Interrupted())
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [OLD]


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 1 << 20])
def test_every_byte_is_saved(size: int, tmp_path: Path) -> None:
    data = os.urandom(size)
    for kind in (bytes, bytearray, memoryview):
        atomic_save(tmp_path / "file", kind(data))
        assert (tmp_path / "file").read_bytes() == data


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755])
def test_the_old_files_mode_is_kept(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    path.chmod(mode)
    atomic_save(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@POSIX
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_gets_what_the_umask_leaves(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        atomic_save(tmp_path / "file", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o666 & ~umask


@POSIX
def test_a_link_stays_a_link_and_its_file_gets_the_data(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(OLD)
    (tmp_path / "link").symlink_to("folder/file")
    (tmp_path / "to_be_made").symlink_to("folder/new")
    atomic_save(tmp_path / "link", NEW)
    atomic_save(tmp_path / "to_be_made", NEW)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "file").read_bytes() == NEW
    assert (tmp_path / "folder" / "new").read_bytes() == NEW


def make_folder(path: Path) -> Path:
    path.mkdir()
    return path


def make_pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def make_loop(path: Path) -> Path:
    path.symlink_to(path.name)
    return path


UNFIT: dict[str, tuple[Callable[[Path], str | Path], str]] = {
    "a folder": (make_folder, "this is a folder"),
    "a pipe": (make_pipe, "this is a pipe or a device"),
    "a device": (lambda path: "/dev/null", "this is a pipe or a device"),
    "a loop of links": (make_loop, "the links lead in a circle"),
    "no folder": (lambda path: path / "file", "there is no such file or folder"),
    "a NUL": (lambda path: "a\0b", "this name is not possible here"),
    "a lone surrogate": (lambda path: "\ud800", "this name is not possible here"),
    "no name": (lambda path: "", "there is no such file or folder"),
    "a long name": (lambda path: path.parent / ("x" * 300), "the name is too long"),
    "a newline in a missing folder": (lambda path: "a\nb/c", r"a\nb/c: cannot be saved: there is no such file"),
}


@POSIX
@pytest.mark.parametrize("name", UNFIT)
def test_a_place_where_nothing_can_be_saved_gets_one_line(name: str, tmp_path: Path) -> None:
    make, part = UNFIT[name]
    path = make(tmp_path / "unfit")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadInput) as caught:
        atomic_save(path, NEW)
    assert part in str(caught.value)
    assert str(caught.value).isprintable()
    with pytest.raises(BadInput) as asked_before:
        check_target(path)
    assert str(asked_before.value) == str(caught.value)
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_may_not_be_written_is_found_before_the_work(tmp_path: Path) -> None:
    class ReadOnly(Disk):
        def may_write(self, path: str) -> bool:  # root may write everything
            return path != str(tmp_path)

    with pytest.raises(BadInput, match="permission denied"):
        check_target(tmp_path / "new", disk=ReadOnly())


@POSIX
def test_a_file_of_the_same_command_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "net").write_bytes(OLD)
    (tmp_path / "link").symlink_to("net")
    for path in (tmp_path / "net", tmp_path / "link", f"{tmp_path}/./net"):
        with pytest.raises(BadInput, match="the same command reads or writes this file already"):
            check_target(path, [tmp_path / "other", tmp_path / "net"])
    check_target(tmp_path / "other", [tmp_path / "net"])


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    class ReadOnly(Disk):
        def may_write(self, path: str) -> bool:  # root may write everything
            return False

    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(BadInput, match="the old file is read-only"):
        atomic_save(tmp_path / "file", NEW, disk=ReadOnly())
    assert (tmp_path / "file").read_bytes() == OLD
