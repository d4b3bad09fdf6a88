"""The methods get, getByDataFilter and create."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.accounts.tokens import Tokens
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.grid.book import Book, Metadata
from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.routes import Call
from formbridge.testing.google.spreadsheets.methods import create, get, get_by_data_filter
from tests.testing.google.oracle import violations

ONE = Account(email="one@example.com")
ROBOT = Account(email="robot@p.iam.gserviceaccount.com", kind="service", storage=False)


class House:
    """A service with everything that these methods use."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.clock = FakeClock()
        self.ids = Random(1)  # noqa: S311 - ids, no secrets
        self.tokens = Tokens(clock=self.clock)
        self.drive = Drive(ids=self.ids)
        self.books: dict[str, Book] = {}

    def book(self, call: Call, book_id: str) -> Book:
        """Return a spreadsheet to whoever asks."""
        assert call
        return self.books[book_id]

    @contextmanager
    def changing(self, call: Call, book_id: str) -> Iterator[Book]:
        """Yield a spreadsheet."""
        yield self.book(call, book_id)


@pytest.fixture
def house() -> House:
    """Return a service."""
    return House()


def call(house: House, body: Body, *, by: Account = ONE, book: str = "", **params: Any) -> Call:  # noqa: ANN401 - JSON
    """Return a call."""
    scopes = frozenset({"https://www.googleapis.com/auth/drive"})
    return Call(
        google=house,
        grant=Grant(account=by, scopes=scopes),
        request=Request(method="GET", path="/"),
        method="",
        variables={"spreadsheetId": book},
        params=params,
        body=body,
        now=1,
        ids=house.ids,
    )


def created(house: House, body: Body, *, by: Account = ONE) -> Body:
    """Create a spreadsheet; return the answer."""
    answer = create(call(house, body, by=by))
    assert violations(answer, "Spreadsheet", api="sheets.v4") == []
    return answer


def test_a_spreadsheet_without_a_title_is_untitled(house: House) -> None:
    """It has one tab, and its file lies in the caller's My Drive."""
    answer = created(house, {})
    assert answer["properties"]["title"] == "Untitled spreadsheet"
    assert [sheet["properties"]["title"] for sheet in answer["sheets"]] == ["Sheet1"]
    file = house.drive.all[answer["spreadsheetId"]]
    assert (file.name, file.owner) == ("Untitled spreadsheet", ONE.email)
    assert get(call(house, {}, book=file.id)) == answer


def test_tabs_that_are_given_are_the_only_ones(house: House) -> None:
    """With their ids, their data and their order."""
    sheets = [
        {
            "properties": {"sheetId": 5, "title": "Data", "gridProperties": {"rowCount": 9}},
            "data": [{"startRow": 1, "rowData": [{"values": [_text("a"), {}, _text("b")]}]}],
        },
        {"properties": {"title": "Notes", "sheetType": "GRID"}},
    ]
    properties = {"title": "Mine", "locale": "de_DE", "timeZone": "Europe/Berlin"}
    named = [{"name": "N", "range": {"sheetId": 5, "endRowIndex": 1}}]
    answer = created(house, {"properties": properties, "sheets": sheets, "namedRanges": named})
    assert [sheet["properties"]["title"] for sheet in answer["sheets"]] == ["Data", "Notes"]
    assert answer["sheets"][0]["properties"]["sheetId"] == 5
    assert properties.items() <= answer["properties"].items()
    assert answer["namedRanges"][0]["range"] == {"sheetId": 5, "endRowIndex": 1}
    [book] = house.books.values()
    assert list(book.sheets[0].rows) == [(), ("a", None, "b")]


def _text(text: str) -> Body:
    return {"userEnteredValue": {"stringValue": text}}


def test_two_tabs_of_one_title_are_refused_and_nothing_is_made(house: House) -> None:
    """The message names no request: the caller sent none."""
    sheets = [{"properties": {"title": "A"}}, {"properties": {"title": "a"}}]
    with pytest.raises(ApiError) as refused:
        created(house, {"sheets": sheets})
    assert "requests[" not in refused.value.message
    assert house.books == {}


def test_who_has_no_storage_may_not_create(house: House) -> None:
    """A service account of today."""
    with pytest.raises(ApiError) as refused:
        created(house, {}, by=ROBOT)
    assert refused.value.code == 403


def test_data_filters_select_as_ranges_do(house: House) -> None:
    """By cells, by text, or by what metadata belongs to."""
    book_id = created(house, {"sheets": [{"properties": {"sheetId": n}} for n in (1, 2)]})[
        "spreadsheetId"
    ]
    entry = Metadata(id=3, key="k", sheet=2, dimension="ROWS", start=4, end=5)
    house.books[book_id].metadata[3] = entry
    for data_filter, sheet, row in (
        ({"gridRange": {"sheetId": 2, "startRowIndex": 4}}, 2, 4),
        ({"a1Range": "Sheet1!A3"}, 1, 2),
        ({"developerMetadataLookup": {"metadataKey": "k"}}, 2, 4),
    ):
        body = {"dataFilters": [data_filter], "includeGridData": True}
        answer = get_by_data_filter(call(house, body, book=book_id))
        assert violations(answer, "Spreadsheet", api="sheets.v4") == []
        [shown] = answer["sheets"]
        assert (shown["properties"]["sheetId"], shown["data"][0]["startRow"]) == (sheet, row)


@pytest.mark.parametrize("data_filter", [{}, {"gridRange": {"sheetId": 9}}, {"a1Range": "no!"}])
def test_filters_that_select_nothing_possible_are_refused(house: House, data_filter: Body) -> None:
    """Google's shape of error, and never an error of ours."""
    book_id = created(house, {})["spreadsheetId"]
    with pytest.raises(ApiError) as refused:
        get_by_data_filter(call(house, {"dataFilters": [data_filter]}, book=book_id))
    assert refused.value.code == 400
