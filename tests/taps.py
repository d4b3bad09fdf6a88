"""A tap in front of each port: it notes the calls, and breaks one when a test says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import attrs

from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.ports import Consumer, DeadLetters, Sink
from formbridge.domain.records import Batch, Delivery, Offsets, Span
from formbridge.domain.sinks import Outcome, Part, Plan


class Death(BaseException):
    """The process is gone: nothing catches it, and nothing is cleaned up."""


@attrs.frozen(kw_only=True)
class Fault:
    """An error, before the call's effect or after it."""

    error: Callable[[], BaseException]
    late: bool = False


@attrs.define(eq=False)
class Tap:
    """Notes calls by name; ``faults`` go by the call's number, ``broken`` by its first word.

    ``asked`` counts how often a consumer was asked how far its group is.
    """

    calls: list[str] = attrs.field(factory=list)
    asked: int = 0
    faults: dict[int, Fault] = attrs.field(factory=dict)
    broken: dict[str, Callable[[], BaseException]] = attrs.field(factory=dict)

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        """Note a call, and fail as told."""
        self.calls.append(name)
        if (error := self.broken.get(name.partition(" ")[0])) is not None:
            raise error()
        fault = self.faults.pop(len(self.calls), None)
        error = None if fault is None else fault.error()
        # What a poll or a hold returns is told once: one that fails has taken nothing.
        whole = name in {"poll", "hold"} and not isinstance(error, Death)
        late = fault is not None and fault.late and not whole
        if error is not None and not late:
            raise error
        yield
        if error is not None:
            raise error


@attrs.define(eq=False)
class TappedConsumer(Consumer):
    """A consumer behind a tap. ``on_commit`` sees the offsets before they are stored."""

    inner: Consumer
    tap: Tap
    on_commit: Callable[[Offsets], None] = lambda _: None

    @property
    def topic(self) -> str:
        """The inner one's."""
        return self.inner.topic

    @property
    def group(self) -> str:
        """The inner one's."""
        return self.inner.group

    def poll(self, limit: int, /, *, timeout: float) -> Batch:
        """Poll."""
        with self.tap.call("poll"):
            return self.inner.poll(limit, timeout=timeout)

    def commit(self, offsets: Offsets, /) -> None:
        """Commit."""
        with self.tap.call("commit"):
            self.on_commit(offsets)
            self.inner.commit(offsets)

    def hold(self, seconds: float, /) -> frozenset[int]:
        """Hold."""
        with self.tap.call("hold"):
            return self.inner.hold(seconds)

    def spans(self) -> Mapping[int, Span]:
        """Ask without a note among the calls: it has no effect."""
        self.tap.asked += 1
        return self.inner.spans()

    def close(self) -> None:
        """Leave."""
        with self.tap.call("leave"):
            self.inner.close()


@attrs.define(eq=False)
class MarkedConsumer(TappedConsumer):
    """Reads a log with a mark behind the last record, which an empty poll passes."""

    passed: bool = attrs.field(init=False, default=False)

    def poll(self, limit: int, /, *, timeout: float) -> Batch:
        """Poll."""
        batch = self.inner.poll(limit, timeout=timeout)
        self.passed = not batch.deliveries
        return batch

    def spans(self) -> Mapping[int, Span]:
        """Count the mark."""
        return {
            it: Span(position=span.position + self.passed, end=span.end + 1)
            for it, span in self.inner.spans().items()
        }


@attrs.define(eq=False)
class LosingConsumer(TappedConsumer):
    """Learns at its heartbeats that partitions are lost."""

    lost: list[frozenset[int]] = attrs.field(factory=list, kw_only=True)

    def hold(self, _seconds: float, /) -> frozenset[int]:
        """Return the next loss."""
        return self.lost.pop(0) if self.lost else frozenset()


@attrs.define(eq=False)
class TappedSink(Sink):
    """A sink behind a tap: each part is one call, ``write KEY``."""

    inner: Sink
    tap: Tap

    @property
    def idempotent(self) -> bool:
        """The inner one's."""
        return self.inner.idempotent

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Plan."""
        with self.tap.call("plan"):
            return self.inner.plan(deliveries)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Write part by part."""
        for part in parts:
            with self.tap.call(f"write {part.key}"):
                (outcome,) = self.inner.write([part])
            yield outcome

    def idle(self) -> None:
        """Idle."""
        with self.tap.call("idle"):
            self.inner.idle()

    def close(self) -> None:
        """Close."""
        with self.tap.call("close sink"):
            self.inner.close()


def name_of(letter: DeadLetter) -> tuple[str, str, str]:
    """Return what makes two letters the same one."""
    return letter.group, letter.id, letter.part


@attrs.define(eq=False)
class KeptLetters(DeadLetters):
    """Dead letters in a list, behind a tap; the same letter counts once while it is unresolved."""

    tap: Tap = attrs.field(factory=Tap)
    letters: list[DeadLetter] = attrs.field(factory=list)
    resolved: list[tuple[DeadLetter, Resolution]] = attrs.field(factory=list)

    def bury(self, letters: Sequence[DeadLetter], /) -> None:
        """Keep those that are not there."""
        with self.tap.call("bury"):
            there = {name_of(letter) for letter in self.letters}
            self.letters += [it for it in letters if name_of(it) not in there]

    def unresolved(self, *, group: str | None = None) -> Iterator[DeadLetter]:
        """Yield in the order in which they came."""
        with self.tap.call("unresolved"):
            kept = [it for it in self.letters if group in {None, it.group}]
        yield from kept

    def resolve(self, letters: Sequence[DeadLetter], resolution: Resolution, /) -> None:
        """Move them away."""
        with self.tap.call("resolve"):
            gone = {name_of(letter) for letter in letters}
            self.letters = [it for it in self.letters if name_of(it) not in gone]
            self.resolved += [(letter, resolution) for letter in letters]

    def close(self) -> None:
        """Close."""
        with self.tap.call("close letters"):
            pass
