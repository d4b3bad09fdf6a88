"""Idempotency keys in a SQLite file of their own."""

from collections.abc import Iterator, Sequence

from formbridge.adapters.sqlite.database import Database, Schema
from formbridge.domain.errors import Closed
from formbridge.domain.ports import Ledger

LEDGER = Schema(
    what="ledger",
    application_id=0x46424C44,  # FBLD
    version=1,
    create=("CREATE TABLE calls (key TEXT PRIMARY KEY) WITHOUT ROWID",),
)
CHUNK = 500
"""How many keys one statement carries: below every limit that SQLite ever had for variables."""


class SqliteLedger(Ledger):
    """Remembers calls for ever; one durable transaction for each ``record``."""

    def __init__(self, database: Database) -> None:
        """Use this connection to a file of the schema ``LEDGER``; it is closed with the ledger."""
        self._database = database
        self._closed = False

    def seen(self, keys: Sequence[str], /) -> frozenset[str]:
        """Return those of the keys that were recorded."""
        self._open()
        return frozenset(str(row[0]) for chunk in _chunks(keys) for row in self._find(chunk))

    def record(self, keys: Sequence[str], /) -> None:
        """Return when the keys are on the disk; those that were there already stay."""
        self._open()
        if keys:
            with self._database.write():
                insert = "INSERT OR IGNORE INTO calls VALUES (?)"
                self._database.many(insert, [(key,) for key in keys])

    def close(self) -> None:
        """Release the connection."""
        if not self._closed:
            self._closed = True
            self._database.close()

    def _open(self) -> None:
        if self._closed:
            raise Closed("this ledger is closed; open another one")

    def _find(self, keys: Sequence[str]) -> list[tuple[int | str | bytes | None, ...]]:
        marks = ", ".join("?" * len(keys))
        return self._database.rows(f"SELECT key FROM calls WHERE key IN ({marks})", keys)  # noqa: S608 - marks only


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[at : at + CHUNK] for at in range(0, len(keys), CHUNK))
