"""Every malformed file is refused in one line that says what is wrong and what is allowed."""

import re
import time
from pathlib import Path

import numpy as np
import pytest

from lstmviz.files import BadInput, read_csv, read_npy, read_npz, read_safetensors
from tests.files.malformed import CSV, FOREIGN, NPY, NPZ, SAFETENSORS, is_one_line

READERS = {".safetensors": read_safetensors, ".npz": read_npz, ".npy": read_npy, ".csv": read_csv}
CASES = {**SAFETENSORS, **NPZ, **NPY, **CSV}
LINE = re.compile(r"[^:]+(:\d+(:\d+)?)?: [^\n]+ \([^\n]+\)")


def refusal(path: Path) -> str:
    """The line that a file gets, after the checks that every line must pass."""
    before = path.read_bytes()
    started = time.thread_time()
    with pytest.raises(BadInput) as caught:
        READERS[path.suffix](path.name if path.parent == Path() else path)
    assert time.thread_time() - started < 1
    assert path.read_bytes() == before
    line = str(caught.value)
    assert line.startswith(str(path))
    assert LINE.fullmatch(line.removeprefix(str(path.parent) + "/")), line
    assert is_one_line(line)
    assert len(line) < 600
    return line


@pytest.mark.parametrize("name", CASES)
def test_a_malformed_file_is_refused_in_one_line_that_says_where(name: str, tmp_path: Path) -> None:
    data, part = CASES[name]
    (tmp_path / name).write_bytes(data)
    assert part in refusal(tmp_path / name)


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("name", FOREIGN)
def test_a_renamed_file_of_another_format_is_known_by_its_bytes(name: str, suffix: str, tmp_path: Path) -> None:
    data, part = FOREIGN[name]
    if suffix == ".csv" and name in ("pickle_0", "pickle_of_a_dict_0"):
        part = "is not a number"  # a pickle of the first protocol is plain text; as a table it is refused for that
    path = tmp_path / f"renamed{suffix}"
    path.write_bytes(data)
    line = refusal(path)
    assert part in line
    assert "docs/convert.md" in line or part == "is not a number"


def test_enough_cases_stand_in_the_tables() -> None:
    assert len(SAFETENSORS) + len(NPZ) >= 40
    assert len(CSV) >= 35


def test_a_header_length_that_looks_like_a_pickle_or_gzip_is_still_read(tmp_path: Path) -> None:
    # 640 is 80 02, a pickle's first bytes; 25,640 is "(d", an old pickle's; 35,615 is 1f 8b, gzip's
    for length in (640, 896, 1152, 1408, 25_640, 35_615, 0x4B50):
        header = b'{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}'.ljust(length)
        path = tmp_path / f"{length}.safetensors"
        path.write_bytes(length.to_bytes(8, "little") + header + np.float64(0.1).tobytes()[:7] + b".")
        assert list(read_safetensors(path)) == ["a"]
