"""A spreadsheet: its tabs, and what belongs to all of them."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import attrs

from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.sheet import Sheet

CELL_LIMIT = 10_000_000
COLUMN_LIMIT = 18_278
TEXT_LIMIT = 50_000
METADATA_LIMIT = 30_000
"""Characters of keys and values for the spreadsheet, and again for each tab (documented)."""


@attrs.frozen(kw_only=True)
class NamedRange:
    """A named range."""

    id: str
    name: str
    range: GridRange


@attrs.frozen(kw_only=True)
class Metadata:
    """One entry of developer metadata.

    It belongs to the spreadsheet (``sheet`` is None), to a tab, or to rows or columns of a tab
    (``dimension``, ``start`` and ``end``). ``project`` is the project of who made it, which counts
    where ``visibility`` is ``PROJECT``.
    """

    id: int
    key: str
    value: str | None = None
    visibility: str = "DOCUMENT"
    project: str = ""
    sheet: int | None = None
    dimension: str = ""
    start: int = 0
    end: int = 0


@attrs.define(eq=False, kw_only=True)
class Book:
    """A spreadsheet. ``clone`` it, change the clone, and put it in the place of the original.

    ``properties`` holds ``SpreadsheetProperties`` other than these. ``version`` grows with each
    change that was kept, so that results of formulas can be remembered beside it.
    """

    id: str
    title: str
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    properties: dict[str, Any] = attrs.field(factory=dict)
    sheets: list[Sheet] = attrs.field(factory=list)
    named: dict[str, NamedRange] = attrs.field(factory=dict)
    metadata: dict[int, Metadata] = attrs.field(factory=dict)
    version: int = 0

    def clone(self) -> "Book":
        """Return a copy that can be changed alone."""
        return attrs.evolve(
            self,
            properties=deepcopy(self.properties),
            sheets=[sheet.clone() for sheet in self.sheets],
            named=dict(self.named),
            metadata=dict(self.metadata),
            version=self.version + 1,
        )

    def sheet(self, sheet_id: int) -> Sheet | None:
        """Return the tab of that id."""
        return next((sheet for sheet in self.sheets if sheet.id == sheet_id), None)

    def titled(self, title: str) -> Sheet | None:
        """Return the tab of that title; capitals do not count."""
        wanted = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == wanted), None)

    @property
    def cells(self) -> int:
        """How many cells all tabs have, empty ones included."""
        return sum(sheet.cells for sheet in self.sheets)

    def things(self) -> Iterator[Mapping[str, Any]]:
        """Yield everything that lies on any tab."""
        for sheet in self.sheets:
            yield from sheet.ranged()


def fresh_book(book_id: str, title: str) -> Book:
    """Return a spreadsheet as Google makes one: a tab ``Sheet1`` of 1,000 rows, 26 columns."""
    return Book(id=book_id, title=title, sheets=[Sheet(id=0, title="Sheet1")])
