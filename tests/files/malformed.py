"""Malformed files by name: what they hold, and a part of the line they must get.

The tables here are shared: each file must be refused in one line, must not run anything, and is mutated further.
"""

import gzip
import io
import json
import pickle
import struct
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from lstmviz.files import csv_bytes, npy_bytes, npz_bytes, safetensors_bytes

Table = dict[str, tuple[bytes, str]]  # file name -> (contents, part of the error line)


def is_one_line(text: str) -> bool:
    """Whether a text is one line on every terminal: no control, no formatting mark, nothing that cannot be encoded."""
    return len(text.splitlines()) == 1 and all(unicodedata.category(character)[0] != "C" for character in text)


def good_tensors() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {"weight_ih_l0": (20, 4), "weight_hh_l0": (20, 5), "bias_ih_l0": (20,), "bias_hh_l0": (20,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def good_csv() -> bytes:
    return csv_bytes(["a", "b", "c"], np.random.default_rng(1).normal(size=(30, 3)))


def with_header(header: bytes | dict[str, Any], numbers: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + numbers


def entry(shape: Any = (2,), dtype: Any = "F64", offsets: Any = (0, 16)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def _safetensors() -> Table:
    good = safetensors_bytes(good_tensors())
    two = bytes(16)
    nan, infinity = struct.pack("<2d", 1.0, np.nan), struct.pack("<2d", -np.inf, 0.0)
    deep = b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"
    return {
        "truncated_numbers.safetensors": (good[:-1], "the header announces"),
        "truncated_header.safetensors": (good[:100], "the file ends inside the header"),
        "only_a_length.safetensors": (good[:8], "no .safetensors file"),
        "trailing_bytes.safetensors": (good + b"x", "the header announces"),
        "text.safetensors": (b"these are my weights, please\n" * 9, "no .safetensors file"),
        "zeros.safetensors": (bytes(100), "no .safetensors file"),
        "header_of_99_mb.safetensors": (with_header({"a": entry()}, two, 99 << 20), "header: 99 MB is too large"),
        "header_of_2_to_the_63.safetensors": (with_header({"a": entry()}, two, 1 << 63), "header: "),
        "header_no_object.safetensors": (with_header(b"{" + b" " * 9), "header: this is no JSON"),
        "header_not_utf8.safetensors": (with_header(b'{"\xff": 1}'), "header: this is not UTF-8"),
        "header_nested.safetensors": (with_header(deep), "header: brackets are nested too deep"),
        "header_many_entries.safetensors": (with_header(b'{"a":[' + b"1," * 110_000 + b"1]}"), "too many entries"),
        "header_nan.safetensors": (with_header(b'{"a": NaN}'), "NaN is not a finite number"),
        "header_1e999.safetensors": (with_header(b'{"a": 1e999}'), "not a finite number"),
        "header_long_number.safetensors": (with_header(b'{"a": ' + b"9" * 5000 + b"}"), "a number is too long"),
        "key_twice.safetensors": (
            with_header(b'{"a":%b,"a":%b}' % ((json.dumps(entry()).encode(),) * 2), two), 'key "a" stands there twice'
        ),
        "no_tensor.safetensors": (with_header({"__metadata__": {"made": "by hand"}}), "there is no tensor"),
        "metadata_list.safetensors": (with_header({"__metadata__": [], "a": entry()}, two), "__metadata__: "),
        "metadata_number.safetensors": (with_header({"__metadata__": {"a": 1}, "a": entry()}, two), "__metadata__: "),
        "too_many_tensors.safetensors": (
            with_header({f"t{i}": entry((1,), "F64", (8 * i, 8 * i + 8)) for i in range(65)}, bytes(8 * 65)),
            "65 tensors are too many (1 to 64)",
        ),
        "name_of_a_path.safetensors": (with_header({"../../x": entry()}, two), 'tensor "../../x": the name'),
        "name_empty.safetensors": (with_header({"": entry()}, two), 'tensor "": the name'),
        "name_long.safetensors": (with_header({"a" * 129: entry()}, two), "the name is not allowed"),
        "name_newline.safetensors": (with_header({"a\nb\u202e": entry()}, two), r'tensor "a\nb\u202e": the name'),
        "name_surrogate.safetensors": (with_header(b'{"\\ud800": 1}'), r'tensor "\ud800": the name'),
        "entry_number.safetensors": (with_header({"a": 3}, two), 'tensor "a": the entry is malformed'),
        "entry_extra_key.safetensors": (with_header({"a": entry() | {"b": 1}}, two), "the entry is malformed"),
        "entry_missing_key.safetensors": (with_header({"a": {"dtype": "F64", "shape": [2]}}, two), "malformed"),
        "dtype_int.safetensors": (with_header({"a": entry(dtype="I64")}, two), '"I64" is not allowed'),
        "dtype_list.safetensors": (with_header({"a": entry(dtype=["F64"])}, two), "is not allowed (F16"),
        "five_dimensions.safetensors": (with_header({"a": entry((1, 1, 1, 1, 2))}, two), "the shape is not allowed"),
        "dimension_zero.safetensors": (with_header({"a": entry((0,), offsets=(0, 0))}), "the shape is not allowed"),
        "dimension_negative.safetensors": (with_header({"a": entry((-2,))}, two), "the shape is not allowed"),
        "dimension_float.safetensors": (with_header({"a": entry((2.0,))}, two), "the shape is not allowed"),
        "dimension_true.safetensors": (with_header({"a": entry((True, 2))}, two), "the shape is not allowed"),
        "dimension_huge.safetensors": (with_header({"a": entry((1 << 62, 4))}, two), "the shape is not allowed"),
        "shape_text.safetensors": (with_header({"a": entry("2")}, two), "the shape is not allowed"),
        "offsets_three.safetensors": (with_header({"a": entry(offsets=(0, 8, 16))}, two), "data_offsets is malformed"),
        "offsets_negative.safetensors": (with_header({"a": entry(offsets=(-16, 0))}, two), "data_offsets is malformed"),
        "offsets_backwards.safetensors": (with_header({"a": entry(offsets=(16, 0))}, two), "do not fit the shape 2"),
        "offsets_do_not_fit.safetensors": (with_header({"a": entry(offsets=(0, 8))}, two), "needs 16"),
        "offsets_gap.safetensors": (with_header({"a": entry(offsets=(8, 24))}, bytes(24)), "without gap or overlap"),
        "offsets_overlap.safetensors": (
            with_header({"a": entry(), "b": entry(offsets=(8, 24))}, bytes(24)), "without gap or overlap"
        ),
        "offsets_beyond.safetensors": (with_header({"a": entry((8,), offsets=(0, 64))}, two), "announces 64"),
        "nan.safetensors": (with_header({"a": entry()}, nan), 'tensor "a": NaN first at [1] (finite numbers only)'),
        "infinity.safetensors": (with_header({"a": entry()}, infinity), "infinity first at [0]"),
        "nan_bf16.safetensors": (
            with_header({"a": entry((2, 1), "BF16", (0, 4))}, b"\x80\x3f\xc0\x7f"), "NaN first at [1, 0]"
        ),
        "infinity_f16.safetensors": (with_header({"a": entry((), "F16", (0, 2))}, b"\x00\x7c"), 'tensor "a": infinity'),
    }  # fmt: skip


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compression)
    return buffer.getvalue()


def npy_with(header: bytes, numbers: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    return b"\x93NUMPY" + version + struct.pack("<H", len(header)) + header + numbers


def npy_of(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npy_header(descr: str = "'<f8'", order: str = "False", shape: str = "(2,)", rest: str = "") -> bytes:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, {rest}}}\n".encode()


def announcing(data: bytes, size: int) -> bytes:
    """A zip of one member whose directory says that it unpacks to ``size`` bytes."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", size) + data[at + 4 :]


def with_flag(data: bytes, offset: int, value: int) -> bytes:
    """A zip with one 16-bit number of its first directory entry changed."""
    at = data.index(b"PK\x01\x02") + offset
    return data[:at] + struct.pack("<H", value) + data[at + 2 :]


class Sting:
    """A pickle of it would run a command when read."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        import os

        return os.system, ("echo this must never run",)


def _npy() -> Table:
    two = bytes(16)
    return {
        "objects.npy": (npy_of(np.array([Sting()], dtype=object)), "arrays of objects are pickles"),
        "records.npy": (npy_of(np.zeros(2, dtype=[("a", "f8")])), "the array holds records"),
        "text.npy": (npy_of(np.array(["a", "b"])), "is not allowed"),
        "complex.npy": (npy_of(np.zeros(2, dtype=complex)), '"<c16" is not allowed'),
        "dates.npy": (npy_of(np.zeros(2, dtype="M8[s]")), "is not allowed"),
        "long_double.npy": (npy_of(np.zeros(2, dtype=np.longdouble)), "is not allowed"),
        "truncated.npy": (npy_of(np.zeros(9))[:-1], "71 bytes do not fit the shape 9 (needs 72)"),
        "trailing.npy": (npy_of(np.zeros(9)) + b"x", "73 bytes do not fit"),
        "only_magic.npy": (b"\x93NUMPY", "the .npy version is not known"),
        "version_9.npy": (npy_with(npy_header(), two, b"\x09\x00"), "the .npy version is not known"),
        "header_cut.npy": (npy_with(npy_header())[:30], "the file ends inside the header"),
        "header_code.npy": (npy_with(npy_header(shape="(__import__('os').getpid(),)"), two), "malformed"),
        "header_extra.npy": (npy_with(npy_header(rest="'a': 1"), two), "malformed"),
        "header_twice.npy": (npy_with(npy_header(rest="'shape': (2,)"), two), "malformed"),
        "header_nested.npy": (npy_with(b"{" + b"(" * 2000 + b")" * 2000 + b"}"), "malformed"),
        "header_long.npy": (npy_with(npy_header() + b" " * 5000, two), "the header is too long"),
        "shape_negative.npy": (npy_with(npy_header(shape="(-2,)"), two), "malformed"),
        "shape_huge.npy": (npy_with(npy_header(shape="(99999999999999999999,)"), two), "malformed"),
        "shape_gap.npy": (npy_with(npy_header(shape="(1,,2)"), two), "malformed"),
        "shape_overflow.npy": (npy_with(npy_header(shape="(1099511627776, 1099511627776, 4)"), two), "do not fit"),
        "shape_zero.npy": (npy_with(npy_header(shape="(0,)")), "the shape 0 is not allowed"),
        "five_dimensions.npy": (npy_of(np.zeros((1, 1, 1, 1, 1))), "at most 4 dimensions"),
        "nan.npy": (npy_of(np.array([[0.0, 1.0], [2.0, np.nan]])), "NaN first at [1, 1] (finite numbers only)"),
        "infinity.npy": (npy_of(np.array(np.inf, dtype="f2")), "infinity (finite numbers only)"),
        "archive.npy": (npz_bytes(good_tensors()), "this is an .npz archive"),
        "text_file.npy": (b"1,2,3\n", "this is no .npy file"),
    }


def _npz() -> Table:
    good = npz_bytes(good_tensors())
    one = zipped({"a.npy": npy_bytes(np.zeros(2))})
    bomb = zipped({"a.npy": bytes(1 << 22)}, zipfile.ZIP_DEFLATED)
    inner = {name.replace(".npy", ".npz"): value for name, value in _npy().items() if name != "archive.npy"}
    return {
        **{f"member_{name}": (zipped({"a.npy": data}), wrong) for name, (data, wrong) in inner.items()},
        "truncated.npz": (good[:-30], "no .npz file"),
        "no_front.npz": (good[300:], "archive"),
        "no_end.npz": (good[: good.index(b"PK\x01\x02")], "no .npz file"),
        "empty_archive.npz": (zipped({}), "archives are not opened"),
        "text.npz": (b"not an archive at all", "no .npz file"),
        "tensors.npz": (safetensors_bytes(good_tensors()), "no .npz file"),
        "array.npz": (npy_bytes(np.zeros(2)), "no .npz file"),
        "other_member.npz": (zipped({"a.npy": npy_bytes(np.zeros(2)), "readme.txt": b"hi"}), "archives are not opened"),
        "name_of_a_path.npz": (zipped({"../a.npy": npy_bytes(np.zeros(2))}), 'tensor "../a": the name'),
        "name_newline.npz": (zipped({"a\nb.npy": npy_bytes(np.zeros(2))}), r'tensor "a\nb": the name'),
        "name_nul.npz": (one.replace(b"a.npy", b"\0.npy"), "the name is not allowed"),
        "name_empty.npz": (zipped({".npy": npy_bytes(np.zeros(2))}), 'tensor "": the name'),
        "name_twice.npz": (
            zipped({"a.npy": npy_bytes(np.zeros(2)), "b.npy": npy_bytes(np.zeros(2))}).replace(b"b.npy", b"a.npy"),
            "the name stands there twice",
        ),
        "too_many.npz": (zipped({f"a{i}.npy": npy_bytes(np.zeros(1)) for i in range(65)}), "too many arrays"),
        "encrypted.npz": (with_flag(one, 8, 1), "it is encrypted"),
        "lzma.npz": (zipped({"a.npy": npy_bytes(np.zeros(2))}, zipfile.ZIP_LZMA), "this compression is not known"),
        "unknown_compression.npz": (with_flag(one, 10, 99), "this compression is not known"),
        "wrong_crc.npz": (one.replace(b"'<f8'", b"'<i8'"), "the archive is damaged"),
        "bomb.npz": (announcing(bomb, 1 << 30), "it unpacks to 1 GB (64 MB at most)"),
        "lying_bomb.npz": (announcing(bomb, 100), "archive is damaged"),
    }  # fmt: skip


def _csv() -> Table:
    return {
        "comma_decimal.csv": (b'1,2,3\n1,2,"1,5"\n', 'comma_decimal.csv:2:3: "1,5" is not a number (use a point: 1.5)'),
        "comma_decimal_semicolon.csv": (b"1;2\n-1,5e3;2\n", ':2:1: "-1,5e3" is not a number (use a point: -1.5e3)'),
        "comma_first_row.csv": (b"1,5;2\n", ':1:1: "1,5" is not a number (use a point: 1.5)'),
        "too_few.csv": (b"1,2\n3\n", ":2: the row has 1 fields (2 as in the first line)"),
        "too_many.csv": (b"1,2\n3,4\n5,6,7\n", ":3: the row has 3 fields"),
        "trailing_comma.csv": (b"1,2\n3,4,\n", ":2: the row has 3 fields"),
        "header_too_short.csv": (b"a\n1,2\n", ":2: the row has 2 fields"),
        "nan.csv": (b"1\nnan\n", ':2:1: "nan" is not a finite number'),
        "nan_first.csv": (b"NaN,1\n", ':1:1: "NaN" is not a finite number'),
        "infinity.csv": (b"1,2\n3,-Infinity\n", ':2:2: "-Infinity" is not a finite number'),
        "not_available.csv": (b"1,2\n3,N/A\n", ':2:2: "N/A" is not a finite number'),
        "too_large.csv": (b"a\n1\n1e999\n", ':3:1: "1e999" is too large (up to 1.8e308)'),
        "empty_field.csv": (b"1,2\n,4\n", ":2:1: the field is empty (needs a number)"),
        "blank_line.csv": (b"1,2\n\n3,4\n", ":2: the line is blank"),
        "blank_column.csv": (b"1\n\n3\n", ":2: the line is blank"),
        "only_newlines.csv": (b"\n\n\n", ":1: the line is blank"),
        "only_header.csv": (b"a,b\n", "the table has 0 rows (1 to 200000)"),
        "header_twice.csv": (b"a,b\na,b\n1,2\n", ':2:1: "a" is not a number'),
        "slip_in_the_first_row.csv": (b"1,x,3\n1,2,3\n", ':1:2: "x" is not a number'),
        "underscore.csv": (b"1\n1_000\n", ':2:1: "1_000" is not a number'),
        "hexadecimal.csv": (b"1\n0x10\n", ':2:1: "0x10" is not a number'),
        "thousands.csv": (b"1\n1 000\n", "(separate numbers with commas, semicolons or tabs)"),
        "blanks.csv": (b"1 2 3\n4 5 6\n", ':1:1: "1 2 3" is not a number (separate numbers with'),
        "per_cent.csv": (b"1\n50%\n", ':2:1: "50%" is not a number (such as'),
        "date.csv": (b"1,2\n2020-01-01,2\n", ':2:1: "2020-01-01" is not a number'),
        "half_exponent.csv": (b"1\n1e\n", ':2:1: "1e" is not a number'),
        "only_a_point.csv": (b"1\n.\n", ':2:1: "." is not a number'),
        "two_points.csv": (b"1\n1.2.3\n", ':2:1: "1.2.3" is not a number'),
        "two_signs.csv": (b"1\n--1\n", ':2:1: "--1" is not a number'),
        "real_minus.csv": ("1\n−1\n".encode(), "(use the plain minus sign: -)"),
        "arabic_digits.csv": ("1\n١٢\n".encode(), ':2:1: "١٢" is not a number'),
        "full_width_digits.csv": ("1\n１\n".encode(), ':2:1: "１" is not a number'),
        "formula.csv": (b"1\n=1+1\n", ':2:1: "=1+1" is not a number'),
        "markup.csv": (b"1\n<b>1</b>\n", ':2:1: "<b>1</b>" is not a number'),
        "control.csv": (b"1\n\x1b[31m1\n", r':2:1: "\x1b[31m1" is not a number'),
        "right_to_left.csv": ("1\n\u202e1\n".encode(), r':2:1: "\u202e1" is not a number'),
        "line_separator.csv": ("1\n1\u20281\n".encode(), r':2:1: "1\u20281" is not a number'),
        "open_quote.csv": (b'1,2\n"1,2\n', ":2: the quotation marks do not match"),
        "quote_inside.csv": (b'1,2\n"1"2,3\n', ":2: the quotation marks do not match"),
        "long_field.csv": (b"1\n" + b"1" * 401 + b"\n", ":2:1: "),
        "very_long_field.csv": (b"1\n" + b"x" * 300_000 + b"\n", ':2:1: "xxx'),
        "very_long_quoted_field.csv": (b'1\n"' + b"x" * 300_000 + b'"\n', ":2: the quotation marks"),
        "not_utf8.csv": (b"1,2\n3,\xe9\n", ":2:3: byte 0xe9 is not UTF-8 (save it as UTF-8)"),
        "cut_utf8.csv": ("1\n−".encode()[:-1], ":2:1: byte 0xe2 is not UTF-8"),
        "latin1_header.csv": ("länge\n1\n".encode("latin-1"), ":1:2: byte 0xe4 is not UTF-8"),
        "utf16.csv": ("1,2\n".encode("utf-16"), "the text is UTF-16 (save it as UTF-8)"),
        "utf32.csv": ("1,2\n".encode("utf-32"), "UTF-16"),
        "nul.csv": (b"1,2\n3,\x004\n", ":2:3: a NUL character"),
        "too_many_columns.csv": (b",".join([b"1"] * 65) + b"\n", "the table has 65 columns (1 to 64)"),
        "too_many_rows.csv": (b"1\n" * 200_001, "the table has 200001 rows (1 to 200000)"),
        "binary.csv": (bytes(range(1, 256)), "is not UTF-8"),
    }  # fmt: skip


def _torch_zip() -> bytes:
    return zipped({"net/data.pkl": pickle.dumps(Sting()), "net/data/0": bytes(64), "net/version": b"3\n"})


def _keras_zip() -> bytes:
    return zipped({"metadata.json": b"{}", "config.json": b"{}", "model.weights.h5": b"\x89HDF\r\n\x1a\n" + bytes(64)})


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO())
    return buffer.getvalue()


def foreign() -> Table:
    """Formats that are not opened, by their first bytes, and what the line calls them; the name does not tell."""
    pytorch, pickled = "PyTorch pickle files can run code and are not opened", "pickle files can run code"
    hdf5, archive, other = "HDF5 files are not opened", "archives are not opened", "files of this format"
    old_torch = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(Sting(), 2)
    onnx = b"\x08\x07\x12\x07pytorch\x1a\x032.1:\x90\x01"
    return {
        "pytorch": (_torch_zip(), pytorch),
        "pytorch_script": (zipped({"net/constants.pkl": pickle.dumps(()), "net/code/a.py": b"x = 1"}), pytorch),
        "pytorch_old": (old_torch, pytorch),
        **{f"pickle_{n}": (pickle.dumps(Sting(), n), pickled) for n in range(6)},
        "pickle_of_a_dict_0": (pickle.dumps({"a": 1}, 0), pickled),
        "pickle_of_a_dict_1": (pickle.dumps({"a": 1}, 1), pickled),
        "pickle_of_a_list_1": (pickle.dumps([1, 2], 1), pickled),
        "pickle_zipped": (zipped({"weights.pkl": pickle.dumps(Sting())}), pickled),
        "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(600), hdf5),
        "hdf5_user_block": (bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(600), hdf5),
        "keras": (_keras_zip(), "Keras files are not opened"),
        "onnx": (onnx, "ONNX files are not opened"),
        "zip": (zipped({"a.txt": b"hello"}), archive),
        "tar": (_tar(), archive),
        "gzip": (gzip.compress(b"1,2\n"), archive),
        "bzip2": (b"BZh91AY&SY" + bytes(30), archive),
        "xz": (b"\xfd7zXZ\x00" + bytes(30), archive),
        "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(30), archive),
        "zstandard": (b"\x28\xb5\x2f\xfd" + bytes(30), archive),
        "gguf": (b"GGUF\x03\0\0\0" + bytes(30), other),
        "tflite": (b"\x1c\0\0\0TFL3" + bytes(30), other),
        "matlab": (b"MATLAB 5.0 MAT-file, Platform: GLNXA64" + bytes(90), other),
    }  # fmt: skip


SAFETENSORS, NPY, NPZ, CSV, FOREIGN = _safetensors(), _npy(), _npz(), _csv(), foreign()
