"""One table's part of a write: stage (the entry), apply (the table), commit (memory).

Stage and apply touch files, and ``undo`` takes that back while the write as a whole fails. The
index changes in ``commit``, when everything is durable.
"""

from zlib import crc32

import attrs

from formbridge.adapters.csv.cells import starts
from formbridge.adapters.csv.layout import Layout, writable
from formbridge.adapters.csv.rendering import Journal, journal_of, lines_of
from formbridge.adapters.csv.rewriting import Rewriting, widest
from formbridge.adapters.csv.side import (
    Append,
    Entry,
    Heading,
    Marked,
    Replace,
    line_of_added,
    line_of_entry,
    line_of_heading,
    line_of_seal,
)
from formbridge.adapters.csv.table import CsvTable, Seen
from formbridge.domain.tables import Changes, Mark, Rows


@attrs.define(eq=False)
class Write:
    """The changes of one table on their way to the disk.

    ``data`` is what is appended to the table, ``begins`` where its rows begin there; after a
    rewriting both stand at the new file's end.
    """

    table: CsvTable
    changes: Changes
    added: Rows
    journal: Journal
    data: bytes = b""
    begins: list[int] = attrs.field(factory=list)
    versions: bytes = attrs.field(init=False)
    layout: Layout = attrs.field(init=False)
    rewriting: Rewriting | None = attrs.field(init=False, default=None)
    side_before: int = attrs.field(init=False, default=0)
    side_after: int = attrs.field(init=False, default=0)
    staged: bool = attrs.field(init=False, default=False)
    applied: bool = attrs.field(init=False, default=False)

    @classmethod
    def of(cls, table: CsvTable, changes: Changes) -> "Write":
        """Render everything; nothing is touched. Raises ``Unwritable`` for rows that cannot be."""
        rewritten = bool(changes.new_columns or changes.relabelled)
        if rewritten:
            changes = attrs.evolve(changes, columns=writable(changes.columns))
        added, updated = changes.added, changes.updated
        if table.withdrawn and not rewritten:
            added, updated = _revived(table, changes)
        journal = journal_of(table, changes, updated)
        write = cls(table, changes, added, journal)
        write.versions = b"".join(added.versions)
        write.layout = table.layout
        if rewritten:
            width = widest(table) if changes.new_columns else 0
            write.layout = table.layout.with_columns(
                changes.columns, changes.new_columns, width=width
            )
        lines, write.data = lines_of(table, write.layout, changes.columns, added)
        head = b""
        if not table.there:
            head = write.first_line()
        elif rewritten:
            write.rewriting = Rewriting(table, changes.columns, write.layout, write.data)
        elif not table.ended and lines:
            head = table.dialect.newline.encode()
        write.begins = starts(lines, write.data, table.seen.size + len(head))
        write.data = head + write.data
        return write

    def first_line(self) -> bytes:
        """Return the header as a line."""
        return self.table.dialect.line(self.layout.cells).encode()

    @property
    def structural(self) -> bool:
        """Whether the entry must be durable before the table is touched."""
        return not self.table.there or self.rewriting is not None

    def stage(self) -> None:
        """Write the entry (and the new file, if the table is written anew)."""
        table = self.table
        disk, paths = table.disk, table.paths
        self.side_before = table.side_size
        replace = None
        if self.rewriting is not None:
            disk.write_beside(paths.temporary, self.rewriting.chunks())
            replace = self.rewriting.replace
        line = self._line(replace)
        self.staged = True
        disk.append(paths.side, line)
        self.side_after = self.side_before + len(line)

    def _line(self, replace: Replace | None) -> bytes:
        table, changes = self.table, self.changes
        append = None
        if replace is None and self.data:
            append = Append(begin=table.seen.size, length=len(self.data), crc=crc32(self.data))
        new_labels = changes.new_columns or changes.relabelled or not table.there
        if append is not None and not (new_labels or self.journal.marks):
            return line_of_added(self.added.response_ids, self.versions, append)
        entry = Entry(
            added=Marked(ids=self.added.response_ids, versions=self.versions)
            if len(self.added)
            else None,
            updated=self.journal.updated,
            removed=_marked(changes.removed),
            touched=_marked(changes.touched),
            columns=changes.columns if new_labels else None,
            header=self.layout.header if new_labels else None,
            append=append,
            replace=replace,
        )
        if table.exists:
            return line_of_entry(entry)
        heading = Heading(table=table.key, guarded=table.dialect.guarded)
        return line_of_heading(heading) + line_of_entry(entry)

    def apply(self) -> None:
        """Bring the rows into the table's file."""
        paths, disk = self.table.paths, self.table.disk
        self.applied = True
        if self.rewriting is not None:
            disk.replace(paths.table, paths.temporary)
        elif self.data:
            disk.append(paths.table, self.data)

    def files(self) -> list[str]:
        """Return the files that were written so far."""
        paths = self.table.paths
        if self.rewriting is not None and not self.applied:
            return [paths.side, paths.temporary]
        return [paths.side, paths.table] if self.applied else [paths.side]

    def undo(self) -> None:
        """Take back what was appended. What was replaced stays: it and its entry are whole."""
        table = self.table
        disk, paths = table.disk, table.paths
        if self.rewriting is not None:
            disk.remove(paths.temporary)
            if self.applied:
                return
        elif self.applied and self.data and disk.stat(paths.table) is not None:
            disk.truncate(paths.table, table.seen.size)
        if self.staged:
            disk.truncate(paths.side, self.side_before)

    def commit(self) -> bool:
        """Take the changes into memory; False if somebody changed the table meanwhile."""
        table = self.table
        size = table.seen.size + len(self.data)
        if self.rewriting is not None:
            size = self.rewriting.size
        status = table.disk.stat(table.paths.table)
        if status is None or status.st_size != size:
            return status is None and not size
        if table.seen.inode not in {0, status.st_ino} and self.rewriting is None:
            return False
        self._remember()
        seal = line_of_seal(table.disk.boot, journal=bool(table.pending or table.withdrawn))
        table.disk.append(table.paths.side, seal)
        table.side_size = self.side_after + len(seal)
        table.seen = Seen(status.st_ino, size, status.st_mtime_ns)
        table.token += 1
        return True

    def _remember(self) -> None:
        table, index = self.table, self.table.index
        if self.rewriting is not None:
            settle(table, self.rewriting)
            begin = self.rewriting.size - len(self.data)
            self.begins = [each - table.seen.size + begin for each in self.begins]
        table.columns, table.layout = self.changes.columns, self.layout
        if self.data:
            table.ended = True
        index.extend(self.added.response_ids, self.versions, self.begins)
        if self.journal.marks:
            self.journal.remember(table)
            table.journal_size += self.side_after - self.side_before


def settle(table: CsvTable, rewriting: Rewriting) -> None:
    """Move the index to the new file: nothing is pending any more."""
    table.index.at = rewriting.begins()
    table.pending.clear()
    table.withdrawn.clear()
    table.journal_size = 0
    table.ended = True


def _revived(table: CsvTable, changes: Changes) -> tuple[Rows, Rows]:
    """Return the rows to append and to overwrite: what was removed may still stand there."""
    added, updated = changes.added, changes.updated
    back = [n for n, each in enumerate(added.response_ids) if each in table.withdrawn]
    if not back:
        return added, updated
    stay = [n for n in range(len(added)) if n not in set(back)]
    return added.pick(stay), _joined(updated, added.pick(back))


def _joined(one: Rows, other: Rows) -> Rows:
    return Rows(
        response_ids=one.response_ids + other.response_ids,
        versions=one.versions + other.versions,
        submitted_at=one.submitted_at + other.submitted_at,
        updated_at=one.updated_at + other.updated_at,
        cells=[*one.cells, *other.cells],
    )


def _marked(marks: tuple[Mark, ...]) -> Marked | None:
    if not marks:
        return None
    versions = b"".join([mark.version for mark in marks])
    return Marked(ids=[mark.response_id for mark in marks], versions=versions)
