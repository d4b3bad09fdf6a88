"""The bridge: one consumer, one sink, one thread. Poll, plan, write, bury, commit; in that order.

Read ``Bridge.step`` first: it lists every effect that a pass has. What was not written waits in
the backlog; offsets are committed last and never beyond what is resolved, so that a crash anywhere
costs a repetition and nothing else.
"""

from collections.abc import Callable, Mapping
from itertools import compress
from random import random
from types import TracebackType

import attrs

from formbridge.backlog import Backlog
from formbridge.domain.dead_letters import DeadLetter
from formbridge.domain.errors import AssignmentLost, BadSetting, FormBridgeError
from formbridge.domain.events import (
    Buried,
    Committed,
    Event,
    PartDeferred,
    PartitionsLost,
    PartParked,
    PartUnparked,
    PartWritten,
    Polled,
    Retrying,
    Stopped,
)
from formbridge.domain.flood import FloodGauge, FloodLimit
from formbridge.domain.offsets import committable
from formbridge.domain.ports import Clock, Consumer, DeadLetters, Hook, Sink
from formbridge.domain.records import Batch, Delivery
from formbridge.domain.sinks import Failure, NotNow, Outcome, Part, Unavailable, Written
from formbridge.parking import Parking
from formbridge.retry import Backoff

Stop = Callable[[], bool]
"""Asked between two passes whether to end."""

HEARTBEAT_SECONDS = 1.0
NAP_SECONDS = 0.2


