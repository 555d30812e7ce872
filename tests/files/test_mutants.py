"""Thousands of damaged files: each is read or refused in one line, in less than a second, and nothing else happens."""

import random
import time
from collections.abc import Callable

import numpy as np
import pytest

from lstmviz.files import (
    BadInput,
    csv_bytes,
    npy_bytes,
    npz_bytes,
    parse_csv,
    parse_json,
    parse_npy,
    parse_npz,
    parse_safetensors,
    safetensors_bytes,
)
from tests.files.malformed import CSV, FOREIGN, NPY, NPZ, SAFETENSORS, good_tensors, is_one_line

MUTANTS = 500
TOKENS = [b'"', b"{", b"[", b",", b";", b":", b"\n", b"\0", b"nan", b"1e999", b"-", b"\xff", b"PK\x01\x02",
          b"__metadata__", b"18446744073709551615", "\u202e".encode(), b"99999999", b"\\ud800"]  # fmt: skip


def mutant(data: bytes, rng: random.Random) -> bytes:
    """One to four random wounds: bits, bytes, cuts, copies, tokens."""
    wounded = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        # the front and the end hold what a format is made of: they are hit as often as all the rest
        size = len(wounded)
        at = rng.choice([rng.randrange(size + 1), rng.randrange(min(size + 1, 400)), max(0, size - rng.randrange(400))])
        length = rng.choice([1, 2, 8, rng.randrange(200)])
        match rng.randrange(6):
            case 0:
                wounded[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del wounded[at : at + length]
            case 2:
                wounded[at:at] = wounded[at : at + length]
            case 3:
                wounded[at:at] = rng.choice(TOKENS)
            case 4:
                other = rng.randrange(size + 1)
                wounded[at : at + length] = wounded[other : other + length]
            case _:
                wounded[at : at + length] = bytes(rng.choice([0, 255]) for _ in range(length))
    return bytes(wounded)


def json_of(data: bytes, file: str) -> object:
    return parse_json(data.decode("utf-8", "replace"), file)


SMALL = {name: array.astype(np.float32) for name, array in good_tensors().items()}
KINDS: dict[str, tuple[Callable[[bytes, str], object], bytes, list[bytes]]] = {
    "safetensors": (
        parse_safetensors, safetensors_bytes(SMALL, {"a": "b"}), [data for data, _ in SAFETENSORS.values()]),
    "npz": (parse_npz, npz_bytes(SMALL), [data for data, _ in NPZ.values()]),
    "npy": (parse_npy, npy_bytes(SMALL["weight_ih_l0"]), [data for data, _ in NPY.values()]),
    "csv": (parse_csv, csv_bytes(["a", "b"], np.random.default_rng(1).normal(size=(30, 2))),
            [data for data, _ in CSV.values()]),
    "json": (json_of, b'{"a": [1, 2.5, {"b": "c\\n", "d": null}], "e": {"f": [true, false, []]}}', [b"[", b"{}"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("source", ["a good file", "malformed files", "other formats"])
def test_a_damaged_file_is_read_or_refused_in_one_line(kind: str, source: str) -> None:
    parse, good, malformed = KINDS[kind]
    others = [data for data, _ in FOREIGN.values()]
    small = [data for data in malformed if len(data) < 20_000]
    sources = {"a good file": [good], "malformed files": small, "other formats": others}[source]
    rng = random.Random(f"{kind} {source}")
    refused = 0
    for number in range(MUTANTS):
        data = mutant(sources[number % len(sources)], rng)
        started = time.thread_time()
        try:
            parse(data, "mutant")
        except BadInput as error:
            refused += 1
            line = str(error)
            assert line.startswith("mutant:")
            assert is_one_line(line), (number, line)
            assert len(line) < 400, (number, line)
        assert time.thread_time() - started < 1, number
    assert refused > MUTANTS // 4  # the wounds are deep enough to matter
