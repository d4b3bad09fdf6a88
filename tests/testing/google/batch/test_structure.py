"""Tabs added, deleted, copied and changed; the properties of a spreadsheet; all or nothing."""

from collections.abc import Callable
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.batch import dimensions, merging, metadata, structure
from formbridge.testing.google.batch.kinds import KINDS, Scene
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book, Metadata, NamedRange, fresh_book
from formbridge.testing.google.grid.cell import Cell
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

FAMILIES = (dimensions, merging, metadata, structure)


def scene() -> Scene:
    """Return a scene."""
    grant = Grant(account=Account(email="a@example.org"))
    return Scene(grant=grant, ids=Random(1), now=0)  # noqa: S311 - ids, no secrets


def done(book: Book, name: str, body: Body) -> Body:
    """Apply one request and return its reply."""
    return KINDS[name](book, body, scene()) or {}


def tabs(*titles: str) -> Book:
    """Return a spreadsheet with tabs of these titles, with ids from 1."""
    book = fresh_book("id", "Book")
    book.sheets = [Sheet(id=number, title=title) for number, title in enumerate(titles, 1)]
    return book


def titles(book: Book) -> list[str]:
    """Return the titles of all tabs."""
    return [sheet.title for sheet in book.sheets]


def update(book: Book, number: int, properties: Body, fields: str) -> None:
    """Update the properties of a tab."""
    body = {"properties": {"sheetId": number} | properties, "fields": fields}
    done(book, "updateSheetProperties", body)


# --- adding -------------------------------------------------------------------------------------


def test_a_tab_is_added_at_the_end_with_what_is_given() -> None:
    """Its properties are the reply."""
    book = fresh_book("id", "Book")
    grid = {"rowCount": 3, "columnCount": 2, "frozenRowCount": 1}
    reply = done(
        book,
        "addSheet",
        {
            "properties": {
                "title": "New",
                "sheetId": 7,
                "gridProperties": grid,
                "hidden": True,
                "tabColor": {"red": 1, "blue": 0.5},
                "rightToLeft": True,
            }
        },
    )
    colour = {"red": 1, "blue": 0.49803922}
    assert reply["properties"] == {
        "sheetId": 7,
        "title": "New",
        "index": 1,
        "sheetType": "GRID",
        "gridProperties": grid,
        "hidden": True,
        "tabColor": colour,
        "tabColorStyle": {"rgbColor": colour},
        "rightToLeft": True,
    }


def test_a_tab_without_properties_has_the_usual_ones() -> None:
    """A free title, a random id, 1,000 rows and 26 columns."""
    book = fresh_book("id", "Book")
    done(book, "addSheet", {"properties": {"title": "Sheet3"}})
    found = done(book, "addSheet", {})["properties"]
    assert found["title"] == "Sheet4"
    assert found["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    assert found["sheetId"] > 0


def test_a_tab_is_added_before_the_one_that_has_its_index() -> None:
    """The others go on."""
    book = tabs("A", "B")
    done(book, "addSheet", {"properties": {"title": "C", "index": 0}})
    done(book, "addSheet", {"properties": {"title": "D", "index": 2}})
    assert titles(book) == ["C", "A", "D", "B"]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"title": "a"}, 'A sheet with the name "a" already exists. Please enter another name.'),
        ({"title": "x" * 101}, "The sheet name cannot be greater than 100 characters."),
        ({"sheetId": 1}, "Sheet with id 1 already exists."),
        ({"sheetId": -1}, "Sheet id must be non-negative."),
        ({"gridProperties": {"rowCount": 0}}, "gridProperties.rowCount must be at least 1."),
        ({"gridProperties": {"columnCount": 18_279, "rowCount": 1}}, "18278 columns"),
        ({"gridProperties": {"rowCount": 400_000}}, "above the limit of 10000000 cells."),
        ({"gridProperties": {"rowCount": 1, "frozenRowCount": 1}}, "freeze all visible rows"),
        ({"sheetType": "OBJECT"}, "OBJECT"),
        ({"index": -1}, "index"),
    ],
)
def test_a_tab_that_cannot_be_added_is_refused(properties: Body, message: str) -> None:
    """The sentence says why."""
    book = tabs("A")
    with pytest.raises(Refused) as refused:
        done(book, "addSheet", {"properties": properties})
    assert message in str(refused.value)


