"""The methods that apply batches, copy tabs, and find metadata."""

from collections.abc import Callable

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import Book, Metadata, NamedRange, fresh_book
from formbridge.testing.google.grid.cell import Cell
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.messages import Answer, Body, Request
from formbridge.testing.google.routes import Call
from formbridge.testing.google.spreadsheets import updates as methods

ME = Account(email="me@example.org")
Method = Callable[[Call], Body | Answer]


class Service:
    """A service with spreadsheets, and calls of its methods."""

    def __init__(self) -> None:
        """Begin without a spreadsheet."""
        self.google = Google(clock=FakeClock(), seed=1)

    def add(self, title: str) -> Book:
        """Add a spreadsheet of the caller's."""
        file = self.google.drive.add_spreadsheet(title, owner=ME, now=0)
        book = fresh_book(file.id, title)
        self.google.books[file.id] = book
        return book

    def call(
        self,
        function: Method,
        book: str,
        body: Body | None = None,
        *,
        project: str = "project",
        fields: str | None = None,
        **variables: str,
    ) -> Body:
        """Call a method and return its answer."""
        answer = function(
            Call(
                google=self.google,
                grant=Grant(account=ME, scopes=frozenset({SCOPE}), project=project),
                request=Request(method="POST", path="/"),
                method="",
                variables={"spreadsheetId": book} | variables,
                params={"fields": fields} if fields else {},
                body=body or {},
                now=5,
                ids=self.google.ids,
            )
        )
        assert isinstance(answer, dict)
        return answer

    def batch(self, book: Book, *requests: Body, fields: str | None = None, **more: object) -> Body:
        """Apply requests to a spreadsheet."""
        body = {"requests": list(requests)} | more
        return self.call(methods.batch_update, book.id, body, fields=fields)

    def now(self, book: Book) -> Book:
        """Return a spreadsheet as it stands."""
        return self.google.books[book.id]


SCOPE = "https://www.googleapis.com/auth/spreadsheets"


@pytest.fixture
def service() -> Service:
    """Return a service."""
    return Service()


def fence(value: str) -> Body:
    """Return a request that makes an entry of a fixed id."""
    entry = {"metadataId": 7, "metadataKey": "fence", "metadataValue": value}
    place: Body = {"location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": entry | place}}


ADD = {"addSheet": {"properties": {"title": "New", "sheetId": 3}}}


def test_a_batch_answers_with_a_reply_for_each_request(service: Service) -> None:
    """A request without a reply has an empty one; a new title is the file's new name."""
    book = service.add("Book")
    rename = {"properties": {"title": "Other"}, "fields": "title"}
    answer = service.batch(book, {"updateSpreadsheetProperties": rename}, ADD)
    assert answer["spreadsheetId"] == book.id
    assert [list(reply) for reply in answer["replies"]] == [[], ["addSheet"]]
    assert service.google.drive.all[book.id].name == service.now(book).title == "Other"


def test_one_bad_request_of_many_changes_nothing(service: Service) -> None:
    """The error names the request; the file is not touched either."""
    book = service.add("Book")
    service.batch(book, fence("one"))
    before, file = service.now(book), service.google.drive.all[book.id]
    with pytest.raises(ApiError) as refused:
        service.batch(book, ADD, fence("two"))
    assert refused.value.code == 400
    assert refused.value.message.startswith("Invalid requests[1].createDeveloperMetadata: ")
    assert service.now(book) is before
    assert len(before.sheets) == 1
    assert service.google.drive.all[book.id] is file


def test_a_batch_needs_a_request_and_a_spreadsheet(service: Service) -> None:
    """An unknown spreadsheet is a 404."""
    book = service.add("Book")
    with pytest.raises(ApiError, match="Must specify at least one request"):
        service.batch(book)
    with pytest.raises(ApiError, match="Requested entity was not found"):
        service.call(methods.batch_update, "nowhere", {"requests": [ADD]})
    with pytest.raises(ApiError, match="Requested entity was not found"):
        service.call(methods.batch_update, "nowhere", {})


