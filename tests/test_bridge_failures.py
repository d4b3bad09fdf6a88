"""What can never be written: judged, buried, and only then committed."""

from collections.abc import Iterator, Sequence

import attrs
import pytest

from formbridge.bridge import BridgeSettings
from formbridge.domain.errors import BrokerUnavailable, FloodLimitReached
from formbridge.domain.events import Buried
from formbridge.domain.flood import FloodLimit
from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Failure, Outcome, Part, Plan
from formbridge.testing.clock import FakeClock
from formbridge.testing.fakes import ScriptedSink
from tests.rig import GROUP, Rig, texts_of, unreachable
from tests.taps import LosingConsumer


@attrs.define(eq=False, kw_only=True)
class PickySink(ScriptedSink):
    """Cannot read records whose second letter is ``!``."""

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Name those that cannot be read."""
        broken = [it for it in deliveries if (it.value or b"")[1:2] == b"!"]
        plan = super().plan([it for it in deliveries if it not in broken])
        failures = [Failure(delivery=it, reason="no JSON", error="Undecodable") for it in broken]
        return Plan(parts=plan.parts, failures=failures)


def flooded(failures: int, window: int) -> Rig:
    """Return a rig with this flood limit."""
    limit = FloodLimit(failures=failures, window=window)
    return Rig(sink=PickySink(), settings=BridgeSettings(flood=limit))


def test_what_cannot_be_read_becomes_a_dead_letter_and_its_neighbours_go_on() -> None:
    """Even when nothing else came, it is resolved and committed."""
    rig = Rig(sink=PickySink())
    rig.publish("a!", "a1", "b!")
    rig.bridge().step()
    assert (rig.written, rig.committed) == (["a1"], {0: 3})
    assert texts_of(rig.letters.letters) == ["a!", "b!"]
    assert rig.hook.of(Buried) == [Buried(group="sheet", records=2, reasons=("no JSON",))]


def test_failures_that_cannot_be_buried_keep_the_commit_back() -> None:
    """Nothing is committed beyond a failure that is nowhere yet; later it is buried once."""
    rig = Rig(sink=PickySink())
    rig.publish("a!", "a1")
    rig.tap.broken["bury"] = unreachable
    bridge = rig.bridge()
    for _ in range(3):
        with pytest.raises(BrokerUnavailable):
            bridge.step()
    rig.publish("a2", "b!")
    with pytest.raises(BrokerUnavailable):
        bridge.step()
    assert rig.committed == {}
    del rig.tap.broken["bury"]
    bridge.step()
    assert texts_of(rig.letters.letters) == ["a!", "b!"]
    assert (rig.written, rig.committed) == (["a1", "a2"], {0: 4})


def test_a_failure_that_was_judged_is_not_judged_again() -> None:
    """Waiting for a burial is no new failure: one bad record never floods."""
    rig = flooded(1, 10)
    rig.publish("a!")
    rig.tap.broken["bury"] = unreachable
    bridge = rig.bridge()
    for _ in range(5):
        with pytest.raises(BrokerUnavailable):
            bridge.step()
    del rig.tap.broken["bury"]
    bridge.step()
    assert texts_of(rig.letters.letters) == ["a!"]


def test_a_flood_is_judged_before_anything_is_buried_or_committed() -> None:
    """The bridge stops; the log is as it was, and the good records of the pass were written."""
    rig = flooded(2, 10)
    rig.publish("a!", "a1", "b!", "c!")
    with pytest.raises(FloodLimitReached, match="no JSON"):
        rig.bridge().run(lambda: False)
    assert (rig.letters.letters, rig.committed, rig.written) == ([], {}, ["a1"])
    assert rig.effects == ["poll", "write a"]


def test_after_a_flood_and_a_repair_nothing_is_missing() -> None:
    """The same records come again, and are written by a sink that can read them."""
    rig = flooded(2, 10)
    rig.publish("a!", "b!", "c!")
    with pytest.raises(FloodLimitReached), rig.bridge() as bridge:
        bridge.run(lambda: False)
    rig.sink = ScriptedSink()
    rig.bridge().run_until_idle()
    assert rig.written == ["a!", "b!", "c!"]


def test_a_limit_is_not_reached_by_exactly_so_many() -> None:
    """At most so many may fail."""
    rig = flooded(2, 10)
    rig.publish("a!", "b!")
    rig.bridge().step()
    assert len(rig.letters.letters) == 2


def test_old_failures_are_forgotten_as_good_records_come() -> None:
    """One bad record in ten goes on for ever, pass by pass."""
    rig = flooded(2, 10)
    bridge = rig.bridge()
    for _ in range(20):
        rig.publish("a!", *[f"a{number}" for number in range(9)])
        bridge.step()
    assert len(rig.letters.letters) == 20


def test_failures_of_partitions_that_were_lost_are_forgotten() -> None:
    """The other member reads them and buries them; here they hold nothing back."""
    rig = Rig(sink=PickySink())
    rig.publish("a!")
    rig.tap.broken["bury"] = unreachable
    bridge = rig.bridge()
    with pytest.raises(BrokerUnavailable):
        bridge.step()
    rig.clock.advance(61.0)
    other = rig.broker.consumer(group=GROUP)
    assert [it.value for it in other.poll(10, timeout=0).deliveries] == [b"a!"]
    del rig.tap.broken["bury"]
    bridge.step()
    assert rig.letters.letters == []


def test_a_crash_between_burial_and_commit_counts_once() -> None:
    """The record comes again, fails again, and is the same letter."""
    rig = Rig(sink=PickySink())
    rig.publish("a!")
    rig.tap.broken["commit"] = unreachable
    with pytest.raises(BrokerUnavailable), rig.bridge() as bridge:
        bridge.step()
    del rig.tap.broken["commit"]
    rig.bridge().run_until_idle()
    assert texts_of(rig.letters.letters) == ["a!"]
    assert rig.committed == {0: 1}


@attrs.define(eq=False, kw_only=True)
class SlowPickySink(PickySink):
    """Takes two seconds for each part."""

    clock: FakeClock

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Let time pass before each answer."""
        for outcome in super().write(parts):
            self.clock.advance(2.0)
            yield outcome


def test_failures_that_are_new_are_judged_also_when_older_ones_are_lost() -> None:
    """One that waited for its burial goes with its partition; the other is counted."""
    clock = FakeClock()
    settings = BridgeSettings(flood=FloodLimit(failures=1, window=10))
    rig = Rig(clock=clock, sink=SlowPickySink(clock=clock), settings=settings, partitions=2)
    rig.publish("a!")
    (first,) = rig.broker.reader().read()
    bridge = rig.bridge()
    lost = [frozenset({first.partition})]
    bridge.consumer = LosingConsumer(bridge.consumer, rig.tap, lost=lost)
    rig.tap.broken["bury"] = unreachable
    with pytest.raises(BrokerUnavailable):
        bridge.step()
    rig.publish("d!", "d1")  # of the other partition
    with pytest.raises(FloodLimitReached):
        bridge.step()
