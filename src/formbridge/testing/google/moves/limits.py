"""What a tab and a spreadsheet may hold at most."""

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import CELL_LIMIT, COLUMN_LIMIT, Book
from formbridge.testing.google.grid.editing import TOO_MANY_CELLS


@behaves("10 million cells in all tabs, the empty ones included", SEEN)
@behaves("18,278 columns in a tab", DOCUMENTED)
@behaves("how the refusal of too many columns reads", ASSUMED)
def require_room(book: Book, cells: int, columns: int) -> None:
    """Refuse ``cells`` more, or a tab with so many ``columns``."""
    if columns > COLUMN_LIMIT:
        raise Refused(
            "This action would increase the number of columns in the sheet "
            f"above the limit of {COLUMN_LIMIT} columns."
        )
    if cells > 0 and book.cells + cells > CELL_LIMIT:
        raise Refused(TOO_MANY_CELLS)
