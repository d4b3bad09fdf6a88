"""CSV lines as bytes, split without changing one: people's cells must survive as they are."""

from collections.abc import Iterator
from typing import BinaryIO

from formbridge.adapters.csv.cells import unguard

DELIMITERS = (",", ";", "\t")
MARK = b"\xef\xbb\xbf"  # what some spreadsheets put before UTF-8


class Unbalanced(Exception):
    """A quote is opened and never closed; ``begin`` is where its record starts."""

    def __init__(self, begin: int) -> None:
        super().__init__(f"a quote is not closed in the record at byte {begin}")
        self.begin = begin


def records(file: BinaryIO, begin: int) -> Iterator[tuple[int, bytes]]:
    """Yield each record with the place of its first byte; a quoted newline does not end one."""
    position = begin
    started: list[bytes] = []
    for line in file:
        if line.count(b'"') & 1:
            started.append(line)
            if len(started) == 1:
                continue
            whole = b"".join(started)
            started.clear()
        elif started:
            started.append(line)
            continue
        else:
            whole = line
        yield position, whole
        position += len(whole)
    if started:
        raise Unbalanced(position)


def split(record: bytes, delimiter: bytes) -> list[bytes]:
    """Return the fields of a record as they stand there, quotes included."""
    parts = record.rstrip(b"\r\n").split(delimiter)
    if b'"' not in record:
        return parts
    fields: list[bytes] = []
    opened: list[bytes] = []
    for part in parts:
        if part.count(b'"') & 1:
            opened.append(part)
            if len(opened) > 1:
                fields.append(delimiter.join(opened))
                opened = []
        elif opened:
            opened.append(part)
        else:
            fields.append(part)
    if opened:
        fields.append(delimiter.join(opened))
    return fields


def line_end(record: bytes) -> bytes:
    """Return what ends the record: a newline, a carriage return and one, or nothing."""
    return record[len(record.rstrip(b"\r\n")) :]


def text_in(field: bytes, *, guarded: bool) -> str | None:
    """Return what a field says; None if it is blank, which ``""`` is not."""
    if not field:
        return None
    if field[:1] == b'"' and field[-1:] == b'"' and len(field) > 1:
        field = field[1:-1].replace(b'""', b'"')
    text = field.decode("utf-8", "replace")
    return unguard(text) if guarded else text


def requoted(field: bytes, delimiter: bytes) -> bytes:
    """Return a field of a line with commas, fit for a line with another delimiter."""
    if field[:1] == b'"' or (delimiter not in field):
        return field
    return b'"' + field + b'"'
