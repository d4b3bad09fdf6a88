"""Cells copied, moved, pasted from texts, filled and split."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.batch.filling import split, table_in
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, cell_of
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.messages import Body
from tests.testing.google.batch.applying import done, filled, refusal, span, values

BOLD = {"textFormat": {"bold": True}}


def pasted(book: Book, source: Body, destination: Body, **more: object) -> None:
    """Copy a range."""
    done(book, "copyPaste", {"source": source, "destination": destination, **more})


def test_a_destination_that_is_a_multiple_is_filled() -> None:
    """Another gets the source once and whole, beyond its end."""
    book, sheet = filled(["a", "b"])
    pasted(book, span(0, 0, 1, 2), span(1, 0, 3, 4))
    pasted(book, span(0, 0, 1, 2), span(3, 1, 4, 2))
    assert values(sheet)[1:] == [["a", "b", "a", "b"], ["a", "b", "a", "b"], [None, "a", "b"]]


def test_transposed() -> None:
    """Rows become columns."""
    book, sheet = filled(["a", "b"], ["c", "d"])
    pasted(book, span(0, 0, 2, 2), span(0, 2, 1, 3), pasteOrientation="TRANSPOSE")
    assert values(sheet) == [["a", "b", "a", "c"], ["c", "d", "b", "d"]]


def test_kinds_of_paste() -> None:
    """Each takes what it is named after, and leaves the rest of the destination."""
    rule = {"condition": {"type": "BOOLEAN"}}
    source = Cell(formula="=1+1", format=BOLD, note="n", more={"dataValidation": rule})
    old = Cell(value="x", format={"wrapStrategy": "WRAP"})
    expected = {
        "PASTE_NORMAL": source,
        "PASTE_VALUES": Cell(value=2.0, format=old.format),
        "PASTE_FORMULA": Cell(formula="=1+1", format=old.format),
        "PASTE_FORMAT": Cell(value="x", format=BOLD),
        "PASTE_DATA_VALIDATION": Cell(value="x", format=old.format, more={"dataValidation": rule}),
        "PASTE_CONDITIONAL_FORMATTING": old,
        "PASTE_NO_BORDERS": source,
    }
    for kind, cell in expected.items():
        book, sheet = filled([source, old])
        pasted(book, span(0, 0, 1, 1), span(0, 1, 1, 2), pasteType=kind)
        assert sheet.content(0, 1) == cell, kind


def test_copied_formulas_move_along_and_merges_are_copied() -> None:
    """A reference that would leave the tab is lost."""
    book, sheet = filled([1.0, Cell(formula="=A1")], [Cell(formula="=A1")])
    sheet.merges.append(Area(0, 0, 1, 2))
    pasted(book, span(0, 0, 2, 2), span(2, 2, 4, 4))
    assert cell_of(sheet.content(2, 3)).formula == "=C3"
    assert sheet.merges == [Area(0, 0, 1, 2), Area(2, 2, 3, 4)]
    pasted(book, span(1, 0, 2, 1), span(0, 0, 1, 1))
    assert cell_of(sheet.content(0, 0)).formula == "=#REF!"


def test_rules_are_copied_with_their_cells() -> None:
    """A conditional format comes to hold in the destination."""
    book, sheet = filled([1.0])
    rule = {"ranges": [span(0, 0, 1, 1)], "booleanRule": {}}
    sheet.list("conditionalFormats").append(rule)
    pasted(book, span(0, 0, 1, 1), span(1, 0, 3, 1), pasteType="PASTE_CONDITIONAL_FORMATTING")
    assert [one["startRowIndex"] for one in rule["ranges"]] == [0, 1]


def test_what_is_cut_is_followed() -> None:
    """Formulas that name cut cells name them where they went; its own stay as they are."""
    book, sheet = filled([1.0, Cell(formula="=A2"), Cell(formula="=A1+A2")], [2.0])
    body = {"source": span(0, 0, 1, 2), "destination": {"rowIndex": 3, "columnIndex": 1}}
    done(book, "cutPaste", body)
    assert sheet.content(0, 0) is None
    assert sheet.content(3, 1) == 1.0
    assert cell_of(sheet.content(3, 2)).formula == "=A2"
    assert cell_of(sheet.content(0, 2)).formula == "=B4+A2"


def test_pasting_grows_the_tab_as_far_as_the_limit() -> None:
    """What does not fit makes room for itself, up to 10 million cells."""
    book, sheet = filled(["a"], ["b"])
    pasted(book, span(0, 0, 2, 1), span(5, 3, 6, 4))
    assert (sheet.row_count, sheet.column_count) == (7, 4)
    sheet.row_count = 2_500_000
    body = {"source": span(0, 0, 2, 1), "destination": span(2_499_999, 0, 2_500_000, 1)}
    assert "10000000 cells" in refusal(book, "copyPaste", body)


def test_texts_are_pasted_as_if_typed() -> None:
    """With a delimiter, or as a table of HTML."""
    book, sheet = filled()
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 1}
    body = {"coordinate": start, "data": 'a\t"b\tc"\n5\t=1+1\t1\t2', "delimiter": "\t"}
    done(book, "pasteData", body)
    assert values(sheet) == [[None, "a", "b\tc"], [None, 5.0, Cell(formula="=1+1"), 1.0, 2.0]]
    assert sheet.column_count == 5
    html = {"coordinate": {}, "data": "<table><tr><td>x<td>7</table>", "html": True}
    done(book, "pasteData", html)
    assert values(sheet)[0][:2] == ["x", 7.0]
    assert "pasteData" in refusal(book, "pasteData", {"coordinate": start, "data": "x"})


def test_rows_of_texts() -> None:
    """Delimiters of many characters and broken HTML are read as well as they go."""
    assert split("a--b\r\nc", "--") == [["a", "b"], ["c"]]
    assert table_in("<b>plain</b> text") == [["plain text"]]
    assert table_in("<td>a<br>b") == [["a\nb"]]


def test_texts_become_columns() -> None:
    """By a delimiter that is given, or that most of them have."""
    book, sheet = filled(["a;b"], ["1;2;x;y"], [3.0])
    done(book, "textToColumns", {"source": span(0, 0, 3, 1), "delimiterType": "AUTODETECT"})
    assert values(sheet) == [["a", "b"], [1.0, 2.0, "x", "y"], [3.0]]
    two = {"source": span(0, 0, 3, 2), "delimiterType": "COMMA"}
    assert "one column" in refusal(book, "textToColumns", two)
    custom = {"source": span(0, 0, 3, 1), "delimiterType": "CUSTOM"}
    assert "delimiter" in refusal(book, "textToColumns", custom)


def auto(book: Book, source: Body, length: int, dimension: str = "ROWS") -> None:
    """Fill from a source."""
    fill = {"source": source, "dimension": dimension, "fillLength": length}
    done(book, "autoFill", {"sourceAndDestination": fill})


def test_series_go_on() -> None:
    """Even numbers and counted texts go on, formulas move, the rest repeats."""
    book, sheet = filled([1.0, "Q1", "x", Cell(formula="=A1")], [3.0, "Q2", "y"])
    auto(book, span(0, 0, 2, 3), 2)
    auto(book, span(0, 3, 1, 4), 1)
    assert values(sheet)[2:] == [[5.0, "Q3", "x"], [7.0, "Q4", "y"]]
    assert cell_of(sheet.content(1, 3)).formula == "=A2"


def test_series_go_backwards_and_sideways() -> None:
    """A negative length fills before the source; beyond the edge is refused."""
    book, sheet = filled([], [], [5.0, 7.0, "a"], [6.0])
    auto(book, span(2, 0, 4, 1), -2)
    auto(book, span(2, 0, 3, 2), 1, "COLUMNS")
    assert [contents[0] for contents in sheet.rows] == [3.0, 4.0, 5.0, 6.0]
    assert sheet.content(2, 2) == 9.0
    fill = {"source": span(0, 0, 1, 1), "dimension": "ROWS", "fillLength": -1}
    assert "autoFill" in refusal(book, "autoFill", {"sourceAndDestination": fill})


def test_a_range_knows_its_source() -> None:
    """What is filled at its top is the source for the rest of it."""
    book, sheet = filled([1.0], [2.0])
    done(book, "autoFill", {"range": span(0, 0, 4, 1)})
    assert [contents[0] for contents in sheet.rows] == [1.0, 2.0, 3.0, 4.0]


COUNTS = st.integers(1, 3)


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=2)), max_size=3), max_size=3), COUNTS
)
def test_a_copy_is_equal_and_the_source_stays(rows: list[list[str | None]], times: int) -> None:
    """Copying below, several times, repeats just the cells of the source."""
    book, sheet = filled(*rows, columns=3)
    sheet.row_count = 12
    source = sheet.rows.slice(0, 3)
    pasted(book, span(0, 0, 3, 3), span(3, 0, 3 + 3 * times, 3))
    assert sheet.rows.slice(0, 3 + 3 * times) == source * (times + 1)
