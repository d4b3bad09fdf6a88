"""Rows and columns that are inserted, deleted and moved, and everything that follows them.

Used by requests and by people alike: nothing here asks whether a change is allowed.
"""

from collections.abc import Callable, Mapping

import attrs

from formbridge.testing.google.batch.following import (
    Titles,
    follow_things,
    formula_after,
    titles_of,
    value_after,
)
from formbridge.testing.google.batch.shifts import (
    Change,
    Deletion,
    Insertion,
    Relocation,
    Shift,
)
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, content_of
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.rows import Row, Rows, trimmed
from formbridge.testing.google.grid.sheet import Sheet

FROZEN = {"ROWS": "frozenRowCount", "COLUMNS": "frozenColumnCount"}


def size_of(sheet: Sheet, dimension: str) -> int:
    """Return how many rows or columns a tab has."""
    return sheet.row_count if dimension == "ROWS" else sheet.column_count


def resize(sheet: Sheet, dimension: str, size: int) -> None:
    """Say how many rows or columns a tab has; its cells are left alone."""
    if dimension == "ROWS":
        sheet.row_count = size
    else:
        sheet.column_count = size


def insert(book: Book, sheet: Sheet, dimension: str, start: int, count: int) -> None:
    """Insert empty rows or columns before ``start``; the tab grows by them."""
    if dimension == "ROWS":
        sheet.rows.insert(start, count)
    else:
        blanks = (None,) * count
        _each_row(
            sheet, lambda row: (*row[:start], *blanks, *row[start:]) if len(row) > start else row
        )
    resize(sheet, dimension, size_of(sheet, dimension) + count)
    _follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=Insertion(start, count)))


def delete(book: Book, sheet: Sheet, dimension: str, start: int, count: int) -> None:
    """Delete rows or columns; the tab shrinks by them."""
    end = start + count
    change = Change(sheet=sheet.id, dimension=dimension, shift=Deletion(start, end))
    if dimension == "ROWS":
        sheet.rows.delete(start, end)
    else:
        _each_row(sheet, lambda row: (*row[:start], *row[end:]))
    resize(sheet, dimension, size_of(sheet, dimension) - count)
    _follow(book, sheet, change)


def move(book: Book, sheet: Sheet, dimension: str, start: int, count: int, *, to: int) -> None:
    """Move rows or columns to before ``to``, as counted before the move."""
    shift = Relocation(start, start + count, to)
    if shift.landing == start:
        return
    if dimension == "ROWS":
        _move_rows(sheet.rows, shift)
    else:
        _each_row(sheet, lambda row: _moved(row, shift))
    _follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=shift))


# --- parts of rows and columns ------------------------------------------------------------------


@behaves("cells that are pushed over the edge make the tab larger", ASSUMED)
def insert_cells(book: Book, sheet: Sheet, area: Area, dimension: str) -> None:
    """Insert empty cells; those that were there go down (``ROWS``) or right."""
    if dimension == "ROWS":
        columns = _columns(sheet, area.left, area.right)
        for column in columns:
            column[area.top : area.top] = [None] * area.height
        _put_columns(sheet, area.left, columns)
        sheet.row_count = max(sheet.row_count, len(sheet.rows))
    else:
        blanks = (None,) * area.width
        _rows_of(sheet, area, lambda row: (*row[: area.left], *blanks, *row[area.left :]))
    shift, band = _partly(area, dimension, Insertion)
    _follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=shift, band=band))


def delete_cells(book: Book, sheet: Sheet, area: Area, dimension: str) -> None:
    """Delete cells; those below (``ROWS``) or to their right take their place."""
    if dimension == "ROWS":
        columns = _columns(sheet, area.left, area.right)
        for column in columns:
            del column[area.top : area.bottom]
        _put_columns(sheet, area.left, columns)
    else:
        _rows_of(sheet, area, lambda row: (*row[: area.left], *row[area.right :]))
    shift, band = _partly(area, dimension, lambda at, count: Deletion(at, at + count))
    _follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=shift, band=band))


def _partly(
    area: Area, dimension: str, make: Callable[[int, int], Shift]
) -> tuple[Shift, tuple[int, int]]:
    if dimension == "ROWS":
        return make(area.top, area.height), (area.left, area.right)
    return make(area.left, area.width), (area.top, area.bottom)


def _columns(sheet: Sheet, left: int, right: int) -> list[list[Content]]:
    return [
        [row[column] if column < len(row) else None for row in sheet.rows]
        for column in range(left, right)
    ]


def _put_columns(sheet: Sheet, left: int, columns: list[list[Content]]) -> None:
    height = max(len(sheet.rows), *(len(column) for column in columns))
    old = sheet.rows.slice(0, height)
    right = left + len(columns)
    new: list[Row] = []
    for index, row in enumerate(old):
        middle = [column[index] if index < len(column) else None for column in columns]
        new.append((*_padded(row, left)[:left], *middle, *row[right:]))
    sheet.rows.replace(0, new)


