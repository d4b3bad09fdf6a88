"""Partitions that move to another member: dropped here, read there."""

from collections.abc import Callable

import pytest

from formbridge.adapters.memory.consumer import MemoryConsumer
from formbridge.bridge import BridgeSettings
from formbridge.domain.errors import BrokerUnavailable
from formbridge.domain.events import Committed, PartitionsLost, PartWritten
from formbridge.domain.sinks import Failure, NotNow, Part, Written
from formbridge.testing.fakes import ScriptedSink
from tests.rig import GROUP, LENIENT, Rig, unreachable
from tests.taps import LosingConsumer


def thief(rig: Rig, taken: list[bytes]) -> Callable[[], MemoryConsumer]:
    """Return what makes another member, which takes and reads everything that a silent one had."""

    def steal() -> MemoryConsumer:
        rig.clock.advance(61.0)
        other = rig.broker.consumer(group=GROUP)
        taken.extend(it.value or b"" for it in other.poll(100, timeout=0).deliveries)
        return other

    return steal


def while_writing(steal: Callable[[], object]) -> Callable[[Part], Written]:
    """Return the answer of a table whose write takes so long that another member comes."""

    def answer(part: Part) -> Written:
        steal()
        return Written(key=part.key, changed=1)

    return answer


def test_partitions_that_are_lost_while_a_write_goes_on_are_not_committed() -> None:
    """The other member reads the records again, and commits them; here the commit is refused."""
    rig = Rig()
    taken: list[bytes] = []
    rig.sink = ScriptedSink(script=[while_writing(thief(rig, taken))])
    rig.publish("a1")
    rig.bridge().step()
    assert taken == [b"a1"]
    assert rig.committed == {}
    lost = PartitionsLost(group="sheet", partitions=frozenset({0}))
    assert rig.hook.of(PartitionsLost) == [lost]


def test_between_two_writes_the_broker_hears_that_the_member_lives() -> None:
    """A slow sink with many tables does not cost the membership."""
    rig = Rig(max_poll_interval=10.0)
    rig.publish(*[letter + "1" for letter in "abcdefgh"])

    def slowly(part: Part) -> Written:
        rig.clock.advance(3.0)
        return Written(key=part.key)

    rig.sink = ScriptedSink(script=[slowly] * 8)
    rig.bridge().step()
    assert rig.tap.calls.count("hold") == 8
    assert rig.hook.of(PartitionsLost) == []
    assert rig.committed == {0: 8}


def test_quick_writes_cost_no_heartbeats() -> None:
    """The broker is told once a second at most."""
    rig = Rig()
    rig.publish(*[letter + "1" for letter in "abcdefgh"])
    rig.bridge().step()
    assert "hold" not in rig.tap.calls


def test_partitions_lost_between_two_writes_drop_what_still_waits() -> None:
    """A part that was put off, and then lost, is not offered here again."""
    rig = Rig()
    taken: list[bytes] = []
    steal = thief(rig, taken)

    def defer(part: Part) -> NotNow:
        steal()
        return NotNow(key=part.key, seconds=1.0, reason="busy")

    rig.sink = ScriptedSink(script=[defer])
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.step()
    rig.clock.advance(1.0)
    bridge.step()
    assert (taken, rig.written, rig.committed) == ([b"a1"], [], {})


def test_failures_that_a_write_names_for_lost_partitions_are_left_to_the_other_member() -> None:
    """Who reads a record again decides what becomes of it; and no count goes below zero."""
    rig = Rig()
    taken: list[bytes] = []
    steal = thief(rig, taken)

    def reject_slowly(part: Part) -> Written:
        if part.key == "a":
            steal()
            return Written(key="a", changed=1)
        failures = [Failure(delivery=it, reason="no", error="Refused") for it in part.deliveries]
        return Written(key=part.key, failures=failures)

    rig.sink = ScriptedSink(script=[reject_slowly] * 2)
    rig.publish("a1", "b1")
    rig.bridge().step()
    assert taken == [b"a1", b"b1"]
    assert rig.letters.letters == []
    assert rig.committed == {}
    assert all(it.records >= 0 for it in rig.hook.of(PartWritten) if isinstance(it, PartWritten))


def test_a_backlog_of_a_partition_that_is_lost_at_a_poll_is_dropped() -> None:
    """What waits for a table goes with its partition; what was taken later is read afresh."""
    rig = Rig(sink=ScriptedSink(script=[lambda part: NotNow(key=part.key, seconds=5, reason="")]))
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.step()
    rig.clock.advance(61.0)
    other = rig.broker.consumer(group=GROUP)
    other.poll(10, timeout=0)
    other.close()
    bridge.run_until_idle()
    assert (rig.written, rig.committed) == (["a1"], {0: 1})


