"""What the log stores, and what comes out of it with its place."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import attrs

Headers = tuple[tuple[str, bytes], ...]
Offsets = Mapping[int, int]
"""By partition, the *next* offset to read: one more than the last record that is resolved."""

LOGGED_AT = "formbridge-logged-at"
"""The header that keeps the time at which a log first took a record, through every later log."""

MOST_DIGITS = 18  # what 63 bits hold, whatever they are


@attrs.frozen(kw_only=True)
class Record:
    """What is published: bytes in, the same bytes out. The key decides the partition."""

    key: bytes | None
    value: bytes | None = attrs.field(repr=False)
    headers: Headers = attrs.field(default=(), repr=False)


class Delivery(NamedTuple):
    """A record as a poll returned it, with its place in the log.

    ``time`` is when this log took it, in microseconds since 1970. Within a partition, times never
    go back.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    time: int

    @property
    def record(self) -> Record:
        """What was published."""
        return Record(key=self.key, value=self.value, headers=self.headers)

    @property
    def place(self) -> str:
        """Topic, partition and offset, as a dead letter's id: ``responses/3/17``."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def first_logged_at(self) -> int:
        """When a log first took this record: its own time, unless it was restored."""
        if self.headers:
            for name, value in self.headers:
                if name == LOGGED_AT and value.isdigit() and len(value) <= MOST_DIGITS:
                    return int(value)
        return self.time

    def __repr__(self) -> str:
        """Name the place and the size; the payload is personal."""
        return f"Delivery({self.place}, {len(self.value or b'')} bytes)"


@attrs.frozen(kw_only=True)
class Batch:
    """What one poll returned: deliveries in order per partition.

    ``lost`` are partitions that were taken away since the last poll: whatever was read of them and
    is not committed must be dropped, because another member reads it again.
    """

    deliveries: Sequence[Delivery] = ()
    lost: frozenset[int] = frozenset()


@attrs.frozen(kw_only=True)
class Span:
    """How far a consumer is in one partition: the next offset it reads, and the log's end now."""

    position: int
    end: int

    @property
    def lag(self) -> int:
        """How many records are still to be read."""
        return max(0, self.end - self.position)
