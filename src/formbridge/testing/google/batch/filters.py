"""Requests about the basic filter of a tab, and about filter views."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from formbridge.testing.google.answers.masks import Mask, merged
from formbridge.testing.google.answers.objects import thing_body
from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.batch.criteria import Seen, shows
from formbridge.testing.google.batch.kinds import KINDS, Scene, kind, sheet_of
from formbridge.testing.google.batch.named import named_of, whole_body
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.editing import ranged
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet, Thing
from formbridge.testing.google.messages import Body
from formbridge.testing.google.texts.moments import today

VIEWS = "filterViews"
BACKS = ("range", "namedRangeId", "tableId")


@kind("setBasicFilter", RECORDED)
@behaves("a tab has one basic filter: another one takes its place", RECORDED)
@behaves("a filter's sort order sorts the rows once, when it is set", ASSUMED)
def set_basic_filter(book: Book, body: Body, scene: Scene) -> None:
    """Set the basic filter of a tab, sort its rows and hide those that it does not show."""
    given = body.get("filter") or {}
    sheet, thing = _filter(book, given)
    sheet.filter = thing
    if thing.get("sortSpecs"):
        _sort(book, sheet, thing, scene)
    refilter(book, sheet, scene.now)


@kind("clearBasicFilter", RECORDED)
def clear_basic_filter(book: Book, body: Body, scene: Scene) -> None:
    """Take the basic filter away; every row that it hid is seen again."""
    sheet = sheet_of(book, body.get("sheetId"))
    sheet.filter = None
    refilter(book, sheet, scene.now)


@kind("addFilterView", DOCUMENTED)
@behaves("a view without a title is Filter with the next number", ASSUMED)
def add_filter_view(book: Book, body: Body, scene: Scene) -> Body:
    """Add a filter view; reply with it."""
    given = body.get("filter") or {}
    chosen = given.get("filterViewId") or scene.new_id(lambda one: _find(book, one) is not None)
    if _find(book, chosen) is not None:
        raise Refused(
            f"Cannot add filter view with ID {chosen}, a filter view with that ID already exists."
        )
    sheet, thing = _filter(book, given)
    return _added(
        sheet, {"filterViewId": chosen, "title": given.get("title") or _title(sheet)} | thing, scene
    )


@kind("duplicateFilterView", DOCUMENTED)
@behaves("the copy is called Copy of the other", ASSUMED)
def duplicate_filter_view(book: Book, body: Body, scene: Scene) -> Body:
    """Copy a filter view; reply with the copy."""
    sheet, old = _view(book, body.get("filterId"))
    chosen = scene.new_id(lambda one: _find(book, one) is not None)
    changed = {"filterViewId": chosen, "title": f"Copy of {old.get('title', '')}"}
    return _added(sheet, deepcopy(old) | changed, scene)


@kind("updateFilterView", DOCUMENTED)
def update_filter_view(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Change a filter view as far as the mask says."""
    given = body.get("filter") or {}
    mask = Mask.parse(body.get("fields"), "FilterView")
    sheet, old = _view(book, given.get("filterViewId"))
    new = merged(old, given, mask)
    if mask.touches("criteria") or mask.touches("filterSpecs"):
        new["filterSpecs"] = specs_of(given)
    backed = {name: given.get(name) for name in BACKS if mask.touches(name) and given.get(name)}
    backed = backed or {name: old[name] for name in BACKS if name in old}
    target, thing = _filter(book, {name: new[name] for name in new if name not in BACKS} | backed)
    kept = {"filterViewId": old["filterViewId"], "title": new.get("title") or old.get("title", "")}
    if target is sheet:
        views = sheet.list(VIEWS)
        views[views.index(old)] = kept | thing
    else:
        sheet.list(VIEWS).remove(old)
        target.list(VIEWS).append(kept | thing)


