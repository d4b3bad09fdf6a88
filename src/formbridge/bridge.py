"""The bridge: one consumer, one sink, one thread. Poll, plan, write, bury, commit; in that order.

Read ``Bridge.step`` first: it lists every effect that a pass has. What was not written waits in
the backlog; offsets are committed last and never beyond what is resolved, so that a crash anywhere
costs a repetition and nothing else.
"""

from collections.abc import Callable, Mapping
from random import random
from typing import Self

import attrs

from formbridge.backlog import Backlog
from formbridge.burial import Burial
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
from formbridge.domain.ports import Clock, Consumer, DeadLetters, Hook, Sink
from formbridge.domain.records import Batch, Delivery
from formbridge.domain.sinks import NotNow, Outcome, Part, Unavailable, Written
from formbridge.parking import Parking
from formbridge.progress import Progress
from formbridge.retry import Backoff, Persistence

Stop = Callable[[], bool]  # asked between two passes whether to end

HEARTBEAT_SECONDS = 1.0  # far below any poll interval


@attrs.frozen(kw_only=True)
class BridgeSettings:
    """How a bridge works. Times in seconds, sizes in records.

    ``batch``: how much a poll takes at most. ``backlog``: how much may wait for tables that cannot
    be written now, before the bridge holds. ``poll_timeout``: how long a poll waits for the first
    record. ``probe_parked``: how often a parked table is tried.
    """

    batch: int = 20_000
    backlog: int = 100_000
    poll_timeout: float = 0.5
    probe_parked: float = 60.0
    flood: FloodLimit = attrs.field(factory=FloodLimit)
    backoff: Backoff = attrs.field(factory=Backoff)

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
    settings: BridgeSettings = attrs.field(factory=BridgeSettings)
    hook: Hook | Callable[[Event], None] = ignore
    luck: Callable[[], float] = random
    _backlog: Backlog = attrs.field(init=False)
    _burial: Burial = attrs.field(init=False)
    _parking: Parking = attrs.field(init=False)
    _unplanned: list[Delivery] = attrs.field(init=False, factory=list)
    _progress: Progress = attrs.field(init=False, factory=Progress)
    _last_beat: float = attrs.field(init=False, default=0.0)
    _fresh: bool = attrs.field(init=False, default=True)

    def __attrs_post_init__(self) -> None:
        """Start with nothing read."""
        self._backlog = Backlog(self.settings.backlog)
        self._burial = Burial(
            group=self.group,
            dead_letters=self.dead_letters,
            gauge=FloodGauge(self.settings.flood),
        )
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
            self.sink.idle()
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
            if not goals:
                goals.update({it: span.end for it, span in self.consumer.spans().items()})
            records = self.step()
            if (records and self._progress.behind(goals)) or not self._reached(goals):
                return False
            self.sink.idle()
            return True

        self._repeat(advance, stop)

    def close(self) -> None:
        """Leave the group and release everything. What was read and not resolved comes again."""
        self.consumer.close()
        self.sink.close()
        self.dead_letters.close()

    def __enter__(self) -> Self:
        """Use the bridge in a ``with`` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _repeat(self, advance: Callable[[], bool], stop: Stop) -> None:
        """Advance until it is done or stopped, and tell how it ended."""
        persistence = Persistence(
            backoff=self.settings.backoff, clock=self.clock, luck=self.luck, tell=self._tell
        )
        try:
            persistence.go_on(advance, stop=stop)
        except FormBridgeError as error:
            self.hook(Stopped(group=self.group, error=str(error)))
            raise
        self.hook(Stopped(group=self.group))

    def _tell(self, error: FormBridgeError, attempt: int, seconds: float) -> None:
        kind = type(error).__name__
        self.hook(Retrying(group=self.group, error=kind, attempt=attempt, seconds=seconds))

    def _reached(self, goals: Mapping[int, int]) -> bool:
        """Whether every partition is read to its goal and nothing waits."""
        if self._backlog or self._burial:
            return False
        spans = self.consumer.spans()
        return all(spans[it].position >= end for it, end in goals.items() if it in spans)

    def _begin(self) -> None:
        """At the first pass look at labels and at what was parked; later see if a table is back."""
        if self._fresh:
            self._parking.recall()
            self._fresh = False
            self.sink.idle()
        now = self.clock.monotonic()
        if self._parking.due(now) and not self._burial:  # else not all that waits is buried
            for key, records in self._parking.probe(now=now):
                self.hook(PartUnparked(group=self.group, part=key, records=records))

    def _poll(self) -> Batch:
        """Read more, or hold while the backlog is full."""
        wait = self._backlog.pause(self.clock.monotonic(), most=self.settings.poll_timeout)
        if self._backlog.full or self._unplanned:
            batch = Batch(lost=self.consumer.hold(wait))
        else:
            batch = self.consumer.poll(self.settings.batch, timeout=wait)
        self._last_beat = self.clock.monotonic()
        self._forget(batch.lost)
        self._unplanned += batch.deliveries
        self._progress.read(batch.deliveries)
        if batch.deliveries:
            self.hook(Polled(group=self.group, records=len(batch.deliveries)))
        return batch

    def _plan(self) -> None:
        """Sort what came into the backlog; what is unreadable or parked becomes a failure."""
        plan = self.sink.plan(self._unplanned)
        self._unplanned = []
        self._burial.add(plan.failures)
        for key, part in plan.parts.items():
            if key in self._parking:
                self._burial.add(self._parking.failures(part), part=key)
            else:
                self._backlog.add(part, now=self.clock.monotonic())

    def _settle(self, outcome: Outcome) -> None:
        """Take the sink's answer for one part."""
        match outcome:
            case Written():
                self._settle_written(outcome)
            case NotNow(key=key, seconds=seconds, reason=reason):
                self._backlog.defer(key, due=self.clock.monotonic() + seconds)
                self.hook(PartDeferred(group=self.group, part=key, seconds=seconds, reason=reason))
            case Unavailable(key=key, reason=reason):
                self._parking.park(key, reason, now=self.clock.monotonic())
                part = self._backlog.resolve(key) or Part(key=key)
                self._burial.add(self._parking.failures(part), part=key)
                self.hook(PartParked(group=self.group, part=key, reason=reason))

    def _settle_written(self, written: Written) -> None:
        part = self._backlog.resolve(written.key)
        if part is None:
            return
        failures = written.failures
        if failures:  # of partitions that are still here
            here = {delivery.place for delivery in part.deliveries}
            failures = [failure for failure in failures if failure.delivery.place in here]
        self._burial.add(failures)
        records = len(part.items) - len(failures)
        self._burial.count_good(records)
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
        """Judge the failures of this pass, then make them dead letters."""
        self._burial.judge()
        letters = self._burial.bury(now=self.clock.now())
        reasons = tuple(sorted({letter.reason for letter in letters}))
        if letters:
            self.hook(Buried(group=self.group, records=len(letters), reasons=reasons))

    def _commit(self) -> None:
        """Commit what is resolved without a gap; always the last effect of a pass."""
        offsets = self._progress.due(self._backlog.deliveries())
        if not offsets:
            return
        try:
            self.consumer.commit(offsets)
        except AssignmentLost as lost:
            self._forget(lost.partitions)
            offsets = {it: offset for it, offset in offsets.items() if it not in lost.partitions}
        self._progress.committed(offsets)
        if offsets:
            self.hook(Committed(group=self.group, offsets=offsets))

    def _forget(self, lost: frozenset[int]) -> None:
        """Drop what was read of partitions that went to another member: it reads them again."""
        if not lost:
            return
        self._backlog.drop(lost)
        self._unplanned = [it for it in self._unplanned if it.partition not in lost]
        self._burial.drop(lost)
        self._progress.drop(lost)
        self.hook(PartitionsLost(group=self.group, partitions=lost))
