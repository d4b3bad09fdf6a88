"""What lies on tabs follows the cells: ranges, anchors, columns of filters, formulas in rules."""

from collections.abc import Mapping
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.formulas.references import Reference, rewritten
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.references import Corner
from formbridge.testing.google.grid.sheet import Sheet, Thing
from formbridge.testing.google.moves.shifts import Change, shifted

BOUNDS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
GONE = object()
"""What is left of something whose cells are deleted."""

Titles = Mapping[str, int]
"""The ids of tabs by their titles in small letters."""


def titles_of(book: Book) -> Titles:
    """Return the ids of a spreadsheet's tabs by title."""
    return {sheet.title.casefold(): sheet.id for sheet in book.sheets}


# --- formulas -----------------------------------------------------------------------------------


def formula_after(formula: str, sheet: int, titles: Titles, change: Change) -> str:
    """Return a formula of a tab with its references after a change."""

    def how(reference: Reference) -> Reference | None:
        named = titles.get(reference.tab.casefold()) if reference.tab else sheet
        return reference if named != change.sheet else _reference_after(reference, change)

    return rewritten(formula, how)


@behaves("a range of which one cell is left is written as that cell", SEEN)
def _reference_after(reference: Reference, change: Change) -> Reference | None:
    first, last = reference.first, reference.last or reference.first
    before = range_of(reference, change.sheet)
    after = change.range(before)
    if after is None:
        return None
    if after == before:
        return reference
    start, end = _corners(first, last, after)
    one = start == end and start.row is not None and start.column is not None
    return Reference(start, None if one else end, reference.tab)


def range_of(reference: Reference, sheet: int) -> GridRange:
    """Return the cells that a reference means."""
    ends = (reference.first, reference.last or reference.first)
    rows = [end.row for end in ends if end.row is not None]
    columns = [end.column for end in ends if end.column is not None]
    return GridRange(
        sheet=sheet,
        top=min(rows, default=None),
        bottom=max(rows) + 1 if len(rows) == len(ends) else None,
        left=min(columns, default=None),
        right=max(columns) + 1 if len(columns) == len(ends) else None,
    )


def _corners(first: Corner, last: Corner, after: GridRange) -> tuple[Corner, Corner]:
    """Return the corners that say the range, with the ``$`` of the old ones; smaller ones first."""

    def corner(old: Corner, row: int | None, column: int | None) -> Corner:
        return Corner(
            row=None if old.row is None else row,
            column=None if old.column is None else column,
            row_fixed=old.row_fixed,
            column_fixed=old.column_fixed,
        )

    bottom = after.top if after.bottom is None else after.bottom - 1
    right = after.left if after.right is None else after.right - 1
    return corner(first, after.top, after.left), corner(last, bottom, right)


# --- things -------------------------------------------------------------------------------------


@behaves("what lies only on deleted cells is deleted; a chart stays, without them", ASSUMED)
def follow_things(book: Book, change: Change) -> None:
    """Bring everything that lies on any tab to where its cells are."""
    titles = titles_of(book)
    for sheet in book.sheets:
        if sheet.filter is not None:
            sheet.filter = _thing_after(sheet.filter, sheet, titles, change)
        for name, things in sheet.things.items():
            after = [_thing_after(thing, sheet, titles, change) for thing in things]
            sheet.things[name] = [thing for thing in after if thing is not None]


def _thing_after(thing: Thing, sheet: Sheet, titles: Titles, change: Change) -> Thing | None:
    ours = _is_on(thing, change.sheet)
    after = value_after(thing, sheet.id, titles, change)
    if after is GONE or not isinstance(after, dict):
        return None
    if "ranges" in thing and not after.get("ranges"):
        return None
    if ours and not change.rows and change.band is None:
        _columns_follow(thing, after, change)
    return after


def _is_on(thing: Thing, sheet: int) -> bool:
    area = thing.get("range") or (thing.get("spec") or {}).get("dataRange") or {}
    return bool(area) and (area.get("sheetId") or 0) == sheet


def value_after(value: Any, sheet: int, titles: Titles, change: Change) -> Any:
    """Return JSON of a tab with its ranges, places and formulas after a change, or ``GONE``."""
    if isinstance(value, str):
        return formula_after(value, sheet, titles, change) if value.startswith("=") else value
    if isinstance(value, list):
        items = [value_after(item, sheet, titles, change) for item in value]
        return [item for item in items if item is not GONE]
    if not isinstance(value, Mapping):
        return value
    return _object_after(value, sheet, titles, change)


def _object_after(value: Mapping[str, Any], sheet: int, titles: Titles, change: Change) -> object:
    if any(name in value for name in BOUNDS):
        return _range_after(value, change)
    if "dimension" in value:
        return _dimension_after(value, change)
    if "anchorCell" in value:
        return dict(value) | {"anchorCell": _anchor_after(value["anchorCell"], change)}
    after: dict[str, Any] = {}
    for name, each in value.items():
        new = value_after(each, sheet, titles, change)
        if new is not GONE:
            after[name] = new
        elif name == "range":
            return GONE
    return after


def _range_after(body: Mapping[str, Any], change: Change) -> object:
    after = change.range(GridRange.of(body))
    if after is None:
        return GONE
    kept = {name: each for name, each in body.items() if name not in BOUNDS}
    return kept | {name: each for name, each in after.body().items() if name in BOUNDS}


def _dimension_after(body: Mapping[str, Any], change: Change) -> object:
    ours = (body.get("sheetId") or 0) == change.sheet and body["dimension"] == change.dimension
    if not ours or change.band is not None:
        return dict(body)
    bounds = shifted(change.shift, body.get("startIndex"), body.get("endIndex"))
    if bounds is None:
        return GONE
    named = zip(("startIndex", "endIndex"), bounds, strict=True)
    return dict(body) | {name: bound for name, bound in named if bound is not None}


@behaves("what is anchored in a deleted cell goes to the one that takes its place", ASSUMED)
def _anchor_after(anchor: Mapping[str, Any], change: Change) -> dict[str, Any]:
    name = "rowIndex" if change.rows else "columnIndex"
    if (anchor.get("sheetId") or 0) != change.sheet or change.band is not None:
        return dict(anchor)
    index = anchor.get(name) or 0
    new = change.shift.index(index)
    if new is None:
        before = change.shift.span(0, index)
        new = before[1] if before else 0
    return dict(anchor) | {name: new}


# --- columns ------------------------------------------------------------------------------------


def _columns_follow(before: Thing, after: Thing, change: Change) -> None:
    """Let what names columns of a filter or a table name the same ones; change ``after``."""
    for name, key in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if name in after:
            after[name] = _named_columns(after[name], key, change, 0, 0)
    if "criteria" in after:
        moved = {key: change.shift.index(int(key)) for key in after["criteria"]}
        after["criteria"] = {
            str(moved[key]): each
            for key, each in after["criteria"].items()
            if moved[key] is not None
        }
    if "columnProperties" in after and isinstance(after["columnProperties"], list):
        old, new = ((one["range"].get("startColumnIndex") or 0) for one in (before, after))
        columns = _named_columns(after["columnProperties"], "columnIndex", change, old, new)
        after["columnProperties"] = columns


def _named_columns(things: list[Any], key: str, change: Change, old: int, new: int) -> list[Any]:
    """Return things with the columns that they name after a change; those of deleted ones go."""
    found = []
    for thing in things:
        index = change.shift.index((thing.get(key) or 0) + old)
        if index is not None:
            found.append(thing | {key: index - new})
    return found
