"""The methods that change spreadsheets by requests, and those that find developer metadata."""

import attrs

from formbridge.testing.google.answers.properties import sheet_properties
from formbridge.testing.google.answers.selections import Unreadable, selections
from formbridge.testing.google.answers.spreadsheet import spreadsheet_body
from formbridge.testing.google.batch.copies import copied, copy_metadata
from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.batch.tabs import copy_title, place
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import ApiError, Refused, invalid, not_found
from formbridge.testing.google.grid.book import Book, Metadata
from formbridge.testing.google.grid.metadata import matching, metadata_body, visible
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.limits import require_room
from formbridge.testing.google.routes import Call, Use, method
from formbridge.testing.google.spreadsheets.methods import wanted_by


@method("sheets.spreadsheets.batchUpdate", Use.WRITE)
@behaves("requests are applied in order, all or none", DOCUMENTED)
@behaves("a batch without requests is refused", SEEN)
def batch_update(call: Call) -> Body:
    """Apply requests to a spreadsheet; answer with a reply for each."""
    requests = call.body.get("requests") or []
    if not requests:
        call.google.book(call, call.variables["spreadsheetId"])
        raise invalid("Must specify at least one request.")
    with call.google.changing(call, call.variables["spreadsheetId"]) as book:
        title = book.title
        replies = apply_all(book, requests, scene_of(call))
        answer: Body = {"spreadsheetId": book.id, "replies": replies}
        if call.body.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = _updated(call, book)
    if book.title != title:
        call.google.drive.rename(book.id, book.title, by=call.grant.account, now=call.now)
    return answer


def scene_of(call: Call) -> Scene:
    """Return what the requests of a call may know."""
    file = call.google.drive.get(call.variables["spreadsheetId"])
    owner = file.owner if file else ""
    return Scene(grant=call.grant, ids=call.ids, now=call.now, owner=owner)


@behaves("grids are shown where a mask names them, or without one where the body asks", DOCUMENTED)
def _updated(call: Call, book: Book) -> Body:
    grid_data = bool(call.body.get("responseIncludeGridData"))
    return spreadsheet_body(
        book,
        call.grant,
        ranges=call.body.get("responseRanges") or [],
        wanted=wanted_by(_below(call.params.get("fields")), grid_data=grid_data),
        now=call.now,
    )


def _below(fields: str | None) -> str | None:
    """Return what a mask of the answer asks of the spreadsheet in it."""
    try:
        paths = selections(fields or "")
    except Unreadable:
        return NOTHING
    asked = [path[1:] or ("*",) for path in paths if path[0] in {"updatedSpreadsheet", "*"}]
    return ",".join(".".join(path) for path in asked) or (NOTHING if fields else None)


NOTHING = "spreadsheetId"
"""A mask that asks for what costs no time."""


@method("sheets.spreadsheets.sheets.copyTo", Use.WRITE)
@behaves("a copy in another spreadsheet is its last tab", DOCUMENTED)
@behaves("named ranges are copied unless their name is taken", ASSUMED)
def copy_to(call: Call) -> Body:
    """Copy a tab into a spreadsheet; answer with the properties of the copy."""
    source = call.google.book(call, call.variables["spreadsheetId"])
    model = source.sheet(int(call.variables["sheetId"]))
    if model is None:
        raise not_found()
    scene = scene_of(call)
    with call.google.changing(call, call.body.get("destinationSpreadsheetId") or "") as book:
        try:
            require_room(book, model.cells, model.column_count)
        except Refused as refused:
            raise invalid(str(refused)) from refused
        number = scene.new_id(lambda wanted: book.sheet(wanted) is not None)
        title = copy_title(book, model.title)
        copy = copied(book, model, sheet_id=number, title=title, scene=scene)
        place(book, copy, None)
        copy_metadata(source, model, book, copy, scene)
        _copy_names(source, model.id, book, copy.id, scene)
        return sheet_properties(book, copy)


def _copy_names(source: Book, model: int, book: Book, copy: int, scene: Scene) -> None:
    """Copy the named ranges of a tab whose names are free."""
    taken = {named.name.casefold() for named in book.named.values()}
    for named in list(source.named.values()):
        if named.range.sheet == model and named.name.casefold() not in taken:
            number = str(scene.new_id(lambda wanted: str(wanted) in book.named))
            there = attrs.evolve(named.range, sheet=copy)
            book.named[number] = attrs.evolve(named, id=number, range=there)


@method("sheets.spreadsheets.developerMetadata.get", Use.READ)
@behaves("an id that is not there is a 404 that names it", DOCUMENTED)
def get_metadata(call: Call) -> Body:
    """Return one entry."""
    book = call.google.book(call, call.variables["spreadsheetId"])
    entry = _entry(book, call.variables["metadataId"])
    if entry is None or not visible(entry, call.grant.project):
        message = f"No developer metadata with ID {call.variables['metadataId']}"
        raise ApiError(404, message, reason="notFound")
    return metadata_body(entry)


def _entry(book: Book, number: str) -> Metadata | None:
    return book.metadata.get(int(number)) if number.isdecimal() else None


@method("sheets.spreadsheets.developerMetadata.search", Use.READ)
@behaves("an entry is answered once, with every filter that selects it", DOCUMENTED)
@behaves("a search without a filter is refused", ASSUMED)
def search_metadata(call: Call) -> Body:
    """Return the entries that the filters select."""
    book = call.google.book(call, call.variables["spreadsheetId"])
    filters = call.body.get("dataFilters") or []
    if not filters:
        raise invalid("Must specify at least one data filter.")
    found: dict[int, list[Body]] = {}
    for data_filter in filters:
        for entry in matching(book, data_filter, call.grant.project):
            found.setdefault(entry.id, []).append(data_filter)
    matched = [
        {"developerMetadata": metadata_body(book.metadata[number]), "dataFilters": selected}
        for number, selected in found.items()
    ]
    return {"matchedDeveloperMetadata": matched} if matched else {}
