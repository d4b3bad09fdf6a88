"""A spreadsheet made from its JSON, as ``spreadsheets.create`` does."""

from collections.abc import Iterator, Mapping
from typing import Any

from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.errors import ApiError, invalid
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.messages import Body

UNTITLED = "Untitled spreadsheet"
KEPT_OUT = ("title", "defaultFormat")
"""Properties that are set otherwise, or are only read."""

THINGS: Mapping[str, tuple[str, str]] = {
    "merges": ("mergeCells", "range"),
    "conditionalFormats": ("addConditionalFormatRule", "rule"),
    "filterViews": ("addFilterView", "filter"),
    "protectedRanges": ("addProtectedRange", "protectedRange"),
    "charts": ("addChart", "chart"),
    "bandedRanges": ("addBanding", "bandedRange"),
    "developerMetadata": ("createDeveloperMetadata", "developerMetadata"),
    "slicers": ("addSlicer", "slicer"),
    "tables": ("addTable", "table"),
}
"""The lists of a ``Sheet``, and the request that adds one of each."""


@behaves("a spreadsheet without a title is an Untitled spreadsheet", SEEN)
@behaves(
    "tabs that are given are the only ones; without any there is Sheet1", SEEN, "public probes"
)
@behaves("what is given is added as requests would add it, and refused as they are", ASSUMED)
def made_of(body: Body, book_id: str, scene: Scene) -> Book:
    """Return the spreadsheet that a ``Spreadsheet`` describes; ``ApiError`` if none can be."""
    properties = _said(body.get("properties"))
    book = fresh_book(book_id, properties.get("title") or UNTITLED)
    sheets = [_said(sheet) for sheet in body.get("sheets") or ()]
    try:
        if sheets:
            book.sheets.clear()
            apply_all(book, list(_tabs(sheets)), scene)
        apply_all(book, list(_settings(properties)), scene)
        numbered = list(zip(book.sheets, sheets, strict=bool(sheets)))
        for tab, sheet in numbered:
            apply_all(book, list(_contents(tab.id, sheet)), scene)
        apply_all(book, list(_whole(body)), scene)
    except ApiError as error:
        raise _plain(error) from error
    return book


def _plain(error: ApiError) -> ApiError:
    """Return a refusal without the request that the caller never sent."""
    head, _mark, message = error.message.partition(": ")
    return invalid(message) if head.startswith("Invalid requests[") and message else error


def _tabs(sheets: list[Body]) -> Iterator[Body]:
    for number, sheet in enumerate(sheets, 1):
        properties = {"title": f"Sheet{number}"} | _said(sheet.get("properties"))
        properties.pop("index", None)
        yield {"addSheet": {"properties": properties}}


def _settings(properties: Body) -> Iterator[Body]:
    kept = {name: value for name, value in properties.items() if name not in KEPT_OUT}
    if kept:
        update = {"properties": kept, "fields": ",".join(kept)}
        yield {"updateSpreadsheetProperties": update}


def _contents(sheet_id: int, sheet: Body) -> Iterator[Body]:
    for grid in sheet.get("data") or ():
        yield from _grid(sheet_id, _said(grid))
    for name, (kind, field) in THINGS.items():
        for thing in sheet.get(name) or ():
            if kind == "mergeCells":
                yield {kind: {field: thing, "mergeType": "MERGE_ALL"}}
            else:
                yield {kind: {field: _said(thing)}}
    if sheet.get("basicFilter"):
        yield {"setBasicFilter": {"filter": sheet["basicFilter"]}}
    for name in ("rowGroups", "columnGroups"):
        for group in sheet.get(name) or ():
            yield {"addDimensionGroup": {"range": group.get("range")}}


def _grid(sheet_id: int, grid: Body) -> Iterator[Body]:
    top, left = grid.get("startRow") or 0, grid.get("startColumn") or 0
    if grid.get("rowData"):
        start = {"sheetId": sheet_id, "rowIndex": top, "columnIndex": left}
        rows = [_said(row) for row in grid["rowData"]]
        yield {"updateCells": {"start": start, "rows": rows, "fields": "*"}}
    for name, dimension, first in (
        ("rowMetadata", "ROWS", top),
        ("columnMetadata", "COLUMNS", left),
    ):
        for index, size in enumerate(grid.get(name) or (), first):
            yield from _size(sheet_id, dimension, index, _said(size))


def _size(sheet_id: int, dimension: str, index: int, size: Mapping[str, Any]) -> Iterator[Body]:
    kept = {name: size[name] for name in ("pixelSize", "hiddenByUser") if name in size}
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": index, "endIndex": index + 1}
    if kept:
        update = {"range": span, "properties": kept, "fields": ",".join(kept)}
        yield {"updateDimensionProperties": update}
    for entry in size.get("developerMetadata") or ():
        location = {"dimensionRange": span}
        yield {
            "createDeveloperMetadata": {"developerMetadata": _said(entry) | {"location": location}}
        }


def _whole(body: Body) -> Iterator[Body]:
    for named in body.get("namedRanges") or ():
        yield {"addNamedRange": {"namedRange": named}}
    for entry in body.get("developerMetadata") or ():
        location = {"location": {"spreadsheet": True}}
        yield {"createDeveloperMetadata": {"developerMetadata": location | _said(entry)}}


def _said(body: Mapping[str, Any] | None) -> Body:
    return {name: value for name, value in (body or {}).items() if value is not None}
