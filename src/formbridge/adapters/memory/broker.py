"""A log in memory: what a cluster does, in one process and for as long as it lives."""

from functools import partial
from itertools import count
from threading import RLock

from formbridge.adapters.memory.consumer import MemoryConsumer
from formbridge.adapters.memory.groups import MemoryGroups
from formbridge.adapters.memory.log import MemoryLog
from formbridge.adapters.memory.membership import MemoryGroup
from formbridge.adapters.memory.publisher import MemoryPublisher
from formbridge.adapters.memory.reader import MemoryReader
from formbridge.domain.ports import Clock

TOPIC = "responses"


class MemoryBroker:
    """Topics with ``partitions`` each, made when they are first named. Shared by threads.

    A member that neither polls nor holds for ``max_poll_interval`` seconds is evicted by the next
    one that does.
    """

    def __init__(
        self, *, clock: Clock, partitions: int = 4, max_poll_interval: float = 60.0
    ) -> None:
        """Begin with no topic."""
        self._clock = clock
        self._partitions = partitions
        self._max_poll_interval = max_poll_interval
        self._lock = RLock()
        self._logs: dict[str, MemoryLog] = {}
        self._states: dict[tuple[str, str], MemoryGroup] = {}
        self._members = count(1)

    def exists(self, *, topic: str = TOPIC) -> bool:
        """Whether the topic was named before."""
        with self._lock:
            return topic in self._logs

    def publisher(self, *, topic: str = TOPIC) -> MemoryPublisher:
        """Return a publisher of the topic."""
        return MemoryPublisher(self._log(topic), clock=self._clock, lock=self._lock)

    def consumer(self, *, group: str, topic: str = TOPIC) -> MemoryConsumer:
        """Return a new member of the group; it joins at its first poll."""
        return MemoryConsumer(
            f"member-{next(self._members):06}",
            log=self._log(topic),
            state=self._state(topic, group),
            clock=self._clock,
            lock=self._lock,
        )

    def reader(self, *, topic: str = TOPIC) -> MemoryReader:
        """Return a reader of the topic, outside of any group."""
        return MemoryReader(self._log(topic), lock=self._lock)

    def groups(self, *, topic: str = TOPIC) -> MemoryGroups:
        """Return the places of this topic's groups."""
        state = partial(self._state, topic)
        return MemoryGroups(self._log(topic), state=state, clock=self._clock, lock=self._lock)

    def committed(self, *, group: str, topic: str = TOPIC) -> dict[int, int]:
        """Return what the group has committed: a back door for tests."""
        with self._lock:
            return dict(self._state(topic, group).commits)

    def _log(self, topic: str) -> MemoryLog:
        with self._lock:
            if topic not in self._logs:
                self._logs[topic] = MemoryLog.empty(topic, partitions=self._partitions)
            return self._logs[topic]

    def _state(self, topic: str, group: str) -> MemoryGroup:
        with self._lock:
            if (topic, group) not in self._states:
                self._states[topic, group] = MemoryGroup(
                    name=group,
                    partitions=range(len(self._log(topic).partitions)),
                    max_poll_interval=self._max_poll_interval,
                )
            return self._states[topic, group]
