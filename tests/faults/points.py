"""Named points at which a process of the drill kills itself; all else in its adapters is real.

``Fate`` says at which point, and at how many-th time that it is met while the process works.
"""

import os
import signal
import sqlite3
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import attrs

from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.tables import CsvTables
from formbridge.adapters.sqlite.database import Value
from formbridge.domain.identity import TableKey
from formbridge.domain.tables import TableChanges, WriteOutcome


class Point(StrEnum):
    """Where a process may die. The last three are a publisher's, the others a bridge's."""

    ENTRY = "write: half of an entry"
    NEW_TABLE = "write: half of a new table"
    ROWS = "write: half of the rows of a table"
    TABLES = "write: between two tables"
    SYNC = "before the sync"
    COMMIT = "before the commit"
    OFFSETS = "between the offsets and their COMMIT"
    FOLD_HALF = "fold: half of the new file"
    FOLD_BEFORE = "fold: before the replacement"
    FOLD_AFTER = "fold: after the replacement"
    HEADER_HALF = "header: half of the new file"
    HEADER_BEFORE = "header: before the replacement"
    HEADER_AFTER = "header: after the replacement"
    SIDE_HALF = "side file: half of the new file"
    SIDE_BEFORE = "side file: before the replacement"
    SIDE_AFTER = "side file: after the replacement"
    INSERTS = "publish: between two partitions"
    PUBLISH = "publish: before the COMMIT"
    TOLD = "publish: after the COMMIT, before it is told"


PUBLISHING = (Point.INSERTS, Point.PUBLISH, Point.TOLD)
BRIDGING = tuple(point for point in Point if point not in PUBLISHING)
MENDING = "mending what the last kill left"
"""Met at each change of a file before the first record is read: such a process is only starting."""


@attrs.define(eq=False)
class Fate:
    """Dies when ``point`` is met for the ``nth`` time; never if it has no name."""

    point: str
    nth: int
    working: bool = False

    def is_due(self, point: str) -> bool:
        """Count the point; return whether this is the moment."""
        if point != self.point or self.working is (point == MENDING):
            return False
        self.nth -= 1
        return self.nth == 0

    def meet(self, point: str) -> None:
        """Die if this is the moment."""
        if self.is_due(point):
            self.die()

    def die(self) -> None:
        """Say so, and be killed as by ``kill -9``."""
        print("dies", self.point, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


@attrs.define(eq=False)
class DyingDisk(Disk):
    """``growing`` are the names of tables whose headers are being rewritten, not only folded."""

    fate: Fate = attrs.field(kw_only=True)
    growing: frozenset[str] = attrs.field(init=False, default=frozenset())
    _appended: int = attrs.field(init=False, default=0)

    def append(self, path: str, data: bytes) -> None:
        """Die in the middle of it, or between two tables."""
        self.fate.meet(MENDING)
        point = Point.ENTRY
        if not path.endswith(".side"):
            if self._appended:
                self.fate.meet(Point.TABLES)
            self._appended += 1
            status = self.stat(path)
            point = Point.ROWS if status is not None and status.st_size else Point.NEW_TABLE
        if self.fate.is_due(point):
            super().append(path, data[: len(data) // 2])
            self.fate.die()
        super().append(path, data)

    def truncate(self, path: str, size: int) -> None:
        """Die before it."""
        self.fate.meet(MENDING)
        super().truncate(path, size)

    def write_beside(self, path: str, chunks: Iterable[bytes]) -> os.stat_result:
        """Die in the middle of it."""
        self.fate.meet(MENDING)
        if self.fate.is_due(f"{self._purpose(path)}: half of the new file"):
            data = b"".join(chunks)
            Path(path).write_bytes(data[: len(data) // 2])
            self.fate.die()
        return super().write_beside(path, chunks)

    def replace(self, path: str, by: str) -> None:
        """Die before it or after it."""
        self.fate.meet(MENDING)
        self.fate.meet(f"{self._purpose(path)}: before the replacement")
        super().replace(path, by)
        self.fate.meet(f"{self._purpose(path)}: after the replacement")

    def sync(self, folders: Iterable[str], files: Iterable[str]) -> None:
        """Die before it, if rows wait for it."""
        self.fate.meet(MENDING)
        if self._appended:
            self.fate.meet(Point.SYNC)
        super().sync(folders, files)
        self._appended = 0

    def _purpose(self, path: str) -> str:
        name = Path(path).name
        if name.endswith((".side", ".side.new")):
            return "side file"
        return "header" if name.partition(".")[0] in self.growing else "fold"


class DyingTables(CsvTables):
    """Tells its disk which headers a write changes."""

    def __init__(self, folder: Path, *, disk: DyingDisk) -> None:
        super().__init__(folder, disk=disk)
        self._dying = disk

    def write(self, changes: TableChanges, /) -> dict[TableKey, WriteOutcome]:
        """Write as ever."""
        growing = (key.form_id for key, change in changes.items() if change.new_columns)
        self._dying.growing = frozenset(growing)
        try:
            return dict(super().write(changes))
        finally:
            self._dying.growing = frozenset()


class DyingConnection(sqlite3.Connection):
    """Dies around the COMMIT of what was inserted. ``fate`` is that of the process."""

    fate: ClassVar[Fate]
    inserted: Sequence[str] = ()

    def execute(self, statement: str, *values: Sequence[Value]) -> sqlite3.Cursor:  # type: ignore[override]  # as the adapter calls it
        """Die before a COMMIT or after it."""
        inserted = self.inserted
        if statement == "COMMIT" and inserted:
            self.fate.meet(Point.OFFSETS if _of_offsets(inserted[0]) else Point.PUBLISH)
        result = super().execute(statement, *values)
        if statement in {"COMMIT", "ROLLBACK"}:
            self.inserted = ()
            if inserted and not _of_offsets(inserted[0]):
                self.fate.meet(Point.TOLD)
        return result

    def executemany(self, statement: str, values: Iterable[Sequence[Value]]) -> sqlite3.Cursor:  # type: ignore[override]  # as the adapter calls it
        """Die between two inserts, or before the offsets."""
        if _of_offsets(statement):
            self.fate.meet(Point.COMMIT)
        elif self.inserted:
            self.fate.meet(Point.INSERTS)
        self.inserted = (*self.inserted, statement)
        return super().executemany(statement, values)


def _of_offsets(statement: str) -> bool:
    return statement.startswith("INSERT INTO commits")
