"""A table as it stands in its spreadsheets: one, and further ones when that is full."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import attrs

from formbridge.adapters.sheets.book.book import Book
from formbridge.adapters.sheets.calls.errors import CallFailed, domain_error
from formbridge.domain.tables import Column, Snapshot, Stored

SHIFT = 40
"""A place is the number of its spreadsheet, shifted so far, and the response's ordinal there."""


def place_of(book: int, ordinal: int) -> int:
    """Return the place of a response."""
    return book << SHIFT | ordinal


def split_place(place: int) -> tuple[int, int]:
    """Return the number of the spreadsheet, and the ordinal."""
    return place >> SHIFT, place & ((1 << SHIFT) - 1)


@attrs.define(eq=False, kw_only=True)
class SheetsSnapshot(Snapshot):
    """What is known of the table; rows are found where they were last seen."""

    books: Sequence[Book]
    numbers: Sequence[Mapping[str, int]] = attrs.field(init=False)
    _columns: tuple[Column, ...] = attrs.field(init=False)
    _token: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Take the columns of the newest spreadsheet, then those that only older ones have."""
        self.numbers = [
            {column.question_id: number for number, column in book.columns.items()}
            for book in self.books
        ]
        columns: dict[str, Column] = {}
        for book in reversed(self.books):
            for column in book.columns.values():
                columns.setdefault(column.question_id, column)
        self._columns = tuple(columns.values())
        self._token = sum(book.token for book in self.books)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The question columns that are there."""
        return self._columns

    @property
    def foreign_headers(self) -> Sequence[str]:
        """Headers of the columns that people added."""
        return [header for book in self.books for header in book.foreign_headers]

    @property
    def token(self) -> int:
        """Changes when anything is known to have changed in any of the spreadsheets."""
        return self._token

    @property
    def current(self) -> bool:
        """Whether nothing changed since this view was taken."""
        return self._token == sum(book.token for book in self.books)

    @property
    def exists(self) -> bool:
        """Whether the table was ever written."""
        return any(book.exists for book in self.books)

    @property
    def newest(self) -> int:
        """The latest ``edited_at`` of any response that the table took."""
        return max((book.index.newest for book in self.books), default=0)

    def known(self, response_ids: AbstractSet[str], /) -> AbstractSet[str]:
        """Return those of the ids of which anything is known."""
        found = [response_ids & book.index.by_id.keys() for book in self.books]
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def find(self, response_id: str, /) -> Stored | None:
        """Return what is known of a response, by the newest spreadsheet that has a row of it."""
        best: Stored | None = None
        for number, book in enumerate(self.books):
            stored = book.index.find(response_id)
            if stored is None:
                continue
            if stored.place is not None:
                stored = attrs.evolve(stored, place=place_of(number, stored.place))
            if best is None or (stored.place is not None, stored.revision) >= (
                best.place is not None,
                best.revision,
            ):
                best = stored
        return best

    def answered(self, place: int, /) -> frozenset[str]:
        """Return the question ids whose cells are not blank in that row. Reads the row.

        Raises ``TableBusy`` when somebody moved it, and what ``open`` raises.
        """
        number, ordinal = split_place(place)
        try:
            return self.books[number].answered(ordinal, self.numbers[number])
        except CallFailed as error:
            raise domain_error(error) from error
