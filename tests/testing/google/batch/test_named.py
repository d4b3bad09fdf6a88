"""Requests about named ranges."""

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
SQUARE = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}


@pytest.fixture
def book() -> Book:
    """Return a spreadsheet."""
    return fresh_book("id", "title")


def apply(book: Book, *requests: Body) -> list[Body]:
    """Apply requests."""
    return apply_all(book, requests, SCENE)


def add(name: str, **more: object) -> Body:
    """Return a request for a named range."""
    return {
        "addNamedRange": {"namedRange": {"name": name, "range": {"sheetId": 0} | SQUARE} | more}
    }


def shown(book: Book) -> list[Body]:
    """Return the named ranges as the API shows them."""
    body = spreadsheet_body(book, SCENE.grant)
    assert violations(body, "Spreadsheet", api="sheets.v4") == []
    named: list[Body] = body.get("namedRanges", [])
    return named


def test_a_named_range_is_added_with_an_id_and_without_its_sheet_0(book: Book) -> None:
    """The reply is what the spreadsheet shows: an id as text, and no ``sheetId`` of 0."""
    [reply] = apply(book, add("Totals"))
    [named] = shown(book)
    assert reply == {"addNamedRange": {"namedRange": named}}
    assert list(named) == ["namedRangeId", "name", "range"]
    assert named["namedRangeId"].isdecimal()
    assert named["range"] == SQUARE


def test_a_range_of_a_whole_column_stays_open(book: Book) -> None:
    """Bounds that were left out are left out again."""
    column = {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2}
    apply(book, add("B", range=column))
    assert shown(book)[0]["range"] == {"startColumnIndex": 1, "endColumnIndex": 2}


def test_a_name_is_updated_without_its_range_and_the_other_way_round(book: Book) -> None:
    """The mask says what changes."""
    apply(book, add("Totals", namedRangeId="7"))
    other = {"startRowIndex": 2, "endRowIndex": 4, "startColumnIndex": 2, "endColumnIndex": 4}
    rename = {"namedRange": {"namedRangeId": "7", "name": "Sums"}, "fields": "name"}
    move = {"namedRange": {"namedRangeId": "7", "range": other}, "fields": "range"}
    assert apply(book, {"updateNamedRange": rename}, {"updateNamedRange": move}) == [{}, {}]
    assert shown(book) == [{"namedRangeId": "7", "name": "Sums", "range": other}]


def test_a_named_range_is_deleted(book: Book) -> None:
    """An empty list is left out."""
    apply(book, add("Totals", namedRangeId="7"), {"deleteNamedRange": {"namedRangeId": "7"}})
    assert shown(book) == []


def test_a_name_that_is_taken_is_refused_in_googles_words(book: Book) -> None:
    """This sentence carries the fence of those who have no other."""
    apply(book, add("Totals"))
    with pytest.raises(ApiError) as refused:
        apply(book, add("Totals"))
    assert refused.value.message == (
        "Invalid requests[0].addNamedRange: Cannot add named range with name Totals, "
        "a named range with that name already exists."
    )


def test_a_name_is_free_again_once_it_was_deleted_in_the_same_batch(book: Book) -> None:
    """Requests see what those before them did."""
    apply(book, add("Fence", namedRangeId="1"))
    apply(book, {"deleteNamedRange": {"namedRangeId": "1"}}, add("Fence", namedRangeId="2"))
    assert [named["namedRangeId"] for named in shown(book)] == ["2"]


@pytest.mark.parametrize("name", ["", "1a", "A1", "a b", "R1C1", "R2", "true", "x" * 251, "a-b"])
def test_what_is_no_name_is_refused(book: Book, name: str) -> None:
    """A name may not look like a reference, nor hold anything but letters, digits and ``_``."""
    with pytest.raises(ApiError, match="is not a valid name"):
        apply(book, add(name))


@pytest.mark.parametrize(
    "request_",
    [
        {"deleteNamedRange": {"namedRangeId": "9"}},
        {"deleteNamedRange": {}},
        {"updateNamedRange": {"namedRange": {"namedRangeId": "9", "name": "N"}, "fields": "name"}},
        {"updateNamedRange": {}},
        {"addNamedRange": {}},
        {"addNamedRange": {"namedRange": {"name": "N"}}},
        add("N", range={"sheetId": 5}),
        add("N", range={"startRowIndex": 5000}),
        add("Taken", namedRangeId="1"),
    ],
)
def test_requests_that_cannot_be_done_are_refused(book: Book, request_: Body) -> None:
    """Whatever is missing: the answer is a 400, and never an error of ours."""
    apply(book, add("First", namedRangeId="1"))
    with pytest.raises(ApiError) as refused:
        apply(book, request_)
    assert refused.value.code == 400
