"""A table in its folder, as it stands: the snapshot that a plan is made from."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import attrs

from formbridge.adapters.csv.cells import Dialect
from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.layout import NOWHERE, Layout
from formbridge.adapters.csv.reading import records, split
from formbridge.domain.identity import TableKey
from formbridge.domain.index import Index
from formbridge.domain.tables import MANAGED, Column, Stored

_OURS = len(MANAGED)


@attrs.frozen(kw_only=True)
class Paths:
    """Where a table and its side file are; text, because they are used for each batch."""

    name: str
    table: str
    side: str
    temporary: str
    side_temporary: str
    cut: str


class Pending(NamedTuple):
    """A row that is overwritten in the journal and not yet in the table.

    ``line`` holds the managed fields and one per question, with commas; the fields numbered in
    ``kept``, and columns that ``questions`` do not name, stay as they are in the table.
    """

    questions: tuple[str, ...]
    line: str
    kept: frozenset[int]

    def __repr__(self) -> str:
        """Leave out the line: it is what was answered."""
        return f"Pending({len(self.questions)} questions)"

    def fields(self) -> dict[str | int, bytes]:
        """Return the fields to write: those of ``MANAGED`` by their number, others by question."""
        raw = split(self.line.encode(), b",")
        names: list[str | int] = [*range(_OURS), *self.questions]
        return {
            name: field
            for number, (name, field) in enumerate(zip(names, raw, strict=True))
            if number not in self.kept
        }


class Seen(NamedTuple):
    """What a file was when we looked: if any of it differs, somebody changed it."""

    inode: int = 0
    size: int = 0
    mtime: int = 0


@attrs.define(eq=False)
class CsvTable:
    """One table. A snapshot of itself: what it says holds until its next write.

    ``withdrawn`` are removed responses whose lines are still in the file; they go at the next
    rewriting, as ``pending`` rows come in.
    """

    key: TableKey
    paths: Paths
    disk: Disk = attrs.field(repr=False)
    token: int
    dialect: Dialect = attrs.field(factory=Dialect)
    columns: tuple[Column, ...] = ()
    layout: Layout = attrs.field(factory=lambda: Layout.fresh(()))
    index: Index = attrs.field(factory=Index, repr=False)
    pending: dict[int, Pending] = attrs.field(factory=dict, repr=False)
    withdrawn: dict[str, int] = attrs.field(factory=dict, repr=False)
    seen: Seen = attrs.field(factory=Seen)
    side_size: int = 0
    marked: bool = False
    ended: bool = True
    journal_size: int = 0

    @property
    def exists(self) -> bool:
        """Whether the table was ever written, even if a person deleted its file since."""
        return self.side_size > 0

    def look(self) -> Seen:
        """Return what the table's file is now."""
        status = self.disk.stat(self.paths.table)
        if status is None:
            return Seen()
        return Seen(status.st_ino, status.st_size, status.st_mtime_ns)

    @property
    def there(self) -> bool:
        """Whether the table's file has its header now."""
        return self.seen.size > 0

    @property
    def newest(self) -> int:
        """The latest ``edited_at`` of any response that the table took."""
        return self.index.newest

    @property
    def foreign_headers(self) -> Sequence[str]:
        """Headers of the columns that people added."""
        return self.layout.foreign

    def known(self, response_ids: AbstractSet[str], /) -> AbstractSet[str]:
        """Return those of the ids of which anything is known, as fast as a dict can."""
        return self.index.by_id.keys() & response_ids

    def find(self, response_id: str, /) -> Stored | None:
        """Return what is known of a response, in constant time."""
        return self.index.find(response_id)

    def answered(self, place: int, /) -> frozenset[str]:
        """Return the question ids whose cells are not blank in that row."""
        fields = self.row_at(self.index.at[place])
        cells: dict[str, bytes] = {
            column.question_id: fields[at] if NOWHERE != at < len(fields) else b""
            for column, at in zip(self.columns, self.layout.places[_OURS:], strict=True)
        }
        if (pending := self.pending.get(place)) is not None:
            cells.update(
                (name, field) for name, field in pending.fields().items() if isinstance(name, str)
            )
        return frozenset(question for question, field in cells.items() if field)

    def row_at(self, begin: int) -> list[bytes]:
        """Read the fields of the record that begins there; none if the file is gone."""
        try:
            with self.disk.reading(self.paths.table) as file:
                file.seek(begin)
                _, record = next(records(file, begin), (begin, b""))
        except FileNotFoundError:
            return []
        return split(record, self.dialect.delimiter.encode())
