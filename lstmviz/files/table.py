"""Read and write tables of numbers as text: one row a timestep, one column an input.

Words used in this file
    row, column   of the table, counted from 1 in error lines; a column is a field, not a character
    field         what stands between two separators
    header        a first row in which every field is a name
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import caps
from lstmviz.files.error_line import BadInput, quoted
from lstmviz.files.formats import refuse_by_name
from lstmviz.files.read import decode_text, read_bytes
from lstmviz.files.save import Path
from lstmviz.words import tr

_LONGEST_FIELD = 400  # characters; the longest float64 written out without an exponent has 341
# The grammar. Of the numbers Python reads, exactly these are written in digits, e, E, sign, point and blank alone: no
# underscores, no "nan", no digits of other scripts. Rows in those characters are left to Python.
_NUMBER = re.compile(r" *[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)? *")
_NAME = re.compile(r"[#\s]*[^\W\d]")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞|#?n/?a|-?1\.#(?:ind|qnan|inf).*)", re.IGNORECASE)
_COMMA_DECIMAL = re.compile(r"([+-]?[0-9]*),([0-9]+(?:[eE][+-]?[0-9]+)?)")


def read_csv(path: Path) -> NDArray[np.float64]:
    """The numbers of a table saved as text.

    Commas, semicolons or tabs separate the fields, decimals have a point, and a first row of names is skipped.

    Parameters
    ----------
    path : str or path
        The name as the user gave it.

    Returns
    -------
    float64 (T, I)
        One row a timestep, 1 to 200,000 rows of 1 to 64 columns.

    Raises
    ------
    BadInput
        If the file is unreadable, of another format, not UTF-8, or over a cap; with line and column where a field is
        no finite number, and with the line where a row has more or fewer fields than the others.
    """
    refuse_by_name(path)
    return parse_csv(read_bytes(path, cap=caps.CSV_BYTES, kind=tr("a table as text (.csv)")), path)


def parse_csv(data: bytes, file: Path) -> NDArray[np.float64]:
    """The numbers in the bytes of a table saved as text.

    Parameters
    ----------
    data : bytes
        What the file held.
    file : str or path
        Its name, for the error line.

    Returns
    -------
    float64 (T, I)
        One row a timestep.

    Raises
    ------
    BadInput
        As ``read_csv``.
    """
    text = decode_text(data, file).rstrip("\n")
    first_line = text if "\n" not in text else next(lines_of(text))
    separator = separator_of(first_line)
    first = fields_of(first_line, separator, file, 1)
    has_header = is_header(first)
    shape = text.count("\n") + 1 - has_header, len(first)
    check_size(*shape, file)
    plain = re.compile(rf"[0-9eE+\-. {separator}]*")
    numbers = array("d")
    for line, row in enumerate(lines_of(text), start=1):
        if line > 1 or not has_header:
            numbers.extend(_row(row, plain, separator, shape[1], file, line))
    table = np.frombuffer(numbers).reshape(shape)
    if not np.isfinite(table).all():
        row_number, column = np.argwhere(~np.isfinite(table))[0]
        line = int(row_number) + 1 + has_header
        field = fields_of(text.split("\n")[line - 1], separator, file, line)[column]
        wrong = tr("{field} is too large").format(field=quoted(field))
        raise BadInput(file, "", wrong, tr("up to 1.8e308"), line=line, column=int(column) + 1)
    return table


def check_size(rows: int, columns: int, file: Path) -> None:
    """Refuse a table over the caps."""
    if not 1 <= rows <= caps.CSV_ROWS:
        allowed = tr("1 to {count}").format(count=caps.CSV_ROWS)
        raise BadInput(file, "", tr("the table has {count} rows").format(count=rows), allowed)
    if columns > caps.CSV_COLUMNS:
        allowed = tr("1 to {count}").format(count=caps.CSV_COLUMNS)
        raise BadInput(file, "", tr("the table has {count} columns").format(count=columns), allowed)


def lines_of(text: str) -> Iterator[str]:
    """Lines one by one: a list of all of them would cost as much as the text itself."""
    at = 0
    while (end := text.find("\n", at)) >= 0:
        yield text[at:end]
        at = end + 1
    yield text[at:]


def separator_of(line: str) -> str:
    """What separates the fields, judged by the first line; separators inside quotation marks do not count."""
    outside = re.sub(r'"[^"]*"', "", line)
    return next((mark for mark in (";", "\t") if mark in outside), ",")


def fields_of(line: str, separator: str, file: Path, number: int) -> list[str]:
    """The fields of one line, without the quotation marks round them; ``number`` is the line's, for the error."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        wrong = tr("the quotation marks do not match")
        raise BadInput(file, "", wrong, tr("numbers need none"), line=number) from error


