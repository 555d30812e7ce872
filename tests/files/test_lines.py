"""A file of lines survives its writer: whole lines stay, a torn one goes, and nobody else's file is touched."""

import os
import subprocess
import sys

import pytest

from lstmviz.files import BadInput, LineFile, caps, read_lines
from tests.sources import ROOT

MARK = b'{"ours":'


def test_lines_are_there_as_soon_as_they_are_added(tmp_path):
    path = tmp_path / "a.jsonl"
    with LineFile(path) as file:
        assert file.is_empty()
        file.append(b'{"ours":1}')
        assert read_lines(path, cap=100, kind="runs") == ['{"ours":1}']
        file.append('{"ours":"ü"}'.encode())
    assert path.read_bytes() == '{"ours":1}\n{"ours":"ü"}\n'.encode()


@pytest.mark.parametrize("torn", [b"{", b'{"ours":', b'{"ours":2', b'{"ours":2}', b'{"ours":"' + b"x" * 200_000])
def test_a_torn_last_line_is_left_out_and_taken_away(tmp_path, torn):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"ours":1}\n' + torn)
    assert read_lines(path, cap=caps.RUNS_BYTES, kind="runs") == ['{"ours":1}']
    with LineFile(path) as file:
        assert file.mend(MARK) == len(torn)
        file.append(b'{"ours":3}')
    assert path.read_bytes() == b'{"ours":1}\n{"ours":3}\n'


def test_a_file_of_somebody_else_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "thesis.txt"
    path.write_bytes(b"Chapter 1")
    with LineFile(path) as file, pytest.raises(BadInput, match="its last line has no end, and is not one of ours"):
        file.mend(MARK)
    assert path.read_bytes() == b"Chapter 1"


@pytest.mark.skipif(sys.platform == "win32", reason="no locks there")
def test_two_programs_cannot_write_into_one_file(tmp_path):
    path = tmp_path / "a.jsonl"
    code = f"from lstmviz.files import LineFile\ntry: LineFile({str(path)!r})\nexcept ValueError as error: print(error)"
    with LineFile(path):
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "another program is writing it" in done.stdout
    LineFile(path).close()


def test_a_full_disk_takes_nothing_of_a_line(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    with LineFile(path) as file:
        file.append(b'{"ours":1}')
        write = os.write
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:4]))
            with pytest.raises(BadInput, match="no space left"):
                file.append(b'{"ours":2}')
        file.append(b'{"ours":3}')
    assert path.read_bytes() == b'{"ours":1}\n{"ours":3}\n'


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: os.mkfifo(p)], ids=["folder", "pipe"])
def test_what_is_no_plain_file_is_refused(tmp_path, make):
    path = tmp_path / "a"
    make(path)
    with pytest.raises(BadInput):
        LineFile(path)


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path):
    with pytest.raises(BadInput) as caught:
        LineFile(tmp_path / "no" / "a.jsonl")
    assert str(caught.value).endswith(
        "a.jsonl: cannot be written: there is no such file or folder (a new file, or one that a sweep has begun)"
    )


def test_more_lines_than_the_cap_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(caps, "RUNS", 3)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n" * 3)
    assert len(read_lines(path, cap=100, kind="runs")) == 3
    path.write_bytes(b"{}\n" * 4)
    with pytest.raises(BadInput, match=r"4 lines are too many \(at most 3\)"):
        read_lines(path, cap=100, kind="runs")
