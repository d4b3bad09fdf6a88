"""A plain function as a sink: what it is called with, and what becomes of its errors."""

from collections.abc import Callable, Sequence

import attrs
import pytest

from formbridge.domain.errors import BrokerUnavailable, Reject, TryLater
from formbridge.domain.ports import Ledger
from formbridge.domain.responses import Response
from formbridge.domain.sinks import NotNow, Outcome, Part, Written
from formbridge.function_sink import FunctionSink
from formbridge.testing.builders import a_delivery, a_response


class SetLedger(Ledger):
    """Keys in a set that outlives the sink."""

    def __init__(self) -> None:
        """Begin with none."""
        self.keys: set[str] = set()
        self.closed = 0

    def seen(self, keys: Sequence[str], /) -> frozenset[str]:
        """Return what is there."""
        return frozenset(self.keys.intersection(keys))

    def record(self, keys: Sequence[str], /) -> None:
        """Add them."""
        self.keys.update(keys)

    def close(self) -> None:
        """Count."""
        self.closed += 1


@attrs.define(eq=False)
class Calls:
    """A function that notes the response ids of each call, then fails as its script says."""

    script: list[Exception | None] = attrs.field(factory=list)
    broken: dict[str, Exception] = attrs.field(factory=dict)
    made: list[list[str]] = attrs.field(factory=list)

    def __call__(self, responses: Sequence[Response]) -> None:
        """Take one call."""
        self.made.append([it.response_id for it in responses])
        error = self.script.pop(0) if self.script else None
        if error is not None:
            raise error
        for response in responses:
            if response.response_id in self.broken:
                raise self.broken[response.response_id]


def sink_of(
    calls: Callable[[Sequence[Response]], None], ledger: Ledger | None = None
) -> FunctionSink:
    """Return a sink over this function."""
    return FunctionSink(handle=calls, read=lambda _: [], ledger=ledger)


def part(*responses: Response) -> Part:
    """Return the part of these responses."""
    deliveries = [a_delivery(offset=offset) for offset in range(len(responses))]
    return Part(key="form", deliveries=deliveries, items=list(responses))


def write(sink: FunctionSink, *responses: Response) -> Outcome:
    """Write one part."""
    (outcome,) = sink.write([part(*responses)])
    return outcome


ONE, TWO, THREE = a_response("r1"), a_response("r2"), a_response("r3")


def test_the_function_gets_the_responses_of_a_form_in_their_order() -> None:
    """In one call for each form; each form is answered for before the next is called."""
    calls = Calls()
    sink = FunctionSink(
        handle=calls,
        read=lambda it: [a_response(f"r{it.offset}", form_id="ab"[it.offset % 2])],
    )
    plan = sink.plan([a_delivery(offset=offset) for offset in range(4)])
    outcomes = sink.write(list(plan.parts.values()))
    assert next(outcomes) == Written(key="a", changed=2)
    assert calls.made == [["r0", "r2"]]
    assert next(outcomes) == Written(key="b", changed=2)
    assert calls.made == [["r0", "r2"], ["r1", "r3"]]


def test_the_same_content_twice_in_a_part_is_one_call() -> None:
    """A sender that tried again made two records of one submission."""
    calls = Calls()
    assert write(sink_of(calls), ONE, ONE, TWO) == Written(key="form", changed=2)
    assert calls.made == [["r1", "r2"]]


def test_try_later_offers_the_same_again() -> None:
    """After its seconds, with its reason."""
    calls = Calls(script=[TryLater("the mail server is full", seconds=9.0)])
    sink = sink_of(calls)
    outcome = write(sink, ONE)
    assert outcome == NotNow(key="form", seconds=9.0, reason="the mail server is full")
    assert write(sink, ONE) == Written(key="form", changed=1)
    assert calls.made == [["r1"], ["r1"]]


@pytest.mark.parametrize("error", [TimeoutError("at 10.0.0.7"), ConnectionResetError(), OSError(5)])
def test_a_network_that_is_down_is_try_later(error: OSError) -> None:
    """With the sink's patience; the error's own text may hold anything and is left out."""
    outcome = write(sink_of(Calls(script=[error])), ONE)
    reason = f"the function raised {type(error).__name__}"
    assert outcome == NotNow(key="form", seconds=5.0, reason=reason)


