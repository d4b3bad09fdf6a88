"""Edits of order: sorting, filters, and what is done to rows and columns."""

from collections.abc import Sequence
from typing import Any

from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.person.hand import (
    Hand,
    cell_range,
    column,
    data_range,
    header_rows,
    span,
)

ROWS, COLUMNS = "ROWS", "COLUMNS"


class OrderEdits(Hand):
    """What a person does to rows and columns."""

    def sort(self, book_id: str, tab: str, by: str, *, descending: bool = False) -> str:
        """Sort all rows under the frozen ones by a column."""
        sheet = self.tab(book_id, tab)
        self.do(
            book_id,
            {"sortRange": {"range": data_range(sheet), "sortSpecs": [_order(by, descending)]}},
        )
        return f"sorted {tab} by {by}{_direction(descending)}"

    def sort_range(
        self, book_id: str, tab: str, cells: str, by: str, *, descending: bool = False
    ) -> str:
        """Sort a range (``A2:C9``) by a column: rows may be torn apart."""
        sheet = self.tab(book_id, tab)
        area = cell_range(sheet, cells)
        self.do(book_id, {"sortRange": {"range": area, "sortSpecs": [_order(by, descending)]}})
        return f"sorted {cells} of {tab} by {by}{_direction(descending)}"

    def sort_by_filter(self, book_id: str, tab: str, by: str, *, descending: bool = False) -> str:
        """Sort by a column through the filter, which stays on."""
        sheet = self.tab(book_id, tab)
        table = _table(sheet)
        self.do(
            book_id,
            {"setBasicFilter": {"filter": {"range": table, "sortSpecs": [_order(by, descending)]}}},
        )
        return f"sorted {tab} by {by} through its filter{_direction(descending)}"

    def filter(self, book_id: str, tab: str, by: str, hide: Sequence[str] = ()) -> str:
        """Set a filter that hides the rows with these texts in a column."""
        sheet = self.tab(book_id, tab)
        spec = {"columnIndex": column(by), "filterCriteria": {"hiddenValues": list(hide)}}
        body = {"range": _table(sheet), "filterSpecs": [spec]}
        self.do(book_id, {"setBasicFilter": {"filter": body}})
        texts = ", ".join(map(repr, hide))
        return f"filtered {tab} by {by}, without {texts}" if hide else f"put a filter on {tab}"

    def clear_filter(self, book_id: str, tab: str) -> str:
        """Take the filter away."""
        sheet = self.tab(book_id, tab)
        self.do(book_id, {"clearBasicFilter": {"sheetId": sheet.id}})
        return f"took the filter off {tab}"

    def insert_rows(self, book_id: str, tab: str, row: int, count: int = 1) -> str:
        """Insert empty rows above a row."""
        return self._insert(book_id, tab, (ROWS, row - 1, count), f"row {row}")

    def insert_columns(self, book_id: str, tab: str, before: str, count: int = 1) -> str:
        """Insert empty columns to the left of a column."""
        return self._insert(book_id, tab, (COLUMNS, column(before), count), f"column {before}")

    def delete_rows(self, book_id: str, tab: str, row: int, count: int = 1) -> str:
        """Delete rows from that one on."""
        return self._delete(book_id, tab, (ROWS, row - 1, count), f"row {row}")

    def delete_columns(self, book_id: str, tab: str, first: str, count: int = 1) -> str:
        """Delete columns from that one on."""
        return self._delete(book_id, tab, (COLUMNS, column(first), count), f"column {first}")

    def move_rows(self, book_id: str, tab: str, row: int, to: int, count: int = 1) -> str:
        """Drag rows so that they stand above the row that is ``to`` now."""
        return self._move(book_id, tab, ROWS, (row - 1, to - 1, count), f"row {row} to {to}")

    def move_columns(self, book_id: str, tab: str, first: str, to: str, count: int = 1) -> str:
        """Drag columns so that they stand to the left of the column that is ``to`` now."""
        places = (column(first), column(to), count)
        return self._move(book_id, tab, COLUMNS, places, f"column {first} to {to}")

    def hide_rows(
        self, book_id: str, tab: str, row: int, count: int = 1, *, hidden: bool = True
    ) -> str:
        """Hide rows, or show them again."""
        self._dimension(book_id, tab, (ROWS, row - 1, count), {"hiddenByUser": hidden})
        return f"{'hid' if hidden else 'showed'} {count} rows of {tab} from {row} on"

    def hide_columns(
        self, book_id: str, tab: str, first: str, count: int = 1, *, hidden: bool = True
    ) -> str:
        """Hide columns, or show them again."""
        self._dimension(book_id, tab, (COLUMNS, column(first), count), {"hiddenByUser": hidden})
        return f"{'hid' if hidden else 'showed'} {count} columns of {tab} from {first} on"

    def resize_rows(self, book_id: str, tab: str, row: int, pixels: int, count: int = 1) -> str:
        """Make rows higher or lower."""
        self._dimension(book_id, tab, (ROWS, row - 1, count), {"pixelSize": pixels})
        return f"made row {row} of {tab} {pixels} pixels high"

    def resize_columns(
        self, book_id: str, tab: str, first: str, pixels: int, count: int = 1
    ) -> str:
        """Make columns wider or narrower."""
        self._dimension(book_id, tab, (COLUMNS, column(first), count), {"pixelSize": pixels})
        return f"made column {first} of {tab} {pixels} pixels wide"

    def _insert(self, book_id: str, tab: str, places: tuple[str, int, int], where: str) -> str:
        dimension, start, count = places
        there = span(self.tab(book_id, tab), *places)
        body = {"range": there, "inheritFromBefore": start > 0}
        self.do(book_id, {"insertDimension": body})
        return f"inserted {count} {dimension.lower()} before {where} of {tab}"

    def _delete(self, book_id: str, tab: str, places: tuple[str, int, int], where: str) -> str:
        dimension, _, count = places
        there = span(self.tab(book_id, tab), *places)
        self.do(book_id, {"deleteDimension": {"range": there}})
        return f"deleted {count} {dimension.lower()} from {where} of {tab} on"

    def _move(
        self, book_id: str, tab: str, dimension: str, places: tuple[int, int, int], words: str
    ) -> str:
        sheet = self.tab(book_id, tab)
        start, to, count = places
        body = {"source": span(sheet, dimension, start, count), "destinationIndex": to}
        self.do(book_id, {"moveDimension": body})
        return f"moved {words} in {tab}"

    def _dimension(
        self, book_id: str, tab: str, places: tuple[str, int, int], properties: Body
    ) -> None:
        sheet = self.tab(book_id, tab)
        body = {
            "range": span(sheet, *places),
            "properties": properties,
            "fields": ",".join(properties),
        }
        self.do(book_id, {"updateDimensionProperties": body})


def _order(by: str, descending: bool) -> dict[str, Any]:  # noqa: FBT001 - as the caller has it
    return {"dimensionIndex": column(by), "sortOrder": "DESCENDING" if descending else "ASCENDING"}


def _direction(descending: bool) -> str:  # noqa: FBT001 - as the caller has it
    return ", Z to A" if descending else ""


def _table(sheet: Sheet) -> Body:
    """Return the range of a filter: the last frozen row (or the first) is its header."""
    return {**data_range(sheet), "startRowIndex": max(0, header_rows(sheet) - 1)}
