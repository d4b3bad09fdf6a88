"""Whether a spreadsheet is still there, and whether we may still write it."""

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import Forbidden, Missing, Trashed
from formbridge.adapters.sheets.drive import found
from formbridge.adapters.sheets.drive.found import Found


def look(client: SheetsClient, book: str) -> None:
    """Return if a spreadsheet may be written, wherever it lies: one call of Drive.

    Raises ``Missing`` (deleted for good), ``Trashed``, or ``Forbidden`` (no longer shared).
    """
    what = f"the spreadsheet {book}"
    try:
        file = Found.of(client.file(book, fields=found.FIELDS))
    except Missing as failed:
        raise _gone(client, book, what) from failed
    if file.trashed:
        raise Trashed(
            f"{what} ({file.name!r}) is in the trash; restore it, and what came meanwhile is "
            "delivered"
        )
    if not file.editable:
        raise Forbidden(f"{what} ({file.name!r}) may only be read; share it as {editor(client)}")


def editor(client: SheetsClient) -> str:
    """Return what people share a file as, and with whom, as far as that is known."""
    return f"Editor with {client.who[0]}" if client.who else "Editor"


def _gone(client: SheetsClient, book: str, what: str) -> Missing | Forbidden:
    """Ask the Sheets API what Drive does not tell: whether a file was deleted, or un-shared."""
    try:
        client.read(book, fields="spreadsheetId")
    except Forbidden:
        return Forbidden(f"{what} is no longer shared with us; share it as {editor(client)}")
    except Missing:
        pass
    return Missing(
        f"{what} was deleted for good; restore it from a copy and name that in spreadsheets, or "
        "have a new one made and the log replayed into it"
    )
