"""Reads a topic in memory outside of any group."""

from collections.abc import Iterator
from threading import RLock

from formbridge.adapters.memory.log import MemoryLog
from formbridge.domain.errors import Closed
from formbridge.domain.ports import Reader
from formbridge.domain.records import Delivery


class MemoryReader(Reader):
    """Reads a topic in memory from its beginning."""

    def __init__(self, log: MemoryLog, *, lock: RLock) -> None:
        """Read this log."""
        self._log = log
        self._lock = lock
        self._closed = False

    def read(self) -> Iterator[Delivery]:
        """Yield what is there now."""
        if self._closed:
            raise Closed(f"this reader of {self._log.topic!r} is closed; open another one")
        with self._lock:
            ends = [self._log.end(partition) for partition in range(len(self._log.partitions))]
        for partition, end in enumerate(ends):
            yield from self._log.read(partition, 0, end)

    def close(self) -> None:
        """Read nothing more."""
        self._closed = True
