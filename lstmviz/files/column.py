"""One column of a table saved as text; what the other columns hold, dates for example, does not matter.

Words used in this file
    column    a field's place in its row, counted from 1, or its name in the header
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import caps
from lstmviz.files.error_line import BadInput, quoted
from lstmviz.files.formats import refuse_by_name
from lstmviz.files.read import decode_text, read_bytes
from lstmviz.files.save import Path
from lstmviz.files.table import check_size, fields_of, is_header, is_number, lines_of, not_a_number, separator_of
from lstmviz.words import tr


def read_column(path: Path, column: str | None = None) -> tuple[str, NDArray[np.float64]]:
    """The numbers of one column, in the order of the rows.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    column : str, optional
        A name of the header, or a number from 1; the first column that holds a number when left out.

    Returns
    -------
    name : str
        As in the header; "column 2" without one.
    float64 (T,)
        Its numbers.

    Raises
    ------
    BadInput
        As ``read_csv``; if there is no such column; or where one of its fields is no finite number.
    """
    refuse_by_name(path)
    return parse_column(read_bytes(path, cap=caps.CSV_BYTES, kind=tr("a table as text (.csv)")), path, column)


def parse_column(data: bytes, file: Path, column: str | None = None) -> tuple[str, NDArray[np.float64]]:
    """As ``read_column``, from the bytes of the file."""
    text = decode_text(data, file).rstrip("\n")
    separator, header, first = _beginning(text, file)
    start = 2 if header else 1
    rows = text.split("\n")[start - 1 :]
    begins = _checked(rows[0], separator, len(first), file, start)
    at = _place(column, header, begins, file)
    name = header[at] if header else tr("column {n}").format(n=at + 1)
    if '"' not in text and all(row.count(separator) == len(first) - 1 for row in rows):
        fields = [row.split(separator, at + 1)[at] for row in rows]
        if all(map(is_number, fields)):
            numbers = np.array([float(field) for field in fields])
            if np.isfinite(numbers).all():
                return name, numbers
    # row by row: numbers in quotation marks, or something to complain about, with its line
    values = [
        _number(_checked(row, separator, len(first), file, line)[at], file, line, at + 1)
        for line, row in enumerate(rows, start=start)
    ]
    return name, np.array(values)


def _checked(row: str, separator: str, count: int, file: Path, line: int) -> list[str]:
    """The fields of a row, if it has as many as the first line."""
    fields = fields_of(row, separator, file, line)
    if len(fields) != count:
        wrong = tr("the row has {count} fields").format(count=len(fields))
        raise BadInput(file, "", wrong, tr("{count} as in the first line").format(count=count), line=line)
    return fields


def columns(path: Path) -> tuple[str, ...]:
    """Names (numbers from 1, without a header) of the columns that begin with a number; errors as ``read_column``."""
    refuse_by_name(path)
    text = decode_text(read_bytes(path, cap=caps.CSV_BYTES, kind=tr("a table as text (.csv)")), path).rstrip("\n")
    separator, header, first = _beginning(text, path)
    rows = lines_of(text)
    if header:
        next(rows)
    begins = fields_of(next(rows), separator, path, 1 + bool(header))
    names = header or [str(place) for place in range(1, len(first) + 1)]
    found = tuple(name for name, field in zip(names, begins, strict=False) if is_number(field))
    if not found:
        raise _no_numbers(path)
    return found


def _beginning(text: str, file: Path) -> tuple[str, list[str], list[str]]:
    """Separator, header (empty without one) and first line; refuses a table over the caps."""
    first_line = next(lines_of(text))
    separator = separator_of(first_line)
    first = fields_of(first_line, separator, file, 1)
    named = is_header(first) or (len(first) > 1 and not any(is_number(field) for field in first))
    header = [field.strip() for field in first] if named else []
    check_size(text.count("\n") + 1 - bool(header), len(first), file)
    return separator, header, first


def _no_numbers(file: Path) -> BadInput:
    return BadInput(file, "", tr("no column begins with a number"), tr("a column of numbers"))


def _place(column: str | None, header: list[str], fields: list[str], file: Path) -> int:
    """Where the wanted column stands, from 0."""
    if column is None:
        found = next((place for place, field in enumerate(fields) if is_number(field)), None)
        if found is None:
            raise _no_numbers(file)
        return found
    if column in header:
        return header.index(column)
    if column.isascii() and column.isdecimal() and 1 <= int(column[:6]) <= len(fields):
        return int(column) - 1
    known = ", ".join(header[:12]) if header else ""
    allowed = tr("1 to {last}").format(last=len(fields)) + (f"; {known}" if known else "")
    raise BadInput(file, "", tr("there is no column {name}").format(name=quoted(column)), allowed)


def _number(field: str, file: Path, line: int, column: int) -> float:
    if not is_number(field):
        raise not_a_number(field, file, line, column)
    value = float(field)
    if not np.isfinite(value):
        wrong = tr("{field} is too large").format(field=quoted(field))
        raise BadInput(file, "", wrong, tr("up to 1.8e308"), line=line, column=column)
    return value
