"""Appends to a topic in the file."""

from collections.abc import Sequence
from threading import Lock

import attrs

from formbridge.adapters.sqlite.database import Database
from formbridge.adapters.sqlite.headers import encoded
from formbridge.adapters.sqlite.topics import SqliteTopic
from formbridge.domain.errors import BadInput, Closed
from formbridge.domain.ports import Clock, Publisher
from formbridge.domain.records import Record


@attrs.define(eq=False)
class Rows:
    """What goes to one partition, by column: zipped in C when it is written."""

    keys: list[bytes | None] = attrs.field(factory=list)
    values: list[bytes | None] = attrs.field(factory=list)
    headers: list[bytes | None] = attrs.field(factory=list)


class SqlitePublisher(Publisher):
    """Publishes each call as one transaction: all of it, or nothing. Shared by threads.

    Times are given under the write lock, and grow by a microsecond at least within a partition.
    """

    def __init__(self, database: Database, topic: SqliteTopic, *, clock: Clock) -> None:
        """Write with this connection, which is closed with the publisher."""
        self._database = database
        self._topic = topic
        self._clock = clock
        self._lock = Lock()
        self._without_key = 0
        self._closed = False

    def publish(self, records: Sequence[Record], /) -> None:
        """Return when the records are on the disk."""
        with self._lock:
            if self._closed:
                raise Closed(f"this publisher of {self._topic.name!r} is closed; open another one")
            if parts := self._parts(records):
                with self._database.write():
                    self._write(parts)

    def close(self) -> None:
        """Release the connection."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._database.close()

    def _parts(self, records: Sequence[Record]) -> dict[int, Rows]:
        parts: dict[int, Rows] = {}
        for record in records:
            key, value = record.key, record.value
            if type(value) is not bytes or type(key) is not bytes:
                self._check(key, value)
            partition = self._topic.place(key, self._without_key)
            rows = parts.get(partition)
            if rows is None:
                rows = parts[partition] = Rows()
            rows.keys.append(key)
            rows.values.append(value)
            rows.headers.append(encoded(record.headers))
        return parts

    def _check(self, *contents: object) -> None:
        """Refuse what is not bytes, and count what has no key."""
        for content in contents:
            if not isinstance(content, bytes | None):
                kind = type(content).__name__
                raise BadInput(f"key and value of a record are bytes or None, not {kind}")
        self._without_key += contents[0] is None

    def _write(self, parts: dict[int, Rows]) -> None:
        now = self._clock.now()
        for partition, rows in parts.items():
            count = len(rows.keys)
            start, last = self._end(partition)
            time = max(now, last + 1)
            times, offsets = range(time, time + count), range(start, start + count)
            self._database.many(
                self._topic.insert(partition),
                zip(offsets, times, rows.keys, rows.values, rows.headers, strict=True),
            )
            self._database.rows(
                "UPDATE ends SET next = ?, time = ? WHERE topic = ? AND partition = ?",
                (start + count, time + count - 1, self._topic.id, partition),
            )

    def _end(self, partition: int) -> tuple[int, int]:
        rows = self._database.rows(
            "SELECT next, time FROM ends WHERE topic = ? AND partition = ?",
            (self._topic.id, partition),
        )
        start, last = rows[0]
        return int(start or 0), int(last or 0)
