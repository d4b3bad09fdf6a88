"""How a person's edit reaches a spreadsheet: as requests of ``batchUpdate``, under the lock."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.accounts.scopes import EVERY_SCOPE
from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.errors import ApiError, not_found
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.references import column_of, corner
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.routes import Call, World


class Shared(World, Protocol):
    """What a person needs of ``google.Google``: what a method may use, and its lock."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Held while something changes; may be taken twice by a thread."""


class Hand:
    """Somebody's access to spreadsheets. Raises ``ApiError`` where the API would refuse it."""

    def __init__(self, google: Shared, account: Account) -> None:
        """Act as that account."""
        self.google = google
        self.account = account
        self.grant = Grant(account=account, scopes=EVERY_SCOPE, project=account.project)

    def call(self) -> Call:
        """Return what the service takes for this person's call."""
        return Call(
            google=self.google,
            grant=self.grant,
            request=Request.of("POST", "/_emulator/person"),
            method="person",
            variables={},
            params={},
            body={},
            now=self.google.clock.now(),
            ids=self.google.ids,
        )

    def book(self, book_id: str) -> Book:
        """Return a spreadsheet as it stands."""
        with self.google.lock:
            return self.google.book(self.call(), book_id)

    def tab(self, book_id: str, title: str) -> Sheet:
        """Return a tab as it stands."""
        sheet = self.book(book_id).titled(title)
        if sheet is None:
            raise ApiError(400, f"No tab is called {title}.")
        return sheet

    def do(self, book_id: str, *requests: Body) -> Sequence[Body]:
        """Apply requests, all or none; return their replies."""
        call = self.call()
        scene = Scene(grant=self.grant, ids=self.google.ids, now=call.now)
        with self.google.lock, self.google.changing(call, book_id) as book:
            return apply_all(book, requests, scene)

    def may_change_file(self, book_id: str) -> None:
        """Raise the API's refusal unless this person may change the file."""
        if self.google.drive.get(book_id) is None:
            raise not_found()
        if not self.google.drive.may(self.grant, book_id, write=True):
            raise ApiError(403, "The caller does not have permission", reason="forbidden")


def column(letters: str) -> int:
    """Return the index of a column's letters; raise a 400 where they are none."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise ApiError(400, f"{letters!r} is no column.")
    return column_of(letters)


def cell(name: str) -> tuple[int, int]:
    """Return row and column of a cell (``B2``), from 0; raise a 400 where it is none."""
    found = corner(name)
    if found is None or found.row is None or found.column is None:
        raise ApiError(400, f"{name!r} is no cell.")
    return found.row, found.column


def span(sheet: Sheet, dimension: str, start: int, count: int) -> Body:
    """Return a ``DimensionRange`` of that many rows or columns from an index on."""
    return {
        "sheetId": sheet.id,
        "dimension": dimension,
        "startIndex": start,
        "endIndex": start + count,
    }


def header_rows(sheet: Sheet) -> int:
    """Return how many rows a person leaves on top when sorting: the frozen ones."""
    return int(sheet.grid.get("frozenRowCount") or 0)


def data_range(sheet: Sheet) -> Body:
    """Return the ``GridRange`` of all rows under the frozen ones that hold anything."""
    top = header_rows(sheet)
    bottom = min(max(len(sheet.rows), top + 1), sheet.row_count)
    return {
        "sheetId": sheet.id,
        "startRowIndex": min(top, bottom - 1),
        "endRowIndex": bottom,
        "startColumnIndex": 0,
        "endColumnIndex": sheet.column_count,
    }


def cell_range(sheet: Sheet, name: str) -> Body:
    """Return the ``GridRange`` of ``B2`` or ``B2:C4``."""
    first, _, last = name.partition(":")
    (top, left), (bottom, right) = cell(first), cell(last or first)
    return {
        "sheetId": sheet.id,
        "startRowIndex": min(top, bottom),
        "endRowIndex": max(top, bottom) + 1,
        "startColumnIndex": min(left, right),
        "endColumnIndex": max(left, right) + 1,
    }
