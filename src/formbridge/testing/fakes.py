"""Small fakes: a sink that answers as a test says, and a hook that remembers."""

from collections.abc import Callable, Iterator, Sequence

import attrs

from formbridge.domain.events import Event
from formbridge.domain.ports import Hook, Sink
from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Outcome, Part, Plan, Written

Answer = Callable[[Part], Outcome]


def by_key(delivery: Delivery) -> str:
    """Name the part of a delivery after the record's key, as tables do."""
    return (delivery.key or b"").decode()


@attrs.define(eq=False, kw_only=True)
class ScriptedSink(Sink):
    """Writes deliveries to a list, unless a script says otherwise.

    ``script`` answers the first writes, one entry for each part; then everything is written.
    ``written`` holds what was, in order; ``idles`` counts the idle passes.
    """

    script: list[Answer] = attrs.field(factory=list)
    part_of: Callable[[Delivery], str] = by_key
    written: list[Delivery] = attrs.field(init=False, factory=list)
    idles: int = attrs.field(init=False, default=0)
    closed: bool = attrs.field(init=False, default=False)

    @property
    def idempotent(self) -> bool:
        """It keeps a list, so a redelivery shows."""
        return False

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Sort by the record's key."""
        parts: dict[str, Part] = {}
        for delivery in deliveries:
            key = self.part_of(delivery)
            part = parts.setdefault(key, Part(key=key))
            part.deliveries.append(delivery)
            part.items.append(delivery)
        return Plan(parts=parts)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Answer by the script, else write."""
        for part in parts:
            outcome = self.script.pop(0)(part) if self.script else Written(key=part.key)
            if isinstance(outcome, Written):
                refused = {failure.delivery.place for failure in outcome.failures}
                self.written += [it for it in part.deliveries if it.place not in refused]
            yield outcome

    def idle(self) -> None:
        """Count."""
        self.idles += 1

    def close(self) -> None:
        """Remember it."""
        self.closed = True


@attrs.define(eq=False)
class RecordingHook(Hook):
    """Keeps every event, in order."""

    events: list[Event] = attrs.field(factory=list)

    def __call__(self, event: Event, /) -> None:
        """Keep it."""
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]
