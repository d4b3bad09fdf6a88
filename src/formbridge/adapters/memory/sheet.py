"""One table in memory, with what a person can do to it: the back door of ``MemoryTables``.

Cells are kept encoded, as a real place would, so that a value that cannot travel is noticed.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from formbridge.domain.cells import Cell
from formbridge.domain.revision import Revision
from formbridge.domain.tables import MANAGED, RESPONSE_ID, Column

BLANK = "null"


def encode(cell: Cell) -> str:
    """Return the stored form of a cell: JSON; a moment is an object."""
    if isinstance(cell, datetime):
        return json.dumps({"moment": cell.isoformat()})
    return json.dumps(cell)


def decode(text: str) -> Cell:
    """Read the stored form of a cell."""
    cell = json.loads(text)
    if isinstance(cell, dict):
        return datetime.fromisoformat(cell["moment"])
    value: Cell = cell
    return value


@attrs.define(eq=False)
class Header:
    """The head of one column; ``owner`` is a managed name, a question id with ``?``, or nobody."""

    text: str
    owner: str | None = None


@attrs.define(eq=False)
class Known:
    """What is known of a response, beside the grid."""

    revision: Revision
    digest: bytes
    removed: bool = False


def owner_of(question_id: str) -> str:
    """Return the owner that a question's column has; no managed column is called so."""
    return f"?{question_id}"


@attrs.define(eq=False)
class MemorySheet:
    """A grid of encoded cells. ``token`` changes with every change, whoever makes it.

    The methods below ``token`` are a person's: each does one thing that people do to tables.
    """

    headers: list[Header] = attrs.field(factory=lambda: [Header(each, each) for each in MANAGED])
    rows: list[list[str]] = attrs.field(factory=list, repr=False)
    columns: list[Column] = attrs.field(factory=list)
    known: dict[str, Known] = attrs.field(factory=dict, repr=False)
    newest: int = 0
    token: int = 0

    def read(self) -> list[list[object]]:
        """Return the whole grid as it is seen: the headers, then the rows."""
        grid: list[list[object]] = [[header.text for header in self.headers]]
        grid.extend([decode(cell) for cell in row] for row in self.rows)
        return grid

    def rename(self, header: str, to: str) -> None:
        """Give a column another header."""
        self.headers[self._place(header)].text = to
        self.token += 1

    def move_column(self, header: str, to: int) -> None:
        """Take a column out and put it in at another place."""
        place = self._place(header)
        self.headers.insert(to, self.headers.pop(place))
        for row in self.rows:
            row.insert(to, row.pop(place))
        self.token += 1

    def insert_column(self, header: str, at: int) -> None:
        """Put in a column of their own."""
        self.headers.insert(at, Header(header))
        for row in self.rows:
            row.insert(at, BLANK)
        self.token += 1

    def delete_column(self, header: str) -> None:
        """Take a column away."""
        place = self._place(header)
        for line in (self.headers, *self.rows):
            del line[place]  # type: ignore[attr-defined]  # lists of two kinds
        self.token += 1

    def sort(self, header: str, *, descending: bool = False) -> None:
        """Sort the rows by what a column shows."""
        place = self._place(header)
        self.rows.sort(key=lambda row: row[place], reverse=descending)
        self.token += 1

    def insert_row(self, cells: Mapping[str, str], at: int) -> None:
        """Put in a row of their own."""
        row = [encode(cells.get(header.text)) for header in self.headers]
        self.rows.insert(at, row)
        self.token += 1

    def copy_row(self, response_id: str) -> None:
        """Put a copy of a row at the end."""
        self.rows.append(list(self.rows[self._row(response_id)]))
        self.token += 1

    def delete_row(self, response_id: str) -> None:
        """Take a row away."""
        del self.rows[self._row(response_id)]
        self.token += 1

    def type(self, response_id: str, header: str, text: str) -> None:
        """Type into a cell."""
        self.rows[self._row(response_id)][self._place(header)] = encode(text)
        self.token += 1

    def _place(self, header: str) -> int:
        return [each.text for each in self.headers].index(header)

    def _row(self, response_id: str) -> int:
        place = self.place_of(RESPONSE_ID)
        return [row[place] for row in self.rows].index(encode(response_id))

    def place_of(self, owner: str) -> int:
        """Return where the column of this owner stands, or -1."""
        owners = [header.owner for header in self.headers]
        return owners.index(owner) if owner in owners else -1

    def places_of(self, owners: Sequence[str]) -> list[int]:
        """Return where the columns of these owners stand, -1 for one that is gone."""
        standing = {header.owner: place for place, header in enumerate(self.headers)}
        return [standing.get(owner, -1) for owner in owners]
