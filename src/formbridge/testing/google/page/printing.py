"""How the page comes to the text that stands in a cell: as the Sheets API does."""

from formbridge.testing.google.answers.cells import Printer
from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet

FIELDS = frozenset({"userEnteredValue", "formattedValue", "effectiveFormat"})


def printer_of(book: Book, sheet: Sheet, now: int) -> Printer:
    """Return what prints cells of a tab, formulas computed as of ``now``."""
    shown = Shown(book, now=now)
    return Printer(
        fields=FIELDS,
        result=lambda row, column: shown.value(sheet, row, column),
        seen=lambda content, row, column: shown.seen(content, sheet, row, column),
        formatted=shown.text,
    )
