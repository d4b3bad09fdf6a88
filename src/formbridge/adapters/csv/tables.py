"""``CsvTables``: a folder with a CSV file per form, to which people have access too."""

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from itertools import count, islice
from pathlib import Path
from time import monotonic

from formbridge.adapters.csv import folding
from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.errors import BUSY_SECONDS
from formbridge.adapters.csv.folder import Folder
from formbridge.adapters.csv.loading import load
from formbridge.adapters.csv.rendering import Unwritable
from formbridge.adapters.csv.rewriting import Rewriting
from formbridge.adapters.csv.staging import Write
from formbridge.adapters.csv.table import CsvTable
from formbridge.domain.errors import (
    NewerVersion,
    StoreError,
    StoreUnavailable,
    TableBusy,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import TableStore
from formbridge.domain.tables import (
    Applied,
    Changes,
    Refused,
    Snapshot,
    Stale,
    TableChanges,
    TableGone,
    WriteOutcome,
)

LOOK_AROUND, LEISURE = 10.0, 20
"""Seconds between two looks at the whole folder, at least; and a look takes a 20th of them."""


class CsvTables(TableStore):
    """Keeps tables as CSV files in a folder: UTF-8, commas, a header, one line per response.

    ``formula_safe`` puts an apostrophe before texts that a spreadsheet would execute; a table keeps
    the setting with which it began. With ``durable=False`` a write does not wait for the disk. A
    journal that another process left is folded once nobody touched it for ``quiet`` seconds.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        formula_safe: bool = True,
        durable: bool = True,
        quiet: float = 30.0,
        disk: Disk | None = None,
    ) -> None:
        self._disk = Disk() if disk is None else disk
        self._folder = Folder(Path(folder).absolute(), self._disk, durable)
        self._formula_safe = formula_safe
        self._tables: dict[TableKey, CsvTable] = {}
        self._untidy: set[TableKey] = set()
        self._tokens = count(1 << 32, 1 << 32)
        self._quiet = quiet
        self._next_look = 0.0

    @property
    def tables_per_write(self) -> int | None:
        """As many as there are: one sync serves them all."""
        return None

    def open(self, table: TableKey, /) -> Snapshot:
        """Return the table as it stands; it is read again only if somebody else changed it."""
        known = self._tables.get(table)
        if known is not None:
            try:
                if known.look() == known.seen:  # its side file is looked at when it is locked
                    return known
            except OSError as error:
                raise self._folder.error(error, known.paths.table) from error
        return self._load(table, known)

    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Write entries, then rows, then wait for the disk once."""
        outcomes: dict[TableKey, WriteOutcome] = {}
        waiting = iter(changes.items())
        while chunk := dict(islice(waiting, self._disk.most_locks)):
            self._write_chunk(chunk, outcomes)
        return outcomes

    def known(self) -> Iterable[TableKey]:
        """The tables that have a side file in the folder."""
        return self._folder.known()

    def tidy(self) -> None:
        """Fold journals into their tables, also those that another process left behind."""
        self._look_around()
        for key in self._untidy.copy():
            with suppress(StoreError, NewerVersion):
                self.open(key)
        tables = [self._tables[key] for key in sorted(self._untidy) if key in self._tables]
        self._untidy.clear()
        self._fold([each for each in tables if each.pending or each.withdrawn])

    def close(self) -> None:
        """Tidy up and close the files."""
        self.tidy()
        self._tables.clear()
        self._disk.close()

    def _load(self, key: TableKey, known: CsvTable | None) -> CsvTable:
        paths = self._folder.paths(key) if known is None else known.paths
        self._tables.pop(key, None)
        disk = self._disk
        disk.forget(paths.table)
        disk.forget(paths.side)
        locked = False
        try:
            if disk.stat(paths.side) is not None:
                locked = self._folder.lock(paths)
                if not locked:
                    raise TableBusy(f"{paths.name} is in use", seconds=BUSY_SECONDS)
            token = next(self._tokens)
            table = load(disk, paths, key, token=token, guarded=self._formula_safe)
        except OSError as error:
            raise self._folder.error(error, paths.table) from error
        finally:
            if locked:
                disk.unlock(paths.side)
        self._tables[key] = table
        if table.pending or table.withdrawn:
            self._untidy.add(key)
        return table

    def _look_around(self) -> None:
        """Open the tables that other processes left with a journal, or unfinished.

        At first all of them; later those that nobody touches: who works on a table folds it too.
        """
        begun = monotonic()
        if begun < self._next_look:
            return
        quiet = self._quiet if self._next_look else 0
        for key in self.known():
            with suppress(StoreError, NewerVersion, OSError):
                if self._folder.left(key, quiet=quiet):
                    self._open_anew(key)
        took = monotonic() - begun
        self._next_look = begun + max(LOOK_AROUND, LEISURE * took)

    def _open_anew(self, key: TableKey) -> None:
        """Open a table, also if only its journal changed since it was opened here."""
        known = self._tables.get(key)
        if known is not None and self._folder.changed(known):
            self._drop(known)
        self.open(key)

    def _write_chunk(self, chunk: TableChanges, outcomes: dict[TableKey, WriteOutcome]) -> None:
        writes: list[Write] = []
        try:
            self._folder.prepare()
            for key, changes in chunk.items():
                outcome = self._stage(key, changes, writes)
                if outcome is not None:
                    outcomes[key] = outcome
                self._folder.sync_ahead()
            self._apply_structural(writes, outcomes)
            if writes:
                self._sync(writes)
        except StoreError:
            self._undo(writes)
            raise
        self._commit(writes, outcomes)

    def _stage(self, key: TableKey, changes: Changes, writes: list[Write]) -> WriteOutcome | None:
        """Write the entry of one table, and its rows if they are only appended, or say why not.

        The table stays locked until the write ends.
        """
        table = self._tables.get(key)
        if table is None or changes.token != table.token:
            return Stale()
        if changes.empty:
            return Applied()
        try:
            write = Write.of(table, changes)
            taken = self._folder.claim(table)
            if taken is None:
                writes.append(write)
                write.stage()
                if not write.structural:
                    write.apply()
        except Unwritable as error:
            return Refused(reasons=error.reasons)
        except OSError as error:
            return self._gone(table, writes, error)
        if isinstance(taken, Stale):
            self._drop(table)
        return taken

    def _gone(self, table: CsvTable, writes: list[Write], error: OSError) -> TableGone:
        """Take one table out of the write; raise if the error concerns all of them."""
        problem = self._folder.error(error, table.paths.table)
        if isinstance(problem, StoreUnavailable):
            raise problem from error
        self._undo([write for write in writes if write.table is table])
        writes[:] = [write for write in writes if write.table is not table]
        self._drop(table)
        return TableGone(reason=str(problem))

    def _apply_structural(
        self, writes: list[Write], outcomes: dict[TableKey, WriteOutcome]
    ) -> None:
        """Touch the tables that are new or get columns, once all entries are durable."""
        structural = [write for write in writes if write.structural]
        if structural:
            self._sync(writes)
        for write in structural:
            try:
                write.apply()
            except OSError as error:
                outcomes[write.table.key] = self._gone(write.table, writes, error)

    def _sync(self, writes: list[Write]) -> None:
        self._folder.sync(path for write in writes for path in write.files())

    def _undo(self, writes: list[Write]) -> None:
        """Take back what can be; what cannot is recognised when the table is opened again."""
        for write in writes:
            with suppress(OSError):
                write.undo()
            self._drop(write.table)

    def _drop(self, table: CsvTable) -> None:
        self._tables.pop(table.key, None)
        self._disk.unlock(table.paths.side)
        self._disk.forget(table.paths.table)
        self._disk.forget(table.paths.side)

    def _commit(self, writes: list[Write], outcomes: dict[TableKey, WriteOutcome]) -> None:
        worth = []
        for write in writes:
            table = write.table
            if self._settled(write):
                outcomes[table.key] = Applied()
                self._disk.unlock(table.paths.side)
                if table.pending or table.withdrawn:
                    self._untidy.add(table.key)
                if folding.worth_folding(table):
                    worth.append(table)
            else:
                outcomes[table.key] = Stale()
                self._drop(table)
        if worth:
            self._fold(worth)

    def _settled(self, write: Write) -> bool:
        try:
            return write.commit()
        except OSError:
            return False

    def _fold(self, tables: list[CsvTable]) -> None:
        """Fold journals; what fails is recognised when its table is opened again."""
        for begin in range(0, len(tables), self._disk.most_locks):
            self._fold_chunk(tables[begin : begin + self._disk.most_locks])

    def _fold_chunk(self, tables: list[CsvTable]) -> None:
        with ExitStack() as locks:
            ready: dict[CsvTable, Rewriting] = {}
            try:
                for table in tables:
                    if locks.enter_context(self._folder.alone(table)):
                        ready[table] = folding.prepare(table)
                self._folder.sync(path for table in ready for path in folding.touched(table))
                for table, rewriting in ready.items():
                    folding.replace(table, rewriting)
                self._folder.sync(table.paths.table for table in ready)
                for table, rewriting in ready.items():
                    folding.finish(table, rewriting)
            except (OSError, StoreError):
                for table in tables:
                    self._drop(table)
