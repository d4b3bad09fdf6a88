"""Which cells a request means, and whether its caller may change them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import CELL_LIMIT, Book
from formbridge.testing.google.grid.cell import Content
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.references import letters, quoted
from formbridge.testing.google.grid.rows import Row
from formbridge.testing.google.grid.sheet import Sheet

PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
TOO_MANY_CELLS = (
    "This action would increase the number of cells in the workbook "
    f"above the limit of {CELL_LIMIT} cells."
)

Change = Callable[[int, int, Content], Content]
"""Gives what shall stand in a cell (row, column) where something stands now."""


@behaves("requests that write cells name a missing tab 'No grid with id'", SEEN, "public reports")
def grid_of(book: Book, sheet_id: int | None) -> Sheet:
    """Return the tab whose cells a request names; a missing id is 0."""
    sheet = book.sheet(sheet_id or 0)
    if sheet is None:
        raise Refused(f"No grid with id: {sheet_id or 0}")
    return sheet


@behaves("a range that starts outside of the grid is refused, one that ends outside is cut", SEEN)
def ranged(book: Book, body: Mapping[str, Any] | None) -> tuple[Sheet, Area]:
    """Return the tab and the cells that a ``GridRange`` of a request means."""
    given = GridRange.of(body or {})
    sheet = grid_of(book, given.sheet)
    _ordered(given)
    area = given.area(sheet.row_count, sheet.column_count)
    if area.top >= sheet.row_count or area.left >= sheet.column_count:
        raise Refused(
            f"Range ({_name(sheet, given)}) exceeds grid limits. "
            f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
        )
    return sheet, area


@behaves("a coordinate outside of the grid is refused", SEEN, "public reports")
def placed(book: Book, body: Mapping[str, Any] | None) -> tuple[Sheet, int, int]:
    """Return the tab, row and column that a ``GridCoordinate`` of a request means."""
    given = body or {}
    sheet = grid_of(book, given.get("sheetId"))
    row, column = given.get("rowIndex") or 0, given.get("columnIndex") or 0
    for name, index, count in (
        ("row", row, sheet.row_count),
        ("column", column, sheet.column_count),
    ):
        if index < 0:
            raise Refused(f"GridCoordinate.{name}Index[{index}] must be >= 0")
        if index >= count:
            raise Refused(
                f"GridCoordinate.{name}Index[{index}] is after last {name} in grid[{count - 1}]"
            )
    return sheet, row, column


def _ordered(given: GridRange) -> None:
    for name, start, end in (
        ("Row", given.top, given.bottom),
        ("Column", given.left, given.right),
    ):
        if (start or 0) < 0 or (end or 0) < 0:
            raise Refused("GridRange indexes must be >= 0")
        if end is not None and end <= (start or 0):
            raise Refused(
                f"GridRange.end{name}Index[{end}] must be after start{name}Index[{start or 0}]"
            )


def _name(sheet: Sheet, given: GridRange) -> str:
    first = f"{letters(given.left or 0)}{(given.top or 0) + 1}"
    right = "" if given.right is None else letters(given.right - 1)
    bottom = "" if given.bottom is None else str(given.bottom)
    return f"{quoted(sheet.title)}!{first}" + (f":{right}{bottom}" if right or bottom else "")


# --- changing -----------------------------------------------------------------------------------


def change(sheet: Sheet, area: Area, how: Change, *, blanks: bool = True) -> None:
    """Change every cell of an area; without ``blanks`` only the rows in which something stands."""
    bottom = area.bottom if blanks else min(area.bottom, len(sheet.rows))
    if bottom <= area.top:
        return
    old = sheet.rows.slice(area.top, bottom)
    new = [
        _changed_row(row, area, partial(how, area.top + offset)) for offset, row in enumerate(old)
    ]
    sheet.rows.replace(area.top, new)


def change_alike(sheet: Sheet, area: Area, how: Callable[[Content], Content]) -> None:
    """Change every cell of an area in a way that asks nothing but the cell: rows may be shared."""
    blank: Row | None = None
    unchanged = how(None) is None
    bottom = min(area.bottom, len(sheet.rows)) if unchanged else area.bottom
    if bottom <= area.top:
        return
    new: list[Row] = []
    for row in sheet.rows.slice(area.top, bottom):
        if not row:
            blank = blank or _changed_row(row, area, lambda _column, content: how(content))
            new.append(blank)
        else:
            new.append(_changed_row(row, area, lambda _column, content: how(content)))
    sheet.rows.replace(area.top, new)


def _changed_row(row: Row, area: Area, how: Callable[[int, Content], Content]) -> Row:
    width = len(row)
    head = [*row[: area.left], *[None] * (area.left - width)]
    middle = [
        how(column, row[column] if column < width else None)
        for column in range(area.left, area.right)
    ]
    return (*head, *middle, *row[area.right :])


def grown(book: Book, sheet: Sheet, *, rows: int = 0, columns: int = 0) -> None:
    """Make a tab at least that large; refuse more than 10 million cells in all."""
    height, width = max(rows, sheet.row_count), max(columns, sheet.column_count)
    if book.cells - sheet.cells + height * width > CELL_LIMIT and height * width > sheet.cells:
        raise Refused(TOO_MANY_CELLS)
    sheet.row_count, sheet.column_count = height, width


# --- protection ---------------------------------------------------------------------------------


def require_edit(sheet: Sheet, areas: Iterable[Area], grant: Grant) -> None:
    """Refuse a change of protected cells by somebody who may not edit them."""
    for area in areas:
        if not may_edit(sheet, area, grant):
            raise Refused(PROTECTED)


@behaves("warningOnly never stops the API; a protected tab may have unprotected ranges", DOCUMENTED)
@behaves("who owns the file is always among the editors, as whoever protects is", ASSUMED)
def may_edit(sheet: Sheet, area: Area, grant: Grant) -> bool:
    """Whether the caller may change these cells, as far as protection goes."""
    return not any(
        _blocks(sheet, thing, area, grant) for thing in sheet.things.get("protectedRanges", ())
    )


def _blocks(sheet: Sheet, thing: Mapping[str, Any], area: Area, grant: Grant) -> bool:
    if thing.get("warningOnly") or is_editor(thing, grant):
        return False
    guarded = GridRange.of(thing.get("range") or {}).area(sheet.row_count, sheet.column_count)
    common = guarded.common(area)
    if common.empty:
        return False
    free = [
        GridRange.of(body).area(sheet.row_count, sheet.column_count)
        for body in thing.get("unprotectedRanges") or ()
    ]
    return not covered(common, free)


def is_editor(thing: Mapping[str, Any], grant: Grant) -> bool:
    """Whether a protected range lets the caller edit: what ``requestingUserCanEdit`` says."""
    editors = thing.get("editors") or {}
    users = {str(user).casefold() for user in editors.get("users") or ()}
    return grant.account.email.casefold() in users or bool(editors.get("domainUsersCanEdit"))


def covered(area: Area, pieces: Sequence[Area]) -> bool:
    """Whether the pieces cover every cell of the area together."""
    if area.empty:
        return True
    for index, piece in enumerate(pieces):
        common = piece.common(area)
        if not common.empty:
            return all(covered(part, pieces[index + 1 :]) for part in _around(area, common))
    return False


def _around(area: Area, hole: Area) -> list[Area]:
    """Return what of an area is left around a hole in it."""
    return [
        Area(area.top, area.left, hole.top, area.right),
        Area(hole.bottom, area.left, area.bottom, area.right),
        Area(hole.top, area.left, hole.bottom, hole.left),
        Area(hole.top, hole.right, hole.bottom, area.right),
    ]
