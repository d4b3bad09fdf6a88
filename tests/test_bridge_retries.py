"""What a bridge does about errors: those that may pass are waited out, the others end it."""

import pytest

from formbridge.bridge import BridgeSettings
from formbridge.domain.errors import BrokerBroken, BrokerUnavailable
from formbridge.domain.events import Retrying, Stopped
from formbridge.retry import Backoff
from tests.rig import LENIENT, Rig, unreachable

SETTINGS = BridgeSettings(flood=LENIENT, backoff=Backoff(first=1.0, most=8.0, factor=2.0))


def test_delays_grow_up_to_the_most() -> None:
    """With no luck each is half of its ceiling: 1, 2, 4, 8, 8, … seconds."""
    rig = Rig(settings=SETTINGS)
    rig.tap.broken["poll"] = unreachable
    rig.bridge().run(lambda: rig.clock.monotonic() > 10.0)
    retries = [it for it in rig.hook.of(Retrying) if isinstance(it, Retrying)]
    assert [it.seconds for it in retries] == [0.5, 1.0, 2.0, 4.0, 4.0]
    assert [it.attempt for it in retries] == [0, 1, 2, 3, 4]
    assert {it.error for it in retries} == {"BrokerUnavailable"}


def test_after_a_good_pass_the_delays_begin_anew() -> None:
    """Two mishaps an hour apart are two first ones."""
    rig = Rig(settings=SETTINGS)
    bridge = rig.bridge()

    def stop() -> bool:
        polls = rig.tap.calls.count("poll")
        rig.tap.broken = {"poll": unreachable} if polls in {0, 2} else {}
        return polls > 4

    bridge.run(stop)
    retries = [it for it in rig.hook.of(Retrying) if isinstance(it, Retrying)]
    assert [it.attempt for it in retries] == [0, 0]


def test_a_stop_is_heard_while_a_long_delay_goes_on() -> None:
    """The wait is made of naps."""
    settings = BridgeSettings(backoff=Backoff(first=60.0, most=60.0))
    rig = Rig(settings=settings)
    rig.tap.broken["poll"] = unreachable
    rig.bridge().run(lambda: rig.clock.monotonic() > 5.0)
    assert rig.clock.monotonic() < 5.5
    assert max(rig.clock.slept) <= 0.2


def test_an_error_that_does_not_pass_ends_the_bridge() -> None:
    """It is raised at once, without a second attempt, and told."""
    rig = Rig()
    rig.tap.broken["poll"] = lambda: BrokerBroken("not a log of ours")
    with pytest.raises(BrokerBroken):
        rig.bridge().run(lambda: False)
    assert rig.tap.calls.count("poll") == 1
    assert rig.hook.events[-1] == Stopped(group="sheet", error="not a log of ours")


def test_a_bridge_that_was_asked_to_stop_says_so() -> None:
    """The last event has no error."""
    rig = Rig()
    rig.bridge().run(lambda: True)
    assert rig.hook.events == [Stopped(group="sheet")]


def test_an_error_that_nobody_expects_is_raised_as_it_is() -> None:
    """A mistake in a program is not waited out."""
    rig = Rig()
    rig.tap.broken["poll"] = lambda: ZeroDivisionError("a mistake")
    with pytest.raises(ZeroDivisionError):
        rig.bridge().run(lambda: False)


def test_an_error_at_the_very_beginning_is_waited_out() -> None:
    """What was parked is known before anything is read."""
    rig = Rig()
    rig.publish("a1")
    rig.tap.broken["unresolved"] = unreachable
    bridge = rig.bridge()
    for _ in range(2):
        with pytest.raises(BrokerUnavailable):
            bridge.step()
    assert rig.written == []
    rig.tap.broken.clear()
    bridge.step()
    assert rig.written == ["a1"]


def test_a_hook_must_not_raise() -> None:
    """One that does ends the bridge; what it broke into is not committed, and comes again."""
    rig = Rig()
    rig.publish("a1")
    bridge = rig.bridge()

    def raise_(_: object) -> None:
        raise RuntimeError("the metrics are out of reach")

    bridge.hook = raise_
    with pytest.raises(RuntimeError), bridge:
        bridge.run(lambda: False)
    assert rig.committed == {}
    rig.bridge().run_until_idle()
    assert rig.written == ["a1"]
