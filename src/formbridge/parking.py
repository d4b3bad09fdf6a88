"""Tables that cannot be used until a person mends them: their records wait as dead letters.

What comes later for a parked table goes behind what waits already, so that its order is kept; the
other tables do not notice. Now and then the oldest letters are offered again: when the table takes
them, all that waited is delivered and the table is back.
"""

from collections.abc import Iterator

import attrs

from formbridge.domain.dead_letters import DeadLetter
from formbridge.domain.errors import FloodLimitReached
from formbridge.domain.ports import DeadLetters, Sink
from formbridge.domain.sinks import Failure, Part
from formbridge.replay import replay

PARKED = "TableUnavailable"


@attrs.define(eq=False, kw_only=True)
class Parking:
    """The parked tables of one group. ``most`` bounds them: more than that is no single mishap."""

    group: str
    sink: Sink
    dead_letters: DeadLetters
    every: float = 60.0
    most: int = 20
    _reasons: dict[str, str] = attrs.field(init=False, factory=dict)
    _next_try: float = attrs.field(init=False, default=0.0)

    def __contains__(self, key: str) -> bool:
        """Whether this table is parked."""
        return key in self._reasons

    def __bool__(self) -> bool:
        """Whether any table is parked."""
        return bool(self._reasons)

    def recall(self) -> None:
        """Learn from the dead letters what was parked before a restart."""
        for letter in self._waiting():
            self._reasons.setdefault(letter.part, letter.reason)

    def park(self, key: str, reason: str, *, now: float) -> None:
        """Park a table; raise ``FloodLimitReached`` when it is one too many."""
        if len(self._reasons) >= self.most:
            message = (
                f"{len(self._reasons) + 1} tables are unavailable, more than the {self.most} that "
                f"may be parked; the bridge stops. The last reason: {reason}"
            )
            raise FloodLimitReached(message)
        self._reasons[key] = reason
        self._next_try = max(self._next_try, now + self.every)

    def failures(self, part: Part) -> list[Failure]:
        """Return the failures that a parked part's deliveries become."""
        reason = self._reasons[part.key]
        unique = {delivery.place: delivery for delivery in part.deliveries}
        return [Failure(delivery=it, reason=reason, error=PARKED) for it in unique.values()]

    def due(self, now: float) -> bool:
        """Whether it is time to see if a table is back."""
        return bool(self._reasons) and now >= self._next_try

    def probe(self, *, now: float) -> Iterator[tuple[str, int]]:
        """Offer what waits; yield each table that is back, with how many records it took.

        A record that the table refuses by itself stays a dead letter, and does not keep it parked.
        """
        self._next_try = now + self.every
        for key in list(self._reasons):
            letters = [letter for letter in self._waiting() if letter.part == key]
            first = replay(letters[:1], sink=self.sink, dead_letters=self.dead_letters)
            if key in first.away:
                continue
            rest = replay(letters[1:], sink=self.sink, dead_letters=self.dead_letters)
            if key not in rest.away:
                del self._reasons[key]
                yield key, len(first.resolved) + len(rest.resolved)

    def _waiting(self) -> Iterator[DeadLetter]:
        return (it for it in self.dead_letters.unresolved(group=self.group) if it.parked)
