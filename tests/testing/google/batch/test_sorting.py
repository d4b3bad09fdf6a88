"""Rows of a range in an order: of kinds, of colours, with formulas that move along."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.batch.sorting import sort_key, sort_rows
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, cell_of
from formbridge.testing.google.grid.ranges import Area
from tests.testing.google.batch.applying import done, filled, refusal, span, values

ASCENDING = {"dimensionIndex": 0, "sortOrder": "ASCENDING"}
DESCENDING = {"dimensionIndex": 0, "sortOrder": "DESCENDING"}


def test_kinds_have_an_order_and_blanks_are_last() -> None:
    """Numbers, texts, booleans, errors; turned around when descending, but for blanks."""
    error = Cell(formula="=1/0")
    book, sheet = filled([None, "z"], [True], [error], ["b"], [10.0], ["A"], [2.0], columns=2)
    sort_rows(book, sheet, Area(0, 0, 7, 2), [ASCENDING])
    assert [contents[0] for contents in sheet.rows] == [2.0, 10.0, "A", "b", True, error, None]
    sort_rows(book, sheet, Area(0, 0, 7, 2), [DESCENDING])
    assert [contents[0] for contents in sheet.rows] == [error, True, "b", "A", 10.0, 2.0, None]


def test_later_columns_count_where_earlier_are_equal() -> None:
    """Rows that are equal in all columns keep their order."""
    book, sheet = filled(["b", 1.0, "x"], ["a", 2.0, "y"], ["B", 2.0, "z"], ["a", 2.0, "w"])
    specs = [ASCENDING, {"dimensionIndex": 1, "sortOrder": "DESCENDING"}]
    done(book, "sortRange", {"range": span(0, 0, 4, 3), "sortSpecs": specs})
    assert [contents[2] for contents in sheet.rows] == ["y", "w", "z", "x"]


def test_what_is_beside_the_range_stays() -> None:
    """Only the cells of the range move, rows above and columns beside it do not."""
    book, sheet = filled(["h", "h", "h"], ["l", "b", "r"], ["k", None, "s"], ["j", "a"])
    done(book, "sortRange", {"range": span(1, 1, 4, 2), "sortSpecs": [{"dimensionIndex": 1}]})
    assert values(sheet) == [["h", "h", "h"], ["l", "a", "r"], ["k", "b", "s"], ["j"]]


def test_formulas_move_with_their_rows() -> None:
    """A relative reference names the same cell of the row that it moved with."""
    book, sheet = filled(["b", Cell(formula="=A1&$A$1")], ["a", Cell(formula="=A2")])
    done(book, "sortRange", {"range": span(0, 0, 2, 2), "sortSpecs": [ASCENDING]})
    assert [cell_of(contents[1]).formula for contents in sheet.rows] == ["=A1", "=A2&$A$1"]


def test_cells_of_a_colour_come_first() -> None:
    """Colours sort to the top, and a cell without one is white."""
    red = {"backgroundColorStyle": {"rgbColor": {"red": 1}}}
    book, sheet = filled(["a"], [Cell(value="b", format=red)], ["c"])
    spec = {"dimensionIndex": 0, "backgroundColor": {"red": 1.0}}
    done(book, "sortRange", {"range": span(0, 0, 3, 1), "sortSpecs": [spec]})
    assert [cell_of(contents[0]).value for contents in sheet.rows] == ["b", "a", "c"]


def test_a_column_outside_is_refused() -> None:
    """Nothing is sorted by a column that is not in the range."""
    book, _ = filled(["a"])
    body = {"range": span(0, 0, 1, 1), "sortSpecs": [{"dimensionIndex": 3}]}
    assert "Invalid requests[0].sortRange: " in refusal(book, "sortRange", body)


KEYS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3).map(float), st.sampled_from("aAbä"))


@given(st.lists(st.tuples(KEYS, KEYS), max_size=12), st.booleans())
def test_sorting_is_a_stable_permutation_and_once_is_enough(
    rows: list[tuple[Content, Content]],
    descending: bool,  # noqa: FBT001 - made by Hypothesis
) -> None:
    """Each row is there once, equal ones in their order, and sorting again changes nothing."""
    numbered = [(*keys, float(at)) for at, keys in enumerate(rows)]
    book, sheet = filled(*numbered)
    specs = [DESCENDING if descending else ASCENDING]
    sort_rows(book, sheet, sheet.area, specs)
    after = values(sheet)
    assert sorted(contents[2] for contents in after) == [contents[2] for contents in numbered]  # type: ignore[type-var]  # numbers all
    for one, other in pairwise(after):
        if sort_key(cell_of(one[0]).value) == sort_key(cell_of(other[0]).value):
            assert cell_of(one[2]).value < cell_of(other[2]).value  # type: ignore[operator]  # numbers
    sort_rows(book, sheet, sheet.area, specs)
    assert values(sheet) == after


def test_an_error_sorts_by_its_kind() -> None:
    """Errors are equal if they are of a kind, whatever their message."""
    assert sort_key(ErrorValue("REF", "a")) == sort_key(ErrorValue("REF", "b"))
