"""Rows and columns that are inserted, deleted and moved, and everything that follows them.

Used by requests and by people alike: nothing here asks whether a change is allowed.
"""

from collections.abc import Callable, Mapping

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, content_of
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.rows import Row, Rows
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.moves.following import (
    Titles,
    follow_things,
    formula_after,
    titles_of,
    value_after,
)
from formbridge.testing.google.moves.shifts import (
    Change,
    Deletion,
    Insertion,
    Relocation,
)

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
    follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=Insertion(start, count)))


def delete(book: Book, sheet: Sheet, dimension: str, start: int, count: int) -> None:
    """Delete rows or columns; the tab shrinks by them."""
    end = start + count
    change = Change(sheet=sheet.id, dimension=dimension, shift=Deletion(start, end))
    if dimension == "ROWS":
        sheet.rows.delete(start, end)
    else:
        _each_row(sheet, lambda row: (*row[:start], *row[end:]))
    resize(sheet, dimension, size_of(sheet, dimension) - count)
    follow(book, sheet, change)


def move(book: Book, sheet: Sheet, dimension: str, start: int, count: int, *, to: int) -> None:
    """Move rows or columns to before ``to``, as counted before the move."""
    shift = Relocation(start, start + count, to)
    if shift.landing == start:
        return
    if dimension == "ROWS":
        _move_rows(sheet.rows, shift)
    else:
        _each_row(sheet, lambda row: _moved(row, shift))
    follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=shift))


# --- rows ---------------------------------------------------------------------------------------


def _each_row(sheet: Sheet, how: Callable[[Row], Row]) -> None:
    if len(sheet.rows):
        sheet.rows.replace(0, [how(row) for row in sheet.rows])


def padded(row: Row, width: int) -> Row:
    """Return a row with blanks at its end, at least that wide."""
    return row if len(row) >= width else (*row, *(None,) * (width - len(row)))


def _move_rows(rows: Rows, shift: Relocation) -> None:
    block = rows.slice(shift.start, shift.end)
    rows.delete(shift.start, shift.end)
    rows.insert(shift.landing, len(block))
    rows.replace(shift.landing, block)


def _moved(row: Row, shift: Relocation) -> Row:
    if len(row) <= min(shift.start, shift.landing):
        return row
    full = padded(row, max(shift.end, shift.landing))
    block, rest = full[shift.start : shift.end], (*full[: shift.start], *full[shift.end :])
    rest = padded(rest, shift.landing)
    return (*rest[: shift.landing], *block, *rest[shift.landing :])


# --- what follows -------------------------------------------------------------------------------


def follow(book: Book, sheet: Sheet, change: Change) -> None:
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
