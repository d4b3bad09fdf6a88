"""Requests that are applied after their client has given up."""

from collections.abc import Callable
from threading import Lock

import attrs


@attrs.frozen(kw_only=True)
class Waiting:
    """One of them: ``apply`` it after a call of that number has ended, or at a monotonic time."""

    apply: Callable[[], object]
    call: int | None = None
    time: float | None = None

    def due(self, call: int, now: float) -> bool:
        """Whether its time has come."""
        by_call = self.call is not None and call >= self.call
        return by_call or (self.time is not None and now >= self.time)


class Late:
    """What is still under way. Shared by threads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._waiting: list[Waiting] = []
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, waiting: Waiting) -> None:
        """Let something come late."""
        with self._lock:
            self._waiting.append(waiting)

    def settle(self, call: int, now: float) -> None:
        """Apply what is due, in the order in which it was sent."""
        with self._lock:
            due = [waiting for waiting in self._waiting if waiting.due(call, now)]
            self._waiting = [waiting for waiting in self._waiting if waiting not in due]
        for waiting in due:
            waiting.apply()

    def clear(self) -> None:
        """Lose what is under way."""
        with self._lock:
            self._waiting.clear()
