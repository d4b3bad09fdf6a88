"""``GridData``: the cells of a range with what is known of its rows and columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.answers.cells import FIELDS, Printer
from formbridge.testing.google.answers.objects import metadata_list, metadata_of
from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Content
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

Wanted = Callable[[str], bool]
"""Whether a field of the answer will be shown, by its dotted path in ``Spreadsheet``."""

USUAL = {"ROWS": 21, "COLUMNS": 100}
"""Pixels of a row and of a column that nobody resized (recorded of columns)."""

SIZE_ORDER = ("hiddenByFilter", "hiddenByUser", "pixelSize")


@attrs.frozen(kw_only=True)
class Grids:
    """Prints the grid data of a spreadsheet, as far as it is wanted."""

    book: Book
    grant: Grant
    wanted: Wanted
    now: int = 0

    @behaves(
        "a startRow and a startColumn of 0 are left out, as are lists that are empty", RECORDED
    )
    def data(self, sheet: Sheet, area: Area) -> Body:
        """Return the ``GridData`` of an area of a tab."""
        body: Body = {"startRow": area.top, "startColumn": area.left}
        if self.wanted("sheets.data.rowData"):
            body["rowData"] = self._rows(sheet, area)
        if self.wanted("sheets.data.rowMetadata"):
            body["rowMetadata"] = self._sizes(sheet, "ROWS", area.top, area.bottom)
        if self.wanted("sheets.data.columnMetadata"):
            body["columnMetadata"] = self._sizes(sheet, "COLUMNS", area.left, area.right)
        return {name: value for name, value in body.items() if value}

    @behaves("rows behind the last that holds anything are left out, and so are cells", RECORDED)
    def _rows(self, sheet: Sheet, area: Area) -> list[Body]:
        printer = self._printer(sheet)
        rows: list[Body] = []
        bottom = min(area.bottom, len(sheet.rows))
        for index, row in enumerate(sheet.rows.slice(area.top, max(area.top, bottom)), area.top):
            cells = _trimmed(row[area.left : area.right])
            values = [
                printer.cell(content, index, at) for at, content in enumerate(cells, area.left)
            ]
            rows.append({"values": values} if values else {})
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def _printer(self, sheet: Sheet) -> Printer:
        fields = frozenset(
            name for name in FIELDS if self.wanted(f"sheets.data.rowData.values.{name}")
        )
        shown = Shown(self.book, now=self.now)
        return Printer(
            fields=fields,
            result=lambda row, column: shown.value(sheet, row, column),
            seen=lambda content, row, column: shown.seen(content, sheet, row, column),
            formatted=shown.text,
        )

    @behaves(
        "hidden rows and columns say why they are hidden, and all say how large they are",
        DOCUMENTED,
    )
    def _sizes(self, sheet: Sheet, dimension: str, start: int, end: int) -> list[Body]:
        known, usual = sheet.sizes(dimension), USUAL[dimension]
        marks: dict[int, list[Any]] = {}
        for entry in metadata_of(self.book, self.grant, sheet=sheet.id, dimension=dimension):
            for index in range(max(entry.start, start), min(entry.end, end)):
                marks.setdefault(index, []).append(entry)
        plain: Mapping[str, Any] = {"pixelSize": usual}
        return [
            _size_body(known.get(index), usual) | _marks_body(marks.get(index))
            if index in known or index in marks
            else dict(plain)
            for index in range(start, end)
        ]


def _size_body(size: Mapping[str, Any] | None, usual: int) -> Body:
    body = {"pixelSize": usual} | dict(size or {})
    return {name: body[name] for name in SIZE_ORDER if body.get(name)}


def _marks_body(entries: list[Any] | None) -> Body:
    return {"developerMetadata": metadata_list(entries)} if entries else {}


def _trimmed(contents: Sequence[Content]) -> Sequence[Content]:
    end = len(contents)
    while end and contents[end - 1] is None:
        end -= 1
    return contents[:end]
