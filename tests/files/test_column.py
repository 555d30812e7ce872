"""One column of a table: by name, by number, or the first that holds numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstmviz.files import BadInput, caps, parse_column, read_column

DATED = b"date,price,volume\n2024-01-01,1.5,10\n2024-01-02,2.5,20\n"


@pytest.mark.parametrize(
    ("column", "name", "values"),
    [
        (None, "price", [1.5, 2.5]),
        ("price", "price", [1.5, 2.5]),
        ("volume", "volume", [10, 20]),
        ("3", "volume", [10, 20]),
    ],
)
def test_a_column_is_found_beside_a_column_of_dates(column, name, values):
    found, numbers = parse_column(DATED, "a.csv", column)
    assert found == name
    np.testing.assert_array_equal(numbers, values)


def test_a_table_without_a_header_has_numbered_columns():
    name, numbers = parse_column(b"1;2\n3;4\n", "a.csv", "2")
    assert name == "column 2" and numbers.tolist() == [2.0, 4.0]


def test_a_header_may_hold_names_that_begin_with_a_digit():
    assert parse_column(b"Date,1. open\nMon,3\n", "a.csv", "1. open")[1].tolist() == [3.0]


def test_a_column_in_quotation_marks_is_read():
    assert parse_column(b'name,x\n"a,b","2"\n', "a.csv", "x")[1].tolist() == [2.0]


@pytest.mark.parametrize(
    ("data", "column", "said"),
    [
        (DATED, "close", 'a.csv: there is no column "close" (1 to 3; date, price, volume)'),
        (DATED, "4", 'a.csv: there is no column "4" (1 to 3; date, price, volume)'),
        (DATED, "0", 'a.csv: there is no column "0" (1 to 3; date, price, volume)'),
        (DATED, "", 'a.csv: there is no column "" (1 to 3; date, price, volume)'),
        (DATED, "date", 'a.csv:2:1: "2024-01-01" is not a number (such as -1.5 or 2e-3)'),
        (b"a,b\nx,y\n", None, "a.csv: no column begins with a number (a column of numbers)"),
        (b"a,b\nx,1\nx,\n", None, "a.csv:3:2: the field is empty (needs a number)"),
        (b"a;b\nx;1,5\n", "b", 'a.csv:2:2: "1,5" is not a number (use a point: 1.5)'),
        (b"a,b\nx,1\nx,nan\n", "b", 'a.csv:3:2: "nan" is not a finite number (such as -1.5 or 2e-3)'),
        (b"a,b\nx,1\nx,1e999\n", "b", 'a.csv:3:2: "1e999" is too large (up to 1.8e308)'),
        (b"a,b\nx,1\nx\n", "b", "a.csv:3: the row has 1 fields (2 as in the first line)"),
        (b"a,b\nx,1\n\nx,2\n", "b", "a.csv:3: the row has 1 fields (2 as in the first line)"),
        (b"price\n", None, "a.csv: the table has 0 rows (1 to 200000)"),
        (b'a,b\n"x,1\n', "b", "a.csv:2: the quotation marks do not match (numbers need none)"),
    ],
)
def test_a_column_that_cannot_be_used_gets_one_line(data, column, said):
    with pytest.raises(BadInput) as error:
        parse_column(data, "a.csv", column)
    assert str(error.value) == said


def test_a_table_over_the_cap_of_rows_is_refused_before_it_is_parsed():
    data = b"x\n" + b"1\n" * caps.CSV_ROWS
    assert len(parse_column(data, "a.csv")[1]) == caps.CSV_ROWS
    with pytest.raises(BadInput, match="200001 rows"):
        parse_column(data + b"1\n", "a.csv")


def test_a_file_that_is_not_there_gets_one_line(tmp_path):
    with pytest.raises(BadInput, match="there is no such file"):
        read_column(tmp_path / "missing.csv")


PIECES = st.sampled_from(["1", "-2.5", "1e3", "x", "", " ", '"', ",", ";", "\t", "\n", "\r\n", "nan", "1,5", "é", "\0"])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=40).map(lambda parts: "".join(parts).encode())))
def test_any_bytes_are_a_column_of_finite_numbers_or_one_line(data):
    try:
        name, numbers = parse_column(data, "a.csv")
    except BadInput as error:
        assert "\n" not in str(error) and str(error).startswith("a.csv")
    else:
        assert np.isfinite(numbers).all() and len(numbers) >= 1 and name is not None
