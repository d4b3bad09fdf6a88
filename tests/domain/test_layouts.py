"""Where the cells of a response go in the columns of its table."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.cells import packed
from formbridge.domain.layouts import Layouts, PackedRows, layout_of
from formbridge.domain.questions import FormMapping
from formbridge.domain.responses import Shape
from formbridge.domain.tables import Column


def columns(*questions: str) -> tuple[Column, ...]:
    """Return columns of these questions."""
    return tuple(Column(question_id=it, title=it, label=it, header=it) for it in questions)


@given(st.permutations("abcd"), st.lists(st.sampled_from("abcd"), unique=True))
def test_every_cell_goes_to_its_question_and_the_rest_is_blank(
    order: list[str], answered: list[str]
) -> None:
    """Whatever the order of the columns and of the answers."""
    row = layout_of(columns(*order), Shape.of(*answered)).row(
        [f"to {it}" for it in sorted(answered)]
    )
    assert row == [f"to {it}" if it in answered else None for it in order]


def test_the_last_answer_to_a_question_that_stands_twice_counts() -> None:
    """A payload that says two things is taken by its last word."""
    assert layout_of(columns("a"), Shape.of("a", "a")).row(["first", "last"]) == ["last"]


def test_other_columns_or_another_mapping_forget_the_layouts() -> None:
    """The same columns and version keep them."""
    layouts, shape, first = Layouts(), Shape.of("a"), columns("a")
    mapping = FormMapping(form_id="form", questions={}, version=1)
    for fit, kept in [
        ((first, None), False),
        ((first, None), True),
        ((first, mapping), False),
        ((first, mapping), True),
        ((columns("a", "b"), mapping), False),
    ]:
        layouts.fit(*fit)
        assert (shape in layouts.by_shape) is kept
        layouts.by_shape[shape] = layout_of(fit[0], shape)


def test_packed_rows_are_the_rows_that_were_packed() -> None:
    """All of them, one, or some; each in the layout of its own shape."""
    wide, narrow = (layout_of(columns("a", "b"), Shape.of(*it)) for it in (("a", "b"), ("b",)))
    rows = PackedRows([wide, narrow, wide], [packed([1, 2]), packed(["x"]), packed([None, True])])
    expected = [[1, 2], [None, "x"], [None, True]]
    assert list(rows) == expected
    assert (rows[1], list(rows[1:]), len(rows)) == (expected[1], expected[1:], 3)
    assert "x" not in repr(rows)
