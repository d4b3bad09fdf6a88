"""Trying again: how long to wait, and what to try again at all. The only place that knows."""

from collections.abc import Callable

import attrs

from formbridge.domain.errors import FormBridgeError
from formbridge.domain.ports import Clock

NAP_SECONDS = 0.2


@attrs.frozen(kw_only=True)
class Backoff:
    """Exponential delays up to ``most`` seconds, of which chance takes up to half.

    Jitter spreads clients that failed together.
    Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 (its "equal jitter").
    """

    first: float = 0.2
    most: float = 30.0
    factor: float = 2.0

    def delay(self, attempt: int, *, luck: float) -> float:
        """Return the seconds to wait; ``attempt`` counts from 0, ``luck`` is in [0, 1)."""
        ceiling = min(self.most, self.first * self.factor ** min(attempt, 64))
        return ceiling * (0.5 + luck / 2)


@attrs.frozen(kw_only=True)
class Persistence:
    """Goes on with something until it is done or stopped; waits out what may pass by itself.

    ``luck`` returns numbers in [0, 1). ``tell`` hears of each error, with the number of the attempt
    and the seconds to wait.
    """

    backoff: Backoff
    clock: Clock
    luck: Callable[[], float]
    tell: Callable[[FormBridgeError, int, float], None]

    def go_on(self, advance: Callable[[], bool], *, stop: Callable[[], bool]) -> None:
        """Call ``advance`` until it returns True or ``stop`` does.

        An error that is not ``retryable`` is raised; after any other the count of attempts grows
        until an advance succeeds.
        """
        attempt = 0
        while not stop():
            try:
                if advance():
                    return
                attempt = 0
            except FormBridgeError as error:
                if not error.retryable:
                    raise
                seconds = self.backoff.delay(attempt, luck=self.luck())
                self.tell(error, attempt, seconds)
                self._nap(seconds, stop)
                attempt += 1

    def _nap(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Sleep in naps, so that a stop is heard."""
        end = self.clock.monotonic() + seconds
        while not stop() and (left := end - self.clock.monotonic()) > 0:
            self.clock.sleep(min(NAP_SECONDS, left))
