"""Which cells a ``DataFilter`` means."""

from collections.abc import Iterable

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.errors import Refused, invalid
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.editing import ranged
from formbridge.testing.google.grid.metadata import matching, region
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.texts.a1 import clipped, placed


@attrs.frozen(eq=False, kw_only=True)
class Match:
    """Cells of a tab, and the filters that they met."""

    sheet: Sheet
    area: Area
    filters: list[Body]


@behaves("a range that several filters select is there once, with all of them", DOCUMENTED)
def matches(book: Book, filters: Iterable[Body | None], project: str) -> list[Match]:
    """Return the cells that filters mean, in the order in which they were found."""
    found: dict[tuple[int, Area], Match] = {}
    for one in filters:
        for sheet, area in places(book, one or {}, project):
            match = found.setdefault((sheet.id, area), Match(sheet=sheet, area=area, filters=[]))
            match.filters.append(printed(one or {}))
    return list(found.values())


@behaves("an a1Range and a gridRange mean their cells; a lookup, those of its metadata", DOCUMENTED)
@behaves("metadata of the spreadsheet itself means no cells", ASSUMED)
def places(book: Book, given: Body, project: str) -> list[tuple[Sheet, Area]]:
    """Return the cells that one filter means."""
    if (text := given.get("a1Range")) is not None:
        return [placed(text, book)]
    if (body := given.get("gridRange")) is not None:
        try:
            return [ranged(book, body)]
        except Refused as refused:
            raise invalid(str(refused)) from refused
    found: list[tuple[Sheet, Area]] = []
    for entry in matching(book, given, project):
        cells = region(entry)
        sheet = None if cells is None else book.sheet(cells.sheet)
        if cells is not None and sheet is not None:
            area = clipped(cells, sheet).area(sheet.row_count, sheet.column_count)
            found.append((sheet, area))
    return found


def printed(given: Body) -> Body:
    """Return a filter as answers repeat it."""
    return {name: value for name, value in given.items() if value is not None}
