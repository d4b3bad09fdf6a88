"""The mapping table."""

from formbridge.domain.questions import FormMapping, Question


def mapping(**orders: float | None) -> FormMapping:
    """Return the mapping of questions with these orders."""
    return FormMapping(
        form_id="form",
        questions={key: Question(id=key, title=key, order=order) for key, order in orders.items()},
    )


def test_questions_stand_by_their_order_and_then_as_they_were_written() -> None:
    """Those without one come behind; of two with one order the first written comes first."""
    ordered = mapping(d=None, b=2, a=10, c=2, e=None, f=-1, g=2.5).in_order
    assert [it.id for it in ordered] == ["f", "b", "c", "g", "a", "d", "e"]


def test_a_mapping_without_questions_has_no_order() -> None:
    """An empty one is no error."""
    assert mapping().in_order == ()
