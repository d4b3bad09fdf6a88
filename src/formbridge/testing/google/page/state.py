"""What the page asks for once a second: whatever has changed since it asked last."""

from threading import Lock
from weakref import WeakKeyDictionary

from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.page.axis import Axis
from formbridge.testing.google.page.listing import files_version, listing
from formbridge.testing.google.page.window import FARTHEST, View, axes, window
from formbridge.testing.google.trouble.commands import Controlled, overview

CALLS = 200
"""How many calls are sent at most."""

_known: WeakKeyDictionary[Sheet, tuple[int, tuple[Axis, Axis]]] = WeakKeyDictionary()
"""Where the rows and columns of a tab lie, by the version for which that was found."""
_lock = Lock()


def state(google: Controlled, request: Request) -> Body:
    """Return files, calls and the window of a tab, each only where it is not known yet.

    Parameters: ``files`` and ``sheet`` (the versions that the page has), ``calls`` (the number of
    the last call that it has), ``book``, ``tab``, and ``x``, ``y``, ``width``, ``height``.
    """
    body = _always(google)
    with google.lock:
        version = files_version(google.drive)
        if request.value("files") != version:
            body["files"] = {"version": version, "all": listing(google.drive)}
        book = google.books.get(request.value("book"))
    notes = google.troubles.log.since(_number(request, "calls"))
    body["calls"] = [note.body() for note in notes[-CALLS:]]
    if request.value("book"):
        body["sheet"] = None if book is None else _sheet(book, request, body["now"])
    return body


def _always(google: Controlled) -> Body:
    settings = overview(google, {})
    return {
        "now": settings["clock"]["now"],
        "last": settings["calls"],
        "faults": settings["faults"],
        "quotas": settings["quotas"]["on"],
        "latency": settings["latency"]["on"],
        "lag": settings["lag"]["seconds"],
        "between": google.troubles.between is not None,
    }


def _sheet(book: Book, request: Request, now: int) -> Body:
    sheet = _tab(book, request.value("tab"))
    view = View(**{name: _number(request, name, usual) for name, usual in _USUAL.items()}, now=now)
    version = f"{book.id}.{book.version}.{sheet.id}.{view.x}.{view.y}.{view.width}.{view.height}"
    if request.value("sheet") == version:
        return {"version": version}
    return {"version": version, **window(book, sheet, view, *_axes(book, sheet))}


_USUAL = {"x": 0, "y": 0, "width": 1200, "height": 800}


def _tab(book: Book, wanted: str) -> Sheet:
    """Return the tab that the page wants, or the first that is not hidden."""
    found = next((one for one in book.sheets if str(one.id) == wanted), None)
    return found or next((one for one in book.sheets if not one.hidden), book.sheets[0])


def _axes(book: Book, sheet: Sheet) -> tuple[Axis, Axis]:
    with _lock:
        version, found = _known.get(sheet, (-1, None))
        if found is None or version != book.version:
            found = axes(sheet)
            _known[sheet] = book.version, found
        return found


def _number(request: Request, name: str, usual: int = 0) -> int:
    text = request.value(name)
    return min(int(text), FARTHEST) if text.isascii() and text.isdigit() else usual
