"""Logs of made-up responses for property tests: few ids, many collisions."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from formbridge.domain.answers import Kind
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Operation, Response, Shape, Status

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
Arrival = tuple[Response, Delivery]

moments = st.none() | st.integers(0, 3).map(lambda minutes: START + timedelta(minutes=minutes))
values = st.sampled_from([None, False, True, 0, 1, 1.5, "", "0", "=1+1", "ja", ["a", "b"], [], {}])
upserts_and_deletes = st.sampled_from([Operation.UPSERT] * 4 + [Operation.DELETE])
all_operations = st.sampled_from([*Operation, Operation.UPSERT, Operation.MERGE])


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Draw a few questions in any order, some with titles."""
    ids = draw(st.lists(st.sampled_from("abcde"), unique=True, max_size=4))
    titles = tuple(draw(st.sampled_from([None, None, f"What is {it}?", "Same"])) for it in ids)
    return Shape(question_ids=tuple(ids), titles=titles, kinds=(Kind.UNKNOWN,) * len(ids))


@st.composite
def responses(draw: st.DrawFn, operations: st.SearchStrategy[Operation]) -> Response:
    """Draw one version of one of three responses."""
    shape = draw(shapes())
    return Response(
        form_id="form",
        response_id=draw(st.sampled_from(["r1", "r2", "r3"])),
        submitted_at=draw(moments),
        updated_at=draw(moments),
        status=draw(st.sampled_from([Status.COMPLETE, Status.COMPLETE, Status.PARTIAL])),
        operation=draw(operations),
        shape=shape,
        values=[draw(values) for _ in shape.question_ids],
    )


def logs(operations: st.SearchStrategy[Operation]) -> st.SearchStrategy[list[Arrival]]:
    """Return logs: responses with their places, in the order in which the log took them."""
    return st.lists(responses(operations), max_size=12).map(
        lambda items: [(response, delivery(offset)) for offset, response in enumerate(items)]
    )


def delivery(offset: int) -> Delivery:
    """Return the delivery at that offset; the log took it that many seconds after the start."""
    time = round((START + timedelta(seconds=offset)).timestamp() * 1_000_000)
    return Delivery("responses", 0, offset, b"form", b"{}", (), time)


def response(**changes: object) -> Response:
    """Return a complete response without answers, changed as asked."""
    plain = Response("form", "r1", START, None, Status.COMPLETE, Operation.UPSERT, Shape.of(), [])
    return plain._replace(**changes)  # type: ignore[arg-type]  # a test's own changes
