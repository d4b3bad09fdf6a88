"""The first decision: which delivery goes into which table."""

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.errors import Undecodable
from formbridge.domain.plan_batch import plan_batch
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.testing.builders import a_delivery, a_response


def keep(response: Response, _: Delivery) -> Response:
    """Prepare nothing."""
    return response


def reading(*forms: Sequence[str] | None) -> Callable[[Delivery], Sequence[Response]]:
    """Return a reader: the forms of the responses by offset; None is unreadable."""

    def read(delivery: Delivery) -> Sequence[Response]:
        names = forms[delivery.offset]
        if names is None:
            raise Undecodable("$.answers", "a text stands here", "send a list")
        return [a_response(f"r{delivery.offset}", form_id=name) for name in names]

    return read


def deliveries(count: int) -> list[Delivery]:
    """Return as many deliveries."""
    return [a_delivery(offset=offset) for offset in range(count)]


def test_nothing_is_an_empty_plan() -> None:
    """No parts, no failures."""
    plan = plan_batch([], reading())
    assert (dict(plan.parts), list(plan.failures)) == ({}, [])


def test_parts_stand_in_the_order_of_their_first_record() -> None:
    """And within each, deliveries and items run side by side."""
    plan = plan_batch(deliveries(4), reading("b", "a", "b", "a"), prepare=keep)
    assert list(plan.parts) == ["b", "a"]
    assert [it.offset for it in plan.parts["b"].deliveries] == [0, 2]
    items = plan.parts["b"].items
    assert [it.response_id for it in items if isinstance(it, Response)] == ["r0", "r2"]


def test_what_cannot_be_read_fails_with_its_reason_and_its_neighbours_go_on() -> None:
    """The error's class is the failure's."""
    plan = plan_batch(deliveries(3), reading("a", None, "a"), prepare=keep)
    (failure,) = plan.failures
    assert (failure.delivery.offset, failure.error) == (1, "Undecodable")
    assert failure.reason == "$.answers: a text stands here; send a list"
    assert [it.offset for it in plan.parts["a"].deliveries] == [0, 2]


def test_a_record_of_several_responses_stands_in_each_of_their_tables() -> None:
    """Twice in one table, if it holds two for it."""
    plan = plan_batch(deliveries(1), reading("aba"), prepare=keep)
    assert {key: len(part.deliveries) for key, part in plan.parts.items()} == {"a": 2, "b": 1}


def test_a_record_without_responses_is_resolved_by_being_read() -> None:
    """An event that the format ignores is neither a part nor a failure."""
    plan = plan_batch(deliveries(1), reading(""), prepare=keep)
    assert (dict(plan.parts), list(plan.failures)) == ({}, [])


@given(st.lists(st.none() | st.text("abc", max_size=3), max_size=10))
def test_nothing_is_lost_and_nothing_is_added(forms: list[str | None]) -> None:
    """Each response is in one part, each unreadable record among the failures, in order."""
    plan = plan_batch(deliveries(len(forms)), reading(*forms), prepare=keep)
    planned = [(it.offset, key) for key, part in plan.parts.items() for it in part.deliveries]
    expected = [(at, name) for at, names in enumerate(forms) for name in names or ""]
    assert sorted(planned) == sorted(expected)
    assert [it.delivery.offset for it in plan.failures] == [
        at for at, names in enumerate(forms) if names is None
    ]
    for part in plan.parts.values():
        offsets = [it.offset for it in part.deliveries]
        assert offsets == sorted(offsets)
        assert len(part.items) == len(offsets)
