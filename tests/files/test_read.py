"""Odd paths: whatever a name leads to, the answer is one line and never a wait."""

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lstmviz.files import BadInput, caps, read_bytes, read_csv, read_npz, read_safetensors, read_text

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes, sockets and links of POSIX")


def text_of(path: str | Path) -> str:
    return read_text(path, cap=1000)


READERS = {"weights": read_safetensors, "archive": read_npz, "table": read_csv, "text": text_of}


def folder(where: Path) -> str:
    (where / "odd").mkdir()
    return "odd"


def pipe(where: Path) -> str:
    os.mkfifo(where / "odd")
    return "odd"


def unix_socket(where: Path) -> str:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("odd")
    return "odd"


def link_loop(where: Path) -> str:
    (where / "odd").symlink_to("other")
    (where / "other").symlink_to("odd")
    return "odd"


def link_to_itself(where: Path) -> str:
    (where / "odd").symlink_to("odd")
    return "odd"


def dangling_link(where: Path) -> str:
    (where / "odd").symlink_to("nowhere")
    return "odd"


def link_to_a_pipe(where: Path) -> str:
    os.mkfifo(where / "pipe")
    (where / "odd").symlink_to("pipe")
    return "odd"


def link_to_a_device(where: Path) -> str:
    (where / "odd").symlink_to("/dev/zero")
    return "odd"


def empty(where: Path) -> str:
    (where / "odd").touch()
    return "odd"


def sparse(where: Path) -> str:
    with (where / "odd").open("wb") as file:
        file.truncate(3 << 30)
    return "odd"


def below_a_file(where: Path) -> str:
    (where / "file").write_text("1\n")
    return "file/odd"


def missing_folder(where: Path) -> str:
    return "nowhere/odd"


ODD: dict[str, tuple[Callable[[Path], str], str]] = {
    "a folder": (folder, "this is a folder"),
    "a pipe": (pipe, "this is a pipe"),
    "a socket": (unix_socket, "this is a socket"),
    "a loop of links": (link_loop, "the links lead in a circle"),
    "a link to itself": (link_to_itself, "the links lead in a circle"),
    "a link to nothing": (dangling_link, "there is no such file"),
    "a link to a pipe": (link_to_a_pipe, "this is a pipe"),
    "a link to a device": (link_to_a_device, "this is a device"),
    "an empty file": (empty, "the file is empty"),
    "3 GB of nothing": (sparse, "3 GB is too large"),
    "a name below a file": (below_a_file, "part of the path is not a folder"),
    "a name in no folder": (missing_folder, "there is no such file"),
    "a missing file": (lambda where: "missing", "there is no such file"),
    "no name": (lambda where: "", "there is no such file"),
    "the current folder": (lambda where: ".", "this is a folder"),
    "the root": (lambda where: "/", "this is a folder"),
    "endless zeros": (lambda where: "/dev/zero", "this is a device"),
    "nothing at all": (lambda where: "/dev/null", "this is a device"),
    "a NUL in the name": (lambda where: "a\0b", "no file can have this name"),
    "a lone surrogate": (lambda where: "\ud800", "no file can have this name"),
    "a newline in the name": (lambda where: "a\nb: c", "there is no such file"),
    "a carriage return": (lambda where: "a\rb", "there is no such file"),
    "right to left": (lambda where: "\u202egnp.\u200f\u2066", "there is no such file"),
    "an escape sequence": (lambda where: "\x1b[31mred\x1b[0m\x07", "there is no such file"),
    "a line separator": (lambda where: "a\u2028b\u0085c", "there is no such file"),
    "bytes that are no text": (lambda where: os.fsdecode(b"caf\xe9"), "there is no such file"),
    "format marks": (lambda where: "%s%n{0}{file}", "there is no such file"),
    "a very long name": (lambda where: "x" * 300, "the name is too long"),
    "a very long path": (lambda where: "x/" * 4000, "the name is too long"),
}


