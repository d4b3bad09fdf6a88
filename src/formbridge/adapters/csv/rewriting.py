"""Writing a table anew: what the journal holds comes in, what was removed goes, columns are added.

Lines that nothing changes are copied byte for byte, whoever wrote them; in long runs if the lines
keep their width.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO
from zlib import crc32

import attrs

from formbridge.adapters.csv.layout import NOWHERE, Layout
from formbridge.adapters.csv.reading import MARK, line_end, records, requoted, split
from formbridge.adapters.csv.side import Replace
from formbridge.adapters.csv.table import CsvTable, Pending
from formbridge.domain.index import NO_ROW
from formbridge.domain.tables import MANAGED, Column

_CHUNK = 1 << 20


@attrs.define(eq=False)
class Rewriting:
    """One table on its way to a new file, with ``appended`` at its end."""

    table: CsvTable
    columns: tuple[Column, ...]
    layout: Layout
    appended: bytes = b""
    size: int = attrs.field(init=False, default=0)
    crc: int = attrs.field(init=False, default=0)
    _places: dict[str | int, int] = attrs.field(init=False)
    _moved: list[tuple[int, int]] = attrs.field(init=False, factory=list, repr=False)

    @_places.default
    def _places_of_ours(self) -> dict[str | int, int]:
        names = [*range(len(MANAGED)), *(column.question_id for column in self.columns)]
        return dict(zip(names, self.layout.places, strict=True))

    @property
    def replace(self) -> Replace:
        """What the side file says of the new file, once all of it was written."""
        return Replace(size=self.size, crc=self.crc)

    def chunks(self) -> Iterator[bytes]:
        """Yield the new file."""
        for data in self._parts():
            self.size += len(data)
            self.crc = crc32(data, self.crc)
            yield data

    def begins(self) -> "array[int]":
        """Return where each row begins in the new file, by ordinal; after ``chunks``."""
        places = [place for place, _ in self._moved]
        shifts = [0, *accumulate(shift for _, shift in self._moved)]
        return array(
            "q",
            [
                at if at == NO_ROW else at + shifts[bisect_left(places, at)]
                for at in self.table.index.at
            ],
        )

    def _parts(self) -> Iterator[bytes]:
        header = len(self.layout.header)
        wider = header != len(self.table.layout.header)
        with self.table.disk.reading(self.table.paths.table) as file:
            _, first = next(records(file, 0), (0, b""))
            yield self._changed(0, first, self._first_line(first))
            yield from self._widened(file, len(first)) if wider else self._copied(file, len(first))
        yield self.appended

    def _changed(self, place: int, old: bytes, new: bytes) -> bytes:
        """Note by how much everything behind this record moves."""
        if len(old) != len(new):
            self._moved.append((place, len(new) - len(old)))
        return new

    def _first_line(self, first: bytes) -> bytes:
        table = self.table
        if self.layout.header == table.layout.header:
            return first if first.endswith(b"\n") else first + table.dialect.newline.encode()
        mark = MARK if table.marked else b""
        return mark + table.dialect.line(self.layout.cells).encode()

    def _edits(self) -> dict[int, Pending | None]:
        """Return the records to change by where they begin; None for those to leave out."""
        at = self.table.index.at
        edits: dict[int, Pending | None] = {
            at[each]: row for each, row in self.table.pending.items()
        }
        edits.update(dict.fromkeys(self.table.withdrawn.values()))
        return edits

    def _copied(self, file: BinaryIO, begin: int) -> Iterator[bytes]:
        """Yield runs of lines as they are, and between them those that change."""
        for place, pending in sorted(self._edits().items(), key=lambda edit: edit[0]):
            yield from self._run(file, begin, place)
            file.seek(place)
            _, record = next(records(file, place))
            begin = place + len(record)
            yield self._changed(place, record, self._edited(record, pending))
        yield from self._run(file, begin, self.table.seen.size)
        if not self.table.ended:
            yield self.table.dialect.newline.encode()

    def _run(self, file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
        file.seek(begin)
        while begin < end:
            data = file.read(min(end - begin, _CHUNK))
            begin += len(data)
            yield data

    def _widened(self, file: BinaryIO, begin: int) -> Iterator[bytes]:
        """Yield every line with blanks for the columns that are added."""
        edits, width = self._edits(), len(self.layout.header)
        delimiter = self.table.dialect.delimiter.encode()
        for place, record in records(file, begin):
            if place in edits:
                yield self._changed(place, record, self._edited(record, edits[place]))
                continue
            fields = split(record, delimiter)
            missing = width - len(fields) if any(fields) else 0
            end = line_end(record) or self.table.dialect.newline.encode()
            new = record[: len(record) - len(line_end(record))] + delimiter * missing + end
            yield self._changed(place, record, new)

    def _edited(self, record: bytes, pending: Pending | None) -> bytes:
        if pending is None:
            return b""
        delimiter = self.table.dialect.delimiter.encode()
        fields = split(record, delimiter)
        fields += [b""] * (len(self.layout.header) - len(fields))
        for name, field in pending.fields().items():
            place = self._places.get(name, NOWHERE)
            if place != NOWHERE:
                fields[place] = requoted(field, delimiter)
        return delimiter.join(fields) + (line_end(record) or self.table.dialect.newline.encode())


def widest(table: CsvTable) -> int:
    """Return how many fields the longest line has: people write beyond the header too."""
    width = len(table.layout.header)
    if not table.there:
        return width
    delimiter = table.dialect.delimiter.encode()
    with table.disk.reading(table.paths.table) as file:
        for _, record in records(file, 0):
            if record.count(delimiter) >= width:
                width = max(width, len(split(record, delimiter)))
    return width
