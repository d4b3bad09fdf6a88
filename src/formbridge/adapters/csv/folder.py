"""The folder behind the store: where its files are, who may write them, when they are durable."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time

import attrs

from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.errors import BUSY_SECONDS, store_error
from formbridge.adapters.csv.names import stem_of
from formbridge.adapters.csv.side import SideReader, is_folded
from formbridge.adapters.csv.table import CsvTable, Paths
from formbridge.domain.errors import NewerVersion, StoreBroken, StoreError
from formbridge.domain.identity import TableKey
from formbridge.domain.tables import Stale, TableNotNow

SIDE_FOLDER = ".formbridge"
AHEAD = 4 << 20  # bytes
_LONGEST_SEAL = 128  # bytes


@attrs.define(eq=False)
class Folder:
    """Tables stand in ``path``, their side files in a hidden folder there, on the same disk."""

    path: Path
    disk: Disk
    durable: bool
    _ready: bool = attrs.field(init=False, default=False)

    @property
    def sides(self) -> Path:
        """Where the side files are."""
        return self.path / SIDE_FOLDER

    def paths(self, table: TableKey) -> Paths:
        """Return where a table's files are."""
        stem = stem_of(table)
        side = self.sides
        return Paths(
            name=f"{stem}.csv",
            table=str(self.path / f"{stem}.csv"),
            side=str(side / f"{stem}.side"),
            temporary=str(side / f"{stem}.csv.new"),
            side_temporary=str(side / f"{stem}.side.new"),
            cut=str(side / f"{stem}.cut"),
        )

    def changed(self, table: CsvTable) -> bool:
        """Whether somebody else changed the table or its side file since we looked."""
        if table.look() != table.seen:
            return True
        status = self.disk.stat(table.paths.side)
        return (0 if status is None else status.st_size) != table.side_size

    def lock(self, paths: Paths) -> bool:
        """Lock a table, as the file that stands there now."""
        return self._lock(paths) is not None

    def _lock(self, paths: Paths) -> os.stat_result | None:
        """Lock a table; return what its side file is then, or None if somebody else has it."""
        disk = self.disk
        for _ in range(3):
            if not disk.lock(paths.side):
                return None
            status = disk.stat(paths.side)
            if status is not None and status.st_ino == disk.inode(paths.side):
                return status
            disk.forget(paths.side)
        return None

    def claim(self, table: CsvTable) -> Stale | TableNotNow | None:
        """Lock a table that is still as we know it, or say why not."""
        side = self._lock(table.paths)
        if side is None:
            return TableNotNow(seconds=BUSY_SECONDS, reason=f"{table.paths.name} is in use")
        if side.st_size != table.side_size or table.look() != table.seen:
            self.disk.unlock(table.paths.side)
            return Stale()
        return None

    @contextmanager
    def alone(self, table: CsvTable) -> Iterator[bool]:
        """Hold the table's lock if it is free and nobody changed the table; yield whether."""
        if not self.lock(table.paths):
            yield False
            return
        try:
            yield not self.changed(table)
        finally:
            self.disk.unlock(table.paths.side)

    def prepare(self) -> None:
        """Create the folders, once."""
        if not self._ready:
            try:
                self.disk.make_folder(self.sides)
            except OSError as error:
                raise self.error(error, str(self.sides)) from error
            self._ready = True

    def sync(self, files: Iterable[str]) -> None:
        """Return when these files survive a power cut; at once unless ``durable``."""
        if not self.durable:
            return
        try:
            self.disk.sync((str(self.path), str(self.sides)), files)
        except OSError as error:
            raise self.error(error, str(self.path)) from error

    def sync_ahead(self) -> None:
        """Let the disk begin with what was written, if it is much: then ``sync`` waits for less."""
        if self.durable and self.disk.unsynced >= AHEAD:
            self.disk.begin_sync(str(self.path))

    def error(self, error: OSError, file: str) -> StoreError:
        """Return our error for one of the system's."""
        return store_error(error, folder=self.path, file=Path(file))

    def known(self) -> Iterator[TableKey]:
        """Yield the tables that have a side file, broken ones left out."""
        try:
            sides = sorted(self.sides.glob("*.side"))
        except OSError:
            return
        yield from (table for side in sides if (table := _table_of(side)) is not None)

    def left(self, table: TableKey, *, quiet: float) -> bool:
        """Whether a journal waits for its table that nobody touched for ``quiet`` seconds."""
        with open(self.paths(table).side, "rb") as file:  # noqa: PTH123 - a text path
            status = os.fstat(file.fileno())
            if quiet and time() - status.st_mtime < quiet:
                return False
            file.seek(max(status.st_size - _LONGEST_SEAL, 0))
            return not is_folded(file.read())


def _table_of(side: Path) -> TableKey | None:
    try:
        with side.open("rb") as file:
            heading = SideReader(file, str(side)).heading()
    except (OSError, StoreBroken, NewerVersion):
        return None
    return None if heading is None else heading.table
