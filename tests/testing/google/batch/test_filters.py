"""Requests about basic filters and filter views."""

from random import Random

import pytest

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.answers.spreadsheet import spreadsheet_body
from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.messages import Body
from tests.testing.google.oracle import violations

GRANT = Grant(account=Account(email="one@example.com"))
SCENE = Scene(grant=GRANT, ids=Random(1), now=0)  # noqa: S311 - ids, no secrets
WHOLE = {"startRowIndex": 0, "endRowIndex": 6, "startColumnIndex": 0, "endColumnIndex": 3}


@pytest.fixture
def book() -> Book:
    """Return a spreadsheet with a header and four rows of a name and a number."""
    book = fresh_book("id", "title")
    [sheet] = book.sheets
    sheet.row_count, sheet.column_count = 6, 3
    names = [("Ann", 1.0), ("bob", 2.0), ("Cid", 3.0), (None, None)]
    sheet.rows.extend([("name", "number"), *names])
    return book


def apply(book: Book, *requests: Body) -> list[Body]:
    """Apply requests."""
    return apply_all(book, requests, SCENE)


def sheet_body(book: Book) -> Body:
    """Return the tab as the API shows it, grid data included."""
    body = spreadsheet_body(book, SCENE.grant, grid_data=True)
    assert violations(body, "Spreadsheet", api="sheets.v4") == []
    sheet: Body = body["sheets"][0]
    return sheet


def hidden(book: Book) -> list[int]:
    """Return the rows that the filter hides, as the API shows them."""
    rows = sheet_body(book)["data"][0]["rowMetadata"]
    return [index for index, row in enumerate(rows) if row.get("hiddenByFilter")]


def filtered(book: Book, column: int, criteria: Body) -> list[int]:
    """Set a basic filter with criteria of a column; return what it hides."""
    specs = [{"columnIndex": column, "filterCriteria": criteria}]
    apply(book, {"setBasicFilter": {"filter": {"range": {"sheetId": 0}, "filterSpecs": specs}}})
    return hidden(book)


def condition(kind: str, *values: str) -> Body:
    """Return criteria with a condition."""
    return {"condition": {"type": kind, "values": [{"userEnteredValue": one} for one in values]}}


def test_a_filter_without_bounds_is_the_whole_tab(book: Book) -> None:
    """The answer to a set is empty; the tab shows all bounds."""
    assert apply(book, {"setBasicFilter": {"filter": {"range": {"sheetId": 0}}}}) == [{}]
    assert sheet_body(book)["basicFilter"] == {"range": WHOLE}


def test_a_second_filter_takes_the_place_of_the_first(book: Book) -> None:
    """A tab has one basic filter."""
    square = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 3}
    for area in ({}, square):
        apply(book, {"setBasicFilter": {"filter": {"range": area}}})
    assert sheet_body(book)["basicFilter"] == {"range": square}


def test_both_forms_of_criteria_are_shown_whichever_was_given(book: Book) -> None:
    """The old map by column, and the list."""
    criteria = {"0": {"hiddenValues": ["Ann"]}, "1": condition("NUMBER_LESS", "3")}
    specs = [
        {"columnIndex": 0, "filterCriteria": criteria["0"]},
        {"columnIndex": 1, "filterCriteria": criteria["1"]},
    ]
    for given in ({"criteria": criteria}, {"filterSpecs": specs}):
        apply(book, {"setBasicFilter": {"filter": given}})
        seen = sheet_body(book)["basicFilter"]
        assert list(seen) == ["range", "criteria", "filterSpecs"]
        assert (seen["criteria"], seen["filterSpecs"]) == (criteria, specs)


def test_hidden_values_hide_their_rows_until_the_filter_is_cleared(book: Book) -> None:
    """The header is never hidden."""
    assert filtered(book, 0, {"hiddenValues": ["Ann", "name"]}) == [1]
    assert apply(book, {"clearBasicFilter": {"sheetId": 0}}) == [{}]
    assert hidden(book) == []
    assert "basicFilter" not in sheet_body(book)


def test_clearing_what_is_not_there_is_no_error(book: Book) -> None:
    """As Google documents it: clears the basic filter, if any exists."""
    assert apply(book, {"clearBasicFilter": {}}) == [{}]


