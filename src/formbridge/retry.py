"""How long to wait before the next attempt. The only place that knows."""

import attrs


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
        """Return the seconds before the next try; ``attempt`` counts from 0, ``luck`` is in [0, 1)."""
        ceiling = min(self.most, self.first * self.factor ** min(attempt, 64))
        return ceiling * (0.5 + luck / 2)
