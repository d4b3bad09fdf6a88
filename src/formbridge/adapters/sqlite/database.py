"""One SQLite file in WAL mode: opened, checked, migrated, written in transactions."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from formbridge.adapters.sqlite.errors import mapped, translated
from formbridge.domain.errors import BadAddress, BrokerBroken, BrokerUnavailable, NewerVersion
from formbridge.domain.ports import Clock

PAGE = 8192  # bytes: holds several responses, where SQLite's 4096 holds three
RETRY = 0.02  # seconds between two attempts to open what another process is just making

Value = int | str | bytes | None


@attrs.frozen(kw_only=True)
class Schema:
    """What a file holds: its mark in the header, its version, and how to come from older ones.

    ``migrations`` has for each older version the statements that lead to the next.
    """

    what: str
    application_id: int
    version: int
    create: Sequence[str]
    migrations: Mapping[int, Sequence[str]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class File:
    """Where a database is and what it should be; ``busy_timeout`` in seconds."""

    path: Path
    schema: Schema
    clock: Clock
    busy_timeout: float = 10.0

    def open(self, *, durable: bool = True) -> "Database":
        """Connect; make the file if there is none, migrate it if it is older.

        ``durable`` commits are on the disk when they return (synchronous=FULL). The others are
        consistent, but the last of them may be missing after a loss of power.
        """
        if not self.path.parent.is_dir():
            raise BadAddress(f"there is no folder {self.path.parent}; make it, or name another one")
        with mapped(self.path):
            database = Database(path=self.path, connection=self._connect())
            try:
                self._patiently(lambda: _prepare(database, self.schema))
                database.rows(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            except BaseException:
                database.close()
                raise
        return database

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path, timeout=self.busy_timeout, isolation_level=None, check_same_thread=False
        )

    def _patiently(self, action: Callable[[], None]) -> None:
        """Try again while others switch the same file to WAL, where SQLite itself does not wait."""
        give_up = self.clock.monotonic() + self.busy_timeout
        while True:
            try:
                return action()
            except BrokerUnavailable:
                if self.clock.monotonic() >= give_up:
                    raise
                self.clock.sleep(RETRY)


@attrs.define(eq=False, kw_only=True)
class Database:
    """One connection. No error of sqlite3 leaves it."""

    path: Path
    connection: sqlite3.Connection = attrs.field(repr=False)

    def each(self, statement: str, values: Sequence[Value] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield what a statement returns, row by row: who stops early has read no more."""
        with mapped(self.path):
            yield from self.connection.execute(statement, values)

    def rows(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[Value, ...]]:
        """Execute one statement and return all its rows."""
        try:
            return self.connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    def integer(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Return the one number that the statement gives; no row or NULL counts as 0."""
        rows = self.rows(statement, values)
        number = rows[0][0] if rows else 0
        return number if isinstance(number, int) else 0

    def many(self, statement: str, values: Iterable[Sequence[Value]]) -> None:
        """Execute one statement for each of the values, inside a transaction."""
        self.connection.executemany(statement, values)

    @contextmanager
    def write(self) -> Iterator[None]:
        """Hold the write lock, and commit at the end, or undo everything."""
        with mapped(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # a full disk may have undone it already
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See one state of the file in several reads."""
        with mapped(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("COMMIT")

    def close(self) -> None:
        """Disconnect; the last one to do so folds the WAL into the file."""
        with mapped(self.path):
            self.connection.close()


def _prepare(database: Database, schema: Schema) -> None:
    with database.snapshot():  # or mark and tables are read before and after another makes them
        version = _version(database, schema)
    if version != schema.version:
        if database.integer("PRAGMA page_count") == 0:
            database.rows(f"PRAGMA page_size={PAGE}")
        _use_wal(database)
        with database.write():
            _migrate(database, schema, _version(database, schema))
    else:
        _use_wal(database)


def _use_wal(database: Database) -> None:
    if database.rows("PRAGMA journal_mode=WAL") != [("wal",)]:
        raise BrokerBroken(f"{database.path} cannot be switched to WAL; put it on a local disk")


def _version(database: Database, schema: Schema) -> int:
    """Return the version of the file, 0 for a new one; refuse a foreign or a newer one."""
    mark = database.integer("PRAGMA application_id")
    version = database.integer("PRAGMA user_version")
    if mark == 0 and version == 0 and not database.rows("SELECT 1 FROM sqlite_schema LIMIT 1"):
        return 0
    if mark != schema.application_id:
        raise BrokerBroken(f"{database.path} is a database, but no FormBridge {schema.what}")
    if version > schema.version:
        raise NewerVersion(
            f"{database.path} is a {schema.what} of version {version}, and this FormBridge knows"
            f" {schema.version}; upgrade FormBridge"
        )
    return version


def _migrate(database: Database, schema: Schema, version: int) -> None:
    older = range(version, schema.version)  # empty: another process did it while this one waited
    steps = [schema.migrations[each] for each in older] if version else [schema.create]
    for statement in [each for step in steps for each in step]:
        database.rows(statement)
    database.rows(f"PRAGMA application_id={schema.application_id}")
    database.rows(f"PRAGMA user_version={schema.version}")