def test_a_batch_may_answer_with_the_changed_spreadsheet(service: Service) -> None:
    """Only with the tabs of the ranges that are asked for, and with cells if they are."""
    book = service.add("Book")
    book.sheets[0].put(1, 0, "x")
    answer = service.batch(book, ADD, includeSpreadsheetInResponse=True)
    sheets = answer["updatedSpreadsheet"]["sheets"]
    assert [sheet["properties"]["title"] for sheet in sheets] == ["Sheet1", "New"]
    assert "data" not in sheets[0]
    answer = service.batch(
        book,
        fence("one"),
        includeSpreadsheetInResponse=True,
        responseRanges=["A2"],
        responseIncludeGridData=True,
    )
    (sheet,) = answer["updatedSpreadsheet"]["sheets"]
    assert sheet["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"
    mask = "replies,updatedSpreadsheet(sheets.data.rowData.values.userEnteredValue)"
    answer = service.batch(
        book,
        {"deleteSheet": {"sheetId": 3}},
        includeSpreadsheetInResponse=True,
        responseRanges=["Sheet1!A2:B2"],
        fields=mask,
    )
    data = answer["updatedSpreadsheet"]["sheets"][0]["data"]
    assert data[0]["rowData"][0]["values"][0] == {"userEnteredValue": {"stringValue": "x"}}


def test_a_tab_is_copied_into_another_spreadsheet(service: Service) -> None:
    """With its names, its metadata and its formulas; the answer is its properties."""
    source, target = service.add("Source"), service.add("Target")
    source.sheets[0].put(0, 0, Cell(formula="=Sheet1!B1"))
    source.named["n"] = NamedRange(id="n", name="here", range=GridRange(top=0, bottom=1))
    source.metadata[1] = Metadata(id=1, key="k", sheet=0)
    body = {"destinationSpreadsheetId": target.id}
    answer = service.call(methods.copy_to, source.id, body, sheetId="0")
    copy = service.now(target).sheets[1]
    assert (answer["title"], answer["index"], answer["sheetId"]) == ("Copy of Sheet1", 1, copy.id)
    assert copy.content(0, 0) == Cell(formula="='Copy of Sheet1'!B1")
    (named,) = service.now(target).named.values()
    assert (named.name, named.range.sheet) == ("here", copy.id)
    assert [entry.sheet for entry in service.now(target).metadata.values()] == [copy.id]
    service.call(methods.copy_to, source.id, body, sheetId="0")
    assert service.now(target).sheets[2].title == "Copy of Sheet1 1"
    assert len(service.now(target).named) == 1
    assert service.now(source) is source
    for wrong in ({"destinationSpreadsheetId": "nowhere"}, {}):
        with pytest.raises(ApiError):
            service.call(methods.copy_to, source.id, wrong, sheetId="0")
    with pytest.raises(ApiError):
        service.call(methods.copy_to, source.id, body, sheetId="99")


def test_a_copy_that_has_no_room_is_refused(service: Service) -> None:
    """Ten million cells are all that a spreadsheet has."""
    source, target = service.add("Source"), service.add("Target")
    target.sheets[0].row_count = 384_000
    body = {"destinationSpreadsheetId": target.id}
    with pytest.raises(ApiError, match="above the limit of 10000000 cells"):
        service.call(methods.copy_to, source.id, body, sheetId="0")
    assert len(service.now(target).sheets) == 1


def test_an_entry_of_metadata_is_read_by_its_id(service: Service) -> None:
    """What is not there, or is another project's, is a 404 that names the id."""
    book = service.add("Book")
    service.batch(book, fence("one"))
    found = service.call(methods.get_metadata, book.id, metadataId="7")
    assert (found["metadataId"], found["metadataValue"]) == (7, "one")
    book = service.now(book)
    book.metadata[8] = Metadata(id=8, key="k", visibility="PROJECT", project="mine")
    assert service.call(methods.get_metadata, book.id, metadataId="8", project="mine")
    for number in ("8", "9", "-1", "nine"):
        with pytest.raises(ApiError, match=f"No developer metadata with ID {number}") as refused:
            service.call(methods.get_metadata, book.id, metadataId=number)
        assert refused.value.code == 404


def test_a_search_answers_each_entry_once_with_the_filters_that_select_it(
    service: Service,
) -> None:
    """Nothing found is an empty answer; no filter is a mistake."""
    book = service.add("Book")
    service.batch(book, fence("one"))
    by_id: Body = {"developerMetadataLookup": {"metadataId": 7}}
    by_key: Body = {"developerMetadataLookup": {"metadataKey": "fence"}}
    other: Body = {"developerMetadataLookup": {"metadataKey": "other"}}
    answer = service.call(methods.search_metadata, book.id, {"dataFilters": [by_id, other, by_key]})
    (found,) = answer["matchedDeveloperMetadata"]
    assert found["developerMetadata"]["metadataId"] == 7
    assert found["dataFilters"] == [by_id, by_key]
    assert service.call(methods.search_metadata, book.id, {"dataFilters": [other]}) == {}
    bad: list[Body] = [{}, {"dataFilters": []}, {"dataFilters": [{}]}]
    for wrong in bad:
        with pytest.raises(ApiError):
            service.call(methods.search_metadata, book.id, wrong)
