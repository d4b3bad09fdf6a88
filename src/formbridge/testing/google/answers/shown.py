"""What a person sees in the cells of a spreadsheet: results of formulas, and values as text."""

from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, Value, value_of
from formbridge.testing.google.grid.sheet import Sheet


class Shown:
    """Sees the cells of one state of a spreadsheet; formulas are computed when looked at."""

    def __init__(self, book: Book) -> None:
        """Look at a spreadsheet; it must not change meanwhile."""
        self.book = book

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Return the value of a cell: what was entered, or what its formula gives."""
        content = sheet.content(row, column)
        if isinstance(content, Cell) and content.formula:
            return None
        return value_of(content)

    def text(self, content: Content, value: Value) -> str:
        """Return what a person sees of a content that has a value."""
        del content
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, ErrorValue):
            return f"#{value.type}"
        if isinstance(value, float):
            return f"{value:g}"
        return value or ""

    def typed(self, text: str) -> Value:
        """Return the value that a person means who types a text."""
        try:
            return float(text)
        except ValueError:
            return text
