"""The error line: one line, whatever the file was called."""

import copy
from pathlib import PurePosixPath

import pytest

from lstmviz.files import BadInput
from lstmviz.files.error_line import one_line, quoted, shortened, shown_name, size_text


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BadInput("gates.md", "page 3", "hidden = 9999 is too large", "1 to 512", line=12),
         "gates.md:12: page 3: hidden = 9999 is too large (1 to 512)"),
        (BadInput("net.safetensors", 'tensor "weight_ih_l0"', "shape 400x8 does not fit hidden 64", "needs 256x8"),
         'net.safetensors: tensor "weight_ih_l0": shape 400x8 does not fit hidden 64 (needs 256x8)'),
        (BadInput("data.csv", "", '"1,5" is not a number', "use a point: 1.5", line=1041, column=3),
         'data.csv:1041:3: "1,5" is not a number (use a point: 1.5)'),
        (BadInput("model.pt", "", "PyTorch pickle files can run code and are not opened", "see docs/convert.md"),
         "model.pt: PyTorch pickle files can run code and are not opened (see docs/convert.md)"),
        (BadInput(PurePosixPath("a/b.csv"), "", "wrong", ""), "a/b.csv: wrong"),
        (BadInput("a.csv", "", "wrong", "right", column=3), "a.csv: wrong (right)"),
        (BadInput("", "p", "w", "a"), '"": p: w (a)'),
    ],
)  # fmt: skip
def test_the_line_follows_the_contract(error: BadInput, line: str) -> None:
    assert str(error) == line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", r"a\nb"),
        ("a\r\tb\0", r"a\r\tb\x00"), ("\x1b[31m", r"\x1b[31m"), ("a\u202eb\u200f", r"a\u202eb\u200f"),
        ("\ud800", r"\ud800"), ("caf\udce9", r"caf\udce9"), ("\u2028\u2029\u0085", r"\u2028\u2029\x85"),
        ("\U000e0001", r"\U000e0001"), ("\ufeffa", r"\ufeffa"), ("größe λ 漢字 🙂", "größe λ 漢字 🙂"),
        ("C:\\a b", "C:\\a b"),
    ],
)  # fmt: skip
def test_a_character_that_could_break_or_reorder_the_line_is_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown
    error = BadInput(text, text, text, text, line=1)
    assert str(error) == f"{shown}:1: {shown}: {shown} ({shown})"
    str(error).encode("utf-8")


def test_long_names_and_quotations_are_cut_in_the_middle() -> None:
    name = shown_name("start" + "x" * 5000 + ".csv")
    assert len(name) == 240
    assert name.startswith("startxxx")
    assert name.endswith("xxx.csv")
    assert len(quoted("y" * 1_000_000)) == 42


def test_the_error_is_a_value_error_and_survives_a_copy() -> None:
    error = BadInput("a", "b", "c", "d", line=3, column=4)
    assert isinstance(error, ValueError)
    assert str(copy.copy(error)) == str(error) == "a:3:4: b: c (d)"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KB"), (1025, "1.1 KB"), (64 << 20, "64 MB"),
     ((64 << 20) + 1, "64.1 MB"), (3 << 30, "3 GB"), ((1 << 63), "8589934592 GB")],
)  # fmt: skip
def test_a_size_above_a_cap_never_reads_as_the_cap(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_long_value_from_the_command_line_is_cut() -> None:
    assert shortened("9" * 5000) == "9" * 26 + "…" + "9" * 13
    assert shortened("a\nb") == r"a\nb"
