"""What a log looks like inside: a table for each partition of each topic, and where it ends."""

from collections.abc import Mapping
from zlib import crc32

import attrs

from formbridge.adapters.sqlite.database import Database, Schema, Value

TABLES = """
CREATE TABLE topics (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL
);
CREATE TABLE ends (
    topic INTEGER, partition INTEGER, next INTEGER NOT NULL, time INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
CREATE TABLE commits (
    topic INTEGER, reader TEXT, partition INTEGER, next INTEGER NOT NULL,
    PRIMARY KEY (topic, reader, partition)
) WITHOUT ROWID;
-- AUTOINCREMENT: the name of a member that is gone never comes back.
CREATE TABLE members (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic INTEGER NOT NULL, reader TEXT NOT NULL,
    expires INTEGER NOT NULL, process TEXT NOT NULL
);
CREATE TABLE owners (
    topic INTEGER, reader TEXT, partition INTEGER, member INTEGER NOT NULL,
    PRIMARY KEY (topic, reader, partition)
) WITHOUT ROWID
"""

LOG = Schema(
    what="log",
    application_id=0x46424C47,  # FBLG
    version=1,
    create=TABLES.split(";"),
)


@attrs.frozen(kw_only=True)
class SqliteTopic:
    """A topic in the file, with the statements that read and write its partitions."""

    id: int
    name: str
    partitions: range

    def table(self, partition: int) -> str:
        """Return the name of the partition's table: made of two numbers, so safe inside SQL."""
        return f"log_{self.id}_{partition}"

    def insert(self, partition: int) -> str:
        """Take offset, time, key, value and headers."""
        return f"INSERT INTO {self.table(partition)} VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - own name

    def select(self, partition: int) -> str:
        """Take the first offset, the offset behind the last, and how many rows at most."""
        return (
            f"SELECT offset, key, value, headers, time FROM {self.table(partition)}"  # noqa: S608 - own name
            " WHERE offset >= ? AND offset < ? ORDER BY offset LIMIT ?"
        )

    def place(self, key: bytes | None, turn: int) -> int:
        """Return the partition of a key, the same for ever; without a key they take turns."""
        return (turn if key is None else crc32(key)) % len(self.partitions)

    def ends(self, database: Database) -> dict[int, int]:
        """Return the next offset of every partition."""
        return numbers(
            database.rows("SELECT partition, next FROM ends WHERE topic = ?", (self.id,))
        )

    def beginning(self, database: Database, partition: int) -> int:
        """Return the first offset that is there, or the next one if none is."""
        return database.integer(
            f"SELECT coalesce((SELECT min(offset) FROM {self.table(partition)}), next)"  # noqa: S608 - own name
            " FROM ends WHERE topic = ? AND partition = ?",
            (self.id, partition),
        )


def numbers(rows: list[tuple[Value, ...]]) -> dict[int, int]:
    """Return rows of two integers as a mapping."""
    return {a: b for a, b in rows if isinstance(a, int) and isinstance(b, int)}


def open_topic(database: Database, name: str, *, partitions: int) -> SqliteTopic:
    """Return the topic; make it with that many partitions if it is not there yet."""
    found = find_topic(database, name)
    if found is None:
        with database.write():
            found = find_topic(database, name) or _make(database, name, partitions)
    return found


def find_topic(database: Database, name: str) -> SqliteTopic | None:
    """Return the topic, None if the file has none of that name."""
    rows = database.rows("SELECT id, partitions FROM topics WHERE name = ?", (name,))
    found: Mapping[int, int] = numbers(rows)
    for number, partitions in found.items():
        return SqliteTopic(id=number, name=name, partitions=range(partitions))
    return None


def _make(database: Database, name: str, partitions: int) -> SqliteTopic:
    insert = "INSERT INTO topics (name, partitions) VALUES (?, ?) RETURNING id"
    number = database.integer(insert, (name, partitions))
    topic = SqliteTopic(id=number, name=name, partitions=range(partitions))
    for partition in topic.partitions:
        database.rows(
            f"CREATE TABLE {topic.table(partition)}"
            " (offset INTEGER PRIMARY KEY, time INTEGER NOT NULL, key BLOB, value BLOB,"
            " headers BLOB)"
        )
        database.rows("INSERT INTO ends VALUES (?, ?, 0, 0)", (number, partition))
    return topic
