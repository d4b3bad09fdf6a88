"""What a person sees in the cells of a spreadsheet: results of formulas, and values as text."""

from formbridge.testing.google.formulas.results import Results
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Content, Value
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.texts.moments import today
from formbridge.testing.google.texts.rendering import formatted
from formbridge.testing.google.texts.typing import Typist


class Shown:
    """Sees the cells of one state of a spreadsheet; formulas are computed when looked at."""

    def __init__(self, book: Book, *, now: int = 0) -> None:
        """Look at a spreadsheet, which must not change meanwhile; ``now`` is in microseconds."""
        self.locale = book.locale
        self.typist = Typist.of(book.locale, today(now, book.time_zone))
        self.results = Results(book, now=now)

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Return the value of a cell: what was entered, or what its formula gives."""
        return self.results.value(sheet, row, column)

    def seen(self, content: Content, sheet: Sheet, row: int, column: int) -> Content:
        """Return what stands in a cell, with the number format that its formula's result brings."""
        return self.results.seen(content, sheet, row, column)

    def text(self, content: Content, value: Value) -> str:
        """Return what a person sees of a content that has a value."""
        return formatted(content, value, self.locale)

    def typed(self, text: str) -> Value:
        """Return the value that a person means who types a text."""
        return self.typist.typed(text).value
