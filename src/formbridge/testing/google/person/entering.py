"""What a text becomes that a person types into a cell."""

from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body


def entered(book: Book, sheet: Sheet, at: tuple[int, int], text: str) -> Body:  # noqa: ARG001 - for the parser of ``values``
    """Return the ``CellData`` of a typed text: a formula, a number, a boolean or a text."""
    if not text:
        return {}
    return {"userEnteredValue": _value(text)}


def _value(text: str) -> Body:
    if text.startswith("=") and len(text) > 1:
        return {"formulaValue": text}
    if text.upper() in {"TRUE", "FALSE"}:
        return {"boolValue": text.upper() == "TRUE"}
    if text.startswith("'"):
        return {"stringValue": text[1:]}
    try:
        return {"numberValue": float(text)} if text.isascii() else {"stringValue": text}
    except ValueError:
        return {"stringValue": text}
