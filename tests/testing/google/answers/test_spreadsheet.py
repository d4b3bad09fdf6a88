"""A spreadsheet as the API shows it, without the data of its grids."""

import pytest

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.answers.spreadsheet import spreadsheet_body
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.book import Book, Metadata, NamedRange, fresh_book
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from tests.testing.google.oracle import violations

GRANT = Grant(account=Account(email="one@example.com"), project="mine")
SQUARE = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}


@pytest.fixture
def book() -> Book:
    """Return a spreadsheet of two tabs."""
    book = fresh_book("the-id", "The title")
    book.sheets.append(Sheet(id=7, title="Other one", row_count=10, column_count=5))
    return book


def shown(book: Book, *ranges: str) -> Body:
    """Return the spreadsheet as the API shows it."""
    body = spreadsheet_body(book, GRANT, ranges=ranges)
    assert violations(body, "Spreadsheet", api="sheets.v4") == []
    return body


def test_a_fresh_spreadsheet_says_its_id_properties_tabs_and_address(book: Book) -> None:
    """In this order; lists that are empty are left out."""
    body = shown(book)
    assert list(body) == ["spreadsheetId", "properties", "sheets", "spreadsheetUrl"]
    assert body["spreadsheetUrl"] == "https://docs.google.com/spreadsheets/d/the-id/edit"
    assert list(body["properties"]) == [
        "title", "locale", "autoRecalc", "timeZone", "defaultFormat", "spreadsheetTheme",
    ]  # fmt: skip
    assert [list(sheet) for sheet in body["sheets"]] == [["properties"], ["properties"]]


def test_zeros_are_printed_in_the_properties_of_a_tab(book: Book) -> None:
    """``sheetId`` and ``index`` are; false is not."""
    first, second = (sheet["properties"] for sheet in shown(book)["sheets"])
    assert first == {
        "sheetId": 0,
        "title": "Sheet1",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 1000, "columnCount": 26},
    }
    assert (second["sheetId"], second["index"]) == (7, 1)


def test_what_a_tab_says_of_itself_stands_in_googles_order(book: Book) -> None:
    """The colour has both of its fields; false and 0 are left out."""
    sheet = book.sheets[0]
    sheet.hidden = True
    sheet.grid |= {"hideGridlines": True, "frozenRowCount": 1, "frozenColumnCount": 0}
    sheet.other |= {"tabColorStyle": {"rgbColor": {"red": 1, "blue": 0.5}}, "rightToLeft": False}
    properties = shown(book)["sheets"][0]["properties"]
    colour = {"red": 1, "blue": 0.49803922}
    assert properties["tabColor"] == colour
    assert properties["tabColorStyle"] == {"rgbColor": colour}
    assert list(properties)[5:] == ["hidden", "tabColor", "tabColorStyle"]
    assert list(properties["gridProperties"]) == [
        "rowCount", "columnCount", "frozenRowCount", "hideGridlines",
    ]  # fmt: skip


def test_a_tab_that_is_no_grid_has_no_grid_properties(book: Book) -> None:
    """A chart of its own, for example."""
    book.sheets[1].kind = "OBJECT"
    assert "gridProperties" not in shown(book)["sheets"][1]["properties"]


def test_merges_and_named_ranges_leave_out_the_sheet_0(book: Book) -> None:
    """Not another one."""
    for sheet in book.sheets:
        sheet.merges.append(Area(0, 0, 2, 2))
    book.named["1"] = NamedRange(
        id="1", name="N", range=GridRange(top=0, bottom=2, left=0, right=2)
    )
    body = shown(book)
    assert [sheet["merges"] for sheet in body["sheets"]] == [[SQUARE], [{"sheetId": 7} | SQUARE]]
    assert body["namedRanges"] == [{"namedRangeId": "1", "name": "N", "range": SQUARE}]


def test_ranges_limit_the_answer_to_their_tabs(book: Book) -> None:
    """And to the merges that they cross."""
    book.sheets[1].merges += [Area(0, 0, 2, 2), Area(4, 0, 6, 2)]
    [sheet] = shown(book, "'Other one'!A5:B6")["sheets"]
    assert [merge["startRowIndex"] for merge in sheet["merges"]] == [4]
    assert len(shown(book, "Sheet1", "'Other one'!A1")["sheets"]) == 2


def test_a_range_that_is_none_is_refused(book: Book) -> None:
    """In Google's words."""
    with pytest.raises(ApiError, match="Unable to parse range: Nowhere!A1"):
        shown(book, "Nowhere!A1")


def test_developer_metadata_stands_where_it_belongs(book: Book) -> None:
    """That of other projects does not stand anywhere."""
    book.metadata |= {
        1: Metadata(id=1, key="book"),
        2: Metadata(id=2, key="tab", sheet=7),
        3: Metadata(id=3, key="column", sheet=0, dimension="COLUMNS", start=1, end=2),
        4: Metadata(id=4, key="theirs", visibility="PROJECT", project="theirs"),
    }
    body = spreadsheet_body(book, GRANT, grid_data=True)
    assert violations(body, "Spreadsheet", api="sheets.v4") == []
    assert [entry["metadataId"] for entry in body["developerMetadata"]] == [1]
    assert [entry["metadataId"] for entry in body["sheets"][1]["developerMetadata"]] == [2]
    columns = body["sheets"][0]["data"][0]["columnMetadata"]
    assert columns[0] == {"pixelSize": 100}
    assert [entry["metadataId"] for entry in columns[1]["developerMetadata"]] == [3]
