"""One tab of a spreadsheet."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import attrs

from formbridge.testing.google.grid.cell import Content
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.rows import Rows

Thing = dict[str, Any]
"""Something that lies on a tab, in the API's JSON; its ranges name their ``sheetId`` always."""

THINGS = (
    "conditionalFormats",
    "filterViews",
    "protectedRanges",
    "bandedRanges",
    "charts",
    "slicers",
    "rowGroups",
    "columnGroups",
    "tables",
)
"""The lists of things that a tab has, by their names in the API's ``Sheet``."""


@attrs.define(eq=False, kw_only=True)
class Sheet:
    """A tab. Changed in place by whoever has a clone of its spreadsheet.

    ``grid`` holds the rest of ``gridProperties`` (``frozenRowCount``, ``hideGridlines``, …).
    ``row_sizes`` and ``column_sizes`` hold ``DimensionProperties`` of rows and columns that differ
    from the usual, by index: ``hiddenByUser``, ``hiddenByFilter``, ``pixelSize``. ``filter`` is the
    basic filter. ``things`` are lists by the names in ``THINGS``. ``other`` holds what else
    ``SheetProperties`` may say and only has to be kept (``tabColor``, ``rightToLeft``, …).
    """

    id: int
    title: str
    row_count: int = 1000
    column_count: int = 26
    hidden: bool = False
    kind: str = "GRID"
    grid: dict[str, Any] = attrs.field(factory=dict)
    other: dict[str, Any] = attrs.field(factory=dict)
    rows: Rows = attrs.field(factory=Rows)
    row_sizes: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    column_sizes: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    merges: list[Area] = attrs.field(factory=list)
    filter: Thing | None = None
    things: dict[str, list[Thing]] = attrs.field(factory=dict)

    def clone(self) -> "Sheet":
        """Return a copy that can be changed alone. Cells are shared: they are frozen."""
        return attrs.evolve(
            self,
            grid=deepcopy(self.grid),
            other=deepcopy(self.other),
            rows=self.rows.clone(),
            row_sizes={index: dict(size) for index, size in self.row_sizes.items()},
            column_sizes={index: dict(size) for index, size in self.column_sizes.items()},
            merges=list(self.merges),
            filter=deepcopy(self.filter),
            things=deepcopy(self.things),
        )

    @property
    def area(self) -> Area:
        """All of its cells."""
        return Area(0, 0, self.row_count, self.column_count)

    @property
    def cells(self) -> int:
        """How many cells it has, empty ones included: what the limit of 10 million counts."""
        return self.row_count * self.column_count

    def content(self, row: int, column: int) -> Content:
        """Return what stands in a cell."""
        return self.rows.get(row, column)

    def put(self, row: int, column: int, content: Content) -> None:
        """Replace what stands in a cell; the caller has seen to it that it is in the grid."""
        self.rows.put(row, column, content)

    def sizes(self, dimension: str) -> dict[int, dict[str, Any]]:
        """Return what is known of rows (``ROWS``) or columns (``COLUMNS``)."""
        return self.row_sizes if dimension == "ROWS" else self.column_sizes

    def list(self, name: str) -> list[Thing]:
        """Return the list of things of that name, to be changed in place."""
        return self.things.setdefault(name, [])

    def ranged(self) -> Iterator[Mapping[str, Any]]:
        """Yield everything that lies on the tab."""
        if self.filter is not None:
            yield self.filter
        for things in self.things.values():
            yield from things
