"""What a text becomes that a person types into a cell."""

from formbridge.testing.google.answers.cells import extended
from formbridge.testing.google.batch.texts import typed, typist_of
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, ErrorValue, cell_of
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.texts.rendering import error_text


def entered(book: Book, sheet: Sheet, at: tuple[int, int], text: str, now: int) -> Body:
    """Return the ``CellData`` of a cell once a text was typed into it, in the book's locale."""
    old = cell_of(sheet.content(*at))
    cell = cell_of(typed(typist_of(book, now), old, text))
    data: Body = {"userEnteredValue": _value(cell)}
    if cell.format:
        data["userEnteredFormat"] = dict(cell.format)
    return data


def _value(cell: Cell) -> Body:
    if cell.formula:
        return {"formulaValue": cell.formula}
    if isinstance(cell.value, ErrorValue):
        return {"stringValue": error_text(cell.value)}
    return extended(cell.value)