@attrs.frozen(kw_only=True)
class BridgeSettings:
    """How a bridge works. Times in seconds, sizes in records.

    ``batch``: how much a poll takes at most. ``backlog``: how much may wait for tables that cannot
    be written now, before the bridge holds. ``poll_timeout``: how long a poll waits for the first
    record. ``probe_parked``: how often a parked table is tried.
    """

    batch: int = 5000
    backlog: int = 50_000
    poll_timeout: float = 0.5
    probe_parked: float = 60.0
    flood: FloodLimit = FloodLimit()
    backoff: Backoff = Backoff()

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot work, by its name."""
        for name in ("batch", "backlog", "poll_timeout", "probe_parked"):
            if getattr(self, name) <= 0:
                message = f"{name} must be greater than 0, not {getattr(self, name)}"
                raise BadSetting(message)


def ignore(_: Event, /) -> None:
    """Take an event and do nothing: the default hook."""


@attrs.define(eq=False, kw_only=True)
class Bridge:
    """Carries what one group has not seen yet from the log to one sink.

    Closing it closes the consumer, the sink and the dead letters that it was given.
    """

    consumer: Consumer
    sink: Sink
    dead_letters: DeadLetters
    clock: Clock
    settings: BridgeSettings = BridgeSettings()
    hook: Hook | Callable[[Event], None] = ignore
    luck: Callable[[], float] = random
    _backlog: Backlog = attrs.field(init=False)
    _flood: FloodGauge = attrs.field(init=False)
    _parking: Parking = attrs.field(init=False)
    _unplanned: list[Delivery] = attrs.field(init=False, factory=list)
    _positions: dict[int, int] = attrs.field(init=False, factory=dict)
    _committed: dict[int, int] = attrs.field(init=False, factory=dict)
    _failures: list[tuple[Failure, str]] = attrs.field(init=False, factory=list)
    _judged: int = attrs.field(init=False, default=0)
    _good: int = attrs.field(init=False, default=0)
    _last_beat: float = attrs.field(init=False, default=0.0)
    _fresh: bool = attrs.field(init=False, default=True)

    def __attrs_post_init__(self) -> None:
        """Start with nothing read."""
        self._backlog = Backlog(self.settings.backlog)
        self._flood = FloodGauge(self.settings.flood)
        self._parking = Parking(
            group=self.group,
            sink=self.sink,
            dead_letters=self.dead_letters,
            every=self.settings.probe_parked,
        )

    @property
    def group(self) -> str:
        """The consumer group whose place in the log this bridge keeps."""
        return self.consumer.group

    def step(self) -> int:
        """Make one pass; return how many records the poll brought.

        After an error that is ``retryable`` the next pass goes on where this one was.
        """
        self._begin()
        batch = self._poll()
        self._plan()
        for outcome in self.sink.write(self._backlog.due(self.clock.monotonic())):
            self._settle(outcome)
            self._beat()
        self._bury()
        self._commit()
        if not batch.deliveries and not self._backlog:
            self._idle()
        return len(batch.deliveries)

    def run(self, stop: Stop) -> None:
        """Make passes until ``stop`` says so; wait and try again after what may pass by itself."""

        def advance() -> bool:
            self.step()
            return False

        self._repeat(advance, stop)

    def run_until_idle(self, stop: Stop = lambda: False) -> None:
        """Make passes until the log is read to the end that it has now, and all of it is resolved.

        Other members of the group count: their partitions are read to the end too, by them or,
        when they are gone, by this one.
        """
        goals: dict[int, int] = {}

        def advance() -> bool:
            for partition, span in self.consumer.spans().items():
                goals.setdefault(partition, span.end)
            self.step()
            reached = self._reached(goals)
            if reached:
                self._idle()
            return reached

        self._repeat(advance, stop)

    def close(self) -> None:
        """Leave the group and release everything. What was read and not resolved comes again."""
        self.consumer.close()
        self.sink.close()
        self.dead_letters.close()

    def __enter__(self) -> "Bridge":
        """Use the bridge in a ``with`` statement."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _repeat(self, advance: Callable[[], bool], stop: Stop) -> None:
        """Advance until it is done or stopped, and tell how it ended."""
        try:
            self._persist(advance, stop)
        except FormBridgeError as error:
            self.hook(Stopped(group=self.group, error=str(error)))
            raise
        self.hook(Stopped(group=self.group))

    def _persist(self, advance: Callable[[], bool], stop: Stop) -> None:
        """Advance until it is done or stopped; an error that may pass is waited out."""
        attempt = 0
        while not stop():
            try:
                if advance():
                    return
                attempt = 0
            except FormBridgeError as error:
                if not error.retryable:
                    raise
                self._wait(error, attempt, stop)
                attempt += 1

    def _reached(self, goals: Mapping[int, int]) -> bool:
        """Whether every partition is read to its goal and nothing waits."""
        if self._backlog or self._failures:
            return False
        spans = self.consumer.spans()
        return all(spans[it].position >= end for it, end in goals.items() if it in spans)

    # --- the parts of a pass, in their order ---------------------------------------------------

    def _begin(self) -> None:
        """At the first pass look at labels and at what was parked; later see if a table is back."""
        if self._fresh:
            self._parking.recall()
            self._fresh = False
            self._idle()
        now = self.clock.monotonic()
        if self._parking.due(now) and not self._failures:  # else not all that waits is buried
            for key, records in self._parking.probe(now=now):
                self.hook(PartUnparked(group=self.group, part=key, records=records))

    def _poll(self) -> Batch:
        """Read more, or hold while the backlog is full."""
        now = self.clock.monotonic()
        due = self._backlog.next_due()
        wait = self.settings.poll_timeout if due is None else max(0.0, due - now)
        wait = min(wait, self.settings.poll_timeout)
        if self._backlog.full or self._unplanned:
            batch = Batch(lost=self.consumer.hold(wait))
        else:
            batch = self.consumer.poll(self.settings.batch, timeout=wait)
        self._last_beat = self.clock.monotonic()
        self._forget(batch.lost)
        self._unplanned += batch.deliveries
        for delivery in batch.deliveries:
            self._positions[delivery.partition] = delivery.offset + 1
        if batch.deliveries:
            self.hook(Polled(group=self.group, records=len(batch.deliveries)))
        return batch

    def _plan(self) -> None:
        """Sort what came into the backlog; what is unreadable or parked becomes a failure."""
        plan = self.sink.plan(self._unplanned)
        self._unplanned = []
        self._failures += [(failure, "") for failure in plan.failures]
        now = self.clock.monotonic()
        for key in [key for key in plan.parts if key in self._parking]:
            self._failures += [(it, key) for it in self._parking.failures(plan.parts[key])]
        self._backlog.add(
            {key: part for key, part in plan.parts.items() if key not in self._parking}, now=now
        )

    def _settle(self, outcome: Outcome) -> None:
        """Take the sink's answer for one part."""
        match outcome:
            case Written():
                self._settle_written(outcome)
            case NotNow(key=key, seconds=seconds, reason=reason):
                self._backlog.defer(key, due=self.clock.monotonic() + seconds)
                event = PartDeferred(group=self.group, part=key, seconds=seconds, reason=reason)
                self.hook(event)
            case Unavailable(key=key, reason=reason):
                self._parking.park(key, reason, now=self.clock.monotonic())
                part = self._backlog.resolve(key) or Part(key=key)
                self._failures += [(it, key) for it in self._parking.failures(part)]
                self.hook(PartParked(group=self.group, part=key, reason=reason))

    def _settle_written(self, written: Written) -> None:
        part = self._backlog.resolve(written.key)
        if part is None:
            return
        failures = written.failures
        if failures:  # of partitions that are still here
            here = {delivery.place for delivery in part.deliveries}
            failures = [failure for failure in failures if failure.delivery.place in here]
        self._failures += [(failure, "") for failure in failures]
        records = len(part.items) - len(failures)
        self._good += records
        self.hook(
            PartWritten(
                group=self.group, part=written.key, records=records, changed=written.changed
            )
        )

    def _beat(self) -> None:
        """Between two writes: tell the broker that this member lives."""
        now = self.clock.monotonic()
        if now - self._last_beat >= HEARTBEAT_SECONDS:
            self._last_beat = now
            self._forget(self.consumer.hold(0))

    def _bury(self) -> None:
        """Judge the failures of this pass, then make them dead letters, durably."""
        broken = [failure for failure, part in self._failures[self._judged :] if not part]
        last = broken[-1].reason if broken else ""
        self._flood.judge(good=self._good, failed=len(broken), reason=last)
        self._good, self._judged = 0, len(self._failures)
        if not self._failures:
            return
        buried_at = self.clock.now()
        letters = {
            (failure.delivery.place, part): DeadLetter(
                group=self.group,
                delivery=failure.delivery,
                reason=failure.reason,
                error=failure.error,
                buried_at=buried_at,
                part=part,
            )
            for failure, part in self._failures
        }
        self.dead_letters.bury(list(letters.values()))
        self._failures.clear()
        self._judged = 0
        reasons = tuple(sorted({letter.reason for letter in letters.values()}))
        self.hook(Buried(group=self.group, records=len(letters), reasons=reasons))

    def _commit(self) -> None:
        """Commit what is resolved without a gap; always the last effect of a pass."""
        offsets = {
            partition: offset
            for partition, offset in committable(
                self._positions, self._backlog.deliveries()
            ).items()
            if offset != self._committed.get(partition)
        }
        if not offsets:
            return
        try:
            self.consumer.commit(offsets)
        except AssignmentLost as lost:
            self._forget(lost.partitions)
            offsets = {it: offset for it, offset in offsets.items() if it not in lost.partitions}
        self._committed |= offsets
        if offsets:
            self.hook(Committed(group=self.group, offsets=offsets))

    def _idle(self) -> None:
        """Let the sink do what could wait."""
        self.sink.idle()

    # --- what may happen in any of them --------------------------------------------------------

    def _forget(self, lost: frozenset[int]) -> None:
        """Drop what was read of partitions that went to another member: it reads them again."""
        if not lost:
            return
        self._backlog.drop(lost)
        self._unplanned = [it for it in self._unplanned if it.partition not in lost]
        kept = [failure.delivery.partition not in lost for failure, _ in self._failures]
        self._judged = sum(kept[: self._judged])
        self._failures = list(compress(self._failures, kept))
        for partition in lost:
            self._positions.pop(partition, None)
            self._committed.pop(partition, None)
        self.hook(PartitionsLost(group=self.group, partitions=lost))

    def _wait(self, error: FormBridgeError, attempt: int, stop: Stop) -> None:
        """Sleep before the next attempt, in naps so that a stop is heard."""
        seconds = self.settings.backoff.delay(attempt, luck=self.luck())
        name = type(error).__name__
        self.hook(Retrying(group=self.group, error=name, attempt=attempt, seconds=seconds))
        end = self.clock.monotonic() + seconds
        while not stop() and (left := end - self.clock.monotonic()) > 0:
            self.clock.sleep(min(NAP_SECONDS, left))
