"""One pass of a bridge: its effects, in their order."""

from collections.abc import Callable

import pytest

from formbridge.bridge import BridgeSettings
from formbridge.domain.errors import BadSetting, StoreBroken, StoreDenied, StoreUnavailable
from formbridge.domain.events import Buried, Committed, PartWritten, Polled, Stopped
from formbridge.domain.sinks import Failure, Part, Written
from formbridge.testing.fakes import ScriptedSink
from tests.rig import LENIENT, Rig


def rejecting(*texts: str) -> Callable[[Part], Written]:
    """Return an answer: written, but for the records of these texts."""

    def answer(part: Part) -> Written:
        failures = [
            Failure(delivery=it, reason="too long", error="Refused")
            for it in part.deliveries
            if it.value and it.value.decode() in texts
        ]
        return Written(key=part.key, changed=len(part.items) - len(failures), failures=failures)

    return answer


def test_the_effects_of_a_pass_are_poll_write_bury_commit() -> None:
    """In this order, and no others: the commit is the last."""
    rig = Rig(sink=ScriptedSink(script=[rejecting("a1")]))
    rig.publish("a1", "b1", "a2")
    assert rig.bridge().step() == 3
    assert rig.effects == ["poll", "write a", "write b", "bury", "commit"]
    assert rig.committed == {0: 3}


def test_a_pass_without_failures_buries_nothing() -> None:
    """An empty burial would be a needless write."""
    rig = Rig()
    rig.publish("a1")
    rig.bridge().step()
    assert rig.effects == ["poll", "write a", "commit"]


def test_a_pass_without_records_commits_nothing_and_lets_the_sink_tidy() -> None:
    """There is nothing to say to the broker; what could wait is done now."""
    rig = Rig()
    bridge = rig.bridge()
    assert bridge.step() == 0
    assert rig.effects == ["poll"]
    assert rig.tap.calls.count("idle") == 2  # at the start, and because nothing came


def test_a_place_that_is_committed_is_not_committed_again() -> None:
    """A second pass without records leaves the broker alone."""
    rig = Rig()
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.step()
    bridge.step()
    assert rig.tap.calls.count("commit") == 1


def test_each_record_is_written_once_and_in_order() -> None:
    """Several passes of a small batch see every record once."""
    rig = Rig(settings=BridgeSettings(batch=2))
    rig.publish(*[f"a{number}" for number in range(5)])
    rig.bridge().run_until_idle()
    assert rig.written == ["a0", "a1", "a2", "a3", "a4"]


def test_a_restart_begins_where_the_last_one_committed() -> None:
    """What was resolved does not come again."""
    rig = Rig()
    rig.publish("a1")
    with rig.bridge() as first:
        first.run_until_idle()
    rig.publish("a2")
    with rig.bridge() as second:
        second.run_until_idle()
    assert rig.written == ["a1", "a2"]


def test_a_failure_does_not_stop_its_neighbours() -> None:
    """The rejected record is a dead letter with its reason; the others of its table are written."""
    rig = Rig(sink=ScriptedSink(script=[rejecting("a2")]))
    rig.publish("a1", "a2", "a3")
    rig.bridge().step()
    assert rig.written == ["a1", "a3"]
    (letter,) = rig.letters.letters
    assert (letter.group, letter.reason, letter.error) == ("sheet", "too long", "Refused")
    assert (letter.delivery.value, letter.buried_at) == (b"a2", rig.clock.now())
    assert not letter.parked


def test_events_say_what_happened() -> None:
    """Numbers, names and reasons; in the order of the effects."""
    rig = Rig(sink=ScriptedSink(script=[rejecting("a2")]))
    rig.publish("a1", "a2")
    rig.bridge().step()
    assert rig.hook.events == [
        Polled(group="sheet", records=2),
        PartWritten(group="sheet", part="a", records=1, changed=1),
        Buried(group="sheet", records=1, reasons=("too long",)),
        Committed(group="sheet", offsets={0: 2}),
    ]


def test_the_sink_is_asked_to_relabel_before_the_first_record() -> None:
    """A mapping that came while the bridge was down is due at its start."""
    rig = Rig()
    rig.publish("a1")
    rig.bridge().step()
    assert rig.tap.calls.index("idle") < rig.tap.calls.index("poll")


def test_an_error_in_the_middle_of_a_write_keeps_the_rest_for_the_next_pass() -> None:
    """What was written before the error is not written again, and nothing is committed yet."""
    rig = Rig()
    rig.publish("a1", "b1", "c1")
    rig.tap.broken["write"] = lambda: StoreUnavailable("the disk is full")
    bridge = rig.bridge()
    with pytest.raises(StoreUnavailable):
        bridge.step()
    assert rig.committed == {}
    del rig.tap.broken["write"]
    bridge.step()
    assert rig.written == ["a1", "b1", "c1"]
    assert rig.committed == {0: 3}


def test_an_error_while_planning_loses_nothing() -> None:
    """Records that were read and could not be planned are planned by the next pass."""
    rig = Rig()
    rig.publish("a1")
    rig.tap.broken["plan"] = lambda: StoreUnavailable("the mappings are out of reach")
    bridge = rig.bridge()
    with pytest.raises(StoreUnavailable):
        bridge.step()
    del rig.tap.broken["plan"]
    rig.publish("a2")
    bridge.run_until_idle()
    assert rig.written == ["a1", "a2"]


def test_an_error_that_does_not_pass_ends_the_bridge_without_a_commit() -> None:
    """A broken store needs a person; nothing is buried for it."""
    rig = Rig(settings=BridgeSettings(flood=LENIENT))
    rig.publish("a1")
    rig.tap.broken["write"] = lambda: StoreBroken("the index is damaged")
    with pytest.raises(StoreBroken), rig.bridge() as bridge:
        bridge.run(lambda: False)
    assert (rig.committed, rig.letters.letters) == ({}, [])


def test_a_store_that_lets_nobody_in_stops_the_bridge_with_its_sentence() -> None:
    """Trying again would not help, and who reads the log must learn what would."""
    rig = Rig()
    rig.publish("a1")
    sentence = "the key was revoked; make another one"
    rig.tap.broken["write"] = lambda: StoreDenied(sentence)
    with pytest.raises(StoreDenied, match="revoked"), rig.bridge() as bridge:
        bridge.run(lambda: False)
    assert Stopped(group="sheet", error=sentence) in rig.hook.events
    assert (rig.committed, rig.letters.letters) == ({}, [])


def test_closing_leaves_the_group_and_closes_sink_and_letters() -> None:
    """All that the bridge was given is released, also after an error."""
    rig = Rig()
    with pytest.raises(ValueError, match="mine"), rig.bridge():
        raise ValueError("mine")
    assert rig.tap.calls == ["leave", "close sink", "close letters"]


@pytest.mark.parametrize("name", ["batch", "backlog", "poll_timeout", "probe_parked"])
def test_a_setting_without_sense_is_refused_by_its_name(name: str) -> None:
    """A bridge that can never work does not start."""
    with pytest.raises(BadSetting, match=name):
        BridgeSettings(**{name: 0})
