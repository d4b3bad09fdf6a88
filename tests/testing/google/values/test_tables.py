"""Where an append begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.grid.book import fresh_book
from formbridge.testing.google.grid.cell import Cell
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.rows import Rows
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.texts.a1 import a1_of, placed
from formbridge.testing.google.values.tables import append_place, table_in


def place(rows: list[list[str | None]], text: str) -> str:
    """Return the cell where an append to a range begins."""
    book = fresh_book("id", "title")
    book.sheets[0].rows = Rows(tuple(row) for row in rows)
    sheet, area = placed(text, book)
    row, column = append_place(table_in(sheet, area), area)
    return a1_of(sheet.title, Area(row, column, row + 1, column + 1)).removeprefix("Sheet1!")


TWO_TABLES = [
    ["x", "y", "z"],
    ["1", "2", "3"],
    [],
    [None, "x", "y", "z"],
    [None, "1", "2", "3"],
    [None, "4", "5", "6"],
]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Sheet1", "B7"),
        ("B4", "B7"),
        ("C5:D5", "B7"),
        ("B2:D4", "B7"),
        ("A3:G10", "B7"),
        ("A1", "A3"),
        ("E4", "E4"),
        ("A4", "A4"),
    ],
)
def test_googles_own_examples(text: str, first: str) -> None:
    """The examples in Google's guide to appending, with a table at A1:C2 and one at B4:D6."""
    assert place(TWO_TABLES, text) == first


def test_a_blank_cell_shifts_the_next_append() -> None:
    """A row with a gap is two tables: the append goes under the right one."""
    assert place([["a", None, "c"]], "Sheet1") == "C2"


def test_formulas_are_data_and_formats_are_not() -> None:
    """A formula continues a table, a cell that only has a format does not."""
    sheet = Sheet(id=0, title="T")
    look = Cell(format={"textFormat": {"bold": True}})
    sheet.rows = Rows([("a",), (Cell(formula='=""'),), (look,)])
    assert table_in(sheet, sheet.area) == Area(0, 0, 2, 1)


def test_hidden_rows_where_google_is_hostile() -> None:
    """Hidden rows are overlooked where that is asked for, so that they are written over."""
    sheet = Sheet(id=0, title="T")
    sheet.rows = Rows([("a",), ("b",), ("c",)])
    sheet.row_sizes = {1: {"hiddenByFilter": True}, 2: {"hiddenByUser": True}}
    assert table_in(sheet, sheet.area) == Area(0, 0, 3, 1)
    assert table_in(sheet, sheet.area, hostile=True) == Area(0, 0, 1, 1)


@given(st.lists(st.lists(st.sampled_from([None, "x"]), max_size=6), max_size=8))
def test_a_table_has_blank_edges(rows: list[list[str | None]]) -> None:
    """Around a table there is nothing, and inside of it nothing is cut off."""
    sheet = Sheet(id=0, title="T", row_count=20, column_count=10)
    sheet.rows = Rows(tuple(row) for row in rows)
    table = table_in(sheet, sheet.area)
    filled = {
        (row, column)
        for row in range(20)
        for column in range(10)
        if sheet.content(row, column) is not None
    }
    assert (table is None) == (not filled)
    if table is not None:
        edge = Area(table.top - 1, table.left - 1, table.bottom + 1, table.right + 1)
        assert all(cell in table for cell in filled if cell in edge)
        assert any(cell in table for cell in filled)
