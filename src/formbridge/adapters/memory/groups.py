"""The places of groups in a topic in memory."""

from collections.abc import Callable
from threading import RLock

from formbridge.adapters.memory.log import MemoryLog
from formbridge.adapters.memory.membership import MemoryGroup
from formbridge.domain.errors import BadInput
from formbridge.domain.ports import Clock, Groups
from formbridge.domain.records import Offsets


class MemoryGroups(Groups):
    """Where the groups of a topic stand."""

    def __init__(
        self, log: MemoryLog, *, state: Callable[[str], MemoryGroup], clock: Clock, lock: RLock
    ) -> None:
        """Change the commits of this topic's groups, which ``state`` finds by their names."""
        self._log = log
        self._state = state
        self._clock = clock
        self._lock = lock

    def reset(self, group: str, /, *, to: str | int) -> Offsets:
        """Set the commits of a group that has no members."""
        with self._lock:
            state = self._state(group)
            state.evict(self._clock.monotonic())
            if not state.empty:
                raise BadInput(f"group {group!r} has members; stop them before it is reset")
            state.commits = {
                partition: self._offset(partition, to) for partition in state.partitions
            }
            return dict(state.commits)

    def _offset(self, partition: int, to: str | int) -> int:
        if to == "beginning":
            return 0
        if to == "end":
            return self._log.end(partition)
        if isinstance(to, int):
            return self._log.offset_at(partition, to)
        raise BadInput(f"a group is reset to 'beginning', 'end' or microseconds, not to {to!r}")
