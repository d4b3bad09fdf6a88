"""Where an append begins: the last table that lies in a range, and the row behind it."""

from collections.abc import Sequence

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.grid.cell import Cell, Content
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.rows import Row
from formbridge.testing.google.grid.sheet import Sheet

FILLED = frozenset({str, float, bool})
"""What a cell holds that is certainly not blank."""


@behaves("the last table in the range is appended to, at its first column", DOCUMENTED)
@behaves("a table is what hangs together around the last cell of the range with data", SEEN)
@behaves("hidden rows and filters hide their cells from the search, where that is asked for", SEEN)
def table_in(sheet: Sheet, area: Area, *, hostile: bool = False) -> Area | None:
    """Return the table that an append to this range continues; None if nothing stands there."""
    rows = _rows(sheet, hostile=hostile)
    for index in range(min(area.bottom, len(rows)) - 1, area.top - 1, -1):
        row = rows[index]
        for column in range(min(area.right, len(row)) - 1, area.left - 1, -1):
            if not _blank(row[column]):
                return _around(rows, index, column)
    return None


@behaves("without a table, an append begins where the range begins", DOCUMENTED)
def append_place(table: Area | None, area: Area) -> tuple[int, int]:
    """Return the row and the column of the first cell that is appended."""
    return (area.top, area.left) if table is None else (table.bottom, table.left)


def _rows(sheet: Sheet, *, hostile: bool) -> Sequence[Row]:
    rows = sheet.rows.slice(0, len(sheet.rows))
    if hostile:
        for index, size in sheet.row_sizes.items():
            if index < len(rows) and (size.get("hiddenByUser") or size.get("hiddenByFilter")):
                rows[index] = ()
    return rows


def _blank(content: Content) -> bool:
    if isinstance(content, Cell):
        return content.value is None and not content.formula
    return content is None


@behaves("cells that touch at a corner hang together", ASSUMED)
def _around(rows: Sequence[Row], row: int, column: int) -> Area:
    """Return the smallest area around a cell with nothing but blanks at its edges."""
    top, left, bottom, right = row, column, row + 1, column + 1
    while True:
        before = (top, left, bottom, right)
        low = max(0, left - 1)
        top -= _run(rows, range(top - 1, -1, -1), (low, left, right + 1))
        bottom += _run(rows, range(bottom, len(rows)), (low, left, right + 1))
        first, last = max(0, top - 1), min(bottom + 1, len(rows))
        while left and _column(rows, first, last, left - 1):
            left -= 1
        while _column(rows, first, last, right):
            right += 1
        if before == (top, left, bottom, right):
            return Area(top, left, bottom, right)


def _run(rows: Sequence[Row], order: range, columns: tuple[int, int, int]) -> int:
    """Return how many rows in an order hang together between two columns.

    The column in the middle is looked at first: in most tables it is full.
    """
    left, middle, right = columns
    for count, index in enumerate(order):
        row = rows[index]
        if len(row) > middle and row[middle].__class__ in FILLED:
            continue
        if not _any(rows, index, left, right):
            return count
    return len(order)


def _any(rows: Sequence[Row], index: int, left: int, right: int) -> bool:
    if index >= len(rows):
        return False
    cells = rows[index][left:right]
    return cells.count(None) < len(cells) and not all(map(_blank, cells))


def _column(rows: Sequence[Row], first: int, last: int, column: int) -> bool:
    """Whether anything stands in a column of some rows; the last ones are the likeliest."""
    if _stands(rows[max(first, last - 2) : last], column):
        return True
    part = rows[first:last]
    return max(map(len, part), default=0) > column and _stands(part, column)


def _stands(rows: Sequence[Row], column: int) -> bool:
    return any(len(row) > column and not _blank(row[column]) for row in rows)
