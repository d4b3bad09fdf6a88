"""Requests that write cells: what masks let through, limits, protection, borders and validation."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.batch.cell_data import writing
from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.grid.cell import Cell, Content, cell_of
from formbridge.testing.google.grid.editing import covered, may_edit
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

ME = Grant(account=Account(email="me@example.org"))


def done(book: Book, name: str, body: Body, grant: Grant = ME) -> Body:
    """Apply one request and return its reply."""
    scene = Scene(grant=grant, ids=Random(1), now=0)  # noqa: S311 - ids, no secrets
    (reply,) = apply_all(book, [{name: body}], scene)
    return reply.get(name, {})


def refusal(book: Book, name: str, body: Body, grant: Grant = ME) -> str:
    """Return what a request is refused with."""
    with pytest.raises(ApiError) as caught:
        done(book, name, body, grant)
    return caught.value.message


def fresh(rows: int = 5, columns: int = 3) -> tuple[Book, Sheet]:
    """Return a spreadsheet with one small tab."""
    book = fresh_book("id", "Book")
    book.sheets[0].row_count, book.sheets[0].column_count = rows, columns
    return book, book.sheets[0]


def row(*values: object) -> Body:
    """Return ``RowData`` of values."""
    names = {str: "stringValue", float: "numberValue", int: "numberValue", bool: "boolValue"}
    return {
        "values": [
            {} if value is None else {"userEnteredValue": {names[type(value)]: value}}
            for value in values
        ]
    }


def values(sheet: Sheet) -> list[list[Content]]:
    """Return what stands on a tab."""
    return [list(contents) for contents in sheet.rows]


# --- CellData -----------------------------------------------------------------------------------


def test_a_text_is_kept_as_it_is() -> None:
    """A stringValue that looks like a formula, a number or an apostrophe stays a text."""
    how = writing("userEnteredValue")
    for text in ("=1+1", "0012", "'x", "TRUE", " a\n"):
        assert how.apply(None, {"userEnteredValue": {"stringValue": text}}) == text


def test_kinds_of_values() -> None:
    """Numbers are doubles, a formula is no value, an empty text is a blank."""
    how = writing("*")
    assert how.apply(None, {"userEnteredValue": {"numberValue": 3}}) == 3.0
    assert how.apply(None, {"userEnteredValue": {"boolValue": False}}) is False
    assert how.apply(None, {"userEnteredValue": {"stringValue": ""}}) is None
    assert how.apply("x", {}) is None
    formula = how.apply(None, {"userEnteredValue": {"formulaValue": "=A1"}})
    assert formula == Cell(formula="=A1")


def test_a_format_is_twinned_and_cut_to_eight_bits() -> None:
    """Each colour stands in both of its fields, in steps of 1/255, as 32-bit floats."""
    data = {"userEnteredFormat": {"backgroundColor": {"red": 1, "green": 0, "blue": 0.5}}}
    cell = cell_of(writing("userEnteredFormat.backgroundColor").apply(None, data))
    colour = {"red": 1, "blue": 0.49803922}
    assert cell.format == {
        "backgroundColor": colour,
        "backgroundColorStyle": {"rgbColor": colour},
    }


def test_a_style_comes_before_its_deprecated_twin() -> None:
    """Where both say a colour, the style counts, and a theme's colour is resolved in the twin."""
    data = {
        "userEnteredFormat": {
            "backgroundColor": {"red": 1},
            "backgroundColorStyle": {"themeColor": "LINK"},
        }
    }
    cell = cell_of(
        writing("userEnteredFormat(backgroundColor,backgroundColorStyle)").apply(1.0, data)
    )
    assert cell.value == 1.0
    assert cell.format is not None
    assert cell.format["backgroundColor"] == {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}


def test_a_part_of_a_format_leaves_the_rest() -> None:
    """A mask may name a field deep in the format; naming the format replaces all of it."""
    old = writing("*").apply(
        None,
        {
            "userEnteredFormat": {
                "textFormat": {"bold": True, "fontSize": 12},
                "wrapStrategy": "WRAP",
            }
        },
    )
    data = {"userEnteredFormat": {"textFormat": {"italic": True}}}
    part = cell_of(writing("userEnteredFormat.textFormat.bold").apply(old, data))
    assert part.format == {"textFormat": {"fontSize": 12}, "wrapStrategy": "WRAP"}
    assert (
        cell_of(writing("userEnteredFormat").apply(old, data)).format == data["userEnteredFormat"]
    )
    assert writing("userEnteredFormat").apply(old, {}) is None


