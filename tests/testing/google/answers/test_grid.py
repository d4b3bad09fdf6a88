"""The data of grids: cells, and what is known of rows and columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.answers.spreadsheet import spreadsheet_body
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue
from formbridge.testing.google.messages import Body
from formbridge.testing.google.spreadsheets.methods import wanted_by
from tests.testing.google.oracle import violations

GRANT = Grant(account=Account(email="one@example.com"))


@pytest.fixture
def book() -> Book:
    """Return a spreadsheet of one small tab."""
    book = fresh_book("id", "title")
    book.sheets[0].row_count, book.sheets[0].column_count = 4, 3
    return book


def data(book: Book, *ranges: str) -> list[Body]:
    """Return all ``GridData`` of the first tab."""
    body = spreadsheet_body(book, GRANT, ranges=ranges, grid_data=True)
    assert violations(body, "Spreadsheet", api="sheets.v4") == []
    found: list[Body] = body["sheets"][0]["data"]
    return found


def cell(book: Book, content: Content) -> Body:
    """Return the ``CellData`` of a content."""
    book.sheets[0].put(0, 0, content)
    found: Body = data(book)[0]["rowData"][0]["values"][0]
    return found


def test_an_empty_grid_has_sizes_only(book: Book) -> None:
    """Every row and every column of it, and no row of cells."""
    [grid] = data(book)
    assert grid == {
        "rowMetadata": [{"pixelSize": 21}] * 4,
        "columnMetadata": [{"pixelSize": 100}] * 3,
    }


def test_rows_and_cells_at_the_end_are_left_out(book: Book) -> None:
    """Blank ones between others are empty messages."""
    book.sheets[0].rows.extend([("a",), (), (None, "b")])
    rows = data(book)[0]["rowData"]
    assert [len(row.get("values", ())) for row in rows] == [1, 0, 2]
    assert (rows[1], rows[2]["values"][0]) == ({}, {})


def test_each_range_has_its_data_with_its_start(book: Book) -> None:
    """A start of 0 is left out; what is behind a range is not seen."""
    book.sheets[0].rows.extend([("a", "b", "c"), ("d", "e")])
    first, second = data(book, "A1:B1", "B2:C4")
    assert "startRow" not in first
    assert "startColumn" not in first
    assert [one["formattedValue"] for one in first["rowData"][0]["values"]] == ["a", "b"]
    assert (second["startRow"], second["startColumn"]) == (1, 1)
    assert [len(row["values"]) for row in second["rowData"]] == [1]
    assert (len(second["rowMetadata"]), len(second["columnMetadata"])) == (3, 2)


def test_a_text_is_entered_effective_and_formatted(book: Book) -> None:
    """Its fields stand in Google's order; a text stands on the left."""
    seen = cell(book, "text")
    assert list(seen) == [
        "userEnteredValue", "effectiveValue", "formattedValue", "effectiveFormat",
    ]  # fmt: skip
    assert seen["userEnteredValue"] == seen["effectiveValue"] == {"stringValue": "text"}
    assert seen["effectiveFormat"]["horizontalAlignment"] == "LEFT"
    assert seen["effectiveFormat"]["textFormat"]["fontFamily"] == "Arial"
    assert seen["effectiveFormat"]["hyperlinkDisplayType"] == "PLAIN_TEXT"


def test_numbers_are_printed_without_a_fraction_that_they_do_not_have(book: Book) -> None:
    """A number stands on the right."""
    seen = cell(book, 3.0)
    assert repr(seen["effectiveValue"]["numberValue"]) == "3"
    assert seen["formattedValue"] == "3"
    assert seen["effectiveFormat"]["horizontalAlignment"] == "RIGHT"


