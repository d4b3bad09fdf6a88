"""Find and replace, duplicates, spaces, and rows in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, cell_of
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from tests.testing.google.batch.applying import done, filled, refusal, span, values


def replaced(book: Book, find: str, replacement: str, **more: object) -> Body:
    """Replace in all tabs and return the reply."""
    body = {"find": find, "replacement": replacement, "allSheets": True, **more}
    return done(book, "findReplace", body)


def test_replacing_counts_what_it_changed() -> None:
    """The documented example: three e in Google Sheets, in one cell of one row of one tab."""
    book, sheet = filled(["Google Sheets"])
    assert replaced(book, "e", "o") == {
        "valuesChanged": 1,
        "rowsChanged": 1,
        "sheetsChanged": 1,
        "occurrencesChanged": 3,
    }
    assert values(sheet) == [["Googlo Shoots"]]
    assert replaced(book, "none", "x") == {}


def test_groups_of_an_expression() -> None:
    """The documented example of a replacement that names a group."""
    book, sheet = filled(["Google Sheets"], ["Google Docs"])
    replaced(book, "o.* (.*)", "$1 Rocks", searchByRegex=True)
    assert values(sheet) == [["GSheets Rocks"], ["GDocs Rocks"]]


def test_case_and_whole_cells() -> None:
    """Capitals count only with matchCase, parts only without matchEntireCell."""
    book, sheet = filled(["Ab", "ab", "abc"])
    replaced(book, "ab", "x", matchCase=True, matchEntireCell=True)
    assert values(sheet) == [["Ab", "x", "abc"]]
    replaced(book, "AB", "y")
    assert values(sheet) == [["y", "x", "yc"]]


def test_what_is_replaced_is_typed_anew() -> None:
    """A number is found by what is seen of it, and digits become a number again."""
    book, sheet = filled([12.0, "x12"])
    assert replaced(book, "1", "3")["valuesChanged"] == 2
    assert values(sheet) == [[32.0, "x32"]]
    replaced(book, "x", "")
    assert values(sheet) == [[32.0, 32.0]]


def test_formulas_are_searched_when_asked() -> None:
    """They are left out otherwise, whatever they give."""
    book, sheet = filled([Cell(formula="=1+1"), "1"])
    assert "formulasChanged" not in replaced(book, "1", "2")
    counts = replaced(book, "1", "3", includeFormulas=True)
    assert (counts["formulasChanged"], counts["occurrencesChanged"]) == (1, 2)
    assert cell_of(sheet.content(0, 0)).formula == "=3+3"


def test_where_to_look() -> None:
    """Just one of range, tab and all tabs is given."""
    book, sheet = filled(["a", "a"])
    book.sheets.append(Sheet(id=7, title="Other"))
    book.sheets[1].put(0, 0, "a")
    body = {"find": "a", "replacement": "b"}
    assert done(book, "findReplace", body | {"sheetId": 7})["sheetsChanged"] == 1
    done(book, "findReplace", body | {"range": span(0, 1, 1, 2)})
    assert values(sheet) == [["a", "b"]]
    assert "Invalid requests[0].findReplace: " in refusal(book, "findReplace", body)
    assert "No grid" in refusal(book, "findReplace", body | {"sheetId": 9})


@pytest.mark.parametrize("find", ["(", "*", "(?P<", "[", "a{99999999999}"])
def test_an_expression_that_is_none_is_refused(find: str) -> None:
    """It is a 400 of Google's shape, whatever is wrong with it."""
    book, _ = filled(["a"])
    assert "findReplace" in refusal(
        book,
        "findReplace",
        {"find": find, "replacement": "", "searchByRegex": True, "allSheets": True},
    )


def test_a_catastrophic_expression_does_not_run_for_ever() -> None:
    """Loops in loops are not tried on a long text."""
    book, sheet = filled(["a" * 5_000 + "b"])
    replaced(book, "(a+)+$", "x", searchByRegex=True)
    assert values(sheet) == [["a" * 5_000 + "b"]]


TEXTS = st.text(alphabet="abA ", max_size=4)


@given(st.lists(st.lists(TEXTS, max_size=3), max_size=4), TEXTS.filter(bool))
def test_a_replacement_by_the_same_changes_no_value(rows: list[list[str]], find: str) -> None:
    """Nothing is typed anew where the text stays as it is."""
    book, sheet = filled(*rows)
    before = values(sheet)
    replaced(book, find, find, matchCase=True)
    assert values(sheet) == before


def test_the_first_of_duplicates_stays() -> None:
    """Capitals, formats and formulas make no difference; what is beside the range stays."""
    bold = Cell(value="A", format={"textFormat": {"bold": True}})
    book, sheet = filled(
        ["a", "1", 1.0], [bold, "2", 2.0], [Cell(formula='="a"'), "3", 3.0], ["b", "4", 4.0]
    )
    body = {
        "range": span(0, 0, 4, 2),
        "comparisonColumns": [{"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}],
    }
    assert done(book, "deleteDuplicates", body) == {"duplicatesRemovedCount": 2}
    assert values(sheet) == [["a", "1", 1.0], ["b", "4", 2.0], [None, None, 3.0], [None, None, 4.0]]
    assert done(book, "deleteDuplicates", body) == {}


def test_rows_that_differ_in_one_column_are_no_duplicates() -> None:
    """Without columns to compare, all are; a number is not the text of it."""
    book, sheet = filled(["a", 1.0], ["a", "1"], ["a", 1.0])
    assert done(book, "deleteDuplicates", {"range": span(0, 0, 3, 2)}) == {
        "duplicatesRemovedCount": 1
    }
    assert values(sheet) == [["a", 1.0], ["a", "1"]]


KEYS = st.one_of(st.none(), st.booleans(), st.integers(0, 2).map(float), st.sampled_from("aAb"))


@given(st.lists(st.tuples(KEYS, KEYS), max_size=9))
def test_duplicates_are_gone_after_once(rows: list[tuple[Content, Content]]) -> None:
    """Deleting them again removes nothing and changes nothing."""
    book, sheet = filled(*rows)
    first = done(book, "deleteDuplicates", {"range": {"sheetId": 0}})
    after = values(sheet)
    assert len({repr(contents) for contents in after}) >= len(after) - 3
    assert done(book, "deleteDuplicates", {"range": {"sheetId": 0}}) == {}
    assert values(sheet) == after
    assert first.get("duplicatesRemovedCount", 0) <= len(rows)


def test_spaces_are_trimmed() -> None:
    """Around texts and within them; a text that begins with = stays one; formulas are left."""
    formula = Cell(formula='=" a "')
    book, sheet = filled(["  a \n b ", " =1", "a b"], [formula, "   ", 1.0])
    reply = done(book, "trimWhitespace", {"range": {"sheetId": 0}})
    assert reply == {"cellsChangedCount": 3}
    assert values(sheet) == [["a b", "=1", "a b"], [formula, None, 1.0]]


def test_rows_in_any_order_are_all_there() -> None:
    """Randomizing moves whole rows of the range, by the emulator's chance."""
    rows = [[float(at), str(at)] for at in range(6)]
    book, sheet = filled(*rows)
    done(book, "randomizeRange", {"range": span(0, 0, 6, 2)})
    assert values(sheet) != rows
    assert sorted(values(sheet), key=str) == sorted(rows, key=str)
