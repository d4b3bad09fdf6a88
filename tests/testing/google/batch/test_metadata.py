"""Developer metadata: made, found, changed and deleted."""

from random import Random

import pytest

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.batch import metadata  # noqa: F401 - registers its kinds
from formbridge.testing.google.batch.kinds import KINDS, Scene
from formbridge.testing.google.batch.metadata import matching
from formbridge.testing.google.errors import ApiError, Refused
from formbridge.testing.google.grid.book import Book, NamedRange, fresh_book
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body


def scene(project: str = "project") -> Scene:
    """Return a scene in which a project asks."""
    grant = Grant(account=Account(email="a@example.org"), project=project)
    return Scene(grant=grant, ids=Random(1), now=0)  # noqa: S311 - ids, no secrets


def done(book: Book, name: str, body: Body, *, project: str = "project") -> Body:
    """Apply one request and return its reply."""
    return KINDS[name](book, body, scene(project)) or {}


def made(book: Book, location: Body, *, project: str = "project", **more: object) -> Body:
    """Create an entry and return it."""
    entry = {"metadataKey": "key", "visibility": "DOCUMENT", "location": location} | more
    reply = done(book, "createDeveloperMetadata", {"developerMetadata": entry}, project=project)
    found: Body = reply["developerMetadata"]
    return found


def row(index: int, sheet: int = 0) -> Body:
    """Return the location of one row."""
    return {"dimensionRange": {"sheetId": sheet, "dimension": "ROWS", "startIndex": index, "endIndex": index + 1}}  # fmt: skip  # noqa: E501 - one value


def column(index: int, sheet: int = 0) -> Body:
    """Return the location of one column."""
    return {"dimensionRange": {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": index, "endIndex": index + 1}}  # fmt: skip  # noqa: E501 - one value


def ids(book: Book, project: str = "project", **lookup: object) -> list[int]:
    """Return the ids that a lookup selects."""
    found = matching(book, {"developerMetadataLookup": lookup}, project)
    return [entry.id for entry in found]


@pytest.fixture
def book() -> Book:
    """Return a spreadsheet of two tabs with an entry at each kind of place."""
    book = fresh_book("id", "Book")
    book.sheets.append(Sheet(id=7, title="Other"))
    places: list[Body] = [{"spreadsheet": True}, {"sheetId": 0}, row(2), column(1)]
    for number, place in enumerate(places, 1):
        made(book, place, metadataId=number, metadataValue=f"v{number}")
    made(book, row(2, 7), metadataId=5)
    return book


def test_an_entry_is_printed_with_its_place() -> None:
    """The location says its type, and a dimension leaves out a sheetId of 0."""
    book = fresh_book("id", "Book")
    assert made(book, row(0), metadataId=9, metadataValue="x") == {
        "metadataId": 9,
        "metadataKey": "key",
        "metadataValue": "x",
        "location": {
            "locationType": "ROW",
            "dimensionRange": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1},
        },
        "visibility": "DOCUMENT",
    }
    assert made(book, {"sheetId": 0})["location"] == {"locationType": "SHEET", "sheetId": 0}
    assert made(book, {"spreadsheet": True})["location"] == {
        "locationType": "SPREADSHEET",
        "spreadsheet": True,
    }


def test_an_id_is_chosen_or_given(book: Book) -> None:
    """Without an id a new one is drawn; one in use is refused and changes nothing."""
    assert made(book, {"spreadsheet": True})["metadataId"] not in {1, 2, 3, 4, 5}
    before = dict(book.metadata)
    with pytest.raises(Refused, match=r"with ID \[3\] because .* already exists"):
        made(book, {"spreadsheet": True}, metadataId=3)
    assert book.metadata == before


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"metadataKey": "k", "visibility": "DOCUMENT"},
        {"metadataKey": "k", "location": {"spreadsheet": True}},
        {"visibility": "DOCUMENT", "location": {"spreadsheet": True}},
        {
            "metadataId": -1,
            "metadataKey": "k",
            "visibility": "DOCUMENT",
            "location": {"sheetId": 0},
        },
        {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 99}},
        {"metadataKey": "k", "visibility": "DOCUMENT", "location": row(1000)},
        {"metadataKey": "k", "visibility": "DOCUMENT", "location": row(-1)},
        {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": {}}},
        {
            "metadataKey": "k",
            "visibility": "DOCUMENT",
            "location": {"dimensionRange": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}},
        },
    ],
)
def test_an_incomplete_entry_is_refused(entry: Body) -> None:
    """A key, a visibility and one place that exists are needed, and an id above 0."""
    book = fresh_book("id", "Book")
    with pytest.raises(Refused):
        done(book, "createDeveloperMetadata", {"developerMetadata": entry})
    assert not book.metadata


