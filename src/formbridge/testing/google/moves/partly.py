"""Cells that are inserted and deleted in a part of the rows or columns only."""

from collections.abc import Callable

from formbridge.testing.google.behaviour import ASSUMED, behaves
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Content
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.rows import Row, trimmed
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.moves.shifting import follow, padded
from formbridge.testing.google.moves.shifts import Change, Deletion, Insertion, Shift


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
    follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=shift, band=band))


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
    follow(book, sheet, Change(sheet=sheet.id, dimension=dimension, shift=shift, band=band))


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
        new.append((*padded(row, left)[:left], *middle, *row[right:]))
    sheet.rows.replace(0, new)


def _rows_of(sheet: Sheet, area: Area, how: Callable[[Row], Row]) -> None:
    bottom = min(area.bottom, len(sheet.rows))
    if bottom > area.top:
        new = [trimmed(how(padded(row, area.left))) for row in sheet.rows.slice(area.top, bottom)]
        sheet.rows.replace(area.top, new)
        sheet.column_count = max(sheet.column_count, *map(len, new))
