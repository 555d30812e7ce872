"""Good files: what is written reads back, byte for byte, and others can read it too."""

import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.files import (
    BadInput,
    caps,
    csv_bytes,
    npy_bytes,
    npz_bytes,
    parse_csv,
    parse_npy,
    parse_npz,
    parse_safetensors,
    read_csv,
    read_npy,
    read_npz,
    read_safetensors,
    safetensors_bytes,
)
from tests.files.malformed import entry, good_tensors, with_header, zipped


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all(
        one[name].shape == other[name].shape and np.array_equal(one[name], other[name]) for name in one
    )


# ---------------------------------------------------------------- safetensors


def test_tensors_read_back_and_the_formats_own_library_agrees(tmp_path: Path) -> None:
    tensors = good_tensors()
    tensors |= {"half": np.arange(6, dtype=np.float16).reshape(2, 3), "single": np.float32([0.1, -3e38])}
    path = tmp_path / "net.safetensors"
    path.write_bytes(safetensors_bytes(tensors))
    read = read_safetensors(path)
    assert same(read, tensors)
    assert same(read, safetensors.numpy.load_file(path))
    assert {str(array.dtype) for array in read.values()} == {"float32", "float64"}


def test_the_bytes_are_those_of_the_formats_own_library() -> None:
    tensors = good_tensors() | {"half": np.float16([1, 2]), "single": np.float32([0.1]), "one": np.array(3.0)}
    assert safetensors_bytes(tensors) == safetensors.numpy.save(tensors)
    assert safetensors_bytes(tensors, {"a": "λ"}) == safetensors.numpy.save(tensors, {"a": "λ"})


def test_what_the_formats_own_library_writes_is_read() -> None:
    tensors = good_tensors()
    data = safetensors.numpy.save(tensors, {"format": "pt"})
    read, metadata = parse_safetensors(data, "x")
    assert same(read, tensors)
    assert metadata == {"format": "pt"}


def test_equal_tensors_give_equal_bytes_in_whatever_order_they_come() -> None:
    tensors = good_tensors()
    backwards = dict(reversed(tensors.items()))
    strange = {name: np.asfortranarray(array).astype(">f8") for name, array in backwards.items()}
    remarks = {"b": "2", "a": "1"}
    data = safetensors_bytes(tensors, remarks)
    assert data == safetensors_bytes(strange, dict(reversed(remarks.items())))
    assert same(parse_safetensors(data, "x")[0], tensors)


def test_bfloat16_is_the_upper_half_of_a_float32() -> None:
    exact = np.float32([1.0, -2.5, 3.3895314e38, 9.1835e-41, 0.0])
    halves = (exact.view(np.uint32) >> 16).astype("<u2")
    data = with_header({"a": entry((5,), "BF16", (0, 10))}, halves.tobytes())
    read = parse_safetensors(data, "x")[0]["a"]
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, (halves.astype(np.uint32) << 16).view(np.float32))
    assert read[0] == 1.0
    assert read[1] == -2.5


def test_tensors_at_every_cap_are_read() -> None:
    entries = {f"t{i}": entry((1,), offsets=(8 * i, 8 * i + 8)) for i in range(caps.TENSORS)}
    assert len(parse_safetensors(with_header(entries, bytes(8 * caps.TENSORS)), "x")[0]) == 64
    read = parse_safetensors(with_header({"A.z_9" + "a" * 123: entry((1, 2, 1, 1))}, bytes(16)), "x")[0]
    assert [array.shape for array in read.values()] == [(1, 2, 1, 1)]
    header = json.dumps({"a": entry()}).encode()
    at_the_cap = header.ljust(caps.WEIGHTS_HEADER_BYTES)
    assert "a" in parse_safetensors(with_header(at_the_cap, bytes(16)), "x")[0]
    with pytest.raises(BadInput, match=r"header: 256\.1 KB is too large \(256 KB at most\)"):
        parse_safetensors(with_header(at_the_cap + b" ", bytes(16)), "x")


def test_a_file_of_exactly_64_mb_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.safetensors"
    count = (caps.WEIGHTS_BYTES - 8 - 128) // 4
    header = json.dumps({"a": entry((count,), "F32", (0, 4 * count))}).encode().ljust(128)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(caps.WEIGHTS_BYTES)
    assert path.stat().st_size == caps.WEIGHTS_BYTES
    assert read_safetensors(path)["a"].shape == (count,)


@pytest.mark.parametrize("name", ["", "../x", "a b", "a" * 129, "ä"])
def test_no_file_is_written_that_could_not_be_read(name: str) -> None:
    for write in (safetensors_bytes, npz_bytes):
        with pytest.raises(ValueError, match="cannot be"):
            write({name: np.zeros(2)})
    for array in (np.zeros(2, dtype=complex), np.array([None]), np.array(["a"])):
        with pytest.raises(ValueError, match="cannot be written"):
            safetensors_bytes({"a": array})
        with pytest.raises(ValueError, match="cannot be written"):
            npz_bytes({"a": array})