def test_a_link_has_the_colour_of_links_unless_told_otherwise() -> None:
    """A link that is set underlines its text."""
    data = {"userEnteredFormat": {"textFormat": {"link": {"uri": "https://example.org"}}}}
    style = cell_of(writing("userEnteredFormat").apply("x", data)).format
    assert style is not None
    assert style["textFormat"]["underline"] is True
    assert style["textFormat"]["foregroundColorStyle"] == {"themeColor": "LINK"}
    data["userEnteredFormat"]["textFormat"] |= {"underline": False}
    style = cell_of(writing("userEnteredFormat").apply("x", data)).format
    assert style is not None
    assert style["textFormat"]["underline"] is False


def test_a_new_value_ends_the_runs_of_its_text() -> None:
    """Runs are erased with the text that they are of, and kept when only a note is written."""
    runs = [{"startIndex": 0, "format": {"bold": True}}, {"startIndex": 2, "format": {}}]
    data = {"userEnteredValue": {"stringValue": "abc"}, "textFormatRuns": runs}
    old = writing("userEnteredValue,textFormatRuns").apply(None, data)
    kept = [{"format": {"bold": True}}, {"startIndex": 2, "format": {}}]
    assert cell_of(old).more["textFormatRuns"] == kept
    assert cell_of(writing("note").apply(old, {"note": "n"})).more["textFormatRuns"] == kept
    assert writing("userEnteredValue").apply(old, row("x")["values"][0]) == "x"


def test_limits_and_what_is_refused() -> None:
    """Too long texts, errors, unknown fields and no fields are refused in Google's shape."""
    book, _ = fresh()
    start = {"start": {"sheetId": 0}, "rows": [row("x" * 50_001)]}
    assert refusal(book, "updateCells", start | {"fields": "*"}) == (
        "Invalid requests[0].updateCells: Your input contains more than the maximum of 50000 "
        "characters in a single cell."
    )
    assert refusal(book, "updateCells", start) == (
        "Invalid requests[0].updateCells: At least one field must be listed in 'fields'. "
        "(Use '*' to indicate all fields.)"
    )
    error = {"rows": [{"values": [{"userEnteredValue": {"errorValue": {"type": "REF"}}}]}]}
    assert "errorValue" in refusal(book, "appendCells", error | {"fields": "*"})
    assert "color" in refusal(book, "appendCells", {"fields": "color"})
    assert (
        done(book, "updateCells", {"start": {}, "rows": [row("x" * 50_000)], "fields": "*"}) == {}
    )


FORMATS = st.fixed_dictionaries(
    {},
    optional={
        "horizontalAlignment": st.sampled_from(["LEFT", "RIGHT"]),
        "backgroundColor": st.fixed_dictionaries({}, optional={"red": st.floats(0, 1)}),
        "textFormat": st.fixed_dictionaries(
            {}, optional={"bold": st.booleans(), "fontSize": st.integers(6, 40)}
        ),
    },
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "userEnteredValue": st.one_of(
            st.fixed_dictionaries({"stringValue": st.text(max_size=5)}),
            st.fixed_dictionaries({"numberValue": st.integers(-5, 5)}),
        ),
        "userEnteredFormat": FORMATS,
        "note": st.text(max_size=3),
    },
)
FIELDS = {
    "userEnteredValue": lambda cell: (cell.value, cell.formula),
    "note": lambda cell: cell.note,
    "userEnteredFormat.horizontalAlignment": lambda cell: _part(cell, "horizontalAlignment"),
    "userEnteredFormat.backgroundColor": lambda cell: _part(cell, "backgroundColorStyle"),
    "userEnteredFormat.textFormat.bold": lambda cell: (_part(cell, "textFormat") or {}).get("bold"),
    "userEnteredFormat.textFormat.fontSize": lambda cell: (_part(cell, "textFormat") or {}).get(
        "fontSize"
    ),
}


def _part(cell: Cell, name: str) -> Any:  # noqa: ANN401 - a part of JSON
    return (cell.format or {}).get(name)


@given(old=CELLS, new=CELLS, fields=st.sets(st.sampled_from(sorted(FIELDS)), min_size=1))
def test_what_a_mask_does_not_name_never_changes(old: Body, new: Body, fields: set[str]) -> None:
    """Named fields are as the data has them alone, the others as they were."""
    before = writing("*").apply(None, old)
    alone = cell_of(writing("*").apply(None, new))
    after = cell_of(writing(",".join(sorted(fields))).apply(before, new))
    for name, part in FIELDS.items():
        assert part(after) == part(alone if name in fields else cell_of(before)), name


# --- updateCells, appendCells, repeatCell --------------------------------------------------------


def test_update_within_a_range_clears_what_has_no_data() -> None:
    """Rows may be shorter and fewer than the range; from a start on nothing is cleared."""
    book, sheet = fresh()
    for at in range(3):
        sheet.rows.set_row(at, ("a", "b", "c"))
    body = {"rows": [row(1, None), row("x")], "fields": "userEnteredValue"}
    done(book, "updateCells", body | {"range": {"startColumnIndex": 0, "endColumnIndex": 2}})
    assert values(sheet) == [[1.0, None, "c"], ["x", None, "c"], [None, None, "c"]]
    done(book, "updateCells", body | {"start": {"rowIndex": 1, "columnIndex": 1}})
    assert values(sheet)[1:] == [["x", 1.0], [None, "x", "c"]]


