"""A table of values out of cells, as ``values.get`` shows it."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.formulas.results import Results
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, Value
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.rows import Row
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.texts.a1 import a1_of
from formbridge.testing.google.texts.general import json_number
from formbridge.testing.google.texts.locales import locale_of
from formbridge.testing.google.texts.rendering import (
    Shower,
    error_text,
    is_moment,
    number_format_of,
)

Shown = Any
"""A value as JSON has it: a text, a number or a boolean."""

FORMATTED, UNFORMATTED, FORMULA = "FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"


@attrs.frozen(kw_only=True)
class Options:
    """How values are asked for."""

    dimension: str = "ROWS"
    render: str = FORMATTED
    moments: str = "SERIAL_NUMBER"

    @classmethod
    def of(cls, given: Body, *, prefix: str = "", dimension: str | None = None) -> "Options":
        """Read parameters or a body; ``prefix`` is ``response`` for what an update shows."""
        render, moments = "valueRenderOption", "dateTimeRenderOption"
        if prefix:
            render, moments = "responseValueRenderOption", "responseDateTimeRenderOption"
        return cls(
            dimension=dimension_of(dimension or given.get("majorDimension")),
            render=given.get(render) or FORMATTED,
            moments=given.get(moments) or "SERIAL_NUMBER",
        )


def dimension_of(given: str | None) -> str:
    """Return ``ROWS`` or ``COLUMNS``; what is unspecified is rows."""
    return "COLUMNS" if given == "COLUMNS" else "ROWS"


@attrs.frozen(kw_only=True)
class Reader:
    """Reads the values of one spreadsheet. ``now`` is in microseconds since 1970."""

    book: Book
    options: Options
    now: int = 0

    @behaves("values is left out where nothing stands", RECORDED)
    def value_range(self, sheet: Sheet, area: Area) -> Body:
        """Return a ``ValueRange``."""
        body: Body = {
            "range": a1_of(sheet.title, area),
            "majorDimension": self.options.dimension,
        }
        if table := self.table(sheet, area):
            body["values"] = table
        return body

    @behaves("blanks at the end of a row are left out, and rows at the end", RECORDED)
    @behaves("a formula that gives an empty text counts as something", ASSUMED)
    def table(self, sheet: Sheet, area: Area) -> list[list[Shown]]:
        """Return the rows or columns of an area."""
        bottom = min(area.bottom, len(sheet.rows))
        rows = sheet.rows.slice(area.top, bottom) if bottom > area.top else []
        show, number = self._shower(sheet), self._number()
        table = [
            _row(row[area.left : area.right], area.left, index, show, number)
            for index, row in enumerate(rows, area.top)
        ]
        while table and not table[-1]:
            table.pop()
        return _turned(table) if self.options.dimension == "COLUMNS" else table

    def _number(self) -> Callable[[float], Shown]:
        """Return what shows a number without a format."""
        if self.options.render == FORMATTED:
            return Shower(locale=locale_of(self.book.locale)).general
        return json_number

    def _shower(self, sheet: Sheet) -> Callable[[Content, int, int], Shown]:
        """Return what shows a content that stands in a row and a column."""
        shower = Shower(locale=locale_of(self.book.locale))
        results = results_of(self.book, self.now)
        render, as_text = self.options.render, self.options.moments == "FORMATTED_STRING"

        def show(content: Content, row: int, column: int) -> Shown:
            value: Value = content.value if isinstance(content, Cell) else content
            if isinstance(content, Cell) and content.formula:
                if render == FORMULA:
                    return content.formula
                value = results().value(sheet, row, column)
                content = results().seen(content, sheet, row, column)
            if render == FORMATTED:
                return shower.text(value, number_format_of(content))
            return plain(value, content, shower, as_text=as_text)

        return show


def _row(
    cells: Row,
    left: int,
    index: int,
    show: Callable[[Content, int, int], Shown],
    number: Callable[[float], Shown],
) -> list[Shown]:
    """Return what a row shows. Texts and numbers come first, because they are most of it."""
    end = len(cells)
    while end and _is_blank(cells[end - 1]):
        end -= 1
    return [
        cell
        if (kind := cell.__class__) is str
        else number(cell)  # type: ignore[arg-type]  # its class was just compared
        if kind is float
        else show(cell, index, at)
        for at, cell in enumerate(cells[:end], left)
    ]


@behaves("dates are serial numbers, or texts where that is asked for", DOCUMENTED)
@behaves("blanks are empty texts, errors are texts", RECORDED)
def plain(value: Value, content: Content, shower: Shower, *, as_text: bool) -> Shown:
    """Return a value as it is."""
    if value is None:
        return ""
    if isinstance(value, ErrorValue):
        return error_text(value)
    if isinstance(value, bool | str):
        return value
    if as_text and is_moment(number_format := number_format_of(content)):
        return shower.text(value, number_format)
    return json_number(value)


def results_of(book: Book, now: int) -> Callable[[], Results]:
    """Return what gives the results of formulas, once the first one asks for them."""
    results: list[Results] = []

    def made() -> Results:
        if not results:
            results.append(Results(book, now=now))
        return results[0]

    return made


def _is_blank(content: Content) -> bool:
    if isinstance(content, Cell):
        return content.value is None and not content.formula
    return content is None


def _turned(table: Sequence[list[Shown]]) -> list[list[Shown]]:
    """Return rows as columns, each without the blanks at its end."""
    width = max(map(len, table), default=0)
    columns: list[list[Shown]] = []
    for at in range(width):
        column = [row[at] if at < len(row) else "" for row in table]
        end = len(column)
        while end and (at >= len(table[end - 1]) or column[end - 1] == ""):
            end -= 1
        columns.append(column[:end])
    return columns
