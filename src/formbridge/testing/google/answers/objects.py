"""What lies on a tab, as the API shows it: merges, filters, protection, charts, groups, tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.answers.printing import ordered, printed
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.grid.book import Book, Metadata
from formbridge.testing.google.grid.editing import is_editor
from formbridge.testing.google.grid.metadata import metadata_body, visible
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

ORDERS: Mapping[str, tuple[str, ...]] = {
    "conditionalFormats": ("ranges", "booleanRule", "gradientRule"),
    "filterViews": (
        "filterViewId", "title", "range", "namedRangeId", "sortSpecs", "criteria",
        "filterSpecs", "tableId",
    ),
    "protectedRanges": (
        "protectedRangeId", "range", "namedRangeId", "tableId", "description", "warningOnly",
        "requestingUserCanEdit", "unprotectedRanges", "editors",
    ),
    "basicFilter": ("range", "sortSpecs", "criteria", "filterSpecs", "tableId"),
    "charts": ("chartId", "spec", "position", "border"),
    "bandedRanges": (
        "bandedRangeId", "range", "rowProperties", "columnProperties", "bandedRangeReference",
    ),
    "rowGroups": ("range", "depth", "collapsed"),
    "columnGroups": ("range", "depth", "collapsed"),
    "slicers": ("slicerId", "spec", "position"),
    "tables": ("tableId", "name", "range", "rowsProperties", "columnProperties"),
}  # fmt: skip
"""The lists of a ``Sheet`` with the order in which each thing's fields are printed."""

CRITERIA_ORDER = (
    "hiddenValues", "condition", "visibleBackgroundColor", "visibleForegroundColor",
    "visibleBackgroundColorStyle", "visibleForegroundColorStyle",
)  # fmt: skip


def thing_body(kind: str, thing: Mapping[str, Any], grant: Grant, *, may_edit: bool = True) -> Body:
    """Return one thing as the API prints it; ``kind`` is the field of ``Sheet`` that it is in."""
    if kind == "protectedRanges":
        return protected_body(thing, grant, may_edit=may_edit)
    body = printed(thing)
    if kind in {"basicFilter", "filterViews"}:
        body |= filter_body(body)
    if "rowsProperties" in body:  # of a table: its colours have no deprecated twins
        rows = body["rowsProperties"]
        body["rowsProperties"] = {name: rows[name] for name in rows if name.endswith("Style")}
    return ordered(body, ORDERS[kind])


@behaves("both forms of a filter's criteria are printed", DOCUMENTED, "BasicFilter")
def filter_body(body: Mapping[str, Any]) -> Body:
    """Return the criteria of a filter in both forms, from its ``filterSpecs``."""
    specs = body.get("filterSpecs") or []
    criteria = {
        str(spec.get("columnIndex", 0)): spec.get("filterCriteria") or {}
        for spec in specs
        if "dataSourceColumnReference" not in spec
    }
    return {"criteria": criteria, "filterSpecs": specs} if specs else {}


@behaves(
    "editors are seen by those who may edit, requestingUserCanEdit is left out when false",
    DOCUMENTED,
)
@behaves("everybody who may write may edit what only warns", DOCUMENTED)
def protected_body(thing: Mapping[str, Any], grant: Grant, *, may_edit: bool) -> Body:
    """Return a ``ProtectedRange`` as the caller sees it."""
    body = printed(thing)
    allowed = may_edit and (bool(thing.get("warningOnly")) or is_editor(thing, grant))
    body["requestingUserCanEdit"] = allowed
    if not allowed:
        body.pop("editors", None)
        del body["requestingUserCanEdit"]
    return ordered(body, ORDERS["protectedRanges"])


@behaves("of a tab's merges and things those are shown that cross the requested ranges", ASSUMED)
def objects_body(
    sheet: Sheet, grant: Grant, *, may_edit: bool = True, ranges: Iterable[GridRange] | None = None
) -> Body:
    """Return the fields of ``Sheet`` that hold what lies on it, without the empty ones."""
    wanted = (
        None
        if ranges is None
        else [one.area(sheet.row_count, sheet.column_count) for one in ranges]
    )

    def crosses(body: Mapping[str, Any] | None) -> bool:
        if wanted is None or body is None:
            return True
        area = GridRange.of(body).area(sheet.row_count, sheet.column_count)
        return any(area.touches(one) for one in wanted)

    merges = [GridRange.covering(sheet.id, area).body() for area in sheet.merges]
    result: Body = {"merges": [body for body in merges if crosses(body)]}
    for kind in ORDERS:
        if kind == "basicFilter":
            continue
        things = [thing for thing in sheet.things.get(kind, ()) if _near(kind, thing, crosses)]
        result[kind] = [thing_body(kind, thing, grant, may_edit=may_edit) for thing in things]
    if sheet.filter is not None and crosses(sheet.filter.get("range")):
        result["basicFilter"] = thing_body("basicFilter", sheet.filter, grant)
    return {name: value for name, value in result.items() if value}


def _near(kind: str, thing: Mapping[str, Any], crosses: Any) -> bool:
    if kind == "conditionalFormats":
        return any(crosses(body) for body in thing.get("ranges") or ())
    if kind in {"rowGroups", "columnGroups", "charts", "slicers"}:
        return True
    return bool(crosses(thing.get("range")))


@behaves(
    "an entry of developer metadata stands where it belongs: book, tab, row or column", DOCUMENTED
)
def metadata_of(
    book: Book, grant: Grant, *, sheet: int | None = None, dimension: str = ""
) -> list[Metadata]:
    """Return the entries of the spreadsheet, of a tab, or of the rows or columns of a tab."""
    return [
        entry
        for entry in book.metadata.values()
        if entry.sheet == sheet and entry.dimension == dimension and visible(entry, grant.project)
    ]


def metadata_list(entries: Iterable[Metadata]) -> list[Body]:
    """Return entries of developer metadata as the API prints them."""
    return [metadata_body(entry) for entry in entries]


@behaves("named ranges are printed in the order in which they were made", RECORDED)
def named_ranges(book: Book) -> list[Body]:
    """Return the named ranges of a spreadsheet."""
    return [
        {"namedRangeId": named.id, "name": named.name, "range": named.range.body()}
        for named in book.named.values()
    ]