def test_data_behind_the_range_or_the_grid_is_refused() -> None:
    """The messages name the first row or column that is too far, from 0."""
    book, _ = fresh()
    body = {"rows": [row(1, 2, 3, 4)], "fields": "*"}
    assert refusal(book, "updateCells", body | {"start": {}}) == (
        "Invalid requests[0].updateCells: Attempting to write column: 3, "
        "beyond the last requested column of: 2"
    )
    small = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 4}
    two = {"rows": [row(1), row(2)], "fields": "*", "range": small}
    assert refusal(book, "updateCells", two).endswith(
        "Attempting to write row: 1, beyond the last requested row of: 0"
    )
    assert refusal(book, "updateCells", body | {"start": {"rowIndex": 5}}).endswith(
        "GridCoordinate.rowIndex[5] is after last row in grid[4]"
    )
    far = {"startRowIndex": 5, "endRowIndex": 6, "startColumnIndex": 0, "endColumnIndex": 3}
    assert refusal(book, "updateCells", body | {"range": far}).endswith(
        "Range (Sheet1!A6:C6) exceeds grid limits. Max rows: 5, max columns: 3"
    )
    assert refusal(book, "repeatCell", {"range": {"sheetId": 9}, "fields": "*"}).endswith(
        "No grid with id: 9"
    )
    assert "must be after" in refusal(
        book, "repeatCell", {"range": {"startRowIndex": 3, "endRowIndex": 3}, "fields": "*"}
    )


def test_appending_goes_behind_the_last_row_with_data() -> None:
    """Formats below the data are no data; a value in any column is; rows are added."""
    book, sheet = fresh(rows=3)
    sheet.put(1, 2, "last")
    sheet.put(2, 0, Cell(format={"wrapStrategy": "WRAP"}))
    done(book, "appendCells", {"rows": [row("a"), row("b", "c")], "fields": "userEnteredValue"})
    assert sheet.row_count == 4
    assert sheet.content(2, 0) == Cell(value="a", format={"wrapStrategy": "WRAP"})
    assert values(sheet)[3] == ["b", "c"]


def test_appending_too_much() -> None:
    """More columns than the grid, and more than 10 million cells, are refused."""
    book, sheet = fresh()
    body = {"fields": "*", "rows": [row(1, 2, 3, 4)]}
    assert refusal(book, "appendCells", body).endswith(
        "Attempting to write column: 3, beyond the last requested column of: 2"
    )
    sheet.row_count, sheet.column_count = 5_000_000, 2
    sheet.put(4_999_999, 0, "x")
    assert refusal(book, "appendCells", {"fields": "*", "rows": [row(1)]}) == (
        "Invalid requests[0].appendCells: This action would increase the number of cells in the "
        "workbook above the limit of 10000000 cells."
    )


def test_appending_to_a_table() -> None:
    """Rows go behind the table's data, and the table grows by them."""
    book, sheet = fresh()
    sheet.rows.set_row(0, (None, "Head"))
    span = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    sheet.list("tables").append({"tableId": "t", "range": dict(span)})
    body = {"tableId": "t", "fields": "*", "rows": [row("a"), row("b")]}
    done(book, "appendCells", body)
    assert values(sheet) == [[None, "Head"], [None, "a"], [None, "b"]]
    assert sheet.list("tables")[0]["range"]["endRowIndex"] == 3
    assert "No table" in refusal(book, "appendCells", body | {"tableId": "u"})


VALUES = st.one_of(st.text(min_size=1, max_size=4), st.floats(-9, 9), st.booleans())


@given(
    before=st.lists(st.lists(st.one_of(st.none(), VALUES), max_size=3), max_size=6),
    added=st.lists(st.lists(VALUES, min_size=1, max_size=3), min_size=1, max_size=4),
)
def test_what_is_appended_is_read_below_the_data(before: list[Any], added: list[Any]) -> None:
    """The rows that stood there stay, and the new ones follow the last that is not blank."""
    book, sheet = fresh(rows=6)
    sheet.rows.replace(0, [tuple(contents) for contents in before])
    old = values(sheet)
    rows = [row(*contents) for contents in added]
    done(book, "appendCells", {"rows": rows, "fields": "userEnteredValue"})
    assert values(sheet) == old + added
    assert sheet.row_count == max(6, len(old) + len(added))


