"""``CsvTables``: a folder with a CSV file per form, to which people have access too."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import count, islice
from pathlib import Path

from formbridge.adapters.csv import folding
from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.errors import BUSY_SECONDS, store_error
from formbridge.adapters.csv.loading import load
from formbridge.adapters.csv.names import stem_of
from formbridge.adapters.csv.rendering import Unwritable
from formbridge.adapters.csv.rewriting import Rewriting
from formbridge.adapters.csv.side import SideReader
from formbridge.adapters.csv.staging import Write
from formbridge.adapters.csv.table import CsvTable, Paths, Seen
from formbridge.domain.errors import (
    NewerVersion,
    StoreBroken,
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
    TableNotNow,
    WriteOutcome,
)

SIDE_FOLDER = ".formbridge"


class CsvTables(TableStore):
    """Keeps tables as CSV files in a folder: UTF-8, commas, a header, one line per response.

    ``formula_safe`` puts an apostrophe before texts that a spreadsheet would execute; a table keeps
    the setting with which it began. With ``durable=False`` a write does not wait for the disk.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        formula_safe: bool = True,
        durable: bool = True,
        disk: Disk | None = None,
    ) -> None:
        self._folder = Path(folder).absolute()
        self._side_folder = self._folder / SIDE_FOLDER
        self._formula_safe = formula_safe
        self._durable = durable
        self._disk = Disk() if disk is None else disk
        self._tables: dict[TableKey, CsvTable] = {}
        self._untidy: set[TableKey] = set()
        self._tokens = count(1 << 32, 1 << 32)
        self._ready = False

    @property
    def tables_per_write(self) -> int | None:
        """As many as there are: one sync serves them all."""
        return None

    def open(self, table: TableKey, /) -> Snapshot:
        """Return the table as it stands; it is read again only if somebody else changed it."""
        known = self._tables.get(table)
        if known is not None:
            try:
                if not self._changed(known):
                    return known
            except OSError as error:
                raise self._error(error, known.paths.table) from error
        return self._load(table, known)

    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Write entries, then rows, then wait for the disk once."""
        outcomes: dict[TableKey, WriteOutcome] = {}
        waiting = iter(changes.items())
        while chunk := dict(islice(waiting, self._disk.most_locks)):
            self._write_chunk(chunk, outcomes)
        return outcomes

    def known(self) -> Iterable[TableKey]:
        """The tables that have a side file in the folder, broken ones left out."""
        try:
            sides = sorted(self._side_folder.glob("*.side"))
        except OSError:
            return
        for side in sides:
            try:
                with side.open("rb") as file:
                    heading = SideReader(file, str(side)).heading()
            except (OSError, StoreBroken, NewerVersion):
                continue
            if heading is not None:
                yield heading.table

    def tidy(self) -> None:
        """Fold journals into their tables, and note that everything is finished."""
        tables = [self._tables[key] for key in sorted(self._untidy) if key in self._tables]
        self._untidy.clear()
        self._fold([each for each in tables if each.pending or each.withdrawn])
        for table in tables:
            with suppress(OSError), self._alone(table) as alone:
                if alone:
                    folding.seal(table)

    def close(self) -> None:
        """Tidy up and close the files."""
        self.tidy()
        self._tables.clear()
        self._disk.close()

    def _paths(self, table: TableKey) -> Paths:
        stem = stem_of(table)
        side = self._side_folder
        return Paths(
            name=f"{stem}.csv",
            table=str(self._folder / f"{stem}.csv"),
            side=str(side / f"{stem}.side"),
            temporary=str(side / f"{stem}.csv.new"),
            side_temporary=str(side / f"{stem}.side.new"),
            cut=str(side / f"{stem}.cut"),
        )

    def _changed(self, table: CsvTable) -> bool:
        """Whether somebody else changed the table or its side file since we looked."""
        status = self._disk.stat(table.paths.table)
        now = Seen() if status is None else Seen(status.st_ino, status.st_size, status.st_mtime_ns)
        if now != table.seen:
            return True
        status = self._disk.stat(table.paths.side)
        return (0 if status is None else status.st_size) != table.side_size

    def _load(self, key: TableKey, known: CsvTable | None) -> CsvTable:
        paths = self._paths(key) if known is None else known.paths
        trusted = 0 if known is None else known.side_size
        self._tables.pop(key, None)
        disk = self._disk
        disk.forget(paths.table)
        disk.forget(paths.side)
        locked = False
        try:
            if disk.stat(paths.side) is not None:
                locked = self._lock(paths)
                if not locked:
                    raise TableBusy(f"{paths.name} is in use", seconds=BUSY_SECONDS)
            token = next(self._tokens)
            table = load(disk, paths, key, token=token, guarded=self._formula_safe, trusted=trusted)
        except OSError as error:
            raise self._error(error, paths.table) from error
        finally:
            if locked:
                disk.unlock(paths.side)
        self._tables[key] = table
        return table

    def _lock(self, paths: Paths) -> bool:
        """Lock a table, as the file that stands there now."""
        disk = self._disk
        for _ in range(3):
            if not disk.lock(paths.side):
                return False
            status = disk.stat(paths.side)
            if status is not None and status.st_ino == disk.inode(paths.side):
                return True
            disk.forget(paths.side)
        return False

    @contextmanager
    def _alone(self, table: CsvTable) -> Iterator[bool]:
        """Hold the table's lock if it is free and nobody changed the table; yield whether."""
        if not self._lock(table.paths):
            yield False
            return
        try:
            yield not self._changed(table)
        finally:
            self._disk.unlock(table.paths.side)

    def _write_chunk(self, chunk: TableChanges, outcomes: dict[TableKey, WriteOutcome]) -> None:
        writes: list[Write] = []
        try:
            self._prepare_folder()
            for key, changes in chunk.items():
                outcome = self._stage(key, changes, writes)
                if outcome is not None:
                    outcomes[key] = outcome
            self._apply(writes, outcomes)
        except StoreError:
            self._undo(writes)
            raise
        self._commit(writes, outcomes)

    def _prepare_folder(self) -> None:
        if not self._ready:
            try:
                self._disk.make_folder(self._side_folder)
            except OSError as error:
                raise self._error(error, str(self._side_folder)) from error
            self._ready = True

    def _stage(self, key: TableKey, changes: Changes, writes: list[Write]) -> WriteOutcome | None:
        """Write the entry of one table, or say why not; it stays locked until the write ends."""
        table = self._tables.get(key)
        if table is None or changes.token != table.token:
            return Stale()
        if changes.empty:
            return Applied()
        try:
            write = Write.of(table, changes)
        except Unwritable as error:
            return Refused(reasons=error.reasons)
        try:
            if not self._lock(table.paths):
                return TableNotNow(seconds=BUSY_SECONDS, reason=f"{table.paths.name} is in use")
            if self._changed(table):
                self._disk.unlock(table.paths.side)
                return Stale()
            writes.append(write)
            write.stage()
        except OSError as error:
            return self._gone(write, writes, error)
        return None

    def _gone(self, write: Write, writes: list[Write], error: OSError) -> TableGone:
        """Take one table out of the write; raise if the error concerns all of them."""
        problem = self._error(error, write.table.paths.table)
        if isinstance(problem, StoreUnavailable):
            raise problem from error
        self._undo([write])
        if write in writes:
            writes.remove(write)
        return TableGone(reason=str(problem))

    def _apply(self, writes: list[Write], outcomes: dict[TableKey, WriteOutcome]) -> None:
        if any(write.structural for write in writes):
            self._sync(writes)
        for write in list(writes):
            try:
                write.apply()
            except OSError as error:
                outcomes[write.table.key] = self._gone(write, writes, error)
        if writes:
            self._sync(writes)

    def _sync(self, writes: list[Write]) -> None:
        self._sync_files(path for write in writes for path in write.files())

    def _sync_files(self, files: Iterable[str]) -> None:
        if not self._durable:
            return
        try:
            self._disk.sync((str(self._folder), str(self._side_folder)), files)
        except OSError as error:
            raise self._error(error, str(self._folder)) from error

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
            if write.commit():
                outcomes[table.key] = Applied()
                self._disk.unlock(table.paths.side)
                self._untidy.add(table.key)
                if folding.worth_folding(table):
                    worth.append(table)
            else:
                outcomes[table.key] = Stale()
                self._drop(table)
        if worth:
            self._fold(worth)

    def _fold(self, tables: list[CsvTable]) -> None:
        """Fold journals; what fails is recognised when its table is opened again."""
        with ExitStack() as locks:
            ready: dict[CsvTable, Rewriting] = {}
            try:
                for table in tables:
                    if locks.enter_context(self._alone(table)):
                        ready[table] = folding.prepare(table)
                self._sync_files(path for table in ready for path in folding.touched(table))
                for table, rewriting in ready.items():
                    folding.replace(table, rewriting)
                self._sync_files(table.paths.table for table in ready)
                for table in filter(folding.worth_compacting, ready):
                    folding.compact(table)
            except (OSError, StoreError):
                for table in tables:
                    self._drop(table)

    def _error(self, error: OSError, file: str) -> StoreError:
        return store_error(error, folder=self._folder, file=Path(file))
