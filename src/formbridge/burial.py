"""What failed and is no dead letter yet: judged by the flood limit, then buried, durably."""

from collections.abc import Sequence
from itertools import compress

import attrs

from formbridge.domain.dead_letters import DeadLetter
from formbridge.domain.flood import FloodGauge
from formbridge.domain.ports import DeadLetters
from formbridge.domain.sinks import Failure


@attrs.define(eq=False, kw_only=True)
class Burial:
    """Collects the failures of one group. What waits here must not be committed.

    ``part`` of a failure names the parked table that its record waits for, and is empty for a
    record that failed by itself; only those count as failures for the flood limit.
    """

    group: str
    dead_letters: DeadLetters
    gauge: FloodGauge
    _failures: list[tuple[Failure, str]] = attrs.field(init=False, factory=list)
    _judged: int = attrs.field(init=False, default=0)
    _good: int = attrs.field(init=False, default=0)

    def add(self, failures: Sequence[Failure], *, part: str = "") -> None:
        """Take failures, in their order."""
        self._failures += [(failure, part) for failure in failures]

    def count_good(self, records: int) -> None:
        """Count records that did not fail."""
        self._good += records

    def judge(self) -> None:
        """Judge what came since the last time; raise ``FloodLimitReached`` if too much failed."""
        broken = [failure for failure, part in self._failures[self._judged :] if not part]
        last = broken[-1].reason if broken else ""
        self.gauge.judge(good=self._good, failed=len(broken), reason=last)
        self._good, self._judged = 0, len(self._failures)

    def bury(self, *, now: int) -> Sequence[DeadLetter]:
        """Make everything dead letters, durably, and return them. ``now`` is in microseconds."""
        letters = {
            (failure.delivery.place, part): DeadLetter(
                group=self.group,
                delivery=failure.delivery,
                reason=failure.reason,
                error=failure.error,
                buried_at=now,
                part=part,
            )
            for failure, part in self._failures
        }
        buried = list(letters.values())
        if buried:
            self.dead_letters.bury(buried)
        self._failures.clear()
        self._judged = 0
        return buried

    def drop(self, partitions: frozenset[int]) -> None:
        """Forget what was read of partitions that belong to another member now."""
        kept = [failure.delivery.partition not in partitions for failure, _ in self._failures]
        self._judged = sum(kept[: self._judged])
        self._failures = list(compress(self._failures, kept))

    def __bool__(self) -> bool:
        """Whether anything waits to be buried."""
        return bool(self._failures)
