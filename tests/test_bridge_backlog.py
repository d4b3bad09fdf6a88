"""What a sink could not take now: how it waits, in which order, and what it holds back."""

import pytest

from formbridge.bridge import BridgeSettings
from formbridge.domain.errors import BrokerUnavailable
from formbridge.domain.events import PartDeferred
from formbridge.domain.sinks import NotNow, Part, Written
from formbridge.testing.fakes import ScriptedSink
from tests.rig import LENIENT, Rig, then, unreachable


def busy(key: str, seconds: float = 10.0) -> NotNow:
    """Return the answer of a table that is held."""
    return NotNow(key=key, seconds=seconds, reason="somebody has the file open")


def test_a_part_that_waits_bounds_the_commit_and_the_others_go_on() -> None:
    """The commit stands before the waiting record, however much was written behind it."""
    rig = Rig(sink=ScriptedSink(script=then(Written(key="a"), busy("b"))))
    rig.publish("a1", "b1", "a2", "a3")
    bridge = rig.bridge()
    bridge.step()
    assert (rig.written, rig.committed) == (["a1", "a2", "a3"], {0: 1})
    rig.publish("a4")
    bridge.step()
    assert (rig.written[-1], rig.committed) == ("a4", {0: 1})


def test_other_partitions_do_not_wait() -> None:
    """A table that waits bounds the commit of its own partition only."""
    rig = Rig(partitions=8, sink=ScriptedSink(script=[lambda part: busy(part.key)]))
    rig.publish(*[letter + "1" for letter in "abcdefgh"])
    rig.bridge().step()
    assert len(rig.written) == 7
    (waiting,) = set("abcdefgh") - {text[0] for text in rig.written}
    ends = {
        it.partition: it.offset for it in rig.broker.reader().read() if it.key == waiting.encode()
    }
    ((partition, offset),) = ends.items()
    assert rig.committed[partition] == offset
    assert sum(rig.committed.values()) == sum(
        offset if it == partition else rig.bridge().consumer.spans()[it].end for it in rig.committed
    )


def test_the_seconds_of_not_now_are_honoured() -> None:
    """The table is not offered before they passed, and is offered as soon as they did."""
    rig = Rig(sink=ScriptedSink(script=then(busy("a", 10.0))))
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.step()
    asked = rig.clock.monotonic()
    while not rig.written:
        bridge.step()
    assert rig.tap.calls.count("write a") == 2
    assert rig.clock.monotonic() == pytest.approx(asked + 10.0, abs=0.01)


def test_new_records_wait_behind_those_that_wait_already() -> None:
    """The order within a table stays, and all of it is offered in one write."""
    offered: list[int] = []

    def take(part: Part) -> Written:
        offered.append(len(part.items))
        return Written(key=part.key)

    rig = Rig(sink=ScriptedSink(script=[*then(busy("a")), take]))
    bridge = rig.bridge()
    for text in ("a1", "a2", "a3"):
        rig.publish(text)
        bridge.step()
    assert rig.tap.calls.count("write a") == 1
    rig.clock.advance(10.0)
    bridge.step()
    assert (rig.written, offered) == (["a1", "a2", "a3"], [3])
    assert rig.committed == {0: 3}


def test_a_table_may_say_not_now_again_and_again() -> None:
    """Each answer counts from its own time, and nothing is lost or doubled."""
    rig = Rig(sink=ScriptedSink(script=then(*[busy("a", 5.0)] * 4)))
    rig.publish("a1", "a2")
    bridge = rig.bridge()
    bridge.run_until_idle()
    assert (rig.written, rig.committed) == (["a1", "a2"], {0: 2})
    assert rig.clock.monotonic() >= 20.0


def test_a_full_backlog_makes_the_bridge_hold() -> None:
    """It reads no more, stays a member, and goes on when the table is back."""
    settings = BridgeSettings(batch=3, backlog=4, flood=LENIENT)
    rig = Rig(settings=settings, sink=ScriptedSink(script=then(busy("a", 600.0))))
    rig.publish(*[f"a{number}" for number in range(9)])
    bridge = rig.bridge()
    brought = [bridge.step() for _ in range(6)]
    assert brought == [3, 3, 0, 0, 0, 0]  # the limit is soft: one poll may pass it
    assert rig.tap.calls.count("poll") == 2
    assert not rig.committed.get(0)
    for _ in range(1200):
        bridge.step()  # ten minutes and more: longer than the broker lets a member be silent
    bridge.run_until_idle()
    assert rig.written == [f"a{number}" for number in range(9)]
    assert rig.committed == {0: 9}


def test_a_hold_is_no_longer_than_the_wait_of_a_poll() -> None:
    """So that a stop is heard, and a part that comes due is written in time."""
    settings = BridgeSettings(backlog=1, poll_timeout=0.5)
    rig = Rig(settings=settings, sink=ScriptedSink(script=then(busy("a", 0.7))))
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.step()
    times = []
    while not rig.written:
        before = rig.clock.monotonic()
        bridge.step()
        times.append(round(rig.clock.monotonic() - before, 3))
    assert times == [0.5, 0.2]


def test_what_waits_is_read_again_after_a_crash() -> None:
    """The backlog is memory only, and nothing in it was committed."""
    rig = Rig(sink=ScriptedSink(script=then(busy("a"))))
    rig.publish("a1", "b1")
    rig.bridge().step()
    rig.clock.advance(61.0)  # the dead member is evicted
    rig.bridge().run_until_idle()
    assert rig.written == ["b1", "a1", "b1"]  # b1 again: this sink is not idempotent
    assert rig.committed == {0: 2}


def test_a_deferred_part_is_told() -> None:
    """With its reason and its seconds."""
    rig = Rig(sink=ScriptedSink(script=then(busy("a", 3.0))))
    rig.publish("a1")
    rig.bridge().step()
    assert rig.hook.of(PartDeferred) == [
        PartDeferred(group="sheet", part="a", seconds=3.0, reason="somebody has the file open")
    ]


def test_what_was_read_before_a_failing_commit_is_committed_later() -> None:
    """A commit that failed is tried by the next pass, also when nothing new came."""
    rig = Rig()
    rig.publish("a1")
    bridge = rig.bridge()
    rig.tap.broken["commit"] = unreachable
    with pytest.raises(BrokerUnavailable):
        bridge.step()
    del rig.tap.broken["commit"]
    bridge.step()
    assert (rig.written, rig.committed) == (["a1"], {0: 1})
