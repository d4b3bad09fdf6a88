"""A table of values into cells: what changes, and how it is counted."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import attrs

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import invalid
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content
from formbridge.testing.google.grid.editing import PROTECTED, may_edit
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.rows import Row
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.texts.a1 import column_name
from formbridge.testing.google.texts.typing import Entry, Typed, Typist, raw, replaced
from formbridge.testing.google.values.nested import refusal

Entries = Sequence[Sequence[Entry]]
"""Rows of what is written; None leaves a cell alone."""


@attrs.frozen(kw_only=True)
class Target:
    """Where a table may be written: ``area`` of a tab, of which ``name`` is what the caller said.

    ``extends`` is whether it is only the first cell of as much as the tab has room for.
    """

    sheet: Sheet
    area: Area
    name: str

    @property
    def limits(self) -> Area:
        """The cells that may be written."""
        if (self.area.height, self.area.width) != (1, 1):
            return self.area
        return room_behind(self.area, self.sheet)


def room_behind(first: Area, sheet: Sheet) -> Area:
    """Return what lies right of a cell and below it, to the edges of the tab."""
    return Area(first.top, first.left, sheet.row_count, sheet.column_count)


@attrs.frozen(kw_only=True)
class Written:
    """What was written: the area of the table, and which rows and columns got something."""

    sheet: Sheet
    area: Area
    rows: frozenset[int]
    columns: frozenset[int]
    cells: int

    @behaves("rows, columns and cells count what was touched; nulls do not", RECORDED)
    def counts(self) -> Body:
        """Return the counts of an ``UpdateValuesResponse``, without zeros."""
        counts = {
            "updatedRows": len(self.rows),
            "updatedColumns": len(self.columns),
            "updatedCells": self.cells,
        }
        return {name: count for name, count in counts.items() if count}


@behaves("columns of values are turned into rows", DOCUMENTED, "majorDimension")
def entries_of(values: Any, dimension: str) -> Entries:
    """Return values of a request as rows; refuse what is no value."""
    lines: list[list[Entry]] = [list(line or ()) for line in values or ()]
    if bad := refusal(lines):
        raise invalid(bad)
    if dimension != "COLUMNS":
        return lines
    height = max(map(len, lines), default=0)
    return [[line[at] if at < len(line) else None for line in lines] for at in range(height)]


@attrs.frozen(kw_only=True)
class Writer:
    """Writes tables into one spreadsheet, a clone, as one caller on one day."""

    book: Book
    grant: Grant
    option: str
    today: date

    def write(self, target: Target, entries: Entries) -> Written:
        """Write a table; refuse what does not fit, what is too long, and what is protected."""
        within(target, entries)
        sheet, first = target.sheet, target.area
        width = max(map(len, entries), default=0)
        if not entries or not width:
            return Written(
                sheet=sheet, area=target.area, rows=frozenset(), columns=frozenset(), cells=0
            )
        area = Area(first.top, first.left, first.top + len(entries), first.left + width)
        if not may_edit(sheet, area, self.grant):
            raise invalid(PROTECTED)
        kept = uncovered(sheet, area, entries)
        before = sheet.rows.slice(area.top, area.bottom)
        sheet.rows.replace(
            area.top,
            [self._row(old, new, area.left) for old, new in zip(before, kept, strict=True)],
        )
        return counted(sheet, area, entries)

    def _row(self, old: Row, entries: Sequence[Entry], left: int) -> Sequence[Content]:
        width = len(old)
        end = left + len(entries)
        head = old[:left] if width >= left else (*old, *(None,) * (left - width))
        there = old[left:end]
        if self.option == "RAW" and None not in entries and not _has_cells(there):
            return (*head, *map(raw, entries), *old[end:])
        put = self._put()
        middle = [
            content if entry is None else put(entry, content)
            for entry, content in zip(
                entries, (*there, *(None,) * (len(entries) - len(there))), strict=True
            )
        ]
        return (*head, *middle, *old[end:])

    def _put(self) -> Callable[[Entry, Content], Content]:
        if self.option == "RAW":
            return _stored
        return Typist.of(self.book.locale, self.today).content


def _has_cells(contents: Iterable[Content]) -> bool:
    return any(content.__class__ is Cell for content in contents)


def _stored(entry: Entry, old: Content) -> Content:
    value = raw(entry)
    return replaced(old, Typed(value=value)) if isinstance(old, Cell) else value


@behaves("one cell stands for as much as there is room; other ranges are not exceeded", SEEN)
@behaves("the refusal names the range as it was given, and the first row or column behind it", SEEN)
def within(target: Target, entries: Entries) -> None:
    """Refuse a table that does not fit."""
    limits = target.limits
    for offset, line in enumerate(entries):
        if offset >= limits.height:
            raise _exceeds(target.name, f"row [{limits.bottom + 1}]")
        if len(line) > limits.width:
            raise _exceeds(target.name, f"column [{column_name(limits.right)}]")


def _exceeds(name: str, place: str) -> Exception:
    return invalid(f"Requested writing within range [{name}], but tried writing to {place}")


@behaves("of merged cells only the first is written, what is meant for the others is lost", ASSUMED)
def uncovered(sheet: Sheet, area: Area, entries: Entries) -> Entries:
    """Return the entries without those for cells that a merge covers."""
    merges = [merge for merge in sheet.merges if merge.touches(area)]
    if not merges:
        return entries
    result = [list(line) for line in entries]
    for merge in merges:
        common = merge.common(area)
        for row in range(common.top, common.bottom):
            line = result[row - area.top]
            for column in range(common.left, common.right):
                at = column - area.left
                if at < len(line) and (row, column) != (merge.top, merge.left):
                    line[at] = None
    return result


def counted(sheet: Sheet, area: Area, entries: Entries) -> Written:
    """Return what a table touches that was written into an area."""
    rows: list[int] = []
    columns: set[int] = set()
    cells = widest = 0
    for index, line in enumerate(entries, area.top):
        if None in line:
            touched = [at for at, entry in enumerate(line) if entry is not None]
            columns.update(touched)
            count = len(touched)
        else:
            count = len(line)
            widest = max(widest, count)
        cells += count
        if count:
            rows.append(index)
    columns.update(range(widest))
    return Written(
        sheet=sheet,
        area=area,
        rows=frozenset(rows),
        columns=frozenset(area.left + at for at in columns),
        cells=cells,
    )


@behaves("clearing takes values and formulas; formats, notes and rules stay", DOCUMENTED)
def clear(sheet: Sheet, area: Area, grant: Grant) -> None:
    """Clear the values of an area."""
    if not may_edit(sheet, area, grant):
        raise invalid(PROTECTED)
    bottom = min(area.bottom, len(sheet.rows))
    if bottom <= area.top:
        return
    rows = sheet.rows.slice(area.top, bottom)
    sheet.rows.replace(area.top, [_cleared(row, area.left, area.right) for row in rows])


def _cleared(row: Row, left: int, right: int) -> Row:
    if len(row) <= left:
        return row
    middle = [
        replaced(content, Typed()) if isinstance(content, Cell) else None
        for content in row[left:right]
    ]
    return (*row[:left], *middle, *row[right:])