@pytest.mark.parametrize(
    ("column", "criteria", "rows"),
    [
        (1, condition("NUMBER_GREATER", "1"), [1, 4, 5]),
        (1, condition("NUMBER_BETWEEN", "2", "3"), [1, 4, 5]),
        (1, condition("NUMBER_NOT_EQ", "2"), [2]),
        (0, condition("TEXT_CONTAINS", "B"), [1, 3, 4, 5]),
        (0, condition("TEXT_NOT_CONTAINS", "b"), [2]),
        (0, condition("TEXT_STARTS_WITH", "a"), [2, 3, 4, 5]),
        (0, condition("BLANK"), [1, 2, 3]),
        (0, condition("NOT_BLANK"), [4, 5]),
        (1, condition("DATE_AFTER", "1"), [1, 4, 5]),
        (0, condition("CUSTOM_FORMULA", "=FALSE"), []),
        (0, condition("NUMBER_GREATER"), [1, 2, 3, 4, 5]),
        (0, {"visibleBackgroundColor": {"red": 1}}, [1, 2, 3, 4, 5]),
        (0, {"visibleForegroundColorStyle": {"rgbColor": {}}}, []),
        (9, condition("BLANK"), []),
        (0, {}, []),
    ],
)
def test_conditions_hide_the_rows_that_do_not_meet_them(
    book: Book, column: int, criteria: Body, rows: list[int]
) -> None:
    """Blank rows up to the end of the range count too."""
    assert filtered(book, column, criteria) == rows


def test_a_filter_view_gets_an_id_and_a_title(book: Book) -> None:
    """The reply shows it as the tab does; it hides no row."""
    [reply] = apply(
        book, {"addFilterView": {"filter": {"criteria": {"0": {"hiddenValues": ["Ann"]}}}}}
    )
    [view] = sheet_body(book)["filterViews"]
    assert reply == {"addFilterView": {"filter": view}}
    assert (view["title"], view["range"]) == ("Filter 1", WHOLE)
    assert hidden(book) == []


def test_a_filter_view_is_updated_copied_and_deleted(book: Book) -> None:
    """Each by its id."""
    apply(book, {"addFilterView": {"filter": {"filterViewId": 4, "title": "Mine"}}})
    specs = [{"columnIndex": 0, "filterCriteria": {"hiddenValues": ["Ann"]}}]
    update = {"filter": {"filterViewId": 4, "filterSpecs": specs}, "fields": "filterSpecs"}
    assert apply(book, {"updateFilterView": update}) == [{}]
    [reply] = apply(book, {"duplicateFilterView": {"filterId": 4}})
    copy = reply["duplicateFilterView"]["filter"]
    assert (copy["title"], copy["filterSpecs"]) == ("Copy of Mine", specs)
    apply(book, {"deleteFilterView": {"filterId": 4}})
    assert sheet_body(book)["filterViews"] == [copy]


def test_a_filter_view_keeps_its_range_unless_another_is_given(book: Book) -> None:
    """Whatever the mask lists."""
    row = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    apply(book, {"addFilterView": {"filter": {"filterViewId": 4, "range": row}}})
    update = {"filter": {"filterViewId": 4, "title": "New"}, "fields": "*"}
    apply(book, {"updateFilterView": update})
    [view] = sheet_body(book)["filterViews"]
    assert (view["title"], view["range"]) == ("New", row)
    move = {"filter": {"filterViewId": 4, "range": {"endRowIndex": 2}}, "fields": "range"}
    apply(book, {"updateFilterView": move})
    assert sheet_body(book)["filterViews"][0]["range"] == WHOLE | {"endRowIndex": 2}


def test_a_filter_view_of_a_missing_id_is_refused(book: Book) -> None:
    """The sentence names the id."""
    with pytest.raises(ApiError, match="deleteFilterView: No filter view with id: 77"):
        apply(book, {"deleteFilterView": {"filterId": 77}})


@pytest.mark.parametrize(
    "request_",
    [
        {"setBasicFilter": {"filter": {"range": {"sheetId": 9}}}},
        {"setBasicFilter": {"filter": {"criteria": {"x": {}}}}},
        {"setBasicFilter": {"filter": {"tableId": "9"}}},
        {"clearBasicFilter": {"sheetId": 9}},
        {"addFilterView": {"filter": {"filterViewId": 4}}},
        {"addFilterView": {"filter": {"namedRangeId": "9"}}},
        {"updateFilterView": {"filter": {"filterViewId": 4}}},
        {"updateFilterView": {"filter": {"filterViewId": 4}, "fields": "x"}},
        {"updateFilterView": {}},
        {"duplicateFilterView": {}},
        {"deleteFilterView": {}},
    ],
)
def test_requests_that_cannot_be_done_are_refused(book: Book, request_: Body) -> None:
    """Whatever is missing: the answer is a 400, and never an error of ours."""
    apply(book, {"addFilterView": {"filter": {"filterViewId": 4}}})
    with pytest.raises(ApiError) as refused:
        apply(book, request_)
    assert refused.value.code == 400


@pytest.mark.parametrize("request_", [{"setBasicFilter": {}}, {"addFilterView": {}}])
def test_requests_that_say_nothing_mean_the_first_tab(book: Book, request_: Body) -> None:
    """A missing sheetId is 0."""
    apply(book, request_)
    sheet_body(book)