def test_a_partition_that_comes_back_in_the_same_poll_is_read_again_from_its_commit() -> None:
    """Evicted and joined again at once: nothing is skipped, nothing is committed too far."""
    rig = Rig(sink=ScriptedSink(script=[lambda part: NotNow(key=part.key, seconds=5, reason="")]))
    rig.publish("a1", "b1")
    bridge = rig.bridge()
    bridge.step()  # a waits, b is written: nothing can be committed
    rig.clock.advance(61.0)
    rig.broker.groups().reset(GROUP, to="beginning")  # evicts who was silent
    bridge.step()
    assert rig.committed == {0: 2}
    assert rig.written == ["b1", "a1", "b1"]


def test_only_the_partitions_that_are_still_here_are_committed() -> None:
    """A commit that is refused for one partition is stored for the others, and says so."""
    rig = Rig(partitions=4)
    rig.publish(*[letter + "1" for letter in "abcdefgh"])
    bridges = [rig.bridge(), rig.bridge()]
    joined: list[int] = []

    def join(part: Part) -> Written:
        if not joined:
            joined.append(bridges[1].step())
        return Written(key=part.key)

    rig.sink = ScriptedSink(script=[join])
    bridges[0].step()
    for _ in range(6):
        for bridge in bridges:
            bridge.step()
    spans = bridges[0].consumer.spans()
    assert all(span.lag == 0 for span in spans.values())
    assert rig.committed == {it: span.end for it, span in spans.items() if span.end}


def test_two_members_share_the_log_and_write_every_record() -> None:
    """While one joins late and leaves early; what is written twice was never committed before."""
    settings = BridgeSettings(batch=3, flood=LENIENT)
    rig = Rig(partitions=4, settings=settings)
    rig.publish(*[letter + str(number) for number in range(5) for letter in "abcdefgh"])
    first, second = rig.bridge(), rig.bridge()
    first.step()
    for _ in range(4):
        second.step()
        first.step()
    second.close()
    first.run_until_idle()
    assert len(set(rig.written)) == 40
    spans = first.consumer.spans()
    assert {it: span.end for it, span in spans.items() if span.end} == rig.committed


def test_a_partition_that_is_lost_at_the_commit_is_forgotten() -> None:
    """The commit is refused, no event claims it, and no later pass speaks of it again."""
    rig = Rig()
    taken: list[bytes] = []
    steal = thief(rig, taken)
    others = []
    rig.on_commit = lambda _: others.append(steal())
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.step()
    bridge.step()
    assert (taken, rig.committed, len(others)) == ([b"a1"], {}, 1)
    assert rig.tap.calls.count("commit") == 1
    assert rig.hook.of(Committed) == []


def test_a_table_of_two_partitions_loses_one() -> None:
    """Only failures of the partition that is still here are buried, and the rest is counted."""
    rig = Rig(partitions=2)
    rig.publish(*[letter + "1" for letter in "abcdefgh"])

    def reject(part: Part) -> Written:
        rig.clock.advance(2.0)
        failures = [Failure(delivery=it, reason="no", error="Refused") for it in part.deliveries]
        return Written(key=part.key, failures=failures)

    def reject_behind(part: Part) -> Written:
        rig.clock.advance(2.0)
        return Written(key=part.key)

    halves = {"t": reject, "s": reject_behind}
    rig.sink = ScriptedSink(
        script=[lambda part: halves[part.key](part)] * 2,
        part_of=lambda it: "s" if it.key == b"a" else "t",
    )
    bridge = rig.bridge()
    bridge.consumer = LosingConsumer(bridge.consumer, rig.tap, lost=[frozenset({0})])
    bridge.step()
    assert rig.letters.letters
    assert {letter.delivery.partition for letter in rig.letters.letters} == {1}
    assert all(it.records >= 0 for it in rig.hook.of(PartWritten) if isinstance(it, PartWritten))


def test_what_was_read_and_could_not_be_planned_is_dropped_when_it_is_lost() -> None:
    """The other member has it; here it is neither planned nor written."""
    rig = Rig()
    rig.publish("a1")
    rig.tap.broken["plan"] = unreachable
    bridge = rig.bridge()
    with pytest.raises(BrokerUnavailable):
        bridge.step()
    taken: list[bytes] = []
    other = thief(rig, taken)()
    rig.tap.broken.clear()
    bridge.step()
    assert (taken, rig.written, other.spans()[0].lag) == ([b"a1"], [], 0)
