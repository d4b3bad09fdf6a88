"""Ranges in A1 and R1C1 notation, read and written."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.book import Book, NamedRange, fresh_book
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.texts.a1 import (
    a1_of,
    column_index,
    column_name,
    parse_range,
    placed,
)

titles = st.text(min_size=1, max_size=12).filter(lambda text: text.casefold() != "sheet1")


def book_of(*titles: str) -> Book:
    """Return a spreadsheet with these tabs behind its first."""
    book = fresh_book("id", "title")
    for number, title in enumerate(titles, 1):
        book.sheets.append(Sheet(id=number, title=title))
    return book


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("sheet1", "Sheet1!A1:Z1000"),
        ("'Sheet1'!B2", "Sheet1!B2"),
        ("Sheet1!$D$4:A1", "Sheet1!A1:D4"),
        ("Sheet1!A1:1", "Sheet1!A1:Z1"),
        ("A:C", "Sheet1!A1:C1000"),
        ("1:3", "Sheet1!A1:Z3"),
        ("A5:C", "Sheet1!A5:C1000"),
        ("A1:ZZZ99999", "Sheet1!A1:Z1000"),
        ("R1C1:R2C2", "Sheet1!A1:B2"),
        ("Sheet1!R[1]C[2]", "Sheet1!C2"),
        ("D3", "Sheet1!D3"),
        ("'D3'", "'D3'!A1:Z1000"),
        ("D3!A1", "'D3'!A1"),
        ("Two words!A1:B", "'Two words'!A1:B1000"),
        ("'it''s'!A1", "'it''s'!A1"),
        ("TOTALS", "Sheet1!B2:C3"),
    ],
)
def test_texts_that_are_ranges(text: str, whole: str) -> None:
    """Each way to write a range means the cells that Google says."""
    book = book_of("D3", "Two words", "it's")
    area = GridRange(top=1, bottom=3, left=1, right=3)
    book.named["n"] = NamedRange(id="n", name="totals", range=area)
    sheet, found = placed(text, book)
    assert a1_of(sheet.title, found) == whole


@pytest.mark.parametrize(
    "text",
    ["", "Nope", "Nope!A1", "Sheet1!", "Sheet1!A", "A1:B2:C3", "A0", ":", "A:", "ZZZZ1", "RC"],
)
def test_texts_that_are_none(text: str) -> None:
    """What cannot be read is refused with the text as it was given."""
    with pytest.raises(ApiError) as caught:
        parse_range(text, book_of())
    assert (caught.value.code, caught.value.message) == (400, f"Unable to parse range: {text}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A1001:B", "Sheet1!A1001:B"),
        ("'Sheet1'!AA1", "Sheet1!AA1"),
        ("1001:1005", "Sheet1!1001:1005"),
        ("AA:AB", "Sheet1!AA:AB"),
        ("D3!A1001:Z2000", "'D3'!A1001:Z2000"),
    ],
)
def test_ranges_behind_the_grid(text: str, shown: str) -> None:
    """A range that begins outside of the grid is refused, and named as Google writes it."""
    with pytest.raises(ApiError, match="exceeds grid limits") as caught:
        parse_range(text, book_of("D3"))
    assert caught.value.message == (
        f"Range ({shown}) exceeds grid limits. Max rows: 1000, max columns: 26"
    )


def test_the_first_tab_that_is_seen() -> None:
    """Without a title the first tab that is not hidden is meant."""
    book = book_of("Second")
    book.sheets[0].hidden = True
    assert placed("A1", book)[0].title == "Second"


@given(titles, st.integers(0, 900), st.integers(0, 20), st.integers(1, 100), st.integers(1, 6))
def test_round_trip(title: str, top: int, left: int, height: int, width: int) -> None:
    """What Google writes means the same cells when it is read, whatever the tab is called."""
    book = book_of(title)
    area = Area(top, left, top + height, left + width)
    sheet, found = placed(a1_of(title, area), book)
    assert (sheet.title, found) == (title, area)


@given(st.integers(0, 18_277))
def test_columns(index: int) -> None:
    """A column's letters mean the column."""
    assert column_index(column_name(index)) == index


@given(st.text(max_size=20))
def test_any_text(text: str) -> None:
    """Any text is a range in the grid, or refused in Google's words."""
    book = book_of("D3")
    with suppress(ApiError):
        sheet, area = placed(text, book)
        assert sheet.area.covers(area)
        assert not area.empty