@pytest.mark.parametrize(
    ("lookup", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"metadataId": 3}, [3]),
        ({"metadataId": 3, "metadataValue": "v3"}, [3]),
        ({"metadataId": 3, "metadataValue": "v4"}, []),
        ({"metadataKey": "key", "locationType": "ROW"}, [3, 5]),
        ({"metadataKey": "other"}, []),
        ({"visibility": "PROJECT"}, []),
        ({"metadataLocation": {"spreadsheet": True}}, [1]),
        ({"metadataLocation": {"sheetId": 0}}, [2, 3, 4]),
        ({"metadataLocation": row(2)}, [2, 3, 4]),
        ({"metadataLocation": row(3)}, [2, 4]),
        ({"metadataLocation": row(2), "locationType": "COLUMN"}, [4]),
        ({"metadataLocation": row(2), "locationMatchingStrategy": "EXACT_LOCATION"}, [3]),
        ({"metadataLocation": {"sheetId": 0}, "locationMatchingStrategy": "EXACT_LOCATION"}, [2]),
        ({"metadataLocation": row(2, 7), "locationMatchingStrategy": "EXACT_LOCATION"}, [5]),
    ],
)
def test_a_lookup_selects_what_meets_all_its_fields(
    book: Book, lookup: Body, found: list[int]
) -> None:
    """Every field narrows; a location selects what crosses it unless it must be exact."""
    assert ids(book, **lookup) == found


@pytest.mark.parametrize(
    ("data_filter", "found"),
    [
        ({"a1Range": "Sheet1!A1:Z2"}, [2, 4]),
        ({"a1Range": "A3"}, [2, 3]),
        ({"a1Range": "'Other'!3:3"}, [5]),
        ({"a1Range": "other"}, [5]),
        ({"a1Range": "cells"}, [2, 3]),
        ({"gridRange": {"startColumnIndex": 1, "endColumnIndex": 2}}, [2, 3, 4]),
        ({"gridRange": {"sheetId": 7, "startRowIndex": 3}}, []),
    ],
)
def test_a_range_selects_what_crosses_it(book: Book, data_filter: Body, found: list[int]) -> None:
    """A range of cells selects the metadata of rows, columns and tabs that it meets."""
    book.named["n"] = NamedRange(
        id="n", name="cells", range=GridRange(top=2, bottom=3, left=2, right=9)
    )
    assert [entry.id for entry in matching(book, data_filter, "project")] == found


@pytest.mark.parametrize(
    "data_filter",
    [
        {},
        {"a1Range": "No!A1"},
        {"a1Range": "A1:B2:C3"},
        {"developerMetadataLookup": {"locationMatchingStrategy": "EXACT_LOCATION"}},
        {
            "developerMetadataLookup": {
                "locationMatchingStrategy": "EXACT_LOCATION",
                "metadataLocation": {"sheetId": 0},
                "locationType": "SHEET",
            }
        },
    ],
)
def test_a_filter_that_means_nothing_is_refused(book: Book, data_filter: Body) -> None:
    """The reason is a 400 for a call, and a refusal inside a batch."""
    with pytest.raises(ApiError):
        matching(book, data_filter, "project")
    with pytest.raises(Refused):
        done(book, "deleteDeveloperMetadata", {"dataFilter": data_filter})
    body = {"dataFilters": [None, data_filter], "fields": "metadataValue"}
    with pytest.raises(Refused):
        done(book, "updateDeveloperMetadata", body)


