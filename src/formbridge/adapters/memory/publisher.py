"""Appends to a topic in memory."""

from collections.abc import Sequence
from threading import RLock

from formbridge.adapters.memory.log import MemoryLog
from formbridge.domain.errors import Closed
from formbridge.domain.ports import Clock, Publisher
from formbridge.domain.records import Record


class MemoryPublisher(Publisher):
    """Appends to a topic in memory: durable for as long as the process lives."""

    def __init__(self, log: MemoryLog, *, clock: Clock, lock: RLock) -> None:
        """Publish to this log."""
        self._log = log
        self._clock = clock
        self._lock = lock
        self._closed = False

    def publish(self, records: Sequence[Record], /) -> None:
        """Take all of the records, or none if one is not bytes."""
        with self._lock:
            if self._closed:
                raise Closed(f"this publisher of {self._log.topic!r} is closed; open another one")
            self._log.append(records, self._clock.now())

    def close(self) -> None:
        """Take nothing more."""
        self._closed = True
