"""A response and what is derived from it."""

from formbridge.domain.answers import Kind
from formbridge.domain.envelope import Envelope
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Operation, Shape, Status
from tests.domain.strategies import START, response


def test_an_idempotency_key_tells_contents_apart_and_forgets_times() -> None:
    """It changes with the answers, the form and the status, and not with the times."""
    one = response(shape=Shape.of("q"), values=["yes"])
    assert one.idempotency_key == one._replace(updated_at=START).idempotency_key
    others = [
        one._replace(values=["no"]),
        one._replace(form_id="g"),
        one._replace(status=Status.PARTIAL),
    ]
    assert len({it.idempotency_key for it in [one, *others]}) == len(others) + 1


def test_answers_are_a_view_over_columns() -> None:
    """Kind, title and value of each answer come from the shape and the values beside it."""
    shape = Shape(question_ids=("q",), titles=("Age?",), kinds=(Kind.NUMBER,))
    (answer,) = response(shape=shape, values=[42]).answers
    assert (answer.question_id, answer.title, answer.kind, answer.value) == (
        "q",
        "Age?",
        "number",
        42,
    )


def test_no_repr_holds_an_answer() -> None:
    """A response, its answers, its delivery and its envelope may be logged by accident."""
    one = response(shape=Shape.of("q"), values=["my secret"])
    things = [
        one,
        one.answers,
        Delivery("t", 0, 0, None, b"my secret", (), 0),
        Envelope(b"my secret"),
    ]
    assert "my secret" not in repr(things)


def test_content_is_told_apart_by_status_and_operation_for_a_call() -> None:
    """A withdrawal with the same answers is another call than the submission."""
    one = response(shape=Shape.of("q"), values=["yes"])
    gone = one._replace(operation=Operation.DELETE)
    assert one.idempotency_key != gone.idempotency_key


def test_ids_that_join_alike_are_told_apart() -> None:
    """The form ``a`` with response ``b`` is not the form ``ab``."""
    keys = {
        response(form_id=form, response_id=one, source=source).idempotency_key
        for source, form, one in [("", "a", "b"), ("", "ab", ""), ("a", "b", ""), ("a", "", "b")]
    }
    assert len(keys) == 4


def test_shapes_are_compared_by_identity() -> None:
    """A sink finds a layout with one look; two that look alike are two."""
    assert Shape.of("a") != Shape.of("a")
    assert Shape.of("a").titled is False
    titled = Shape(question_ids=("a",), titles=("A?",), kinds=(Kind.TEXT,))
    assert titled.titled
