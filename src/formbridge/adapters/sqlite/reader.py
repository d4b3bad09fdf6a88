"""Reads a topic in the file outside of any group."""

from collections.abc import Iterator

from formbridge.adapters.sqlite.database import Database
from formbridge.adapters.sqlite.headers import decoded
from formbridge.adapters.sqlite.topics import SqliteTopic
from formbridge.domain.errors import Closed
from formbridge.domain.ports import Reader
from formbridge.domain.records import Delivery

CHUNK = 500
"""How many rows a reader holds at once."""


MOST_BYTES = 1 << 25
"""How many bytes of values are fetched at once: a few large records must not fill the memory."""

_new = tuple.__new__  # half the cost of a named tuple's own


def fetch(
    database: Database, topic: SqliteTopic, partition: int, span: tuple[int, int, int]
) -> list[Delivery]:
    """Return the deliveries from the first of ``span`` to before the second, at most the third.

    At least one is returned if there is any, and no more once they have ``MOST_BYTES``.
    """
    name, size = topic.name, 0
    deliveries: list[Delivery] = []
    for offset, key, value, headers, time in database.each(topic.select(partition), span):
        fields = (name, partition, offset, key, value, decoded(headers), time)
        deliveries.append(_new(Delivery, fields))
        size += len(value) if value else 0
        if size >= MOST_BYTES:
            break
    return deliveries


class SqliteReader(Reader):
    """Reads in chunks, with no lock held in between, so that a slow reader stops nobody."""

    def __init__(self, database: Database, topic: SqliteTopic) -> None:
        """Read with this connection, which is closed with the reader."""
        self._database = database
        self._topic = topic
        self._closed = False

    def read(self) -> Iterator[Delivery]:
        """Yield what is there now."""
        self._open()
        for partition, end in sorted(self._topic.ends(self._database).items()):
            yield from self._partition(partition, end)

    def close(self) -> None:
        """Release the connection."""
        if not self._closed:
            self._closed = True
            self._database.close()

    def _partition(self, partition: int, end: int) -> Iterator[Delivery]:
        start = 0
        while start < end:
            self._open()
            chunk = fetch(self._database, self._topic, partition, (start, end, CHUNK))
            yield from chunk
            start = chunk[-1].offset + 1 if chunk else end

    def _open(self) -> None:
        if self._closed:
            raise Closed(f"this reader of {self._topic.name!r} is closed; open another one")
