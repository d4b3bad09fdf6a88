"""A whole spreadsheet as the API shows it."""

from collections.abc import Sequence

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.answers.grid import Grids, Wanted
from formbridge.testing.google.answers.objects import (
    metadata_list,
    metadata_of,
    named_ranges,
    objects_body,
)
from formbridge.testing.google.answers.properties import book_properties, sheet_properties
from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.texts.a1 import parse_range

SHEET_ORDER = (
    "properties", "data", "merges", "conditionalFormats", "filterViews", "protectedRanges",
    "basicFilter", "charts", "bandedRanges", "developerMetadata", "rowGroups", "columnGroups",
    "slicers", "tables",
)  # fmt: skip


def everything(path: str) -> bool:
    """Want every field."""
    return bool(path)


def but_data(path: str) -> bool:
    """Want every field but the data of grids: what is shown when neither a mask nor a flag asks."""
    return path != "sheets.data" and not path.startswith("sheets.data.")


@behaves(
    "with ranges only their tabs are shown, each with as many GridData as it has ranges", RECORDED
)
@behaves("lists that are empty are left out", RECORDED)
def spreadsheet_body(
    book: Book,
    grant: Grant,
    *,
    ranges: Sequence[str | GridRange] = (),
    grid_data: bool = False,
    wanted: Wanted | None = None,
    may_edit: bool = True,
    now: int = 0,
) -> Body:
    """Return a ``Spreadsheet``.

    ``ranges`` limit it to their tabs and to what lies in them; none is everything. ``wanted`` says
    which fields will be shown: others may be missing, and the data of grids is, because it costs
    time. Without it everything is shown, and grids only with ``grid_data``. ``may_edit`` is whether
    the caller may write the file, ``now`` (in microseconds since 1970) what formulas take it to be.
    Raises ``ApiError`` for a text that is no range.
    """
    wanted = wanted or (everything if grid_data else but_data)
    places = [parse_range(one, book) if isinstance(one, str) else one for one in ranges]
    grids = Grids(book=book, grant=grant, wanted=wanted, now=now)
    body: Body = {"spreadsheetId": book.id}
    if wanted("properties"):
        body["properties"] = book_properties(book)
    if wanted("sheets"):
        body["sheets"] = [
            _sheet_body(sheet, grids, _of(sheet, places), may_edit=may_edit)
            for sheet in book.sheets
            if not places or _of(sheet, places)
        ]
    body["namedRanges"] = named_ranges(book)
    body["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    body["developerMetadata"] = metadata_list(metadata_of(book, grant))
    return {name: value for name, value in body.items() if value}


def _of(sheet: Sheet, ranges: Sequence[GridRange]) -> list[GridRange]:
    return [one for one in ranges if one.sheet == sheet.id]


@behaves("the number of GridData is that of the ranges on the tab", DOCUMENTED, "Sheet.data")
def _sheet_body(sheet: Sheet, grids: Grids, ranges: Sequence[GridRange], *, may_edit: bool) -> Body:
    book, grant, wanted = grids.book, grids.grant, grids.wanted
    body = objects_body(sheet, grant, may_edit=may_edit, ranges=ranges or None)
    if wanted("sheets.properties"):
        body["properties"] = sheet_properties(book, sheet)
    if wanted("sheets.data") and sheet.kind != "OBJECT":
        areas = [one.area(sheet.row_count, sheet.column_count) for one in ranges] or [sheet.area]
        body["data"] = [grids.data(sheet, area) for area in areas]
    if entries := metadata_of(book, grant, sheet=sheet.id):
        body["developerMetadata"] = metadata_list(entries)
    return {name: body[name] for name in SHEET_ORDER if name in body}