def test_a_repeated_formula_moves_along() -> None:
    """References move with each cell of the range unless ``$`` holds them."""
    book, sheet = fresh()
    cell = {"userEnteredValue": {"formulaValue": "=A1+$B$1&'My tab'!C$2"}}
    span = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}
    done(book, "repeatCell", {"range": span, "cell": cell, "fields": "userEnteredValue"})
    assert cell_of(sheet.content(1, 1)).formula == "=A1+$B$1&'My tab'!C$2"
    assert cell_of(sheet.content(2, 2)).formula == "=B2+$B$1&'My tab'!D$2"


def test_a_whole_tab_is_formatted_and_cleared() -> None:
    """An open range is all of the tab, and clearing leaves nothing behind."""
    book, sheet = fresh(rows=100_000)
    sheet.put(0, 0, "x")
    cell = {"userEnteredFormat": {"wrapStrategy": "WRAP"}}
    done(book, "repeatCell", {"range": {}, "cell": cell, "fields": "userEnteredFormat"})
    assert len(sheet.rows) == 100_000
    assert cell_of(sheet.content(99_999, 2)).format == {"wrapStrategy": "WRAP"}
    assert cell_of(sheet.content(0, 0)).value == "x"
    done(book, "updateCells", {"range": {"sheetId": 0}, "fields": "*"})
    assert len(sheet.rows) == 0


# --- borders, validation, protection --------------------------------------------------------------


def test_borders_are_drawn_around_and_within() -> None:
    """A border that is not given stays, NONE takes one away."""
    book, sheet = fresh()
    span = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    solid = {"style": "SOLID", "color": {"red": 1}}
    done(
        book, "updateBorders", {"range": span, "top": solid, "innerHorizontal": {"style": "DOUBLE"}}
    )
    first, second = (cell_of(sheet.content(at, 0)).format or {} for at in (0, 1))
    assert first["borders"]["top"] == {
        "style": "SOLID",
        "width": 1,
        "color": {"red": 1},
        "colorStyle": {"rgbColor": {"red": 1}},
    }
    assert first["borders"]["bottom"]["width"] == 3
    assert set(second["borders"]) == {"top"}
    done(book, "updateBorders", {"range": span, "top": {"style": "NONE"}, "left": solid})
    assert set((cell_of(sheet.content(0, 0)).format or {})["borders"]) == {"bottom", "left"}


def test_validation_is_set_and_taken_away_where_no_filter_hides() -> None:
    """Rows that a filter hides keep theirs unless they are asked for."""
    book, sheet = fresh()
    sheet.row_sizes[1] = {"hiddenByFilter": True}
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": False}
    span = {"startColumnIndex": 0, "endColumnIndex": 1}
    done(book, "setDataValidation", {"range": span, "rule": rule})
    kept = {"condition": {"type": "BOOLEAN"}, "strict": True}
    assert [cell_of(sheet.content(at, 0)).more.get("dataValidation") for at in range(5)] == [
        kept, None, kept, kept, kept,
    ]  # fmt: skip
    done(book, "setDataValidation", {"range": span, "filteredRowsIncluded": True})
    assert len(sheet.rows) == 0


def test_protected_cells_are_changed_by_editors_only() -> None:
    """A warning stops nobody; unprotected ranges of a tab are free."""
    book, sheet = fresh()
    thing: dict[str, Any] = {"range": {"sheetId": 0}, "editors": {"users": ["Boss@example.org"]}}
    sheet.list("protectedRanges").append(thing)
    body = {"rows": [row("x")], "fields": "*", "start": {}}
    assert refusal(book, "updateCells", body) == (
        "Invalid requests[0].updateCells: You are trying to edit a protected cell or object. "
        "Please contact the spreadsheet owner to remove protection if you need to edit."
    )
    assert "protected" in refusal(book, "appendCells", {"rows": [row("x")], "fields": "*"})
    done(book, "updateCells", body, Grant(account=Account(email="boss@example.org")))
    thing["unprotectedRanges"] = [{"startColumnIndex": 0, "endColumnIndex": 1}]
    done(book, "updateCells", body)
    assert not may_edit(sheet, Area(0, 0, 1, 2), ME)
    thing["warningOnly"] = True
    assert may_edit(sheet, Area(0, 0, 1, 2), ME)


PIECE = st.tuples(*[st.integers(0, 4)] * 4)


@given(st.lists(PIECE, max_size=5), PIECE)
def test_pieces_cover_an_area_if_they_cover_each_cell(
    pieces: list[tuple[int, int, int, int]], whole: tuple[int, int, int, int]
) -> None:
    """Cutting areas into parts says the same as looking at each of their cells."""
    areas, area = [Area(*piece) for piece in pieces], Area(*whole)
    cells = [(at, column) for at in range(5) for column in range(5) if (at, column) in area]
    assert covered(area, areas) == all(any(cell in one for one in areas) for cell in cells)
