"""A member of a group that reads a topic in memory."""

from collections.abc import Mapping
from math import ceil
from threading import RLock

from formbridge.adapters.memory.log import MemoryLog
from formbridge.adapters.memory.membership import MemoryGroup
from formbridge.domain.errors import AssignmentLost, Closed
from formbridge.domain.ports import Clock, Consumer
from formbridge.domain.records import Batch, Delivery, Offsets, Span

PAUSE = 0.005
"""How long a poll waits before it looks again, in seconds."""


class MemoryConsumer(Consumer):
    """Reads its share of the partitions; made by ``MemoryBroker.consumer``."""

    def __init__(
        self,
        name: str,
        *,
        log: MemoryLog,
        state: MemoryGroup,
        clock: Clock,
        lock: RLock,
    ) -> None:
        """Join nothing yet: the first poll or hold does."""
        self._name = name
        self._log = log
        self._state = state
        self._clock = clock
        self._lock = lock
        self._positions: dict[int, int] = {}
        self._turn = 0
        self._closed = False

    @property
    def topic(self) -> str:
        """The topic that is read."""
        return self._log.topic

    @property
    def group(self) -> str:
        """The group whose member this is."""
        return self._state.name

    def poll(self, limit: int, /, *, timeout: float) -> Batch:
        """Return what is there; look again and again until ``timeout`` if nothing is."""
        until = self._clock.monotonic() + timeout
        lost: frozenset[int] = frozenset()
        while True:
            with self._lock:
                lost |= self._tend(release=True)
                deliveries = self._take(limit)
            left = until - self._clock.monotonic()
            if deliveries or left <= 0:
                return Batch(deliveries=deliveries, lost=lost)
            self._clock.sleep(min(PAUSE, left))

    def commit(self, offsets: Offsets, /) -> None:
        """Store the offsets of the partitions that this member has."""
        with self._lock:
            self._open()
            held = self._state.held(self._name)
            for partition in held.intersection(offsets):
                before = self._state.commits.get(partition, 0)
                self._state.commits[partition] = max(before, offsets[partition])
            if lost := frozenset(offsets) - held:
                self._drop(lost)
                raise AssignmentLost(lost)

    def hold(self, seconds: float, /) -> frozenset[int]:
        """Stay a member; with 0 nothing is given up, as a write may be under way."""
        until = self._clock.monotonic() + seconds
        lost: frozenset[int] = frozenset()
        while True:
            with self._lock:
                lost |= self._tend(release=seconds > 0)
            left = until - self._clock.monotonic()
            if left <= 0:
                return lost
            self._clock.sleep(min(self._state.max_poll_interval / 3, left))

    def spans(self) -> Mapping[int, Span]:
        """Return where each partition stands: here if it is read here, else in the group."""
        with self._lock:
            self._open()
            places = {**self._state.commits, **self._positions}
            return {
                partition: Span(position=places.get(partition, 0), end=self._log.end(partition))
                for partition in self._state.partitions
            }

    def close(self) -> None:
        """Leave the group."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._state.leave(self._name)

    def _open(self) -> None:
        if self._closed:
            raise Closed(f"this consumer of {self.topic!r} is closed; open another one")

    def _tend(self, *, release: bool) -> frozenset[int]:
        """Live, let go of what others should have, take what is free; return what was lost."""
        self._open()
        self._state.beat(self._name, self._clock.monotonic())
        if release:
            surplus = self._state.held(self._name) - self._state.wanted(self._name)
            self._state.release(self._name, surplus)
        lost = frozenset(self._positions) - self._state.held(self._name)
        self._drop(lost)
        for partition in self._state.claim(self._name):
            self._positions[partition] = self._state.commits.get(partition, 0)
        return lost

    def _drop(self, partitions: frozenset[int]) -> None:
        for partition in partitions:
            self._positions.pop(partition, None)

    def _take(self, limit: int) -> list[Delivery]:
        """Share the limit out between the partitions, another one first each time."""
        taken: list[Delivery] = []
        ready = [p for p in sorted(self._positions) if self._positions[p] < self._log.end(p)]
        self._turn += 1
        for done, index in enumerate(range(self._turn, self._turn + len(ready))):
            share = ceil((limit - len(taken)) / (len(ready) - done))
            taken += self._read(ready[index % len(ready)], share)
        return taken

    def _read(self, partition: int, limit: int) -> list[Delivery]:
        start = self._positions[partition]
        deliveries = list(self._log.read(partition, start, start + limit))
        self._positions[partition] = start + len(deliveries)
        return deliveries
