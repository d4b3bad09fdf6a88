"""The real time."""

import time

from formbridge.domain.ports import Clock


class SystemClock(Clock):
    """The operating system's clocks; sleeping ends early for no signal."""

    def now(self) -> int:
        """Return the time of day in microseconds since 1970, UTC."""
        return time.time_ns() // 1000

    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary start."""
        return time.monotonic()

    def sleep(self, seconds: float, /) -> None:
        """Return after that many seconds; at once if there are none."""
        if seconds > 0:
            time.sleep(seconds)
