"""A response on its way into a table."""

from formbridge.domain.arrivals import arrival_of
from formbridge.domain.cells import packed
from formbridge.domain.digests import digest_of
from formbridge.domain.revision import revision_of
from formbridge.testing.builders import a_delivery, a_response


def test_an_arrival_knows_what_a_plan_needs() -> None:
    """Revision, digest and cells are those of the response that came with the delivery."""
    response, delivery = a_response(answers={"q": ["a", "b"]}), a_delivery(offset=3)
    arrival = arrival_of(response, delivery)
    assert arrival.revision == revision_of(response, delivery)
    assert arrival.cells == ["a; b"]
    assert arrival.digest == digest_of(response.shape.seed, packed(["a; b"]))


def test_the_cells_of_an_arrival_are_in_the_order_of_the_sorted_questions() -> None:
    """Whatever the order of a backend: where they go in a table is found by that."""
    arrival = arrival_of(a_response(answers={"q2": "two", "q3": 3, "q1": None}), a_delivery())
    assert arrival.shape.sorted_ids == ("q1", "q2", "q3")
    assert arrival.cells == [None, "two", 3]


def test_the_repr_of_an_arrival_holds_no_answer() -> None:
    """It may stand in a traceback."""
    arrival = arrival_of(a_response(answers={"q": "my secret"}), a_delivery())
    assert "my secret" not in repr(arrival)