def test_rejected_responses_fail_and_the_others_were_handled() -> None:
    """No second call for them."""
    calls = Calls(script=[Reject({TWO.idempotency_key: "no e-mail address"})])
    outcome = write(sink_of(calls), ONE, TWO, THREE)
    assert isinstance(outcome, Written)
    assert [(it.delivery.offset, it.reason, it.error) for it in outcome.failures] == [
        (1, "no e-mail address", "Reject")
    ]
    assert (outcome.changed, len(calls.made)) == (2, 1)


def test_after_another_error_the_responses_go_one_by_one() -> None:
    """Who fails again is a dead letter; the error's class is the reason, not its text."""
    calls = Calls(broken={"r2": KeyError("alice@example.org")})
    outcome = write(sink_of(calls), ONE, TWO, THREE)
    assert isinstance(outcome, Written)
    assert [(it.delivery.offset, it.reason) for it in outcome.failures] == [
        (1, "the function raised KeyError")
    ]
    assert calls.made == [["r1", "r2", "r3"], ["r1"], ["r2"], ["r3"]]


@pytest.mark.parametrize("ledger", [None, SetLedger()])
def test_try_later_in_the_middle_does_not_repeat_what_was_handled(ledger: Ledger | None) -> None:
    """One by one, the third had to wait: the first is not called again for it."""
    calls = Calls(broken={"r2": KeyError(), "r3": TryLater("later")})
    sink = sink_of(calls, ledger)
    assert isinstance(write(sink, ONE, TWO, THREE), NotNow)
    calls.broken.clear()
    outcome = write(sink, ONE, TWO, THREE)
    assert isinstance(outcome, Written)
    assert [made for made in calls.made if "r1" in made] == [["r1", "r2", "r3"], ["r1"]]
    assert calls.made[-1] == ["r2", "r3"]


def test_without_a_ledger_a_redelivery_is_a_second_call() -> None:
    """It says so: it is not idempotent."""
    calls = Calls()
    sink = sink_of(calls)
    for _ in range(2):
        write(sink, ONE)
    assert (calls.made, sink.idempotent) == ([["r1"], ["r1"]], False)


def test_a_ledger_remembers_across_a_restart() -> None:
    """A redelivery is no call; an edit is one."""
    calls, ledger = Calls(), SetLedger()
    write(sink_of(calls, ledger), ONE)
    assert write(sink_of(calls, ledger), ONE) == Written(key="form", changed=0)
    write(sink_of(calls, ledger), ONE._replace(values=["no"]))
    assert calls.made == [["r1"], ["r1"]]


def test_the_ledger_is_written_after_the_call() -> None:
    """A crash within the call repeats it: at least once."""
    ledger = SetLedger()
    at_call: list[set[str]] = []
    write(sink_of(lambda _: at_call.append(set(ledger.keys)), ledger), ONE)
    assert (at_call, ledger.keys) == ([set()], {ONE.idempotency_key})


def test_what_was_rejected_is_not_in_the_ledger() -> None:
    """A replay after the cause is mended calls the function."""
    ledger = SetLedger()
    calls = Calls(script=[Reject({ONE.idempotency_key: "no"})])
    sink = sink_of(calls, ledger)
    write(sink, ONE, TWO)
    assert ledger.keys == {TWO.idempotency_key}
    assert write(sink, ONE, TWO) == Written(key="form", changed=1)
    assert calls.made[-1] == ["r1"]


def test_a_stop_from_the_keyboard_is_no_error_of_the_function() -> None:
    """It goes through, and nothing is called handled."""

    def stop(_: Sequence[Response]) -> None:
        raise KeyboardInterrupt

    ledger = SetLedger()
    with pytest.raises(KeyboardInterrupt):
        write(sink_of(stop, ledger), ONE)
    assert ledger.keys == set()


def test_closing_closes_the_ledger() -> None:
    """And idle does nothing, with or without one."""
    ledger = SetLedger()
    sink = sink_of(Calls(), ledger)
    sink.idle()
    sink.close()
    sink_of(Calls()).close()
    assert ledger.closed == 1


def test_a_retryable_error_of_ours_counts_as_try_later() -> None:
    """A function that publishes onwards may meet a broker that is away for a while."""

    def forward(_: Sequence[Response]) -> None:
        raise BrokerUnavailable("no broker")

    sink = FunctionSink(handle=forward, read=lambda _: [a_response()])
    plan = sink.plan([a_delivery()])
    (outcome,) = sink.write(list(plan.parts.values()))
    assert outcome == NotNow(
        key="form", seconds=5.0, reason="the function raised BrokerUnavailable"
    )