@POSIX
@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("name", ODD)
def test_an_odd_path_gets_one_line_at_once(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, part = ODD[name]
    monkeypatch.chdir(tmp_path)
    started = time.perf_counter()
    with pytest.raises(BadInput) as caught:
        READERS[kind](make(tmp_path))
    assert time.perf_counter() - started < 20  # a path that blocks would block for ever
    line = str(caught.value)
    assert part in line
    assert line.isprintable()
    assert len(line) < 500


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("suffix", [".pt", ".PTH", ".pkl", ".h5", ".keras", ".onnx", ".zip", ".tar", ".gz", ".bin"])
def test_a_suffix_of_another_format_is_refused_without_a_look_inside(kind: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(b"1,2\n3,4\n")
    with pytest.raises(BadInput, match=r"not opened \(see docs/convert\.md\)"):
        READERS[kind](path)


@pytest.mark.parametrize("kind", READERS)
def test_a_file_we_may_not_read_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "private.dat"
    path.write_bytes(b"1\n")

    def denied(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied", "/a/path/of/the/machine")

    with monkeypatch.context() as patch:  # chmod would not stop root
        patch.setattr(os, "open", denied)
        with pytest.raises(BadInput) as caught:
            READERS[kind](path)
    assert str(caught.value).startswith(f"{path}: permission denied (needs ")


def test_a_size_is_judged_before_a_byte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(100)))
    assert read_bytes(path, cap=100, kind="a file") == bytes(range(100))
    with pytest.raises(BadInput, match=r"100 bytes is too large \(99 bytes at most\)"):
        read_bytes(path, cap=99, kind="a file")


@pytest.mark.parametrize(
    ("reader", "cap", "kind"),
    [(read_safetensors, caps.WEIGHTS_BYTES, "64 MB"), (read_npz, caps.WEIGHTS_BYTES, "64 MB"),
     (read_csv, caps.CSV_BYTES, "32 MB")],
)  # fmt: skip
def test_one_byte_above_a_cap_is_too_large(
    reader: Callable[[Path], object], cap: int, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(cap + 1)
    with pytest.raises(BadInput, match=rf"MB is too large \({kind} at most\)"):
        reader(path)
    with path.open("wb") as file:
        file.truncate(cap)
    with pytest.raises(BadInput) as caught:  # zeros: refused for what they are, not for how many
        reader(path)
    assert "too large" not in str(caught.value)


def test_a_file_that_grows_while_it_is_read_is_still_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1")
    real = os.read
    asked: list[int] = []

    def growing(descriptor: int, count: int) -> bytes:
        asked.append(count)
        return b"x" * count if len(asked) > 1 else real(descriptor, count)

    with monkeypatch.context() as patch:
        patch.setattr(os, "read", growing)
        with pytest.raises(BadInput, match="is too large"):
            read_bytes(path, cap=1000, kind="a file")
    assert sum(asked[1:]) == 1000  # one byte came first: cap + 1 in all


@POSIX
def test_no_descriptor_stays_open_whatever_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("open descriptors are counted in /proc")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number, (make, _) in enumerate(ODD.values()):
        where = tmp_path / str(number)
        where.mkdir()
        monkeypatch.chdir(where)
        with pytest.raises(BadInput):
            read_bytes(make(where), cap=1000, kind="a file")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@POSIX
def test_a_link_to_a_plain_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text("1\n")
    (tmp_path / "link.csv").symlink_to("file.csv")
    assert read_csv(tmp_path / "link.csv").tolist() == [[1.0]]


def test_text_comes_without_a_byte_order_mark_and_with_plain_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert text_of(path) == "a\nb\nc\n"


def test_a_byte_that_is_not_utf8_is_located(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_bytes("αβ\r\nγ".encode() + b"\xff")
    with pytest.raises(BadInput) as caught:
        text_of(path)
    assert str(caught.value) == f"{path}:2:2: byte 0xff is not UTF-8 (save it as UTF-8)"