def test_private_metadata_is_seen_by_its_project_only() -> None:
    """Another project neither finds nor deletes it, though its id stays taken."""
    book = fresh_book("id", "Book")
    made(book, {"sheetId": 0}, metadataId=1, visibility="PROJECT", project="mine")
    assert ids(book, "mine") == [1]
    assert ids(book, "other") == []
    everything = {"dataFilter": {"developerMetadataLookup": {"metadataId": 1}}}
    assert done(book, "deleteDeveloperMetadata", everything, project="other") == {}
    with pytest.raises(Refused):
        made(book, {"sheetId": 0}, metadataId=1, project="other")
    assert done(book, "deleteDeveloperMetadata", everything, project="mine") != {}


def test_a_fence_is_passed_only_with_the_value_that_stands() -> None:
    """Deleting by id and value, then creating the same id, swaps a value or is refused."""
    book = fresh_book("id", "Book")
    made(book, {"spreadsheet": True}, metadataId=777, metadataValue="one")

    def swap(old: str, new: str) -> None:
        lookup = {"metadataId": 777, "metadataValue": old}
        done(book, "deleteDeveloperMetadata", {"dataFilter": {"developerMetadataLookup": lookup}})
        made(book, {"spreadsheet": True}, metadataId=777, metadataValue=new)

    swap("one", "two")
    assert book.metadata[777].value == "two"
    with pytest.raises(Refused):
        swap("one", "three")
    assert book.metadata[777].value == "two"


def test_an_update_changes_the_named_fields_of_all_that_is_selected(book: Book) -> None:
    """Fields that the mask does not name stay; the reply shows every changed entry."""
    reply = done(
        book,
        "updateDeveloperMetadata",
        {
            "dataFilters": [
                {"developerMetadataLookup": {"metadataId": 1}},
                {"developerMetadataLookup": {"locationType": "ROW"}},
            ],
            "developerMetadata": {"metadataValue": "new", "metadataKey": "ignored"},
            "fields": "metadataValue",
        },
    )
    assert [entry["metadataId"] for entry in reply["developerMetadata"]] == [1, 3, 5]
    assert {book.metadata[number].value for number in (1, 3, 5)} == {"new"}
    assert {entry.key for entry in book.metadata.values()} == {"key"}


def test_an_update_may_move_an_entry(book: Book) -> None:
    """The location is a field like others."""
    done(
        book,
        "updateDeveloperMetadata",
        {
            "dataFilters": [{"developerMetadataLookup": {"metadataId": 1}}],
            "developerMetadata": {"location": column(4)},
            "fields": "location",
        },
    )
    assert ids(book, metadataLocation=column(4), locationMatchingStrategy="EXACT_LOCATION") == [1]


@pytest.mark.parametrize(
    "body",
    [
        {"dataFilters": [], "fields": "metadataValue"},
        {"dataFilters": [{"developerMetadataLookup": {}}], "fields": ""},
        {"dataFilters": [{"developerMetadataLookup": {}}], "fields": "metadataId"},
        {"dataFilters": [{"developerMetadataLookup": {}}], "fields": "metadataKey"},
        {"dataFilters": [{"developerMetadataLookup": {}}], "fields": "nonsense"},
        {},
    ],
)
def test_a_bad_update_is_refused(book: Book, body: Body) -> None:
    """Filters and fields are needed, an id stays, a key is never empty."""
    before = dict(book.metadata)
    with pytest.raises(Refused):
        done(book, "updateDeveloperMetadata", body)
    assert book.metadata == before


def test_metadata_is_limited_for_the_spreadsheet_and_for_each_tab() -> None:
    """30,000 characters fit at each; one more is refused."""
    book = fresh_book("id", "Book")
    made(book, {"spreadsheet": True}, metadataValue="x" * 29_997)
    made(book, row(1), metadataValue="x" * 14_997)
    made(book, {"sheetId": 0}, metadataValue="x" * 14_997)
    for place in ({"spreadsheet": True}, column(1)):
        with pytest.raises(Refused, match="30000"):
            made(book.clone(), place)
