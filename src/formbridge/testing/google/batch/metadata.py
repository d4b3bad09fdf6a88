"""Developer metadata: created, updated and deleted by requests of ``batchUpdate``."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from formbridge.testing.google.batch.fields import field_names
from formbridge.testing.google.batch.kinds import Scene, kind, sheet_of
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.errors import ApiError, Refused
from formbridge.testing.google.grid.book import METADATA_LIMIT, Book, Metadata
from formbridge.testing.google.grid.metadata import (
    location_body,
    location_type,
    matching,
    metadata_body,
    region,
    visible,
)
from formbridge.testing.google.messages import Body

__all__ = ["location_body", "location_type", "matching", "metadata_body", "region", "visible"]

FIELDS = frozenset({"metadataKey", "metadataValue", "visibility", "location"})


@kind("createDeveloperMetadata", DOCUMENTED)
@behaves("an id that is in use is refused", DOCUMENTED)
@behaves("how the refusal of an id in use reads", ASSUMED, "a stranger's double of the API")
def create_metadata(book: Book, body: Body, scene: Scene) -> Body:
    """Add an entry, with the id that is asked for or a new one."""
    given = body.get("developerMetadata") or {}
    wanted = given.get("metadataId")
    entry = Metadata(
        id=scene.new_id(book.metadata.__contains__) if wanted is None else wanted,
        key=_key(given),
        value=given.get("metadataValue"),
        visibility=_visibility(given),
        project=scene.grant.project,
        **_place(book, given),
    )
    if entry.id <= 0:
        raise Refused("metadataId must be positive.")
    if entry.id in book.metadata:
        raise Refused(
            f"Cannot add developer metadata with ID [{entry.id}] because developer metadata "
            "with that ID already exists."
        )
    book.metadata[entry.id] = entry
    _within_limit(book, [entry])
    return {"developerMetadata": metadata_body(entry)}


@kind("updateDeveloperMetadata", DOCUMENTED)
@behaves("an update or deletion that selects nothing changes nothing, and is no error", ASSUMED)
def update_metadata(book: Book, body: Body, scene: Scene) -> Body:
    """Change the named fields of every entry that one of the filters selects."""
    names = field_names(body.get("fields"), FIELDS | {"metadataId"}, root="developerMetadata")
    if "metadataId" in names and body.get("fields") != "*":
        raise Refused("metadataId cannot be updated.")
    filters = body.get("dataFilters") or []
    if not filters:
        raise Refused("Must specify at least one data filter.")
    changes = _changes(book, body.get("developerMetadata") or {}, names)
    changed = [
        attrs.evolve(entry, **changes, project=entry.project or scene.grant.project)
        for entry in _chosen(book, filters, scene.grant.project)
    ]
    book.metadata |= {entry.id: entry for entry in changed}
    _within_limit(book, changed)
    return {"developerMetadata": [metadata_body(entry) for entry in changed]} if changed else {}


@kind("deleteDeveloperMetadata", DOCUMENTED)
def delete_metadata(book: Book, body: Body, scene: Scene) -> Body:
    """Remove every entry that the filter selects."""
    gone = _chosen(book, [body.get("dataFilter") or {}], scene.grant.project)
    for entry in gone:
        del book.metadata[entry.id]
    return {"deletedDeveloperMetadata": [metadata_body(entry) for entry in gone]} if gone else {}


def _chosen(book: Book, filters: Iterable[Body], project: str) -> list[Metadata]:
    try:
        found = {one.id for each in filters for one in matching(book, each, project)}
    except ApiError as error:
        raise Refused(error.message) from error
    return [entry for entry in book.metadata.values() if entry.id in found]


@behaves("an entry has a key, a visibility and one place", DOCUMENTED)
@behaves("how the refusals of an incomplete entry read", ASSUMED)
def _key(given: Body) -> str:
    key: str = given.get("metadataKey") or ""
    if not key:
        raise Refused("Developer metadata must have a key specified.")
    return key


def _visibility(given: Body) -> str:
    visibility: str = given.get("visibility") or ""
    if visibility not in {"DOCUMENT", "PROJECT"}:
        raise Refused("Developer metadata must have a visibility specified.")
    return visibility


def _changes(book: Book, given: Body, names: frozenset[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "metadataKey" in names:
        changes["key"] = _key(given)
    if "metadataValue" in names:
        changes["value"] = given.get("metadataValue")
    if "visibility" in names:
        changes["visibility"] = _visibility(given)
    if "location" in names:
        changes |= _place(book, given)
    return changes


def _place(book: Book, given: Body) -> dict[str, Any]:
    """Return where an entry is to belong, as the fields of ``Metadata``."""
    location: Mapping[str, Any] = given.get("location") or {}
    nowhere: dict[str, Any] = {"sheet": None, "dimension": "", "start": 0, "end": 0}
    if location.get("dimensionRange") is not None:
        return _line(book, location["dimensionRange"])
    if location.get("sheetId") is not None:
        return nowhere | {"sheet": sheet_of(book, location["sheetId"]).id}
    if location.get("spreadsheet"):
        return nowhere
    raise Refused("Developer metadata must have a location specified.")


@behaves("metadata of a dimension belongs to one row or one column of the grid", DOCUMENTED)
def _line(book: Book, span: Body) -> dict[str, Any]:
    sheet = sheet_of(book, span.get("sheetId"))
    dimension = span.get("dimension")
    start, end = span.get("startIndex"), span.get("endIndex")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise Refused("No dimension specified.")
    if start is None or end is None or end - start != 1:
        raise Refused("The dimension range must represent a single row or column.")
    size = sheet.row_count if dimension == "ROWS" else sheet.column_count
    if not 0 <= start < size:
        raise Refused(f"startIndex[{start}] is out of bounds; the sheet has {size} {dimension}.")
    return {"sheet": sheet.id, "dimension": dimension, "start": start, "end": end}


@behaves("30,000 characters for the spreadsheet, and again for each tab", DOCUMENTED)
@behaves("how the refusal of too much metadata reads", ASSUMED)
def _within_limit(book: Book, changed: Iterable[Metadata]) -> None:
    for place in {entry.sheet for entry in changed}:
        stored = [entry for entry in book.metadata.values() if entry.sheet == place]
        if sum(len(entry.key) + len(entry.value or "") for entry in stored) > METADATA_LIMIT:
            raise Refused(
                "This action would increase the size of the developer metadata above the limit "
                f"of {METADATA_LIMIT} characters."
            )
