"""Topics in memory: partitions that only grow."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

import attrs

from formbridge.domain.errors import BadInput
from formbridge.domain.records import Delivery, Record


class Stored(NamedTuple):
    """A record as it went over the wire: bytes only."""

    time: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[bytes, bytes], ...]


@attrs.define(eq=False, kw_only=True)
class MemoryLog:
    """One topic. Not locked by itself: the broker's lock covers every call."""

    topic: str
    partitions: list[list[Stored]]
    _without_key: int = 0

    @classmethod
    def empty(cls, topic: str, *, partitions: int) -> "MemoryLog":
        """Return a log without records."""
        return cls(topic=topic, partitions=[[] for _ in range(partitions)])

    def append(self, records: Iterable[Record], now: int) -> None:
        """Take all of the records or, when one of them is not bytes, none."""
        for record in [encoded(record, now) for record in records]:
            self._append(record)

    def _append(self, record: Stored) -> None:
        partition = self.partitions[self._partition(record.key)]
        last = partition[-1].time if partition else 0
        partition.append(record._replace(time=max(record.time, last + 1)))

    def _partition(self, key: bytes | None) -> int:
        if key is None:
            self._without_key += 1
            return self._without_key % len(self.partitions)
        return crc32(key) % len(self.partitions)

    def end(self, partition: int) -> int:
        """Return the offset that the next record will have."""
        return len(self.partitions[partition])

    def read(self, partition: int, start: int, end: int) -> Iterator[Delivery]:
        """Yield the records from ``start`` up to ``end``, as new objects."""
        for offset in range(start, min(end, self.end(partition))):
            yield self._decoded(partition, offset)

    def offset_at(self, partition: int, time: int) -> int:
        """Return the first offset whose record came at ``time`` or later."""
        records = self.partitions[partition]
        return next((at for at, it in enumerate(records) if it.time >= time), len(records))

    def _decoded(self, partition: int, offset: int) -> Delivery:
        time, key, value, headers = self.partitions[partition][offset]
        return Delivery(
            topic=self.topic,
            partition=partition,
            offset=offset,
            key=key,
            value=value,
            headers=tuple([(name.decode("utf-8"), content) for name, content in headers]),
            time=time,
        )


def encoded(record: Record, now: int) -> Stored:
    """Return the record as bytes, sharing nothing that could still change.

    Raises ``BadInput`` for what no wire could carry.
    """
    headers = [(_name(name), _bytes("a header", value)) for name, value in record.headers]
    return Stored(now, _maybe("a key", record.key), _maybe("a value", record.value), tuple(headers))


def _name(name: str) -> bytes:
    try:
        return name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInput(f"a header's name is not text: {name!r}") from error


def _maybe(what: str, content: bytes | None) -> bytes | None:
    return None if content is None else _bytes(what, content)


def _bytes(what: str, content: object) -> bytes:
    if not isinstance(content, bytes):
        raise BadInput(f"{what} of a record is bytes, not {type(content).__name__}")
    return content