def test_truth_and_errors_stand_in_the_middle(book: Book) -> None:
    """An error says what is wrong."""
    assert cell(book, content=False)["effectiveValue"] == {"boolValue": False}
    seen = cell(book, ErrorValue("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."))
    assert seen["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert seen["formattedValue"] == "#DIV/0!"
    assert seen["effectiveFormat"]["horizontalAlignment"] == "CENTER"


def test_a_formula_is_entered_and_its_result_is_effective(book: Book) -> None:
    """The formula is printed as it was entered."""
    seen = cell(book, Cell(formula="=1+2"))
    assert seen["userEnteredValue"] == {"formulaValue": "=1+2"}
    assert seen["effectiveValue"] == {"numberValue": 3}
    assert seen["formattedValue"] == "3"


def test_a_formula_of_an_empty_text_has_no_value(book: Book) -> None:
    """As was seen of Google: neither effective nor formatted."""
    seen = cell(book, Cell(formula='=""'))
    assert list(seen) == ["userEnteredValue", "effectiveFormat"]


def test_a_format_is_laid_over_the_usual_one(book: Book) -> None:
    """What was entered is shown alone, what is effective whole."""
    entered = {"horizontalAlignment": "CENTER", "textFormat": {"bold": True}}
    seen = cell(book, Cell(value=1.0, format=entered))
    assert seen["userEnteredFormat"] == entered
    effective = seen["effectiveFormat"]
    assert effective["horizontalAlignment"] == "CENTER"
    assert effective["textFormat"]["bold"] is True
    assert effective["textFormat"]["fontSize"] == 10


def test_a_link_is_blue_and_leads_somewhere(book: Book) -> None:
    """So is what HYPERLINK gives."""
    for content in (
        Cell(formula='=HYPERLINK("https://example.com", "there")'),
        "https://example.com",
    ):
        seen = cell(book, content)
        assert seen["hyperlink"] == "https://example.com"
        assert seen["effectiveFormat"]["hyperlinkDisplayType"] == "LINKED"
        assert seen["effectiveFormat"]["textFormat"]["underline"] is True


def test_a_note_needs_no_value(book: Book) -> None:
    """A cell with a note alone is nothing but the note."""
    assert cell(book, Cell(note="remember")) == {"note": "remember"}


def test_hidden_and_resized_rows_say_so(book: Book) -> None:
    """Those that are as usual say their size."""
    book.sheets[0].row_sizes |= {1: {"hiddenByUser": True}, 2: {"hiddenByFilter": True}}
    book.sheets[0].column_sizes[0] = {"pixelSize": 8691}
    [grid] = data(book)
    assert grid["rowMetadata"] == [
        {"pixelSize": 21},
        {"hiddenByUser": True, "pixelSize": 21},
        {"hiddenByFilter": True, "pixelSize": 21},
        {"pixelSize": 21},
    ]
    assert grid["columnMetadata"][0] == {"pixelSize": 8691}


@pytest.mark.parametrize(
    ("fields", "grid_data", "data_is_wanted"),
    [
        (None, False, False),
        (None, True, True),
        ("sheets.properties", True, False),
        ("sheets.data.rowData.values.note", False, True),
        ("sheets/data/columnMetadata", False, True),
        ("sheets(properties,data(rowData))", False, True),
        ("sheets", False, True),
        ("*", False, True),
        ("sheets.*", False, True),
        ("named_ranges", True, False),
        ("sheets(", True, False),
        ("nonsense", True, False),
    ],
)
def test_grid_data_is_there_if_the_mask_names_it(
    fields: str | None, *, grid_data: bool, data_is_wanted: bool
) -> None:
    """With a mask the flag says nothing; without one it decides."""
    assert wanted_by(fields, grid_data=grid_data)("sheets.data") is data_is_wanted


def test_only_what_is_wanted_of_a_cell_is_printed(book: Book) -> None:
    """The rest would cost time."""
    book.sheets[0].put(0, 0, Cell(formula="=1+1", note="why"))
    wanted = wanted_by("sheets.data.rowData.values.note", grid_data=False)
    body = spreadsheet_body(book, GRANT, wanted=wanted)
    assert body["sheets"][0]["data"] == [{"rowData": [{"values": [{"note": "why"}]}]}]


contents = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.builds(Cell, note=st.text(max_size=3), value=st.text(max_size=3)),
)


@given(rows=st.lists(st.lists(contents, max_size=3).map(tuple), max_size=4))
def test_any_contents_give_valid_grid_data(rows: list[tuple[Content, ...]]) -> None:
    """As many rows as hold anything, each as wide as its contents."""
    book = fresh_book("id", "title")
    book.sheets[0].row_count, book.sheets[0].column_count = 4, 3
    book.sheets[0].rows.extend(rows)
    [grid] = data(book)
    printed = [len(row.get("values", ())) for row in grid.get("rowData", ())]
    assert printed == [len(row) for row in book.sheets[0].rows]
