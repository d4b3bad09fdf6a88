"""Cells merged and taken apart."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.batch import merging  # noqa: F401 - registers its kinds
from formbridge.testing.google.batch.kinds import KINDS, Scene
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.grid.cell import Cell
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet

SCENE = Scene(
    grant=Grant(account=Account(email="a@example.org")),
    ids=Random(1),  # noqa: S311 - ids, no secrets
    now=0,
)
PART = "You must select all cells in a merged range"


def small() -> tuple[Book, Sheet]:
    """Return a spreadsheet of 6 rows and columns."""
    book = fresh_book("id", "Book")
    book.sheets[0].row_count = book.sheets[0].column_count = 6
    return book, book.sheets[0]


def merge(book: Book, area: Area, how: str = "MERGE_ALL") -> None:
    """Merge an area."""
    body = {"range": GridRange.covering(0, area).body(), "mergeType": how}
    KINDS["mergeCells"](book, body, SCENE)


def unmerge(book: Book, area: Area) -> None:
    """Take the merges of an area apart."""
    KINDS["unmergeCells"](book, {"range": GridRange.covering(0, area).body()}, SCENE)


def test_a_range_is_merged_whole_or_by_rows_or_by_columns() -> None:
    """Merges stand in the order in which they were made."""
    book, sheet = small()
    merge(book, Area(0, 0, 2, 2))
    merge(book, Area(0, 2, 2, 4), "MERGE_COLUMNS")
    merge(book, Area(2, 1, 4, 3), "MERGE_ROWS")
    assert sheet.merges == [
        Area(0, 0, 2, 2),
        Area(0, 2, 2, 3),
        Area(0, 3, 2, 4),
        Area(2, 1, 3, 3),
        Area(3, 1, 4, 3),
    ]


def test_a_merge_takes_the_place_of_those_inside_it() -> None:
    """A single cell, or a row of one, is no merge."""
    book, sheet = small()
    merge(book, Area(0, 0, 2, 2), "MERGE_ROWS")
    merge(book, Area(0, 0, 2, 2))
    assert sheet.merges == [Area(0, 0, 2, 2)]
    merge(book, Area(4, 4, 5, 5))
    merge(book, Area(3, 5, 6, 6), "MERGE_ROWS")
    assert sheet.merges == [Area(0, 0, 2, 2)]


def test_a_part_of_a_merge_is_neither_merged_nor_taken_apart() -> None:
    """All of its cells must be in the range."""
    book, sheet = small()
    merge(book, Area(1, 1, 3, 3))
    for act in (merge, unmerge):
        with pytest.raises(Refused, match=PART):
            act(book, Area(0, 0, 2, 2))
    unmerge(book, Area(0, 3, 6, 6))
    assert sheet.merges == [Area(1, 1, 3, 3)]
    unmerge(book, Area(0, 0, 6, 6))
    assert sheet.merges == []


def test_a_merge_keeps_its_first_content_and_all_formats() -> None:
    """Values of covered cells are dropped, and do not come back."""
    book, sheet = small()
    sheet.put(0, 0, Cell(format={"horizontalAlignment": "LEFT"}))
    sheet.put(0, 1, "kept")
    sheet.put(1, 0, Cell(value=1.0, note="x", format={"horizontalAlignment": "RIGHT"}))
    sheet.put(0, 2, "outside")
    merge(book, Area(0, 0, 2, 2))
    unmerge(book, Area(0, 0, 2, 2))
    assert sheet.content(0, 0) == Cell(value="kept", format={"horizontalAlignment": "LEFT"})
    assert sheet.content(0, 1) is None
    assert sheet.content(1, 0) == Cell(format={"horizontalAlignment": "RIGHT"})
    assert sheet.content(0, 2) == "outside"


def test_a_merge_does_not_cross_what_is_frozen() -> None:
    """It lies on one side of the edge."""
    book, sheet = small()
    sheet.grid |= {"frozenRowCount": 1, "frozenColumnCount": 2}
    with pytest.raises(Refused, match="frozen and non-frozen rows"):
        merge(book, Area(0, 0, 2, 2))
    with pytest.raises(Refused, match="frozen and non-frozen columns"):
        merge(book, Area(0, 1, 1, 3))
    merge(book, Area(0, 0, 2, 2), "MERGE_ROWS")
    merge(book, Area(2, 2, 6, 6))


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 6), st.integers(1, 6)),
        max_size=12,
    )
)
def test_merges_never_overlap(corners: list[tuple[int, int, int, int]]) -> None:
    """Whatever is merged in whatever order."""
    book, sheet = small()
    for top, left, height, width in corners:
        try:
            merge(book, Area(top, left, min(6, top + height), min(6, left + width)))
        except Refused:
            continue
    for index, one in enumerate(sheet.merges):
        assert one.height * one.width > 1
        assert not any(one.touches(other) for other in sheet.merges[index + 1 :])
