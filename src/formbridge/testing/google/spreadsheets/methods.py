"""The methods of ``spreadsheets`` that read a whole one, and the one that makes one."""

from formbridge.testing.google.answers.grid import Wanted
from formbridge.testing.google.answers.masks import Mask, resolved
from formbridge.testing.google.answers.selections import Unreadable, selections
from formbridge.testing.google.answers.spreadsheet import but_data, everything, spreadsheet_body
from formbridge.testing.google.batch.kinds import Scene
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import forbidden, invalid
from formbridge.testing.google.files.file import SPREADSHEET
from formbridge.testing.google.files.scopes import client_of
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.metadata import matching, region
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.messages import Body
from formbridge.testing.google.routes import Call, Use, method
from formbridge.testing.google.schema.discovery import fields_of
from formbridge.testing.google.spreadsheets.creation import made_of
from formbridge.testing.google.texts.a1 import clipped, parse_range


@method("sheets.spreadsheets.get", Use.READ)
@behaves("ranges limit the answer to their tabs", RECORDED)
def get(call: Call) -> Body:
    """Answer with a spreadsheet."""
    book = call.google.book(call, call.variables["spreadsheetId"])
    ranges = [parse_range(text, book) for text in call.params.get("ranges") or ()]
    return _answer(call, book, ranges, grid_data=bool(call.params.get("includeGridData")))


@method("sheets.spreadsheets.getByDataFilter", Use.READ)
@behaves("data filters limit the answer as ranges do", DOCUMENTED)
def get_by_data_filter(call: Call) -> Body:
    """Answer with the parts of a spreadsheet that data filters select."""
    book = call.google.book(call, call.variables["spreadsheetId"])
    filters = [one for one in call.body.get("dataFilters") or () if one is not None]
    ranges = [found for one in filters for found in _selected(book, one, call.grant.project)]
    if filters and not ranges:
        return spreadsheet_body(book, call.grant, wanted=lambda path: path == "properties")
    return _answer(call, book, ranges, grid_data=bool(call.body.get("includeGridData")))


@method("sheets.spreadsheets.create", Use.WRITE)
@behaves("a spreadsheet lands in the caller's My Drive", DOCUMENTED)
@behaves("who has no storage may not create one", SEEN, "public reports")
def create(call: Call) -> Body:
    """Make a spreadsheet and answer with it."""
    drive, account = call.google.drive, call.grant.account
    if not drive.has_room(account, SPREADSHEET, drive.root(account, now=call.now)):
        raise forbidden()
    file_id = drive.fresh_id(SPREADSHEET)
    book = made_of(call.body, file_id, Scene(grant=call.grant, ids=call.ids, now=call.now))
    drive.add_spreadsheet(
        book.title, owner=account, now=call.now, client=client_of(call.grant), file_id=file_id
    )
    call.google.books[file_id] = book
    return _answer(call, book, [], grid_data=False)


def _answer(call: Call, book: Book, ranges: list[GridRange], *, grid_data: bool) -> Body:
    may_edit = call.google.drive.may(call.grant, book.id, write=True)
    wanted = wanted_by(call.params.get("fields"), grid_data=grid_data)
    return spreadsheet_body(
        book, call.grant, ranges=ranges, wanted=wanted, may_edit=may_edit, now=call.now
    )


@behaves(
    "with a mask includeGridData says nothing: grid data is there if the mask names it", RECORDED
)
def wanted_by(fields: str | None, *, grid_data: bool) -> Wanted:
    """Return which fields of a ``Spreadsheet`` the query asks for.

    A mask that cannot be read wants nothing: whoever narrows the answer by it refuses it.
    """
    if not fields:
        return everything if grid_data else but_data
    known = fields_of("sheets", "Spreadsheet")
    try:
        paths = [resolved(path, known) for path in selections(fields)]
    except Unreadable:
        return lambda _path: False
    mask = Mask(paths=tuple(path[: path.index("*")] if "*" in path else path for path in paths))
    return mask.touches


@behaves(
    "what a lookup of metadata selects is the rows, columns or tabs that it belongs to", DOCUMENTED
)
@behaves("a data filter without a criterion is refused", ASSUMED)
def _selected(book: Book, data_filter: Body, project: str) -> list[GridRange]:
    if (body := data_filter.get("gridRange")) is not None:
        given = GridRange.of(body)
        sheet = book.sheet(given.sheet)
        if sheet is None:
            raise invalid(f"No grid with id: {given.sheet}")
        return [clipped(given, sheet)]
    if (text := data_filter.get("a1Range")) is not None:
        return [parse_range(text, book)]
    found = [region(entry) for entry in matching(book, data_filter, project)]
    return [one for one in found if one is not None]