def is_header(fields: list[str]) -> bool:
    """Whether a first row is one of names; a row with a single slip in it is not, and gets its error line."""
    named = [field for field in fields if field.strip()]
    return bool(named) and all(_NAME.match(field) and not _NOT_FINITE.fullmatch(field.strip()) for field in named)


def _row(row: str, plain: re.Pattern[str], separator: str, columns: int, file: Path, line: int) -> Iterable[float]:
    """The numbers of one row, infinities for those that float64 cannot hold."""
    # One look at the whole row, since millions of fields looked at one by one took five seconds.
    if plain.fullmatch(row) and len(row) <= columns * (_LONGEST_FIELD + 1):
        fields = row.split(separator)
        if len(fields) == columns:
            try:
                return list(map(float, fields))
            except ValueError:
                pass  # told below, with its column
    fields = fields_of(row, separator, file, line)
    if len(fields) == columns and all(map(is_number, fields)):  # numbers in quotation marks
        return list(map(float, fields))
    raise _complaint(fields, columns, file, line)


def _complaint(fields: list[str], columns: int, file: Path, line: int) -> BadInput:
    """What is wrong with a row in which something is wrong."""
    if len(fields) == 1 and not fields[0].strip():
        return BadInput(file, "", tr("the line is blank"), tr("one row of numbers for each timestep"), line=line)
    if len(fields) != columns:
        wrong = tr("the row has {count} fields").format(count=len(fields))
        allowed = tr("{count} as in the first line").format(count=columns)
        return BadInput(file, "", wrong, allowed, line=line)
    column = next(i for i, field in enumerate(fields) if not is_number(field))
    return not_a_number(fields[column], file, line, column + 1)


def is_number(field: str) -> bool:
    """Whether a field is a number by the grammar above; one too large for float64 is."""
    return len(field) <= _LONGEST_FIELD and _NUMBER.fullmatch(field) is not None


def not_a_number(field: str, file: Path, line: int, column: int) -> BadInput:
    """What to say about a field that is no number."""
    stripped = field.strip()
    if not stripped:
        return BadInput(file, "", tr("the field is empty"), tr("needs a number"), line=line, column=column)
    wrong = tr("{field} is not a number").format(field=quoted(stripped))
    allowed = tr("such as -1.5 or 2e-3")
    comma = _COMMA_DECIMAL.fullmatch(stripped)
    if comma:
        allowed = tr("use a point: {number}").format(number=f"{comma.group(1)}.{comma.group(2)}"[:40])
    elif _NOT_FINITE.fullmatch(stripped):
        wrong = tr("{field} is not a finite number").format(field=quoted(stripped))
    elif stripped.startswith("−"):
        allowed = tr("use the plain minus sign: -")
    elif len(stripped.split()) > 1 and all(_NUMBER.fullmatch(part) for part in stripped.split()):
        allowed = tr("separate numbers with commas, semicolons or tabs")
    return BadInput(file, "", wrong, allowed, line=line, column=column)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The bytes of a table as text: commas, points, one header row; numbers are written so that they read back exactly.

    Parameters
    ----------
    header : sequence of str
        Names of the columns; an empty one leaves the header row out.
    rows : iterable of sequences
        Numbers, texts, or None for an empty field.

    Returns
    -------
    bytes
        UTF-8; to be saved with ``atomic_save``.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows([_written(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _written(value: Any) -> str:
    if value is None:
        return ""
    # str of a float32 is the shortest decimal that reads back as the same float32
    return repr(float(value)) if isinstance(value, float) else str(value)
