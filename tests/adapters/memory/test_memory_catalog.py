"""A catalog over a dict."""

import pytest

from formbridge.adapters.memory.catalog import MemoryCatalog
from formbridge.domain.errors import BadMapping
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import Question

BFI = TableKey(form_id="bfi")


def test_a_title_is_enough_for_a_question() -> None:
    """A whole question may stand beside plain titles."""
    catalog = MemoryCatalog(
        {"bfi": {"A1": "Age", "A2": Question(id="A2", title="Sex", order=1)}}, version=7
    )
    mapping = catalog.mapping(BFI)
    assert mapping is not None
    assert [question.title for question in mapping.in_order] == ["Sex", "Age"]
    assert (mapping.version, catalog.version()) == (7, 7)
    assert catalog.mapping(TableKey(form_id="other")) is None


def test_other_questions_come_with_a_greater_version() -> None:
    """Otherwise a table could not tell which of two titles is the later one."""
    catalog = MemoryCatalog({"bfi": {"A1": "Age"}}, version=7)
    with pytest.raises(BadMapping, match="greater"):
        catalog.replace({"bfi": {"A1": "Years"}}, version=7)
    catalog.replace({"bfi": {"A1": "Years"}}, version=8)
    mapping = catalog.mapping(BFI)
    assert mapping is not None
    assert mapping.questions["A1"].title == "Years"
    assert catalog.version() == 8


@pytest.mark.parametrize("questions", [{"": {"A1": "Age"}}, {"bfi": {"": "Age"}}])
def test_an_empty_id_is_refused(questions: dict[str, dict[str, str]]) -> None:
    """No response could ever belong to it."""
    with pytest.raises(BadMapping, match="empty"):
        MemoryCatalog(questions, version=1)
