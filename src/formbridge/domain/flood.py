"""The flood limit: when nearly everything fails, stop instead of burying the log."""

from collections import deque

import attrs

from formbridge.domain.errors import BadSetting, FloodLimitReached


@attrs.frozen(kw_only=True)
class FloodLimit:
    """At most ``failures`` of the last ``window`` records may fail."""

    failures: int = 100
    window: int = 1000

    def __attrs_post_init__(self) -> None:
        """Refuse bounds that make no sense."""
        if not 0 <= self.failures <= self.window:
            message = f"flood limit: failures ({self.failures}) must be 0 to window ({self.window})"
            raise BadSetting(message)


@attrs.define(eq=False)
class FloodGauge:
    """Remembers how the last records of one bridge ended."""

    limit: FloodLimit
    _last: deque[bool] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Start with an empty window."""
        self._last = deque(maxlen=self.limit.window)

    def judge(self, *, good: int, failed: int, reason: str) -> None:
        """Count a pass; raise ``FloodLimitReached`` if too many failed, before they are buried."""
        total, window = good + failed, self.limit.window
        if total > window:  # more than the window holds: keep its share of failures
            failed = -(-failed * window // total)
            good = window - failed
        self._last.extend([False] * good)
        self._last.extend([True] * failed)
        failures = sum(self._last) if failed else 0
        if failures > self.limit.failures:
            message = (
                f"{failures} of the last {len(self._last)} records failed, more than the flood "
                f"limit of {self.limit.failures}; nothing was buried. The last reason: {reason}"
            )
            raise FloodLimitReached(message)
