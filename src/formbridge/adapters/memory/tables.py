"""``MemoryTables``: the table store that tests use, and the reference of what any store does."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import attrs

from formbridge.adapters.memory.sheet import (
    BLANK,
    Header,
    Known,
    MemorySheet,
    decode,
    encode,
    owner_of,
)
from formbridge.domain.cells import KEEP, Update
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import TableStore
from formbridge.domain.tables import (
    MANAGED,
    RESPONSE_ID,
    Applied,
    Changes,
    Column,
    Mark,
    Rows,
    Snapshot,
    Stale,
    Stored,
    TableChanges,
    WriteOutcome,
)


@attrs.define(eq=False)
class MemorySnapshot(Snapshot):
    """A table as it stood when it was opened; ``rows`` are places by response id."""

    _sheet: MemorySheet
    _columns: tuple[Column, ...]
    _token: int
    _rows: dict[str, int] = attrs.field(repr=False)
    _exists: bool = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """The question columns that are there."""
        return self._columns

    @property
    def foreign_headers(self) -> Sequence[str]:
        """Headers of the columns that people added."""
        return [header.text for header in self._sheet.headers if header.owner is None]

    @property
    def token(self) -> int:
        """Counts the changes of the table."""
        return self._token

    @property
    def exists(self) -> bool:
        """Whether the table was ever written."""
        return self._exists

    @property
    def newest(self) -> int:
        """The latest ``edited_at`` of any response that the table took."""
        return self._sheet.newest

    def known(self, response_ids: AbstractSet[str], /) -> AbstractSet[str]:
        """Return those of the ids that have a row or were removed."""
        return {each for each in response_ids if self.find(each) is not None}

    def find(self, response_id: str, /) -> Stored | None:
        """Return what is known of a response."""
        known = self._sheet.known.get(response_id)
        place = self._rows.get(response_id)
        if known is None or (place is None and not known.removed):
            return None
        return Stored(revision=known.revision, digest=known.digest, place=place)

    def answered(self, place: int, /) -> frozenset[str]:
        """Return the question ids whose cells are not blank in that row."""
        row = self._sheet.rows[place]
        owners = [owner_of(column.question_id) for column in self._columns]
        return frozenset(
            column.question_id
            for column, at in zip(self._columns, self._sheet.places_of(owners), strict=True)
            if row[at] != BLANK
        )


class MemoryTables(TableStore):
    """Tables in a dict that outlives the store: give it to another one, and that is a restart."""

    def __init__(self, sheets: dict[TableKey, MemorySheet] | None = None) -> None:
        """Keep tables in ``sheets``, where a test may act as a person."""
        self.sheets = {} if sheets is None else sheets
        self._opened: dict[TableKey, MemorySnapshot] = {}

    @property
    def tables_per_write(self) -> int | None:
        """As many as there are."""
        return None

    def open(self, table: TableKey, /) -> Snapshot:
        """Return the table as it stands."""
        sheet = self.sheets.get(table)
        known = self._opened.get(table)
        if sheet is None:
            return MemorySnapshot(MemorySheet(), (), 0, {}, exists=False)
        if known is None or known.token != sheet.token:
            known = self._opened[table] = _snapshot(sheet)
        return known

    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Apply the changes of each table, unless somebody was faster."""
        return {table: self._write(table, each) for table, each in changes.items()}

    def known(self) -> Iterable[TableKey]:
        """The tables that were ever written."""
        return list(self.sheets)

    def tidy(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""

    def _write(self, table: TableKey, changes: Changes) -> WriteOutcome:
        sheet = self.sheets.get(table) or MemorySheet()
        if changes.token != sheet.token:
            return Stale()
        if not changes.empty:
            self.sheets[table] = sheet
            _apply(sheet, changes)
        return Applied()


def _snapshot(sheet: MemorySheet) -> MemorySnapshot:
    """Find our columns and rows, wherever they are. Of two rows with one id the first is ours."""
    place = sheet.place_of(RESPONSE_ID)
    rows: dict[str, int] = {}
    for number, row in enumerate(sheet.rows):
        response_id = decode(row[place])
        if isinstance(response_id, str):
            rows.setdefault(response_id, number)
    columns = [
        attrs.evolve(column, header=sheet.headers[at].text)
        for column in sheet.columns
        if (at := sheet.place_of(owner_of(column.question_id))) != -1
    ]
    return MemorySnapshot(sheet, tuple(columns), sheet.token, rows)


def _apply(sheet: MemorySheet, changes: Changes) -> None:
    _lay_out(sheet, changes)
    owners = [*MANAGED, *(owner_of(column.question_id) for column in changes.columns)]
    places = sheet.places_of(owners)
    for place, cells in zip(changes.updated.places, _lines(changes.updated), strict=True):
        _put(sheet.rows[place], places, cells)
    for cells in _lines(changes.added):
        row = [BLANK] * len(sheet.headers)
        _put(row, places, cells)
        sheet.rows.append(row)
    for number in sorted((m.place for m in changes.removed if m.place is not None), reverse=True):
        del sheet.rows[number]
    _remember(sheet, changes)
    sheet.token += 1


def _lay_out(sheet: MemorySheet, changes: Changes) -> None:
    """Write the headers that changed, and add columns on the right."""
    sheet.columns = list(changes.columns)
    for column in changes.columns:
        place = sheet.place_of(owner_of(column.question_id))
        if place == -1:
            sheet.headers.append(Header(column.header, owner_of(column.question_id)))
        else:
            sheet.headers[place].text = column.header
    for row in sheet.rows:
        row.extend([BLANK] * (len(sheet.headers) - len(row)))


def _lines(rows: Rows) -> list[list[Update]]:
    return [
        [response_id, submitted, updated, *cells]
        for response_id, submitted, updated, cells in zip(
            rows.response_ids, rows.submitted_at, rows.updated_at, rows.cells, strict=True
        )
    ]


def _put(row: list[str], places: Sequence[int], cells: Sequence[Update]) -> None:
    for place, cell in zip(places, cells, strict=True):
        if place != -1 and cell is not KEEP:
            row[place] = encode(cell)


def _remember(sheet: MemorySheet, changes: Changes) -> None:
    for rows in (changes.added, changes.updated):
        for number, response_id in enumerate(rows.response_ids):
            _know(sheet, response_id, Known(*rows.version(number)))
    for mark in changes.touched:
        _know(sheet, mark.response_id, _known(mark, removed=mark.place is None))
    for mark in changes.removed:
        _know(sheet, mark.response_id, _known(mark, removed=True))


def _known(mark: Mark, *, removed: bool) -> Known:
    return Known(mark.revision, mark.digest, removed=removed)


def _know(sheet: MemorySheet, response_id: str, known: Known) -> None:
    sheet.known[response_id] = known
    sheet.newest = max(sheet.newest, known.revision.edited_at)