# --- deleting -----------------------------------------------------------------------------------


def test_a_deleted_tab_takes_what_belongs_to_it() -> None:
    """Names, metadata, and the cells that formulas of other tabs mean."""
    book = tabs("A", "It's")
    book.sheets[0].put(0, 0, Cell(formula="='It''s'!A1+A1"))
    book.named["n"] = NamedRange(id="n", name="n", range=GridRange(sheet=2))
    book.metadata[1] = Metadata(id=1, key="k", sheet=2)
    book.metadata[2] = Metadata(id=2, key="k", sheet=1)
    source = {"sheetId": 2, "startRowIndex": 0, "endRowIndex": 1}
    book.sheets[0].list("charts").append({"chartId": 1, "spec": {"sources": [source]}})
    done(book, "deleteSheet", {"sheetId": 2})
    assert titles(book) == ["A"]
    assert not book.named
    assert list(book.metadata) == [2]
    assert book.sheets[0].content(0, 0) == Cell(formula="=#REF!+A1")
    assert book.sheets[0].list("charts") == [{"chartId": 1, "spec": {"sources": []}}]


def test_the_last_tab_and_the_last_visible_one_are_kept() -> None:
    """A spreadsheet has always something to show."""
    book = tabs("A", "B")
    update(book, 2, {"hidden": True}, "hidden")
    with pytest.raises(Refused, match="remove all the visible sheets"):
        done(book, "deleteSheet", {"sheetId": 1})
    with pytest.raises(Refused, match="You can't hide all the sheets in a document"):
        update(book, 1, {"hidden": True}, "hidden")
    done(book, "deleteSheet", {"sheetId": 2})
    with pytest.raises(Refused, match="You can't remove all the sheets in a document"):
        done(book, "deleteSheet", {"sheetId": 1})
    with pytest.raises(Refused, match="No sheet with id: 0"):
        done(book, "deleteSheet", {})


# --- copying ------------------------------------------------------------------------------------


def test_a_copy_has_everything_but_protection() -> None:
    """Its things have ids of their own and lie on it."""
    book = tabs("A", "B")
    source = book.sheets[0]
    source.hidden = True
    source.put(0, 0, Cell(formula="=A!B1+B1"))
    source.merges.append(Area(2, 2, 4, 4))
    block = {"sheetId": 1, "startRowIndex": 0, "endRowIndex": 1}
    source.filter = {"range": block}
    source.list("filterViews").append({"filterViewId": 5, "range": dict(block)})
    source.list("protectedRanges").append({"protectedRangeId": 6, "range": dict(block)})
    book.metadata[1] = Metadata(id=1, key="k", sheet=1, dimension="ROWS", start=0, end=1)
    reply = done(book, "duplicateSheet", {"sourceSheetId": 1, "newSheetId": 9})
    copy = book.sheets[0]
    assert reply["properties"]["title"] == copy.title == "Copy of A"
    assert (copy.id, copy.hidden, copy.merges) == (9, False, source.merges)
    assert copy.content(0, 0) == Cell(formula="='Copy of A'!B1+B1")
    assert copy.filter == {"range": block | {"sheetId": 9}}
    assert copy.list("filterViews")[0]["filterViewId"] != 5
    assert copy.list("filterViews")[0]["range"]["sheetId"] == 9
    assert not copy.list("protectedRanges")
    assert [one.sheet for one in book.metadata.values()] == [1, 9]
    done(book, "duplicateSheet", {"sourceSheetId": 1, "insertSheetIndex": 3})
    assert titles(book) == ["Copy of A", "A", "B", "Copy of A 1"]
    copy.put(5, 5, "only here")
    assert source.content(5, 5) is None


