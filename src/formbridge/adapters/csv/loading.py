"""Opening a table: the side file is read, the last write is judged, the table is scanned.

A response of the side file whose row is not in the table is unknown: a person deleted the row. A
row whose id the side file does not know is taken as that response's, older than any revision.
"""

from typing import BinaryIO

import attrs

from formbridge.adapters.csv.cells import Dialect
from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.heading import FirstLine
from formbridge.adapters.csv.judging import Verdict, cut_torn_tail, judge
from formbridge.adapters.csv.layout import NOWHERE, Layout, find_places
from formbridge.adapters.csv.reading import Unbalanced, records, split, text_in
from formbridge.adapters.csv.side import Entry, Marked, SideReader, line_of_entry, line_of_seal
from formbridge.adapters.csv.story import UNKNOWN_AGE, Story
from formbridge.adapters.csv.table import CsvTable, Paths
from formbridge.domain.errors import StoreBroken, TableUnavailable
from formbridge.domain.identity import TableKey
from formbridge.domain.index import NO_ROW
from formbridge.domain.tables import MANAGED, RESPONSE_ID

_OURS = len(MANAGED)


def load(disk: Disk, paths: Paths, key: TableKey, *, token: int, guarded: bool) -> CsvTable:
    """Return the table as it stands, mended where a crash left it half written.

    Called under the table's lock if it has a side file. Raises ``TableUnavailable``,
    ``StoreBroken``, ``NewerVersion`` and OSError.
    """
    table = CsvTable(key, paths, disk, token, dialect=Dialect(guarded=guarded))
    story = _read_side(table)
    if story is None:
        _refuse_stranger(table)
        return table
    if story.sealed != disk.boot or not disk.boot:
        cut_torn_tail(table, story)
    _scan(table, story)
    _settle(table, story)
    return table


def _read_side(table: CsvTable) -> Story | None:
    """Read the side file, cut off what was never finished; None if the table was never written."""
    paths, disk = table.paths, table.disk
    side = disk.stat(paths.side)
    if side is None or side.st_size == 0:
        return None
    with disk.reading(paths.side) as file:
        reader = SideReader(file, paths.side)
        heading = reader.heading()
        if heading is not None and heading.table != table.key:
            raise StoreBroken(f"{paths.side} belongs to another form: {heading.table}")
        if heading is not None:
            table.dialect = Dialect(guarded=heading.guarded)
        story, end = _tell(table, reader) if heading is not None else (None, 0)
    if end < side.st_size:
        disk.truncate(paths.side, end)
    table.side_size = end
    return story


def _tell(table: CsvTable, reader: SideReader) -> tuple[Story, int]:
    """Tell the entries; the last one only if it was finished. Return also where that ends."""
    story = Story()
    begin = reader.end
    last = reader.entry()
    while last is not None:
        end = reader.end
        following = reader.entry()
        if following is None:
            verdict = judge(table, story, last)
            if verdict is Verdict.DROPPED:
                return story, begin
            story.tell(last)
            if verdict is Verdict.DOUBTFUL:
                story.doubt(last)
            return story, end
        story.tell(last)
        last, begin = following, end
    return story, reader.end


def _refuse_stranger(table: CsvTable) -> None:
    """Look at the file of a table that was never written: it may be empty, or not there."""
    table.seen = table.look()
    if table.there:
        raise TableUnavailable(
            f"{table.paths.name} is in the folder and was not written by FormBridge: it has no "
            f"side file {table.paths.side}; move it away, or put its side file back"
        )


def _scan(table: CsvTable, story: Story) -> None:
    """Read the table: its header, and where each row stands."""
    disk, paths = table.disk, table.paths
    table.seen = table.look()
    table.columns = story.columns
    old = Layout(header=story.header, places=_old_places(story))
    if not table.there:
        table.layout = Layout.fresh(story.columns)
        return
    try:
        with disk.reading(paths.table) as file:
            _, first = next(records(file, 0), (0, b""))
            _take_header(table, old, first)
            _find_rows(table, story, file, len(first))
    except Unbalanced as error:
        raise TableUnavailable(f"{paths.name}: {error}; close the quote") from error
    except UnicodeDecodeError as error:
        raise TableUnavailable(
            f"{paths.name} is no longer UTF-8; save it again as 'CSV UTF-8'"
        ) from error


