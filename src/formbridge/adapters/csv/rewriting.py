"""Writing a table anew: what the journal holds comes in, what was removed goes, columns are added.

Lines that nothing changes are copied byte for byte, whoever wrote them.
"""

from collections.abc import Iterator
from zlib import crc32

import attrs

from formbridge.adapters.csv.index import NO_ROW
from formbridge.adapters.csv.layout import NOWHERE, Layout
from formbridge.adapters.csv.reading import MARK, line_end, records, requoted, split, text_in
from formbridge.adapters.csv.side import Replace
from formbridge.adapters.csv.table import CsvTable
from formbridge.domain.tables import MANAGED, Column


@attrs.define(eq=False)
class Rewriting:
    """One table on its way to a new file. ``at`` becomes where its rows begin in that file."""

    table: CsvTable
    columns: tuple[Column, ...]
    layout: Layout
    appended: bytes = b""
    at: dict[int, int] = attrs.field(init=False, factory=dict, repr=False)
    size: int = attrs.field(init=False, default=0)
    crc: int = attrs.field(init=False, default=0)
    _by_question: dict[str, int] = attrs.field(init=False)

    @_by_question.default
    def _places(self) -> dict[str, int]:
        places = self.layout.places[len(MANAGED) :]
        return {
            column.question_id: place for column, place in zip(self.columns, places, strict=True)
        }

    def chunks(self) -> Iterator[bytes]:
        """Yield the new file, record by record."""
        for ordinal, record in self._records():
            if ordinal is not None:
                self.at[ordinal] = self.size
            yield self._counted(record)
        yield self._counted(self.appended)

    def _counted(self, data: bytes) -> bytes:
        self.size += len(data)
        self.crc = crc32(data, self.crc)
        return data

    @property
    def replace(self) -> Replace:
        """What the side file says of the new file, once all of it was written."""
        return Replace(size=self.size, crc=self.crc)

    def _records(self) -> Iterator[tuple[int | None, bytes]]:
        table = self.table
        newline = table.dialect.newline.encode()
        yield None, self._first_line()
        if not table.there:
            return
        with table.disk.reading(table.paths.table) as file:
            _, first = next(records(file, 0), (0, b""))
            for position, record in records(file, len(first)):
                ordinal = self._whose(position, record)
                if ordinal == NO_ROW:
                    continue
                yield ordinal, self._mended(ordinal, record, newline)

    def _first_line(self) -> bytes:
        dialect = self.table.dialect
        return (MARK if self.table.marked else b"") + dialect.line(self.layout.header).encode()

    def _whose(self, position: int, record: bytes) -> int | None:
        """Return the ordinal of our row, None for a person's, ``NO_ROW`` if it was withdrawn."""
        table = self.table
        delimiter = table.dialect.delimiter.encode()
        place = table.layout.places[0]
        if place == 0 and record[:1] not in b"\"'":
            response_id = record.rstrip(b"\r\n").partition(delimiter)[0].decode()
        else:
            fields = split(record, delimiter)
            field = fields[place] if place < len(fields) else b""
            response_id = text_in(field, guarded=table.dialect.guarded) or ""
        ordinal = table.index.by_id.get(response_id)
        if ordinal is None:
            return None
        if table.index.at[ordinal] == position:
            return ordinal
        return NO_ROW if table.withdrawn.get(response_id) == position else None

    def _mended(self, ordinal: int | None, record: bytes, newline: bytes) -> bytes:
        table = self.table
        pending = table.pending.get(ordinal) if ordinal is not None else None
        wider = len(self.layout.header) - len(table.layout.header)
        end = line_end(record) or newline
        if pending is None and not wider:
            return record if record.endswith(b"\n") else record + newline
        delimiter = table.dialect.delimiter.encode()
        fields = split(record, delimiter)
        if not any(fields):
            return record if record.endswith(b"\n") else record + newline
        fields += [b""] * (len(self.layout.header) - len(fields))
        if pending is not None:
            for name, field in pending.fields().items():
                place = self._place(name)
                if place != NOWHERE:
                    fields[place] = requoted(field, delimiter)
        return delimiter.join(fields) + end

    def _place(self, name: str | int) -> int:
        if isinstance(name, int):
            return self.layout.places[name]
        return self._by_question.get(name, NOWHERE)
