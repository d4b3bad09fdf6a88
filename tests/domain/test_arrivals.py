"""A response on its way into a table."""

from formbridge.domain.arrivals import arrival_of
from formbridge.domain.revision import revision_of
from formbridge.testing.builders import a_delivery, a_response


def test_an_arrival_knows_what_a_plan_needs() -> None:
    """Revision, digest and cells are those of the response that came with the delivery."""
    response, delivery = a_response(answers={"q": ["a", "b"]}), a_delivery(offset=3)
    arrival = arrival_of(response, delivery)
    assert arrival.revision == revision_of(response, delivery)
    assert (arrival.digest, arrival.cells) == (response.shape.digest(["a; b"]), ["a; b"])


def test_the_repr_of_an_arrival_holds_no_answer() -> None:
    """It may stand in a traceback."""
    arrival = arrival_of(a_response(answers={"q": "my secret"}), a_delivery())
    assert "my secret" not in repr(arrival)