@pytest.mark.parametrize(
    "body",
    [
        {"sourceSheetId": 5},
        {"sourceSheetId": 1, "newSheetName": "A"},
        {"sourceSheetId": 1, "newSheetId": 1},
        {"sourceSheetId": 1, "newSheetId": -4},
    ],
)
def test_a_copy_needs_a_model_and_a_free_title_and_id(body: Body) -> None:
    """Else nothing is copied."""
    book = tabs("A")
    with pytest.raises(Refused):
        done(book, "duplicateSheet", body)
    assert titles(book) == ["A"]


# --- changing -----------------------------------------------------------------------------------


def test_only_what_the_mask_names_is_changed() -> None:
    """What it names and the properties lack is cleared."""
    book = tabs("A")
    sheet = book.sheets[0]
    colour = {"tabColorStyle": {"rgbColor": {"red": 1, "green": 0, "blue": 0.5}}}
    update(book, 1, colour | {"title": "ignored"}, "tabColorStyle")
    assert sheet.other == {"tabColorStyle": {"rgbColor": {"red": 1, "blue": 0.49803922}}}
    update(book, 1, {"tabColorStyle": {"rgbColor": None}}, "tabColorStyle")
    assert sheet.other == {}
    update(book, 1, {"tabColor": {"green": 1}, "rightToLeft": True}, "tabColor,rightToLeft")
    assert sheet.other["tabColorStyle"] == {"rgbColor": {"green": 1}}
    update(book, 1, {}, "tabColor,rightToLeft")
    assert sheet.other == {}
    assert sheet.title == "A"
    update(book, 1, {"gridProperties": {"hideGridlines": True}}, "gridProperties.hideGridlines")
    assert sheet.grid == {"hideGridlines": True}
    update(book, 1, {"gridProperties": {}}, "gridProperties/hideGridlines")
    assert sheet.grid == {}


@pytest.mark.parametrize(
    ("index", "after"),
    [(0, "ABC"), (1, "ABC"), (2, "BAC"), (3, "BCA"), (9, "BCA"), (None, "BCA")],
)
def test_an_index_is_counted_before_the_move(index: int | None, after: str) -> None:
    """The first of three tabs is moved."""
    book = tabs("A", "B", "C")
    update(book, 1, {"index": index}, "index")
    assert "".join(titles(book)) == after


@pytest.mark.parametrize(("index", "after"), [(0, "CAB"), (1, "ACB"), (2, "ABC"), (3, "ABC")])
def test_the_last_tab_goes_to_the_index_that_it_is_given(index: int, after: str) -> None:
    """Nothing before it moves away."""
    book = tabs("A", "B", "C")
    update(book, 3, {"index": index}, "index")
    assert "".join(titles(book)) == after


def test_a_renamed_tab_is_named_so_in_formulas() -> None:
    """Quotes are there where the title needs them; text and other tabs are left alone."""
    book = tabs("A", "Data")
    book.sheets[0].put(0, 0, Cell(formula='=Data!A1&"Data!A1"&A1&Other!B2'))
    update(book, 2, {"title": "It's new"}, "title")
    expected = "='It''s new'!A1&\"Data!A1\"&A1&Other!B2"
    assert book.sheets[0].content(0, 0) == Cell(formula=expected)
    update(book, 2, {"title": "it's NEW"}, "title")
    assert titles(book) == ["A", "it's NEW"]


def test_a_grid_shrinks_and_grows() -> None:
    """What is cut off is deleted, with all that lies on it."""
    book = tabs("A")
    sheet = book.sheets[0]
    sheet.put(0, 0, Cell(formula="=A10+B1"))
    sheet.put(9, 0, "x")
    book.metadata[1] = Metadata(id=1, key="k", sheet=1, dimension="ROWS", start=9, end=10)
    both = "gridProperties/rowCount,gridProperties/columnCount"
    update(book, 1, {"gridProperties": {"rowCount": 5, "columnCount": 2}}, both)
    assert (sheet.row_count, sheet.column_count) == (5, 2)
    assert sheet.content(0, 0) == Cell(formula="=#REF!+B1")
    assert not book.metadata
    update(book, 1, {"gridProperties": {"rowCount": 10}}, "gridProperties.rowCount")
    assert (sheet.row_count, sheet.column_count) == (10, 2)
    assert sheet.content(9, 0) is None


