"""What was read and is not written yet, by table: the only thing that lives across polls."""

from collections.abc import Iterator

import attrs

from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Part


@attrs.define(eq=False)
class _Waiting:
    part: Part
    due: float


@attrs.define(eq=False)
class Backlog:
    """Parts that wait for their sink.

    ``limit`` bounds the deliveries in it, softly: a poll may pass it once, after which the bridge
    holds.
    Times are those of a monotonic clock, in seconds.
    """

    limit: int
    _waiting: dict[str, _Waiting] = attrs.field(init=False, factory=dict)

    def add(self, part: Part, *, now: float) -> None:
        """Take a new part; what comes for a table that waits already waits behind it."""
        waiting = self._waiting.get(part.key)
        if waiting is None:
            self._waiting[part.key] = _Waiting(part, now)
        else:
            waiting.part.extend(part)

    def due(self, now: float) -> list[Part]:
        """Return the parts that may be written now."""
        return [waiting.part for waiting in self._waiting.values() if waiting.due <= now]

    def resolve(self, key: str) -> Part | None:
        """Remove a part that needs no more work, and return it (None: it was dropped meanwhile)."""
        waiting = self._waiting.pop(key, None)
        return None if waiting is None else waiting.part

    def defer(self, key: str, *, due: float) -> None:
        """Let a part wait until then."""
        if key in self._waiting:
            self._waiting[key].due = due

    def drop(self, partitions: frozenset[int]) -> None:
        """Forget what was read of partitions that belong to another member now."""
        for key, waiting in list(self._waiting.items()):
            waiting.part = waiting.part.without(partitions)
            if not waiting.part.items:
                del self._waiting[key]

    def deliveries(self) -> Iterator[Delivery]:
        """Yield everything that waits."""
        for waiting in self._waiting.values():
            yield from waiting.part.deliveries

    @property
    def full(self) -> bool:
        """Whether no more should be read."""
        return sum(len(waiting.part.items) for waiting in self._waiting.values()) >= self.limit

    def pause(self, now: float, *, most: float) -> float:
        """Return the seconds until a part may be written, at the most ``most``."""
        due = min((waiting.due for waiting in self._waiting.values()), default=now + most)
        return min(max(0.0, due - now), most)

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._waiting)
