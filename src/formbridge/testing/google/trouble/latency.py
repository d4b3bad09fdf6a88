"""How long calls take, as somebody measured on Google: off at the start."""

from math import exp, log
from random import Random
from threading import Lock

import attrs

from formbridge.testing.google.behaviour import SEEN, behaves

MEGABYTE = 1_000_000
Z95 = 1.6449
"""How many standard deviations the 95th percentile lies above the median."""


@attrs.define(eq=False, kw_only=True)
class Latency:
    """A lognormal time for each call, more for each megabyte, and longer to make a file.

    Seconds. ``on`` is what a test or a flag sets; ``seed`` makes the times come again.
    """

    on: bool = False
    median: float = 0.33
    p95: float = 0.6
    per_megabyte: float = 0.15
    create: float = 2.4
    seed: int = 0
    _chance: Random = attrs.field(init=False)
    _lock: Lock = attrs.field(init=False, factory=Lock)

    def __attrs_post_init__(self) -> None:
        """Begin the sequence of times."""
        self._chance = Random(self.seed)  # noqa: S311 - reproducible, no secret

    @behaves("latency: lognormal around 0.33 s, 0.15 s for each MB, 2.4 s to make a file", SEEN)
    def seconds(self, method: str, size: int) -> float:
        """Return how long a call takes that moves ``size`` bytes; 0 while it is off."""
        if not self.on:
            return 0.0
        sigma = log(max(self.p95 / max(self.median, 1e-9), 1.0)) / Z95
        with self._lock:
            factor = exp(sigma * self._chance.gauss(0, 1))
        middle = (
            self.create if method in {"drive.files.create", "drive.files.copy"} else self.median
        )
        return max(0.0, factor * middle + self.per_megabyte * size / MEGABYTE)
