"""A spreadsheet to which single requests are applied."""

from collections.abc import Sequence
from random import Random

import pytest

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.grid.cell import Content
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

ME = Grant(account=Account(email="me@example.org"))


def done(book: Book, name: str, body: Body) -> Body:
    """Apply one request and return its reply."""
    scene = Scene(grant=ME, ids=Random(1), now=0)  # noqa: S311 - ids, no secrets
    (reply,) = apply_all(book, [{name: body}], scene)
    return reply.get(name, {})


def refusal(book: Book, name: str, body: Body) -> str:
    """Return what a request is refused with."""
    with pytest.raises(ApiError) as caught:
        done(book, name, body)
    return caught.value.message


def filled(*rows: Sequence[Content], columns: int = 4) -> tuple[Book, Sheet]:
    """Return a spreadsheet with one tab in which these rows stand."""
    book = fresh_book("id", "Book")
    book.sheets[0].row_count, book.sheets[0].column_count = max(6, len(rows)), columns
    book.sheets[0].rows.replace(0, rows)
    return book, book.sheets[0]


def values(sheet: Sheet) -> list[list[Content]]:
    """Return what stands on a tab."""
    return [list(contents) for contents in sheet.rows]


def span(top: int, left: int, bottom: int, right: int) -> Body:
    """Return a ``GridRange`` of the first tab."""
    return GridRange.covering(0, Area(top, left, bottom, right)).body()
