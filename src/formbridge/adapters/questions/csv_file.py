"""A mapping as CSV: ``form_id,question_id,title[,order][,kind]``, one question a line.

Comma, semicolon and tab separate; more columns become the question's options.
"""

import csv
import io
from collections.abc import Iterator

from formbridge.domain.errors import BadMapping
from formbridge.domain.mapping_entries import REQUIRED, Entry, entry_of, field_name

DELIMITERS = (",", ";", "\t")


def read_csv(text: str, *, name: str) -> list[Entry]:
    """Return the entries of a CSV text; raise ``BadMapping`` with the line that is wrong."""
    delimiter = _delimiter(text, name=name)
    rows = _rows(text, delimiter=delimiter, name=name)
    first = next(rows, None)
    if first is None:
        raise BadMapping(f"{name}: is empty; its first line must be {','.join(REQUIRED)}")
    header = _header(first[1], place=f"{name}, line {first[0]}")
    return [
        entry_of(
            _fields(header, row, place=f"{name}, line {number}"), place=f"{name}, line {number}"
        )
        for number, row in rows
    ]


def _delimiter(text: str, *, name: str) -> str:
    """Return the delimiter under which the first row has the most of the columns that it needs."""

    def found(delimiter: str) -> int:
        first = next(_rows(text, delimiter=delimiter, name=name), (0, []))[1]
        return len(set(map(field_name, first)) & set(REQUIRED))

    return max(DELIMITERS, key=found)


def _rows(text: str, *, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the number of its first line."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    number = 1
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        remedy = "check that every quotation mark that is opened is closed"
        raise BadMapping(f"{name}, line {number}: {error}; {remedy}") from error


def _header(row: list[str], *, place: str) -> list[str]:
    header = [field_name(field) for field in row]
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise BadMapping(
            f"{place}: the header lacks {' and '.join(missing)}; it must name the columns "
            f"{', '.join(REQUIRED)}, and may name order and kind"
        )
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise BadMapping(f"{place}: the column {twice[0]} stands twice; remove one")
    return header


def _fields(header: list[str], row: list[str], *, place: str) -> dict[str, object]:
    extra = [field for field in row[len(header) :] if field.strip()]
    if extra or len(row) < len(REQUIRED):
        raise BadMapping(
            f"{place}: has {len(row)} fields and the header {len(header)}; "
            "a title that holds the separator stands in double quotes"
        )
    return {column: field.strip() for column, field in zip(header, row, strict=False) if column}
