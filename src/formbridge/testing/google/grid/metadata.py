"""Developer metadata: how the API shows it, and which entries a ``DataFilter`` selects. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.errors import invalid
from formbridge.testing.google.grid.book import Book, Metadata
from formbridge.testing.google.grid.places import range_named
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.messages import Body

Chosen = Callable[[Metadata], bool]


def location_type(entry: Metadata) -> str:
    """Return what an entry belongs to: ``SPREADSHEET``, ``SHEET``, ``ROW`` or ``COLUMN``."""
    if entry.sheet is None:
        return "SPREADSHEET"
    return {"ROWS": "ROW", "COLUMNS": "COLUMN"}.get(entry.dimension, "SHEET")


@behaves("a location with the sheetId 0 prints it; a dimensionRange leaves it out", ASSUMED)
def location_body(entry: Metadata) -> Body:
    """Return where an entry belongs, as the API prints it."""
    kind = location_type(entry)
    if kind == "SPREADSHEET":
        return {"locationType": kind, "spreadsheet": True}
    if kind == "SHEET":
        return {"locationType": kind, "sheetId": entry.sheet}
    span: Body = {"sheetId": entry.sheet} if entry.sheet else {}
    span |= {"dimension": entry.dimension, "startIndex": entry.start, "endIndex": entry.end}
    return {"locationType": kind, "dimensionRange": span}


def metadata_body(entry: Metadata) -> Body:
    """Return an entry as the API prints it."""
    body: Body = {"metadataId": entry.id, "metadataKey": entry.key}
    if entry.value:
        body["metadataValue"] = entry.value
    return body | {"location": location_body(entry), "visibility": entry.visibility}


def region(entry: Metadata) -> GridRange | None:
    """Return the cells that an entry stands for; None for one of the spreadsheet."""
    if entry.sheet is None:
        return None
    if entry.dimension == "ROWS":
        return GridRange(sheet=entry.sheet, top=entry.start, bottom=entry.end)
    if entry.dimension == "COLUMNS":
        return GridRange(sheet=entry.sheet, left=entry.start, right=entry.end)
    return GridRange(sheet=entry.sheet)


@behaves("metadata of visibility PROJECT is seen by the project that made it", DOCUMENTED)
def visible(entry: Metadata, project: str) -> bool:
    """Whether a project may know of an entry."""
    return entry.visibility != "PROJECT" or entry.project == project


@behaves("a DataFilter of a location selects the metadata of locations that cross it", DOCUMENTED)
@behaves("entries are selected in the order in which they were made", ASSUMED)
def matching(book: Book, data_filter: Body, project: str) -> list[Metadata]:
    """Return the entries that a filter selects, of those that the project may see.

    Raises ``ApiError`` for a filter that says nothing, or that names a range which is none.
    """
    chosen = _chooser(book, data_filter or {})
    return [entry for entry in book.metadata.values() if visible(entry, project) and chosen(entry)]


@behaves("a DataFilter without a criterion is refused", ASSUMED)
def _chooser(book: Book, data_filter: Body) -> Chosen:
    if (lookup := data_filter.get("developerMetadataLookup")) is not None:
        return _by_lookup(lookup)
    if (grid_range := data_filter.get("gridRange")) is not None:
        return _crossing(GridRange.of(grid_range))
    if (text := data_filter.get("a1Range")) is not None:
        found = range_named(book, text)
        if found is None:
            raise invalid(f"Unable to parse range: {text}")
        return _crossing(found)
    raise invalid("Must specify at least one of the fields of a data filter.")


@behaves("a lookup selects what meets all of its fields", DOCUMENTED)
def _by_lookup(lookup: Body) -> Chosen:
    wanted = {
        name: lookup[field] for field, name in FIELDS.items() if lookup.get(field) is not None
    }
    kind = lookup.get("locationType")
    place = lookup.get("metadataLocation")
    exact = _is_exact(lookup)
    here = None if place is None else _at(place, exact=exact)

    def chosen(entry: Metadata) -> bool:
        if any(getattr(entry, name) != value for name, value in wanted.items()):
            return False
        if kind is not None and location_type(entry) != kind:
            return False
        return here is None or here(entry)

    return chosen


FIELDS: Mapping[str, str] = {
    "metadataId": "id",
    "metadataKey": "key",
    "metadataValue": "value",
    "visibility": "visibility",
}


@behaves("a matching strategy needs a location, and an exact one no type", DOCUMENTED)
@behaves("how the refusal of such a lookup reads", ASSUMED)
def _is_exact(lookup: Body) -> bool:
    strategy = lookup.get("locationMatchingStrategy")
    if strategy is not None and lookup.get("metadataLocation") is None:
        raise invalid("locationMatchingStrategy cannot be specified without a metadataLocation.")
    exact: bool = strategy == "EXACT_LOCATION"
    if exact and lookup.get("locationType") is not None:
        raise invalid("locationType cannot be specified when matching exact locations.")
    return exact


def _at(place: Mapping[str, Any], *, exact: bool) -> Chosen:
    wanted = _of_location(place)
    if exact:
        return lambda entry: _where(entry) == _where(wanted)
    around = region(wanted)
    if around is None:
        return lambda entry: entry.sheet is None
    return _crossing(around)


def _where(entry: Metadata) -> tuple[object, ...]:
    return entry.sheet, entry.dimension, entry.start, entry.end


def _of_location(place: Mapping[str, Any]) -> Metadata:
    """Return an entry that belongs to a location of the API; an empty one is the spreadsheet."""
    span = place.get("dimensionRange")
    if span is not None:
        start = span.get("startIndex") or 0
        end = span.get("endIndex")
        return Metadata(
            id=0,
            key="",
            sheet=span.get("sheetId") or 0,
            dimension=span.get("dimension") or "ROWS",
            start=start,
            end=_NO_END if end is None else end,
        )
    if place.get("spreadsheet"):
        return Metadata(id=0, key="")
    return Metadata(id=0, key="", sheet=place.get("sheetId"))


_NO_END = 1 << 31


def _crossing(wanted: GridRange) -> Chosen:
    def chosen(entry: Metadata) -> bool:
        own = region(entry)
        return (
            own is not None
            and own.sheet == wanted.sheet
            and _overlap(own.top, own.bottom, wanted.top, wanted.bottom)
            and _overlap(own.left, own.right, wanted.left, wanted.right)
        )

    return chosen


def _overlap(start: int | None, end: int | None, first: int | None, last: int | None) -> bool:
    return (end is None or (first or 0) < end) and (last is None or (start or 0) < last)