def _rows_of(sheet: Sheet, area: Area, how: Callable[[Row], Row]) -> None:
    bottom = min(area.bottom, len(sheet.rows))
    if bottom > area.top:
        new = [trimmed(how(_padded(row, area.left))) for row in sheet.rows.slice(area.top, bottom)]
        sheet.rows.replace(area.top, new)
        sheet.column_count = max(sheet.column_count, *map(len, new))


def _padded(row: Row, width: int) -> Row:
    return row if len(row) >= width else (*row, *(None,) * (width - len(row)))


# --- rows ---------------------------------------------------------------------------------------


def _each_row(sheet: Sheet, how: Callable[[Row], Row]) -> None:
    if len(sheet.rows):
        sheet.rows.replace(0, [how(row) for row in sheet.rows])


def _move_rows(rows: Rows, shift: Relocation) -> None:
    block = rows.slice(shift.start, shift.end)
    rows.delete(shift.start, shift.end)
    rows.insert(shift.landing, len(block))
    rows.replace(shift.landing, block)


def _moved(row: Row, shift: Relocation) -> Row:
    if len(row) <= min(shift.start, shift.landing):
        return row
    full = _padded(row, max(shift.end, shift.landing))
    block, rest = full[shift.start : shift.end], (*full[: shift.start], *full[shift.end :])
    rest = _padded(rest, shift.landing)
    return (*rest[: shift.landing], *block, *rest[shift.landing :])


# --- what follows -------------------------------------------------------------------------------


def _follow(book: Book, sheet: Sheet, change: Change) -> None:
    """Bring everything to where its cells are."""
    _formulas_follow(book, change)
    follow_things(book, change)
    _merges_follow(sheet, change)
    _named_follow(book, change)
    if change.band is None:
        _sizes_follow(sheet, change)
        _frozen_follow(sheet, change)
        _metadata_follow(book, change)


def _formulas_follow(book: Book, change: Change) -> None:
    titles = titles_of(book)
    for sheet in book.sheets:
        found = [
            (index, _row_after(row, sheet.id, titles, change))
            for index, row in enumerate(sheet.rows)
            if Cell in map(type, row)
        ]
        for index, row in found:
            if row is not None:
                sheet.rows.set_row(index, row)


def _row_after(row: Row, sheet: int, titles: Titles, change: Change) -> Row | None:
    """Return a row whose formulas and rules changed; None where none has."""
    new = tuple(_content_after(content, sheet, titles, change) for content in row)
    return None if all(one is two for one, two in zip(row, new, strict=True)) else new


def _content_after(content: Content, sheet: int, titles: Titles, change: Change) -> Content:
    if not isinstance(content, Cell) or not (content.formula or content.more):
        return content
    formula = content.formula and formula_after(content.formula, sheet, titles, change)
    more = value_after(content.more, sheet, titles, change) if content.more else content.more
    if formula == content.formula and more == content.more:
        return content
    kept = more if isinstance(more, Mapping) else {}
    return content_of(attrs.evolve(content, formula=formula, more=kept))


@behaves("a merge of which one cell is left is none", ASSUMED)
def _merges_follow(sheet: Sheet, change: Change) -> None:
    after = [change.range(GridRange.covering(sheet.id, merge)) for merge in sheet.merges]
    areas = [one.area(sheet.row_count, sheet.column_count) for one in after if one is not None]
    sheet.merges = [area for area in areas if area.height * area.width > 1]


@behaves("a named range whose cells are all deleted is deleted", ASSUMED)
def _named_follow(book: Book, change: Change) -> None:
    for name, named in list(book.named.items()):
        after = change.range(named.range)
        if after is None:
            del book.named[name]
        elif after != named.range:
            book.named[name] = attrs.evolve(named, range=after)


def _sizes_follow(sheet: Sheet, change: Change) -> None:
    sizes = sheet.sizes(change.dimension)
    moved = [(change.shift.index(index), size) for index, size in sizes.items()]
    sizes.clear()
    sizes.update({index: size for index, size in moved if index is not None})


@behaves("rows inserted or deleted among frozen ones change how many are frozen", ASSUMED)
def _frozen_follow(sheet: Sheet, change: Change) -> None:
    name = FROZEN[change.dimension]
    frozen = sheet.grid.get(name) or 0
    if not frozen or isinstance(change.shift, Relocation):
        return
    span = change.shift.span(0, frozen)
    if span is None:
        del sheet.grid[name]
    else:
        sheet.grid[name] = span[1]


@behaves("metadata of a row or column goes with it, and is deleted with it", DOCUMENTED)
def _metadata_follow(book: Book, change: Change) -> None:
    for entry in list(book.metadata.values()):
        if entry.sheet != change.sheet or entry.dimension != change.dimension:
            continue
        span = change.shift.span(entry.start, entry.end)
        if span is None:
            del book.metadata[entry.id]
        elif span != (entry.start, entry.end):
            book.metadata[entry.id] = attrs.evolve(entry, start=span[0], end=span[1])