@pytest.mark.parametrize(
    ("grid", "fields", "message"),
    [
        ({"frozenRowCount": 5}, "gridProperties.frozenRowCount", "freeze all visible rows"),
        ({"frozenColumnCount": 9}, "gridProperties.frozenColumnCount", "visible columns"),
        ({"frozenColumnCount": 3}, "gridProperties.frozenColumnCount", "only part of a merged"),
        ({"frozenRowCount": -1}, "gridProperties.frozenRowCount", "frozenRowCount"),
        ({"frozenRowCount": 1}, "gridProperties", "You can't delete all the rows on the sheet."),
        ({"rowCount": 2}, "gridProperties.rowCount", "not possible to delete all non-frozen rows"),
        ({"rowCount": 3_000_000}, "gridProperties.rowCount", "10000000 cells"),
        ({"columnCount": 20_000}, "gridProperties.columnCount", "18278"),
        ({}, "", "At least one field must be listed in 'fields'."),
        ({}, "gridProperties.nonsense", "Invalid field"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(grid: Body, fields: str, message: str) -> None:
    """Five rows, two of them frozen, and four columns, of which C and D are merged."""
    book = tabs("A")
    sheet = book.sheets[0]
    sheet.row_count, sheet.column_count = 5, 5
    sheet.grid["frozenRowCount"] = 2
    sheet.merges.append(Area(0, 2, 1, 4))
    with pytest.raises(Refused) as refused:
        update(book, 1, {"gridProperties": grid}, fields)
    assert message in str(refused.value)


def test_a_grid_is_cut_and_frozen_in_one_request() -> None:
    """What is frozen afterwards counts."""
    book = tabs("A")
    book.sheets[0].grid["frozenRowCount"] = 5
    grid = {"rowCount": 2, "columnCount": 3, "frozenRowCount": 1}
    update(book, 1, {"gridProperties": grid}, "gridProperties")
    assert (book.sheets[0].row_count, book.sheets[0].grid) == (2, {"frozenRowCount": 1})


# --- the spreadsheet ----------------------------------------------------------------------------


def test_properties_of_the_spreadsheet_are_changed() -> None:
    """Title, locale, time zone, and how it calculates."""
    book = fresh_book("id", "Book")
    new: Body = {
        "title": "New",
        "locale": "fr_FR",
        "timeZone": "Europe/Paris",
        "autoRecalc": "HOUR",
        "iterativeCalculationSettings": {"maxIterations": 3},
    }
    done(book, "updateSpreadsheetProperties", {"properties": new, "fields": "title"})
    assert (book.title, book.locale) == ("New", "en_US")
    done(book, "updateSpreadsheetProperties", {"properties": new, "fields": "*"})
    assert (book.locale, book.time_zone) == ("fr_FR", "Europe/Paris")
    assert book.properties == {
        "autoRecalc": "HOUR",
        "iterativeCalculationSettings": {"maxIterations": 3},
    }
    new = {"autoRecalc": "ON_CHANGE"}
    done(book, "updateSpreadsheetProperties", {"properties": new, "fields": "autoRecalc"})
    assert "autoRecalc" not in book.properties
    done(
        book,
        "updateSpreadsheetProperties",
        {"properties": {}, "fields": "iterativeCalculationSettings"},
    )
    assert book.properties == {}


@pytest.mark.parametrize(
    ("properties", "fields"),
    [
        ({"title": ""}, "title"),
        ({"locale": "xx_YY"}, "locale"),
        ({"locale": "en-US"}, "locale"),
        ({"timeZone": "Mars/Olympus"}, "timeZone"),
        ({"defaultFormat": {}}, "defaultFormat"),
        ({}, ""),
        ({}, "spreadsheetId"),
    ],
)
def test_bad_properties_of_the_spreadsheet_are_refused(properties: Body, fields: str) -> None:
    """Nothing is cleared that must be there."""
    with pytest.raises(Refused):
        done(
            fresh_book("id", "Book"),
            "updateSpreadsheetProperties",
            {"properties": properties, "fields": fields},
        )


# --- all or nothing -----------------------------------------------------------------------------


def dump(book: Book) -> Any:  # noqa: ANN401 - everything, as plain values
    """Return everything that a spreadsheet says."""
    found = attrs.asdict(book, recurse=False)
    found["sheets"] = [
        attrs.asdict(sheet, recurse=False) | {"rows": list(sheet.rows)} for sheet in book.sheets
    ]
    return repr(found)


def full() -> Book:
    """Return a spreadsheet with something of everything."""
    book = tabs("A", "B")
    sheet = book.sheets[0]
    sheet.row_count, sheet.column_count = 600, 5
    for row in range(600):
        sheet.put(row, 0, f"r{row}")
    sheet.put(3, 1, Cell(formula="=B!A1+A2", format={"wrapStrategy": "CLIP"}))
    sheet.row_sizes[2] = {"pixelSize": 3}
    sheet.merges.append(Area(5, 0, 6, 2))
    sheet.filter = {"range": {"sheetId": 1, "startRowIndex": 0, "endRowIndex": 9}}
    sheet.list("rowGroups").append(
        {"range": {"sheetId": 1, "dimension": "ROWS", "startIndex": 1, "endIndex": 4}, "depth": 1}
    )
    book.named["n"] = NamedRange(id="n", name="n", range=GridRange(sheet=1, top=1, bottom=9))
    book.metadata[1] = Metadata(id=1, key="k", sheet=1, dimension="ROWS", start=7, end=8)
    return book


def bounds(draw: st.DrawFn) -> Body:
    """Return a start and an end, seldom impossible ones."""
    start = draw(st.sampled_from([0, 1, 2, 3, 1, 2, 0, 4, -1]))
    return {"startIndex": start, "endIndex": start + draw(st.sampled_from([1, 2, 1, 3, 1, 0]))}


@st.composite
def requests(draw: st.DrawFn) -> Body:
    """Return a request of these families, mostly a possible one."""
    tab = draw(st.sampled_from([1, 1, 1, 2, 3]))
    dimension = draw(st.sampled_from(["ROWS", "COLUMNS"]))
    line: Body = {"sheetId": tab, "dimension": dimension} | bounds(draw)
    area = {
        "sheetId": tab,
        "startRowIndex": line["startIndex"],
        "endRowIndex": line["endIndex"],
        "startColumnIndex": 0,
        "endColumnIndex": draw(st.integers(1, 3)),
    }
    entry = {"metadataId": draw(st.integers(0, 3)), "metadataKey": "k", "visibility": "DOCUMENT"}
    grid = {"rowCount": draw(st.integers(1, 20)), "frozenRowCount": draw(st.integers(0, 2))}
    choices: list[Callable[[], Body]] = [
        lambda: {"insertDimension": {"range": line, "inheritFromBefore": draw(st.booleans())}},
        lambda: {"deleteDimension": {"range": line}},
        lambda: {"moveDimension": {"source": line, "destinationIndex": draw(st.integers(0, 5))}},
        lambda: {"appendDimension": {"sheetId": tab, "dimension": dimension, "length": 1}},
        lambda: {"insertRange": {"range": area, "shiftDimension": dimension}},
        lambda: {"deleteRange": {"range": area, "shiftDimension": dimension}},
        lambda: {"mergeCells": {"range": area}},
        lambda: {"unmergeCells": {"range": area}},
        lambda: {"addDimensionGroup": {"range": line}},
        lambda: {"deleteDimensionGroup": {"range": line}},
        lambda: {"autoResizeDimensions": {"dimensions": line}},
        lambda: {
            "updateDimensionProperties": {
                "range": line,
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
        lambda: {
            "createDeveloperMetadata": {
                "developerMetadata": entry | {"location": {"dimensionRange": line}}
            }
        },
        lambda: {
            "deleteDeveloperMetadata": {
                "dataFilter": {"developerMetadataLookup": {"metadataId": entry["metadataId"]}}
            }
        },
        lambda: {"addSheet": {"properties": {"title": draw(st.sampled_from(["A", "C", "D"]))}}},
        lambda: {"deleteSheet": {"sheetId": tab}},
        lambda: {"duplicateSheet": {"sourceSheetId": tab, "newSheetId": 3}},
        lambda: {
            "updateSheetProperties": {
                "properties": {"sheetId": tab, "title": "E", "index": 1, "gridProperties": grid},
                "fields": draw(
                    st.sampled_from(["title", "index", "gridProperties(rowCount)", "*"])
                ),
            }
        },
    ]
    return draw(st.sampled_from(choices))()


@given(st.lists(requests(), max_size=6))
def test_a_refused_request_leaves_the_spreadsheet_as_it_was(batch: list[Body]) -> None:
    """Whatever was done to a clone before: the original is not touched, in its last detail."""
    book = full()
    before = dump(book)
    clone = book.clone()
    for request in batch:
        ((name, body),) = request.items()
        try:
            done(clone, name, body)
        except Refused:
            break
    assert dump(book) == before


@given(st.lists(requests(), max_size=8))
def test_no_request_breaks_what_holds_always(batch: list[Body]) -> None:
    """Contents, merges, sizes and metadata lie in their grids; ids and titles are unique."""
    book = full()
    for request in batch:
        ((name, body),) = request.items()
        trial = book.clone()
        try:
            done(trial, name, body)
        except Refused:
            continue
        book = trial
        check(book)


def check(book: Book) -> None:
    """Assert what holds for every spreadsheet."""
    assert any(not sheet.hidden for sheet in book.sheets)
    assert len({sheet.id for sheet in book.sheets}) == len(book.sheets)
    assert len({sheet.title.casefold() for sheet in book.sheets}) == len(book.sheets)
    for sheet in book.sheets:
        assert len(sheet.rows) <= sheet.row_count
        assert all(len(row) <= sheet.column_count for row in sheet.rows)
        assert all(sheet.area.covers(merge) for merge in sheet.merges)
        assert all(0 <= index < sheet.row_count for index in sheet.row_sizes)
        assert all(0 <= index < sheet.column_count for index in sheet.column_sizes)
        assert (sheet.grid.get("frozenRowCount") or 0) < sheet.row_count
    for entry in book.metadata.values():
        place = None if entry.sheet is None else book.sheet(entry.sheet)
        assert entry.sheet is None or place is not None
        if place is not None and entry.dimension:
            size = place.row_count if entry.dimension == "ROWS" else place.column_count
            assert 0 <= entry.start < entry.end <= size


def copied_blocks(book: Book) -> int:
    """Return how many blocks of rows a clone has copied for itself."""
    return sum(sum(sheet.rows._own) for sheet in book.sheets)  # noqa: SLF001 - what is measured


@pytest.mark.parametrize("rows", [1_000, 100_000])
def test_a_small_change_of_a_large_tab_copies_little(rows: int) -> None:
    """A clone copies no block; appending and inserting copy one or two, however long the tab is."""
    book = tabs("A")
    sheet = book.sheets[0]
    sheet.row_count = rows + 10
    sheet.rows.extend([("x",)] * rows)
    for act in (
        lambda clone: clone.sheets[0].rows.extend([("y",)]),
        lambda clone: done(
            clone,
            "insertDimension",
            {"range": {"sheetId": 1, "dimension": "ROWS", "startIndex": 500, "endIndex": 501}},
        ),
        lambda clone: done(
            clone,
            "deleteDimension",
            {"range": {"sheetId": 1, "dimension": "ROWS", "startIndex": 500, "endIndex": 501}},
        ),
        lambda clone: done(
            clone, "appendDimension", {"sheetId": 1, "dimension": "ROWS", "length": 1}
        ),
    ):
        clone = book.clone()
        assert copied_blocks(clone) == 0
        act(clone)
        assert copied_blocks(clone) <= 3
