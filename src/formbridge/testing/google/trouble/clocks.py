"""The service's own clock, which may be wrong."""

from formbridge.domain.ports import Clock


class ServiceClock(Clock):
    """The world's clock as the service has it: ``skew`` seconds off.

    ``advance`` lets time pass for the service, and for the world too where the world's clock can
    be told so (``FakeClock``). Shared by threads.
    """

    def __init__(self, world: Clock) -> None:
        """Begin right."""
        self.world = world
        self.skew = 0.0
        self._passed = 0.0

    def now(self) -> int:
        """Return the time of day that the service believes in, in microseconds since 1970."""
        return self.world.now() + round((self.skew + self._passed) * 1_000_000)

    def monotonic(self) -> float:
        """Return seconds that never go back; no skew changes them."""
        return self.world.monotonic() + self._passed

    def sleep(self, seconds: float, /) -> None:
        """Return after that many seconds of the world's."""
        self.world.sleep(seconds)

    def advance(self, seconds: float, /) -> None:
        """Let time pass; less than nothing is none."""
        if seconds <= 0:
            return
        advance = getattr(self.world, "advance", None)
        if advance is None:
            self._passed += seconds
        else:
            advance(seconds)

    def set(self, now: int, /) -> None:
        """Make it that time of day: forward, time passes; back, the clock is off by that much."""
        seconds = (now - self.now()) / 1_000_000
        if seconds >= 0:
            self.advance(seconds)
        else:
            self.skew += seconds
