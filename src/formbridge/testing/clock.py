"""Time as a test says it."""

import threading
import time

from formbridge.domain.ports import Clock

START = 1_767_225_600_000_000
"""2026-01-01 00:00:00 UTC, in microseconds since 1970."""


class FakeClock(Clock):
    """Time that passes only when somebody sleeps or the test advances it. Shared by threads.

    ``sleep`` returns at once, having advanced the clock by what was asked; ``slept`` keeps each of
    these durations in seconds, so that a test sees how long was waited.
    """

    def __init__(self, *, start: int = START) -> None:
        """Begin at ``start``, in microseconds since 1970."""
        self.slept: list[float] = []
        self._start = start
        self._passed = 0  # microseconds
        self._lock = threading.Lock()

    def now(self) -> int:
        """Return the start and all that has passed since, in microseconds."""
        return self._start + self._passed

    def monotonic(self) -> float:
        """Return the seconds that have passed since the start."""
        return self._passed / 1_000_000

    def sleep(self, seconds: float, /) -> None:
        """Let that many seconds pass at once, and other threads run."""
        with self._lock:
            self.slept.append(seconds)
        self.advance(seconds)
        time.sleep(0)

    def advance(self, seconds: float, /) -> None:
        """Let ``seconds`` pass, a microsecond at least: who waits in a loop always gets on."""
        if seconds > 0:
            with self._lock:
                self._passed += max(1, round(seconds * 1_000_000))
