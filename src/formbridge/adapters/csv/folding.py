"""What can wait: the journal goes into the table, and the side file forgets what is over.

A table is folded when its journal is a quarter of it, so that an update costs the same however
large the table is. Several tables share the two syncs of a folding: the new files and the entries
that name them are durable before any table is replaced, and the tables before a side file is.
"""

from collections.abc import Iterator

from formbridge.adapters.csv.rewriting import Rewriting
from formbridge.adapters.csv.side import (
    Entry,
    Heading,
    Marked,
    line_of_entry,
    line_of_heading,
    line_of_seal,
)
from formbridge.adapters.csv.staging import settle
from formbridge.adapters.csv.table import CsvTable, Seen
from formbridge.domain.index import NO_ROW, Index

LEAST_JOURNAL = 1 << 18  # bytes; below, folding costs more in files than it saves
_LEAST_COMPACTED = 1 << 20  # bytes; a smaller side file is not worth writing anew
_BYTES_PER_RESPONSE = 60  # its revision and digest in base64, and the quotes of its id
_IDS_PER_ENTRY = 4096


def worth_folding(table: CsvTable) -> bool:
    """Whether the journal has grown to a fraction of the table."""
    return table.journal_size > max(LEAST_JOURNAL, table.seen.size // 4)


def prepare(table: CsvTable) -> Rewriting:
    """Write the new file and the entry that names it. Called under the table's lock."""
    disk, paths = table.disk, table.paths
    rewriting = Rewriting(table, table.columns, table.layout)
    disk.write_beside(paths.temporary, rewriting.chunks())
    _append(table, Entry(replace=rewriting.replace))
    return rewriting


def replace(table: CsvTable, rewriting: Rewriting) -> None:
    """Put the new file in the table's place."""
    disk, paths = table.disk, table.paths
    disk.replace(paths.table, paths.temporary)
    settle(table, rewriting)
    status = disk.stat(paths.table)
    if status is not None:
        table.seen = Seen(status.st_ino, rewriting.size, status.st_mtime_ns)
    table.token += 1


def seal(table: CsvTable) -> None:
    """Note in the side file that all is in the table. Called under the table's lock."""
    line = line_of_seal(table.disk.boot, journal=False)
    table.disk.append(table.paths.side, line)
    table.side_size += len(line)


def finish(table: CsvTable, rewriting: Rewriting) -> None:
    """Seal the side file, or write it anew if most of it speaks of what is over."""
    if worth_compacting(table):
        compact(table, rewriting)
    else:
        seal(table)


def worth_compacting(table: CsvTable) -> bool:
    """Whether most of the side file speaks of what is over: known from its size, in any process."""
    ids = table.index.by_id
    needed = sum(map(len, ids)) + _BYTES_PER_RESPONSE * len(ids)
    return table.side_size > max(_LEAST_COMPACTED, 2 * needed)


def compact(table: CsvTable, rewriting: Rewriting) -> None:
    """Write the side file anew with what still holds. The journal must be folded."""
    disk, paths = table.disk, table.paths
    index, lines = Index(newest=table.index.newest), list(_lines(table, rewriting))
    status = disk.write_beside(paths.side_temporary, lines)
    disk.sync([paths.side_temporary], [paths.side_temporary])
    disk.replace(paths.side, paths.side_temporary)
    for ids, removed in _groups(table):
        ordinals = [table.index.by_id[each] for each in ids]
        at = [NO_ROW] * len(ids) if removed else [table.index.at[each] for each in ordinals]
        index.extend(ids, table.index.part(ordinals), at)
    table.index = index
    table.side_size = status.st_size
    table.token += 1


def _groups(table: CsvTable) -> Iterator[tuple[list[str], bool]]:
    """Yield the ids in groups: those with a row, then those of removed responses."""
    at = table.index.at
    for removed in (False, True):
        ids = [each for each, n in table.index.by_id.items() if (at[n] == NO_ROW) is removed]
        for begin in range(0, len(ids), _IDS_PER_ENTRY):
            yield ids[begin : begin + _IDS_PER_ENTRY], removed


def _lines(table: CsvTable, rewriting: Rewriting) -> Iterator[bytes]:
    yield line_of_heading(Heading(table=table.key, guarded=table.dialect.guarded))
    entry = Entry(columns=table.columns, header=table.layout.header, replace=rewriting.replace)
    yield line_of_entry(entry)
    for ids, removed in _groups(table):
        versions = table.index.part(table.index.by_id[each] for each in ids)
        marked = Marked(ids=ids, versions=versions)
        yield line_of_entry(Entry(removed=marked) if removed else Entry(added=marked))
    yield line_of_seal(table.disk.boot, journal=False)


def _append(table: CsvTable, entry: Entry) -> None:
    line = line_of_entry(entry)
    table.disk.append(table.paths.side, line)
    table.side_size += len(line)


def touched(table: CsvTable) -> list[str]:
    """Return the files that ``prepare`` wrote."""
    return [table.paths.temporary, table.paths.side]
