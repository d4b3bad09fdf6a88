"""What a text means that names cells of a spreadsheet: a tab, a named range, or ``Tab!A1:B2``."""

import re

from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.references import Corner, corner, unquoted


def range_named(book: Book, text: str) -> GridRange | None:
    """Return the range that a text in A1 notation names; None where it names none.

    Without a title it is of the first tab.
    """
    if text in {named.name for named in book.named.values()}:
        return next(named.range for named in book.named.values() if named.name == text)
    title, mark, rest = text.rpartition("!")
    sheet = book.titled(unquoted(title)) if mark else book.sheets[0]
    found = None if sheet is None else _cells(rest, sheet.id)
    if found is None and (whole := book.titled(unquoted(text))):
        return GridRange(sheet=whole.id)
    return found


def _cells(text: str, sheet: int) -> GridRange | None:
    parts = re.split(":", text)
    ends = [corner(part) for part in parts]
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or first is None or last is None:
        return None
    if len(ends) == 1 and (first.row is None or first.column is None):
        return None
    return _between(first, last, sheet)


def _between(first: Corner, last: Corner, sheet: int) -> GridRange:
    rows = [one.row for one in (first, last) if one.row is not None]
    columns = [one.column for one in (first, last) if one.column is not None]
    both_rows, both_columns = len(rows) == 2, len(columns) == 2
    return GridRange(
        sheet=sheet,
        top=min(rows) if rows else None,
        bottom=max(rows) + 1 if both_rows else None,
        left=min(columns) if columns else None,
        right=max(columns) + 1 if both_columns else None,
    )
