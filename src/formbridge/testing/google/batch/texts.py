"""Texts that people see in cells, and cells that become of texts that are typed into them."""

import attrs

from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.batch.cell_data import RUNS, entered
from formbridge.testing.google.formulas.dates import day_of, now_serial
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, cell_of, content_of
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.texts.typing import Typist


def seen(shown: Shown, sheet: Sheet, row: int, column: int) -> str:
    """Return what a person sees in a cell."""
    content = sheet.content(row, column)
    if content is None or isinstance(content, str):
        return content or ""
    seen_content = shown.seen(content, sheet, row, column)
    return shown.text(seen_content, shown.value(sheet, row, column))


def typist_of(book: Book, now: int) -> Typist:
    """Return who types into a spreadsheet at a moment (in microseconds since 1970)."""
    today = day_of(now_serial(now, book.time_zone))
    assert today is not None  # no clock of this world goes beyond the calendar
    return Typist.of(book.locale, today)


def typed(typist: Typist, content: Content, text: str) -> Content:
    """Return a cell once a text was typed over it; refuse a text that is too long."""
    entered({"stringValue": text})
    return typist.content(text, content)


def with_value(content: Content, new: Content) -> Content:
    """Return a cell with the value or formula of another; its runs of formats end with its text."""
    source = cell_of(new)
    if not isinstance(content, Cell):
        return content_of(Cell(value=source.value, formula=source.formula))
    more = {name: kept for name, kept in content.more.items() if name not in RUNS}
    changed = attrs.evolve(content, value=source.value, formula=source.formula, more=more)
    return content_of(changed)
