"""Which rows or columns a request means: a ``DimensionRange``."""

import attrs

from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.editing import grid_of
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.shifting import size_of

NOUNS = {"ROWS": "row", "COLUMNS": "column"}


@attrs.frozen(kw_only=True)
class Lines:
    """Rows or columns of a tab, from ``start`` to before ``end``."""

    sheet: Sheet
    dimension: str
    start: int
    end: int

    @property
    def count(self) -> int:
        """How many."""
        return self.end - self.start

    @property
    def size(self) -> int:
        """How many the tab has."""
        return size_of(self.sheet, self.dimension)

    @property
    def noun(self) -> str:
        """What one of them is called."""
        return NOUNS[self.dimension]

    @property
    def area(self) -> Area:
        """Their cells."""
        if self.dimension == "ROWS":
            return Area(self.start, 0, self.end, self.sheet.column_count)
        return Area(0, self.start, self.sheet.row_count, self.end)


@behaves("a dimension is needed, and a range that ends after its start", ASSUMED)
def lines_of(book: Book, body: Body | None, *, bounded: bool = False) -> Lines:
    """Return the rows or columns that a ``DimensionRange`` means; they may lie beyond the grid."""
    given = body or {}
    sheet = grid_of(book, given.get("sheetId"))
    dimension = dimension_of(given)
    start, end = given.get("startIndex"), given.get("endIndex")
    if bounded and (start is None or end is None):
        raise Refused("The start and end indexes of the range must be bounded.")
    first = start or 0
    last = size_of(sheet, dimension) if end is None else end
    if first < 0:
        raise Refused(f"range.startIndex[{first}] must be >= 0")
    if last <= first and (end is not None or first < size_of(sheet, dimension)):
        raise Refused(f"range.endIndex[{last}] must be after startIndex[{first}]")
    return Lines(sheet=sheet, dimension=dimension, start=first, end=last)


def dimension_of(body: Body) -> str:
    """Return ``ROWS`` or ``COLUMNS``, as a request says."""
    dimension: str = body.get("dimension") or ""
    if dimension not in NOUNS:
        raise Refused("No dimension specified.")
    return dimension


@behaves("rows or columns that do not exist are refused with their index", SEEN)
def require_existing(lines: Lines, verb: str) -> None:
    """Refuse rows or columns beyond the grid."""
    if lines.end > lines.size or lines.start >= lines.size:
        raise Refused(
            f"Cannot {verb} a {lines.noun} that doesn't exist. Tried to {verb} {lines.noun} index "
            f"{max(lines.start, lines.size)} but there are only {lines.size} {lines.noun}s."
        )
