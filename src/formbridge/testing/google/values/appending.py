"""A table behind the table that is there already."""

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import Refused, invalid
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.editing import grown
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.moves.inheriting import inherit
from formbridge.testing.google.moves.limits import require_room
from formbridge.testing.google.moves.shifting import insert
from formbridge.testing.google.moves.spans import Lines
from formbridge.testing.google.texts.a1 import a1_of
from formbridge.testing.google.values.tables import append_place, table_in
from formbridge.testing.google.values.writing import Entries, Target, Writer, Written


def append(
    writer: Writer,
    sheet: Sheet,
    area: Area,
    entries: Entries,
    *,
    inserting: bool = False,
    hostile: bool = False,
) -> tuple[Area | None, Written]:
    """Append rows to the table in an area; return the table as it was, and what was written.

    ``inserting`` makes new rows for them; else what stands behind the table is written over.
    ``hostile`` overlooks hidden rows, as Google was seen to do.
    """
    table = table_in(sheet, area, hostile=hostile)
    row, column = append_place(table, area)
    make_room(writer.book, sheet, row, len(entries), inserting=inserting)
    first = Area(row, column, row + 1, column + 1)
    target = Target(sheet=sheet, area=first, name=a1_of(sheet.title, first))
    return table, writer.write(target, entries)


@behaves("the tab grows by the rows that it lacks", DOCUMENTED)
@behaves("INSERT_ROWS makes as many rows as are written, whatever is behind the table", DOCUMENTED)
@behaves("inserted rows look like the row above", ASSUMED)
@behaves("more than 10 million cells are refused", SEEN)
def make_room(book: Book, sheet: Sheet, row: int, count: int, *, inserting: bool) -> None:
    """Make room for rows from a row on."""
    try:
        if not inserting:
            grown(book, sheet, rows=row + count)
        elif count:
            require_room(book, count * sheet.column_count, sheet.column_count)
            insert(book, sheet, "ROWS", row, count)
            if row:
                lines = Lines(sheet=sheet, dimension="ROWS", start=row, end=row + count)
                inherit(lines, before=True)
    except Refused as refused:
        raise invalid(str(refused)) from refused
