"""Until idle: the log is read to the end that it has now, and all that was read is resolved."""

from collections.abc import Callable

import pytest

from formbridge.bridge import BridgeSettings
from formbridge.domain.errors import StoreUnavailable
from formbridge.domain.sinks import NotNow, Part, Unavailable, Written
from formbridge.testing.fakes import ScriptedSink
from tests.rig import GROUP, LENIENT, Rig, then, unreachable
from tests.taps import MarkedConsumer, Tap


def test_an_empty_log_is_idle_at_once() -> None:
    """One pass finds nothing, and the sink may tidy up."""
    rig = Rig()
    rig.bridge().run_until_idle()
    assert rig.tap.calls.count("poll") == 1


def test_all_partitions_are_read_to_their_ends() -> None:
    """However small the batch."""
    rig = Rig(partitions=4, settings=BridgeSettings(batch=1))
    texts = [letter + str(number) for letter in "abcdefgh" for number in range(3)]
    rig.publish(*texts)
    rig.bridge().run_until_idle()
    assert sorted(rig.written) == texts
    assert sum(rig.committed.values()) == len(texts)


def test_how_far_the_group_is_is_asked_at_the_start_and_near_the_end() -> None:
    """It costs a cluster two calls: not between batches that are short of the goal."""
    rig = Rig(settings=BridgeSettings(batch=1))
    rig.publish(*[f"a{number}" for number in range(50)])
    rig.bridge().run_until_idle()
    assert len(rig.written) == 50
    assert rig.tap.asked == 2


def test_a_goal_behind_the_last_record_is_reached_by_an_empty_poll() -> None:
    """A log of transactions ends with marks that no poll returns: who reads them knows."""
    rig = Rig()
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.consumer = MarkedConsumer(bridge.consumer, Tap())
    bridge.run_until_idle()
    assert rig.committed == {0: 1}
    assert rig.tap.calls.count("poll") == 2


def test_what_is_published_meanwhile_does_not_keep_it_busy() -> None:
    """The goal is the end that the log had at the start: a busy log does not run it for ever."""
    rig = Rig(settings=BridgeSettings(batch=1))
    rig.publish("a1", "a2", "a3")

    def more(part: Part) -> Written:
        rig.publish("a9")
        return Written(key=part.key)

    rig.sink = ScriptedSink(script=[more] * 100)
    rig.bridge().run_until_idle()
    assert rig.written == ["a1", "a2", "a3"]


def test_an_empty_poll_is_not_idle() -> None:
    """A part that waits ten seconds, through many empty polls, is waited for."""
    rig = Rig(sink=ScriptedSink(script=then(NotNow(key="a", seconds=10.0, reason="busy"))))
    rig.publish("a1")
    rig.bridge().run_until_idle()
    assert (rig.written, rig.committed) == (["a1"], {0: 1})


def test_a_stop_ends_it_with_work_undone() -> None:
    """What waits is not committed, and comes again."""
    rig = Rig(sink=ScriptedSink(script=then(NotNow(key="a", seconds=1e9, reason="busy"))))
    rig.publish("a1")
    rig.bridge().run_until_idle(lambda: rig.clock.monotonic() > 5.0)
    assert (rig.written, rig.committed.get(0, 0)) == ([], 0)
    assert rig.clock.monotonic() < 7.0


def test_a_stop_before_the_start_does_nothing() -> None:
    """No poll, no write."""
    rig = Rig()
    rig.publish("a1")
    rig.bridge().run_until_idle(lambda: True)
    assert rig.tap.calls == []


def test_parked_tables_do_not_keep_it_busy() -> None:
    """Their records are dead letters, and so resolved."""
    rig = Rig(sink=ScriptedSink(script=then(Unavailable(key="a", reason="in the bin"))))
    rig.publish("a1", "b1")
    rig.bridge().run_until_idle()
    assert (rig.written, rig.committed) == (["b1"], {0: 2})


@pytest.mark.parametrize("call", ["poll", "plan", "write", "commit", "idle"])
def test_an_error_that_passes_is_waited_out(call: str) -> None:
    """Wherever it comes from, also from the last tidying; and nothing is written twice for it."""
    rig = Rig()
    rig.publish("a1")
    rig.tap.broken[call] = unreachable
    rig.bridge().run_until_idle(mended_after(rig, 3.0))
    assert (rig.written, rig.committed) == (["a1"], {0: 1})
    assert 3.0 <= rig.clock.monotonic() < 10.0


def test_an_error_of_the_last_tidying_is_waited_out() -> None:
    """The store is out of reach when everything is read: idle comes when it is back."""
    rig = Rig()
    rig.publish("a1")
    bridge = rig.bridge()

    def break_idle(part: Part) -> Written:
        rig.tap.broken["idle"] = lambda: StoreUnavailable("the disk is full")
        return Written(key=part.key)

    rig.sink = ScriptedSink(script=[break_idle])
    bridge.sink.inner = rig.sink  # type: ignore[attr-defined]  # the tapped sink's
    bridge.run_until_idle(mended_after(rig, 3.0))
    assert rig.sink.idles >= 1
    assert rig.committed == {0: 1}


def test_partitions_of_other_members_count() -> None:
    """It waits until they read theirs to the end."""
    rig = Rig(partitions=4)
    rig.publish(*[letter + "1" for letter in "abcdefgh"])
    other = rig.broker.consumer(group=GROUP)
    other.hold(0)
    turns: list[int] = []

    def play_the_other() -> bool:
        turns.append(len(turns))
        if len(turns) < 5:
            other.hold(0)
        else:
            batch = other.poll(100, timeout=0)
            other.commit({it.partition: it.offset + 1 for it in batch.deliveries})
        return False

    rig.bridge().run_until_idle(play_the_other)
    assert len(turns) >= 5
    spans = other.spans()
    assert {it: span.end for it, span in spans.items() if span.end} == rig.committed


def test_partitions_of_a_member_that_died_are_read_here() -> None:
    """It takes them over when the broker evicts the dead one."""
    rig = Rig(partitions=4)
    rig.publish(*[letter + "1" for letter in "abcdefgh"])
    rig.broker.consumer(group=GROUP).poll(1, timeout=0)  # and never again
    rig.bridge().run_until_idle()
    assert sorted(rig.written) == [letter + "1" for letter in "abcdefgh"]


def test_a_second_member_that_finds_all_done_ends_at_once() -> None:
    """The group's commits are the positions of partitions that it does not have."""
    rig = Rig(partitions=4, settings=BridgeSettings(flood=LENIENT))
    rig.publish("a1", "b1")
    with rig.bridge() as first:
        first.run_until_idle()
        rig.tap.calls.clear()
        rig.bridge().run_until_idle()
    assert rig.tap.calls.count("poll") == 1
    assert sorted(rig.written) == ["a1", "b1"]


def mended_after(rig: Rig, seconds: float) -> Callable[[], bool]:
    """Return a stop that never says so, and mends everything when so much time has passed."""

    def stop() -> bool:
        if rig.clock.monotonic() >= seconds:
            rig.tap.broken.clear()
        return False

    return stop