def _old_places(story: Story) -> tuple[int, ...]:
    """Return where our columns stand in the header that the side file remembers."""
    wanted = [*MANAGED, *(column.header for column in story.columns)]
    standing = {text: place for place, text in reversed(list(enumerate(story.header)))}
    return tuple(standing.get(text, NOWHERE) for text in wanted)


def _take_header(table: CsvTable, old: Layout, first: bytes) -> None:
    first.decode("utf-8")
    guarded = table.dialect.guarded
    head = FirstLine.of(first, guarded=guarded)
    if not head.texts:
        raise TableUnavailable(
            f"{table.paths.name}: no column of its first line is called {RESPONSE_ID!r}; give one "
            "that name again, or move the file away"
        )
    places = list(find_places(old, head.texts))
    if places[0] == NOWHERE or head.texts[places[0]] != RESPONSE_ID:
        places[0] = head.texts.index(RESPONSE_ID)
    table.marked = head.marked
    table.dialect = Dialect(delimiter=head.delimiter, newline=head.newline, guarded=guarded)
    kept = [
        (attrs.evolve(column, header=head.texts[place]), place)
        for column, place in zip(table.columns, places[_OURS:], strict=True)
        if place != NOWHERE
    ]
    table.columns = tuple(column for column, _ in kept)
    table.layout = Layout(
        header=head.texts, places=(*places[:_OURS], *(place for _, place in kept))
    )


def _find_rows(table: CsvTable, story: Story, file: BinaryIO, begin: int) -> None:
    """Note where each row begins. Of two rows with one id the first is ours."""
    index, removed, withdrawn = story.index, story.removed, table.withdrawn
    by_id, at = index.by_id, index.at
    delimiter = table.dialect.delimiter.encode()
    id_place, guarded = table.layout.places[0], table.dialect.guarded
    record = b"\n"
    for position, record in records(file, begin):
        if not record.isascii():
            record.decode("utf-8")
        if id_place == 0 and record[:1] not in b"\"'":
            response_id: str | None = record.rstrip(b"\r\n").partition(delimiter)[0].decode()
        else:
            fields = split(record, delimiter)
            field = fields[id_place] if id_place < len(fields) else b""
            response_id = text_in(field, guarded=guarded)
        if not response_id:
            continue
        ordinal = by_id.get(response_id)
        if ordinal is None:
            ordinal = index.put(response_id, UNKNOWN_AGE)
        if response_id in removed:
            withdrawn.setdefault(response_id, position)
        elif at[ordinal] == NO_ROW:
            at[ordinal] = position
    table.ended = record.endswith(b"\n")


def _settle(table: CsvTable, story: Story) -> None:
    """Forget what has no row, hang the journal on the rows, and remember what people renamed."""
    index = story.index
    at = index.at
    gone = [each for each, ordinal in index.by_id.items() if at[ordinal] == NO_ROW]
    for response_id in gone:
        if response_id not in story.removed:
            del index.by_id[response_id]
    table.index = index
    for response_id, pending in story.pending.items():
        ordinal = index.by_id.get(response_id)
        if ordinal is not None and at[ordinal] != NO_ROW:
            table.pending[ordinal] = pending
    table.journal_size = sum(len(pending.line) for pending in table.pending.values())
    _write_down(table, story)


def _write_down(table: CsvTable, story: Story) -> None:
    """Remember what was found out, so that it is not found out again."""
    moved = table.columns != story.columns or table.layout.header != story.header
    found = table.there and moved
    if story.sealed == table.disk.boot and not found:
        return
    weak = [each for each in story.doubted if each in table.index.by_id]
    versions = table.index.part(table.index.by_id[each] for each in weak)
    entry = Entry(
        touched=Marked(ids=weak, versions=versions) if weak else None,
        columns=table.columns if found else None,
        header=table.layout.header if found else None,
        sealed=table.disk.boot,
    )
    line = line_of_entry(entry)
    if not (weak or found):
        line = line_of_seal(table.disk.boot, journal=bool(table.pending or table.withdrawn))
    table.disk.append(table.paths.side, line)
    table.side_size += len(line)