@kind("deleteFilterView", DOCUMENTED)
def delete_filter_view(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Remove a filter view."""
    sheet, thing = _view(book, body.get("filterId"))
    sheet.list(VIEWS).remove(thing)


# --- what a filter is ---------------------------------------------------------------------------


@behaves("a range without bounds is the whole tab, and keeps its size", RECORDED)
@behaves("a filter is of a range, of a named range or of a table", DOCUMENTED)
def _filter(book: Book, given: Mapping[str, Any]) -> tuple[Sheet, Thing]:
    """Return the tab and the filter that a request describes, its criteria as ``filterSpecs``."""
    backs = {}
    if given.get("namedRangeId"):
        named = named_of(book, given["namedRangeId"])
        backs["namedRangeId"] = named.id
        sheet, area = ranged(book, named.range.body())
    elif given.get("tableId"):
        sheet, area = _table(book, given["tableId"])
        backs["tableId"] = given["tableId"]
    else:
        sheet, area = ranged(book, given.get("range"))
    thing: Thing = {"range": whole_body(GridRange.covering(sheet.id, area))} | backs
    if given.get("sortSpecs"):
        thing["sortSpecs"] = deepcopy(given["sortSpecs"])
    if specs := specs_of(given):
        thing["filterSpecs"] = specs
    return sheet, thing


@behaves("filterSpecs take precedence over criteria", DOCUMENTED)
def specs_of(given: Mapping[str, Any]) -> list[Body]:
    """Return the criteria of a filter by column, from either of their forms."""
    if given.get("filterSpecs"):
        return deepcopy(list(given["filterSpecs"]))
    criteria = given.get("criteria") or {}
    if any(not str(column).isdecimal() for column in criteria):
        raise Refused("The keys of a filter's criteria must be column indexes.")
    return [
        {"columnIndex": int(column), "filterCriteria": deepcopy(one) or {}}
        for column, one in sorted(criteria.items(), key=lambda item: int(item[0]))
    ]


def _table(book: Book, table_id: str) -> tuple[Sheet, Area]:
    for sheet in book.sheets:
        for table in sheet.things.get("tables", ()):
            if table.get("tableId") == table_id:
                return ranged(book, table["range"])
    raise Refused(f"No table with id: {table_id}")


# --- views --------------------------------------------------------------------------------------


def _views(book: Book) -> Iterator[tuple[Sheet, Thing]]:
    for sheet in book.sheets:
        for thing in sheet.things.get(VIEWS, ()):
            yield sheet, thing


def _find(book: Book, number: int | None) -> tuple[Sheet, Thing] | None:
    return next((pair for pair in _views(book) if pair[1].get("filterViewId") == number), None)


@behaves("how the refusal of an id that is missing reads", ASSUMED)
def _view(book: Book, number: int | None) -> tuple[Sheet, Thing]:
    found = _find(book, number)
    if found is None:
        raise Refused(f"No filter view with id: {number or 0}")
    return found


def _added(sheet: Sheet, thing: Thing, scene: Scene) -> Body:
    sheet.list(VIEWS).append(thing)
    return {"filter": thing_body(VIEWS, thing, scene.grant)}


def _title(sheet: Sheet) -> str:
    taken = {thing.get("title") for thing in sheet.things.get(VIEWS, ())}
    number = 1
    while f"Filter {number}" in taken:
        number += 1
    return f"Filter {number}"


# --- rows ---------------------------------------------------------------------------------------


@behaves("rows are hidden when the filter is set; changes of cells hide none later", ASSUMED)
def refilter(book: Book, sheet: Sheet, now: int) -> None:
    """Hide the rows that the tab's basic filter does not show, and no others."""
    for index in [index for index, size in sheet.row_sizes.items() if "hiddenByFilter" in size]:
        del sheet.row_sizes[index]["hiddenByFilter"]
        if not sheet.row_sizes[index]:
            del sheet.row_sizes[index]
    if sheet.filter is not None and sheet.filter.get("filterSpecs"):
        for index in _hidden(book, sheet, sheet.filter, now):
            sheet.row_sizes.setdefault(index, {})["hiddenByFilter"] = True


@behaves("the first row of the range is its header, which is never hidden", DOCUMENTED)
def _hidden(book: Book, sheet: Sheet, thing: Thing, now: int) -> Iterator[int]:
    area = GridRange.of(thing["range"]).area(sheet.row_count, sheet.column_count)
    specs: Sequence[Body] = thing["filterSpecs"]
    shown = Shown(book, now=now)
    day = today(now, book.time_zone)
    for row in range(area.top + 1, area.bottom):
        for spec in specs:
            column = spec.get("columnIndex") or 0
            criteria = spec.get("filterCriteria") or {}
            if area.left <= column < area.right and not shows(
                criteria, _seen(shown, sheet, row, column), read=shown.typed, today=day
            ):
                yield row
                break


def _seen(shown: Shown, sheet: Sheet, row: int, column: int) -> Seen:
    content, value = sheet.content(row, column), shown.value(sheet, row, column)
    return Seen(content=content, value=value, text=shown.text(content, value))


def _sort(book: Book, sheet: Sheet, thing: Thing, scene: Scene) -> None:
    span = GridRange.of(thing["range"])
    top = (span.top or 0) + 1
    sort = KINDS.get("sortRange")
    if sort is not None and top < (span.bottom or sheet.row_count):
        request = {
            "range": thing["range"] | {"startRowIndex": top},
            "sortSpecs": thing["sortSpecs"],
        }
        sort(book, request, scene)
