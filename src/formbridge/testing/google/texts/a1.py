"""A1 and R1C1 notation: which cells a text means, and how Google writes a range."""

import re

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import ApiError, invalid
from formbridge.testing.google.grid.book import COLUMN_LIMIT, Book
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.references import (
    ROW_LIMIT,
    Corner,
    column_of,
    corner,
    letters,
    quoted,
    unquoted,
)
from formbridge.testing.google.grid.sheet import Sheet

IN_QUOTES = re.compile(r"'(?:[^']|'')*'")
STEP = r"(\d+|\[-?\d+\])"
R1C1 = re.compile(rf"[Rr]{STEP}[Cc]{STEP}")


def column_name(index: int) -> str:
    """Return the letters of a column: A for 0."""
    return letters(index)


def column_index(name: str) -> int:
    """Return the index of a column's letters: 0 for A."""
    return column_of(name)


def parse_range(text: str, book: Book) -> GridRange:
    """Return the range that a text means; its ends lie in the grid, what is open stays open.

    Raises ``ApiError`` (400) where it means none, or begins outside of the grid.
    """
    found = range_of(text, book)
    if found is None:
        raise unreadable(text)
    sheet = book.sheet(found.sheet)
    if sheet is None:
        raise unreadable(text)
    return clipped(found, sheet)


def placed(text: str, book: Book) -> tuple[Sheet, Area]:
    """Return the tab and the cells that a text means; raise as ``parse_range`` does."""
    found = parse_range(text, book)
    sheet = next(sheet for sheet in book.sheets if sheet.id == found.sheet)
    return sheet, found.area(sheet.row_count, sheet.column_count)


@behaves(
    "what cannot be read as a range", RECORDED, "client libraries' issues show it word by word"
)
def unreadable(text: str) -> ApiError:
    """Return the refusal of a text that means no range."""
    return invalid(f"Unable to parse range: {text}")


@behaves("ends behind the grid are cut off, a range that begins there is refused", SEEN)
@behaves("the refusal writes the range as Google would, with its own quotes and ends", SEEN)
def clipped(found: GridRange, sheet: Sheet) -> GridRange:
    """Return the range without what lies behind the grid; raise if it begins there."""
    rows, columns = sheet.row_count, sheet.column_count
    if (found.top or 0) >= rows or (found.left or 0) >= columns:
        raise invalid(
            f"Range ({written(sheet.title, found)}) exceeds grid limits. "
            f"Max rows: {rows}, max columns: {columns}"
        )
    return GridRange(
        sheet=found.sheet,
        top=found.top,
        bottom=None if found.bottom is None else min(found.bottom, rows),
        left=found.left,
        right=None if found.right is None else min(found.right, columns),
    )


@behaves("a cell wins over a named range, that over a tab's title; quotes mean a tab", DOCUMENTED)
@behaves("names of tabs and ranges are found whatever their capitals", SEEN)
@behaves("R1C1 is read where neither a name nor A1 is meant", DOCUMENTED)
def range_of(text: str, book: Book) -> GridRange | None:
    """Return the range that a text means, in the grid or not; None where it means none."""
    if IN_QUOTES.fullmatch(text) and (sheet := book.titled(unquoted(text))):
        return GridRange(sheet=sheet.id)
    return _without_title(text, book) or _with_title(text, book)


def _without_title(text: str, book: Book) -> GridRange | None:
    first = first_sheet(book)
    if first is not None and (found := cells_of(text, first.id)):
        return found
    wanted = text.casefold()
    for named in book.named.values():
        if named.name.casefold() == wanted:
            return named.range
    if sheet := book.titled(text):
        return GridRange(sheet=sheet.id)
    return None if first is None else r1c1_of(text, first.id)


def _with_title(text: str, book: Book) -> GridRange | None:
    title, mark, rest = text.rpartition("!")
    if not mark:
        return None
    sheet = book.titled(unquoted(title)) if IN_QUOTES.fullmatch(title) else None
    sheet = sheet or book.titled(title)
    return None if sheet is None else cells_of(rest, sheet.id) or r1c1_of(rest, sheet.id)


@behaves("a range without a title is of the first tab that is not hidden", DOCUMENTED)
def first_sheet(book: Book) -> Sheet | None:
    """Return the tab that is meant where none is named."""
    return next((sheet for sheet in book.sheets if not sheet.hidden), next(iter(book.sheets), None))


@behaves("corners may be swapped, and each may lack its row or its column", RECORDED)
@behaves("a column or a row alone, without a colon, is no range", ASSUMED)
def cells_of(text: str, sheet: int) -> GridRange | None:
    """Return the cells that a text in A1 notation means, without a title."""
    first, colon, last = text.partition(":")
    one = corner(first)
    other = corner(last) if colon else one
    if one is None or other is None:
        return None
    if not colon and (one.row is None or one.column is None):
        return None
    return _between(one, other, sheet)


@behaves("an offset in brackets counts from the first cell", ASSUMED)
def r1c1_of(text: str, sheet: int) -> GridRange | None:
    """Return the cells that a text in R1C1 notation means, without a title."""
    first, colon, last = text.partition(":")
    one = _r1c1_corner(first)
    other = _r1c1_corner(last) if colon else one
    return None if one is None or other is None else _between(one, other, sheet)


def _r1c1_corner(text: str) -> Corner | None:
    found = R1C1.fullmatch(text)
    if found is None:
        return None
    row, column = (_step(part) for part in found.groups())
    if not (0 <= row < ROW_LIMIT and 0 <= column < COLUMN_LIMIT):
        return None
    return Corner(row=row, column=column)


def _step(text: str) -> int:
    return int(text[1:-1]) if text.startswith("[") else int(text) - 1


def _between(one: Corner, other: Corner, sheet: int) -> GridRange:
    rows = [end.row for end in (one, other) if end.row is not None]
    columns = [end.column for end in (one, other) if end.column is not None]
    return GridRange(
        sheet=sheet,
        top=min(rows, default=None),
        bottom=max(rows) + 1 if len(rows) == 2 else None,
        left=min(columns, default=None),
        right=max(columns) + 1 if len(columns) == 2 else None,
    )


@behaves("a single cell is written without a colon, other ranges with both corners", RECORDED)
def a1_of(title: str, area: Area) -> str:
    """Return an area of a tab as Google writes it: ``Sheet1!A1:Z1000``."""
    first = f"{letters(area.left)}{area.top + 1}"
    last = f"{letters(area.right - 1)}{area.bottom}"
    return f"{quoted(title)}!{first}" + ("" if first == last else f":{last}")


@behaves("open ends stay open in refusals", SEEN, "T!A1001:B, Mass!151154:151354")
def written(title: str, found: GridRange) -> str:
    """Return a range as Google writes it, open where it is open."""
    left, top = found.left, found.top
    if top is not None and left is None and (found.right is not None or found.bottom is None):
        left = 0
    if left is not None and top is None and found.bottom is not None:
        top = 0
    first = ("" if left is None else letters(left)) + ("" if top is None else str(top + 1))
    last = ("" if found.right is None else letters(found.right - 1)) + (
        "" if found.bottom is None else str(found.bottom)
    )
    if not (first or last):
        return quoted(title)
    return f"{quoted(title)}!{first}" + ("" if not last or first == last else f":{last}")
