"""The part of a tab that is in sight, as the page shows it."""

from collections.abc import Callable, Sequence

import attrs

from formbridge.testing.google.answers.cells import Printer
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.references import letters, quoted
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.page.axis import Axis, Span
from formbridge.testing.google.page.looks import hexadecimal, look
from formbridge.testing.google.page.printing import printer_of

ROW, COLUMN = 21, 100
"""Pixels of a row and a column that nobody resized."""

FARTHEST = 40_000_000
"""No window is asked for behind so many pixels."""


@attrs.frozen(kw_only=True)
class View:
    """What is in sight: how far the page is scrolled and how large it is, in pixels; and when."""

    x: int = 0
    y: int = 0
    width: int = 1200
    height: int = 800
    now: int = 0


def axes(sheet: Sheet) -> tuple[Axis, Axis]:
    """Return the rows and the columns of a tab."""
    return (
        Axis(sheet.row_count, ROW, sheet.row_sizes),
        Axis(sheet.column_count, COLUMN, sheet.column_sizes),
    )


def window(book: Book, sheet: Sheet, view: View, rows: Axis, columns: Axis) -> Body:
    """Return the window as JSON: cells that are blank are left out, and looks are named once."""
    frozen_rows = int(sheet.grid.get("frozenRowCount") or 0)
    frozen_columns = int(sheet.grid.get("frozenColumnCount") or 0)
    down = rows.span(frozen_rows, view.y, view.height)
    across = columns.span(frozen_columns, view.x, view.width)
    printer = printer_of(book, sheet, view.now)
    cells, styles = _cells(printer, sheet, down, across)
    return {
        "title": book.title,
        "locale": book.locale,
        "tabs": [_tab(one) for one in book.sheets],
        "tab": sheet.id,
        "size": [sheet.row_count, sheet.column_count],
        "frozen": [rows.place(frozen_rows), columns.place(frozen_columns)],
        "rows": _span(down),
        "columns": _span(across),
        "cells": cells,
        "styles": styles,
        "merges": [list(area) for area in _merges(sheet, down, across)],
        "filter": _filter(sheet),
        "named": [_named(book, one.name, one.range) for one in book.named.values()],
        "protected": len(sheet.things.get("protectedRanges", [])),
    }


def _cells(
    printer: Printer, sheet: Sheet, down: Span, across: Span
) -> tuple[dict[int, dict[int, Body]], list[Body]]:
    styles = _Styles()
    found = {}
    for row, _ in down.items:
        contents = sheet.rows.row(row)
        cells = {
            column: _cell(printer, contents[column], (row, column), styles)
            for column, _ in across.items
            if column < len(contents) and contents[column] is not None
        }
        if cells:
            found[row] = cells
    return found, styles.all


def _cell(
    printer: Printer, content: Content, at: tuple[int, int], style: Callable[[Body], int]
) -> Body:
    data = printer.cell(content, *at)
    text = data.get("formattedValue", "")
    found: Body = {"t": text} if text else {}
    if entered := typed(data):
        found |= {"e": entered} if entered != text else {}
    if number := style(look(data.get("effectiveFormat") or {})):
        found["s"] = number
    if isinstance(content, Cell) and content.note:
        found["n"] = content.note
    return found


class _Styles:
    """Numbers for looks; 0 is a plain cell."""

    def __init__(self) -> None:
        self.all: list[Body] = [{}]

    def __call__(self, found: Body) -> int:
        if found not in self.all:
            self.all.append(found)
        return self.all.index(found)


def typed(data: Body) -> str:
    """Return what one would type to enter a cell's value again."""
    entered = data.get("userEnteredValue") or {}
    if "formulaValue" in entered:
        return str(entered["formulaValue"])
    if "boolValue" in entered:
        return str(entered["boolValue"]).upper()
    return str(next(iter(entered.values()), ""))


def _tab(sheet: Sheet) -> Body:
    style = sheet.other.get("tabColorStyle") or {}
    colour = style.get("rgbColor") or sheet.other.get("tabColor")
    return {
        "id": sheet.id,
        "title": sheet.title,
        "hidden": sheet.hidden,
        "colour": hexadecimal(colour),
    }


def _span(span: Span) -> Body:
    return {"before": span.before, "after": span.after, "items": [list(one) for one in span.items]}


def _merges(sheet: Sheet, down: Span, across: Span) -> Sequence[Area]:
    if not down.items or not across.items:
        return []
    rows = [index for index, _ in down.items]
    columns = [index for index, _ in across.items]
    seen = Area(rows[0], columns[0], rows[-1] + 1, columns[-1] + 1)
    return [area for area in sheet.merges if area.touches(seen)]


def _filter(sheet: Sheet) -> Body | None:
    if sheet.filter is None:
        return None
    area = GridRange.of(sheet.filter.get("range") or {}).area(sheet.row_count, sheet.column_count)
    specs = sheet.filter.get("filterSpecs") or []
    used = {spec.get("columnIndex") or 0 for spec in specs}
    used |= {int(index) for index in (sheet.filter.get("criteria") or {}) if str(index).isdigit()}
    return {"row": area.top, "left": area.left, "right": area.right, "used": sorted(used)}


def _named(book: Book, name: str, named: GridRange) -> Body:
    sheet = book.sheet(named.sheet)
    if sheet is None:
        return {"name": name, "range": "#REF!"}
    area = named.area(sheet.row_count, sheet.column_count)
    first = f"{letters(area.left)}{area.top + 1}"
    last = f"{letters(max(area.left, area.right - 1))}{max(area.top + 1, area.bottom)}"
    cells = first if first == last else f"{first}:{last}"
    return {"name": name, "range": f"{quoted(sheet.title)}!{cells}"}
