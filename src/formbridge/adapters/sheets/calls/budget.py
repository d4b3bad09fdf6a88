"""How many calls a credential may still make: a quota by the minute, kept before Google keeps it.

Pure but for the clock. Google counts calls by the minute for each account, reads and writes apart,
and answers 429 to what is too many (Sheets API, "Usage limits").
"""

from collections import deque

import attrs

from formbridge.domain.ports import Clock

WINDOW = 61.0
"""Seconds in which the allowance is spent: a minute, and one more for what travels longer."""
STEP_SECONDS = 15.0
LONGEST_PAUSE = 32.0
STEPS = 8
"""After a 429 every step gives back the eighth part of the allowance."""


@attrs.define(eq=False, kw_only=True)
class Budget:
    """Never more than ``per_minute`` calls in any 60 seconds. One thread at a time.

    While more than half of it is left, calls go out at once. Then they are spaced so that the rest
    lasts until spent ones come back: under load a call goes out every ``60 / per_minute`` seconds,
    instead of all of them at once and none for a minute.
    """

    per_minute: int
    clock: Clock
    _taken: deque[float] = attrs.field(init=False, factory=deque)
    _next: float = attrs.field(init=False, default=float("-inf"))
    _most: int = attrs.field(init=False)
    _cut: float = attrs.field(init=False, default=float("-inf"))
    _pause: float = attrs.field(init=False, default=0.0)

    def __attrs_post_init__(self) -> None:
        """Begin with all of it."""
        self._most = self.per_minute

    @property
    def allowance(self) -> int:
        """How many calls a minute has now: less than ``per_minute`` for a while after a 429."""
        since = self.clock.monotonic() - self._cut
        if since >= STEPS * STEP_SECONDS:
            return self.per_minute
        back = int(since // STEP_SECONDS) * self.per_minute // STEPS
        return min(self.per_minute, self._most + back)

    @property
    def left(self) -> int:
        """How many calls could still go out in this window."""
        self._forget()
        return max(0, self.allowance - len(self._taken))

    def wait(self) -> float:
        """Return how many seconds the next call has to wait; 0: none. Takes nothing."""
        self._forget()
        now = self.clock.monotonic()
        due = self._next
        over = len(self._taken) - self.allowance
        if over >= 0:
            due = max(due, self._taken[over] + WINDOW)
        return max(0.0, due - now)

    def take(self) -> float:
        """Take a call and return 0, or take none and return the seconds to wait."""
        seconds = self.wait()
        if seconds <= 0:
            now = self.clock.monotonic()
            self._taken.append(now)
            self._next = now + self._space(now)
        return seconds

    def halve(self, *, pause: float = 0.0) -> float:
        """Halve the pace, as Google said 429; it comes back in steps.

        Nothing goes out for ``pause`` seconds, and for a second at least: for twice as long each
        time that it happens again within a minute. Returns the seconds that the next call waits.
        """
        now = self.clock.monotonic()
        again = now - self._cut < WINDOW
        self._most = max(1, self.per_minute // STEPS, self.allowance // 2)
        self._pause = min(LONGEST_PAUSE, 2 * self._pause) if again else 1.0
        self._cut = now
        self._next = max(self._next, now + max(pause, self._pause))
        return self.wait()

    def _space(self, now: float) -> float:
        """Return the least even distance at which the next calls never run dry."""
        most = self.allowance
        free = most - len(self._taken)
        if 2 * free > most:
            return 0.0
        waits = (
            (back + WINDOW - now) / count
            for count, back in zip(range(max(free, 0) + 1, most + 1), self._taken, strict=False)
        )
        return max(waits, default=0.0)

    def _forget(self) -> None:
        old = self.clock.monotonic() - WINDOW
        while self._taken and self._taken[0] <= old:
            self._taken.popleft()
