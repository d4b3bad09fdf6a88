"""References to cells as they are written: ``A1``, ``$B$2:C``, ``'My tab'!4:9``."""

import re
from collections.abc import Iterable

import attrs

from formbridge.testing.google.grid.book import COLUMN_LIMIT

ROW_LIMIT = 10_000_000
"""The last row that text may mean: no tab can have more."""

TITLE = r"'(?:[^']|'')*'|[^\W\d][\w.]*"
"""The title of a tab before ``!``: in quotes, or plain."""

PLACE = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?")
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*", re.ASCII)
CELL_LIKE = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|\d+")


@attrs.frozen(kw_only=True)
class Corner:
    """One end of a range. A part that is None is open; the flags say which part has a ``$``."""

    row: int | None = None
    column: int | None = None
    row_fixed: bool = False
    column_fixed: bool = False

    def __str__(self) -> str:
        column = "" if self.column is None else "$" * self.column_fixed + letters(self.column)
        row = "" if self.row is None else "$" * self.row_fixed + str(self.row + 1)
        return column + row


def letters(column: int) -> str:
    """Return a column's letters: A for 0."""
    text = ""
    number = column + 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(65 + digit) + text
    return text


def column_of(text: str) -> int:
    """Return the index of a column's letters."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def corner(text: str) -> Corner | None:
    """Read one end of a range; None where it is none."""
    found = PLACE.fullmatch(text)
    if found is None or not (found[2] or found[4]):
        return None
    column_mark, column, row_mark, row = found.groups()
    if column is None and column_mark and row_mark:
        return None
    if row is not None and not 0 < int(row) <= ROW_LIMIT:
        return None
    if column is not None and column_of(column) >= COLUMN_LIMIT:
        return None
    return Corner(
        row=None if row is None else int(row) - 1,
        column=None if column is None else column_of(column),
        row_fixed=bool(row_mark) or (column is None and bool(column_mark)),
        column_fixed=column is not None and bool(column_mark),
    )


def quoted(title: str, *, plain: Iterable[str] = ()) -> str:
    """Return a tab's title as it stands before ``!``: in quotes where it needs them."""
    if title in plain or (PLAIN.fullmatch(title) and not CELL_LIKE.fullmatch(title)):
        return title
    return "'" + title.replace("'", "''") + "'"


def unquoted(text: str) -> str:
    """Return the title that is written before ``!``."""
    return text[1:-1].replace("''", "'") if text.startswith("'") else text
