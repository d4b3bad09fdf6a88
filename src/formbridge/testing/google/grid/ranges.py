"""Which part of a tab is meant: a ``GridRange`` of the API, and the cells that it covers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import attrs


class Area(NamedTuple):
    """Cells of a tab: rows ``top`` to before ``bottom``, columns ``left`` to before ``right``."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows."""
        return max(0, self.bottom - self.top)

    @property
    def width(self) -> int:
        """How many columns."""
        return max(0, self.right - self.left)

    @property
    def empty(self) -> bool:
        """Whether it covers no cell."""
        return self.bottom <= self.top or self.right <= self.left

    def common(self, other: "Area") -> "Area":
        """Return what both cover."""
        return Area(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )

    def touches(self, other: "Area") -> bool:
        """Whether both cover a cell."""
        return not self.common(other).empty

    def covers(self, other: "Area") -> bool:
        """Whether all of the other is in this one."""
        return self.common(other) == other

    def __contains__(self, cell: object) -> bool:
        """Whether (row, column) is in it."""
        match cell:
            case (int(row), int(column)):
                return self.top <= row < self.bottom and self.left <= column < self.right
            case _:
                return False


@attrs.frozen(kw_only=True)
class GridRange:
    """A range of the API. A bound that is None is open: to the tab's edge, wherever that is."""

    sheet: int = 0
    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "GridRange":
        """Read the API's JSON; a missing ``sheetId`` is 0."""
        return cls(
            sheet=body.get("sheetId") or 0,
            top=body.get("startRowIndex"),
            bottom=body.get("endRowIndex"),
            left=body.get("startColumnIndex"),
            right=body.get("endColumnIndex"),
        )

    @classmethod
    def covering(cls, sheet: int, area: Area) -> "GridRange":
        """Return the range of an area."""
        return cls(sheet=sheet, top=area.top, bottom=area.bottom, left=area.left, right=area.right)

    def body(self) -> dict[str, int]:
        """Return the API's JSON: a ``sheetId`` of 0 is left out, a start of 0 is not (recorded)."""
        named = {
            "sheetId": self.sheet or None,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }
        return {name: value for name, value in named.items() if value is not None}

    def area(self, rows: int, columns: int) -> Area:
        """Return the cells that it covers in a tab of that size."""
        return Area(
            self.top or 0,
            self.left or 0,
            rows if self.bottom is None else min(self.bottom, rows),
            columns if self.right is None else min(self.right, columns),
        )
