"""From a value to a cell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.cells import cells_of, packed
from formbridge.domain.digests import digest_of


def test_false_zero_empty_and_blank_are_four_different_cells() -> None:
    """No two of them become the same cell, nor the same digest."""
    answers = [False, 0, "", None]
    assert [repr(it) for it in cells_of(answers)] == ["False", "0", "''", "None"]
    assert len({digest_of(0, packed([it])) for it in answers}) == len(answers)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (["a", "b"], "a; b"),
        ([], ""),
        ([1, True, None], "1; true; null"),
        ([{"a": 1}], '[{"a": 1}]'),
        ({"row": "column"}, '{"row": "column"}'),
        (Decimal("0.12345678901234567890"), "0.12345678901234567890"),
        (1234567890123456789, 1234567890123456789),
        ("0049", "0049"),
    ],
)
def test_what_is_no_plain_value_becomes_text(value: object, cell: object) -> None:
    """Choices are joined, what nobody knows passes through as JSON, and no digit is lost."""
    assert cells_of([value]) == [cell]  # type: ignore[list-item]  # any JSON value


@given(st.lists(st.sampled_from([None, True, 1, 1.5, "a", ["a"], {"a": 1}, (1, 2), Decimal(1)])))
def test_a_row_is_converted_as_its_values_are_one_by_one(values: list[object]) -> None:
    """What is remembered of rows with the same types changes nothing."""
    cells = cells_of(values)  # type: ignore[arg-type]  # any JSON value
    assert cells == [cells_of([value])[0] for value in values]  # type: ignore[list-item]  # as above
    assert all(isinstance(cell, (type(None), bool, int, float, str)) for cell in cells)


def test_the_values_of_a_response_stay_as_they_are() -> None:
    """Its cells are another list: a response may be planned twice."""
    values = [["a", "b"], {"k": [1]}]
    cells_of(values)  # type: ignore[arg-type]  # any JSON value
    assert values == [["a", "b"], {"k": [1]}]


def test_text_in_structures_keeps_its_letters() -> None:
    """No escapes where a person reads."""
    assert cells_of([{"Größe": "„M“"}]) == ['{"Größe": "„M“"}']
