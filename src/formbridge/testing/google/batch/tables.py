"""Requests about tables."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import attrs

from formbridge.testing.google.answers.masks import Mask, merged
from formbridge.testing.google.answers.objects import thing_body
from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.batch.named import whole_body
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import cell_of, content_of
from formbridge.testing.google.grid.colours import canonical
from formbridge.testing.google.grid.editing import change_alike, ranged
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet, Thing
from formbridge.testing.google.messages import Body

THINGS = "tables"
BANDED = (
    "You cannot add alternating background colors to a range that already has "
    "alternating background colors."
)


@kind("addTable", SEEN, "public probes")
@behaves("a table without a name is Table with the next number", ASSUMED)
def add_table(book: Book, body: Body, scene: Scene) -> Body:
    """Make a table of a range; reply with it."""
    given = canonical(body.get("table") or {})
    if given.get("range") is None:
        raise Refused("No range specified.")
    sheet, area = ranged(book, given["range"])
    _alone(sheet, area)
    chosen = given.get("tableId") or str(
        scene.new_id(lambda one: _find(book, str(one)) is not None)
    )
    if _find(book, chosen) is not None:
        raise Refused(f"Cannot add table with ID {chosen}, a table with that ID already exists.")
    thing: Thing = {
        "tableId": chosen,
        "name": _free_name(book, given.get("name") or _next_name(book)),
        "range": whole_body(GridRange.covering(sheet.id, area)),
    }
    if given.get("rowsProperties"):
        thing["rowsProperties"] = given["rowsProperties"]
    columns = given.get("columnProperties") or []
    named = [
        {"columnName": f"Column {_index(one)}"} | one if not one.get("columnName") else one
        for one in columns
    ]
    thing["columnProperties"] = _columns(book, sheet, area, named)
    sheet.list(THINGS).append(thing)
    return {"table": thing_body(THINGS, thing, scene.grant)}


@kind("updateTable", SEEN, "public probes")
@behaves("the properties of columns are replaced whole, and each needs its name", SEEN)
def update_table(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Change a table as far as the mask says."""
    given = canonical(body.get("table") or {})
    mask = Mask.parse(body.get("fields"), "Table")
    sheet, old = _table(book, given.get("tableId"))
    new = merged(old, given, mask) | {"tableId": old["tableId"]}
    new["name"] = _free_name(book, new.get("name") or "", but=old["tableId"])
    target, area = ranged(book, new.get("range") or old["range"])
    if target is not sheet:
        raise Refused("A table cannot be moved to another sheet.")
    _alone(sheet, area, but=old)
    new["range"] = whole_body(GridRange.covering(sheet.id, area))
    columns = new.get("columnProperties") or []
    if mask.touches("columnProperties") and any(not one.get("columnName") for one in columns):
        raise Refused("Table header row cell must have a value.")
    new["columnProperties"] = _columns(book, sheet, area, columns)
    things = sheet.list(THINGS)
    things[things.index(old)] = new


@kind("deleteTable", DOCUMENTED)
@behaves("a table goes with its contents, and with the conditional formats over it", SEEN)
def delete_table(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Remove a table and what stands in it."""
    sheet, thing = _table(book, body.get("tableId"))
    area = _area(sheet, thing)
    sheet.list(THINGS).remove(thing)
    change_alike(sheet, area, lambda _content: None)
    rules = sheet.list("conditionalFormats")
    rules[:] = [
        rule
        for rule in rules
        if not all(area.covers(_part(sheet, one)) for one in rule.get("ranges") or ())
    ]


def _tables(book: Book) -> Iterator[tuple[Sheet, Thing]]:
    for sheet in book.sheets:
        for thing in sheet.things.get(THINGS, ()):
            yield sheet, thing


def _find(book: Book, table_id: str | None) -> tuple[Sheet, Thing] | None:
    return next((pair for pair in _tables(book) if pair[1]["tableId"] == table_id), None)


@behaves("how the refusal of an id that is missing reads", ASSUMED)
def _table(book: Book, table_id: str | None) -> tuple[Sheet, Thing]:
    found = _find(book, table_id)
    if found is None:
        raise Refused(f"No table with id: {table_id or ''}")
    return found


def _next_name(book: Book) -> str:
    taken = {thing["name"] for _sheet, thing in _tables(book)}
    number = 1
    while f"Table{number}" in taken:
        number += 1
    return f"Table{number}"


@behaves("a name is unique in the spreadsheet", DOCUMENTED, "Table.name")
@behaves("how the refusal of a name that is taken reads", ASSUMED)
def _free_name(book: Book, name: str, *, but: str = "") -> str:
    for _sheet, thing in _tables(book):
        if thing["tableId"] != but and thing["name"].casefold() == name.casefold():
            raise Refused(
                f"Cannot add table with name {name}, a table with that name already exists."
            )
    return name


@behaves("a table crosses no other table and no banded range", SEEN, "public reports")
def _alone(sheet: Sheet, area: Area, *, but: Thing | None = None) -> None:
    for name in (THINGS, "bandedRanges"):
        for thing in sheet.things.get(name, ()):
            if thing is not but and area.touches(_area(sheet, thing)):
                raise Refused(BANDED)


def _area(sheet: Sheet, thing: Mapping[str, Any]) -> Area:
    return _part(sheet, thing.get("range") or {})


def _part(sheet: Sheet, body: Mapping[str, Any]) -> Area:
    return GridRange.of(body).area(sheet.row_count, sheet.column_count)


# --- columns ------------------------------------------------------------------------------------


def _index(column: Mapping[str, Any]) -> int:
    return int(column.get("columnIndex") or 0)


@behaves("every column is listed, named by its header; a name that is given is written there", SEEN)
def _columns(book: Book, sheet: Sheet, area: Area, given: list[Body]) -> list[Body]:
    """Return the properties of all columns, and write their names into the header row."""
    by_index = {_index(_checked(one, area)): one for one in given}
    shown = Shown(book)
    columns: list[Body] = []
    for index in range(area.width):
        row, column = area.top, area.left + index
        seen = shown.text(sheet.content(row, column), shown.value(sheet, row, column))
        one = deepcopy(by_index.get(index, {})) | {"columnIndex": index}
        one["columnName"] = one.get("columnName") or seen or f"Column {index + 1}"
        if one["columnName"] != seen:
            _write(sheet, row, column, one["columnName"])
        columns.append(one)
    return columns


@behaves("a dropdown column has a condition, and no other column", SEEN, "public probes")
@behaves("how the refusal of a column outside of the table reads", ASSUMED)
def _checked(column: Body, area: Area) -> Body:
    condition = (column.get("dataValidationRule") or {}).get("condition")
    if column.get("columnType") == "DROPDOWN" and not condition:
        raise Refused("Condition must be set for dropdown column type.")
    if column.get("columnType") != "DROPDOWN" and condition:
        raise Refused("Cannot set condition for non-dropdown column type.")
    if not 0 <= _index(column) < area.width:
        raise Refused(f"Column index {_index(column)} is outside of the table.")
    return column


def _write(sheet: Sheet, row: int, column: int, text: str) -> None:
    cell = cell_of(sheet.content(row, column))
    more = {name: kept for name, kept in cell.more.items() if name != "textFormatRuns"}
    sheet.put(row, column, content_of(attrs.evolve(cell, value=text, formula="", more=more)))