# ---------------------------------------------------------------- npy and npz


@pytest.mark.parametrize("dtype", ["f2", "<f4", ">f8", "i1", "u2", "<i4", ">i8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_saved_by_numpy_are_read(dtype: str, order: str, tmp_path: Path) -> None:
    array = np.asarray(np.random.default_rng(0).integers(0, 2, (2, 3, 4)), dtype=dtype, order=order)
    np.save(tmp_path / "a.npy", array)
    read = read_npy(tmp_path / "a.npy")
    np.testing.assert_array_equal(read, array)
    assert read.dtype == array.dtype.newbyteorder("=")
    assert read.dtype.isnative
    assert read.flags.c_contiguous


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_archives_saved_by_numpy_are_read(save: object, tmp_path: Path) -> None:
    arrays = good_tensors() | {"loss": np.array(0.5), "count": np.arange(3)}
    save(tmp_path / "a.npz", **arrays)  # type: ignore[operator]
    assert same(read_npz(tmp_path / "a.npz"), arrays)


def test_the_reference_arrays_are_read_as_numpy_reads_them() -> None:
    paths = sorted((Path(__file__).parent.parent / "data").glob("*.npz"))
    assert paths
    for path in paths:
        with np.load(path, allow_pickle=False) as expected:
            assert same(read_npz(path), dict(expected))


def test_equal_arrays_give_equal_archives_that_numpy_reads() -> None:
    arrays = good_tensors() | {"loss": np.array(0.5), "f": np.asfortranarray(np.ones((2, 3)))}
    data = npz_bytes(arrays)
    assert data == npz_bytes({name: array.copy() for name, array in arrays.items()})
    assert same(dict(np.load(io.BytesIO(data), allow_pickle=False)), arrays)
    assert same(parse_npz(data, "x"), arrays)
    assert data[10:14] == b"\x00\x00\x21\x00"  # the first date a zip can hold, not that of the clock


def test_values_that_are_not_finite_are_read_where_they_are_allowed() -> None:
    array = np.array([np.nan, -np.inf, 1.0])
    np.testing.assert_array_equal(parse_npy(npy_bytes(array), "x", finite=False), array)
    np.testing.assert_array_equal(parse_npz(npz_bytes({"a": array}), "x", finite=False)["a"], array)


def test_an_archive_at_its_caps_is_read_and_one_above_is_not() -> None:
    arrays = {f"a{i}": np.zeros(1) for i in range(caps.TENSORS)}
    assert len(parse_npz(npz_bytes(arrays), "x")) == 64
    member = npy_bytes(np.zeros(100))
    assert parse_npz(zipped({"a.npy": member}), "x", cap=len(member))
    with pytest.raises(BadInput, match="it unpacks to"):
        parse_npz(zipped({"a.npy": member}), "x", cap=len(member) - 1)


# ---------------------------------------------------------------- tables


def table(text: str) -> list[list[float]]:
    return parse_csv(text.encode(), "x.csv").tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("1;2\n3;4", [[1, 2], [3, 4]]),
        ("1\t2\r\n3\t4\r\n\r\n", [[1, 2], [3, 4]]),
        ("1,2\r3,4\r", [[1, 2], [3, 4]]),
        ("\ufeff1\n", [[1]]),
        ("a,b\n1,2\n", [[1, 2]]),
        ('"first, of two";"b"\n1;2\n', [[1, 2]]),
        ("# a,b\n1,2\n", [[1, 2]]),
        (",a\n0,1\n", [[0, 1]]),
        ("λ\n1\n", [[1]]),
        ('"1","2.5"\n3,4\n', [[1, 2.5], [3, 4]]),
        (" 1 , -2 \n+3.,.5e-1\n", [[1, -2], [3, 0.05]]),
        ("1e308\n-5e-324\n-0\n", [[1e308], [-5e-324], [0]]),
        ("1e-999\n", [[0]]),
    ],
)
def test_tables_in_their_usual_forms_are_read(text: str, rows: list[list[float]]) -> None:
    assert table(text) == rows


@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3), min_size=1))
def test_every_number_written_reads_back_exactly(rows: list[list[float]]) -> None:
    for header in (["a", "b", "c"], []):
        read = parse_csv(csv_bytes(header, rows), "x.csv")
        np.testing.assert_array_equal(read.view(np.uint64), np.array(rows).view(np.uint64))


def test_numbers_are_written_in_their_shortest_form() -> None:
    rows = [[0.1, np.float32(0.1), np.float64(0.1), 3, np.int64(3), None, "a,b", -np.inf]]
    assert csv_bytes(["x", 'y "z"'], rows) == b'x,"y ""z"""\n0.1,0.1,0.1,3,3,,"a,b",-inf\n'


def test_a_table_at_its_caps_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"1\n" * caps.CSV_ROWS)
    assert read_csv(path).shape == (200_000, 1)
    path.write_bytes(b",".join([b"1"] * caps.CSV_COLUMNS) + b"\n")
    assert read_csv(path).shape == (1, 64)
