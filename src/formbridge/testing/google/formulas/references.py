"""Cells that a formula names, and the formula again once they moved."""

import re
from collections.abc import Callable

import attrs

from formbridge.testing.google.formulas.tokens import tokens
from formbridge.testing.google.grid.book import COLUMN_LIMIT

CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([1-9][0-9]*)?")
LOST = "#REF!"
ROW_LIMIT = 10_000_000


@attrs.frozen
class Corner:
    """One end of a reference: row and column from 0, None where it is open, and what is fixed."""

    row: int | None = None
    column: int | None = None
    row_fixed: bool = False
    column_fixed: bool = False

    def text(self) -> str:
        """Return it as it is written."""
        column = "" if self.column is None else "$" * self.column_fixed + letters(self.column)
        row = "" if self.row is None else "$" * self.row_fixed + str(self.row + 1)
        return column + row


@attrs.frozen
class Reference:
    """A cell (``last`` is None) or a range. ``tab`` is without quotes; "" is the formula's own."""

    first: Corner
    last: Corner | None = None
    tab: str = ""

    def text(self) -> str:
        """Return it as it is written."""
        end = "" if self.last is None else ":" + self.last.text()
        return (quoted(self.tab) + "!" if self.tab else "") + self.first.text() + end


def letters(column: int) -> str:
    """Return the name of a column (0 is A)."""
    name = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number_of(name: str) -> int:
    """Return the column of a name (A is 0)."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """Return a tab's title as formulas write it."""
    if re.fullmatch(r"[^\W\d][\w.]*", title):
        return title
    return "'" + title.replace("'", "''") + "'"


def reference_of(text: str) -> Reference | None:
    """Read a reference; None for one that was lost (``Sheet1!#REF!``)."""
    tab, mark, cells = text.rpartition("!")
    if cells == "" or text.endswith(LOST):
        return None
    if mark and tab.startswith("'"):
        tab = tab[1:-1].replace("''", "'")
    first, _, last = cells.partition(":")
    return Reference(_corner(first), _corner(last) if last else None, tab)


def _corner(text: str) -> Corner:
    found = CORNER.fullmatch(text)
    if found is None:
        return Corner()
    column_mark, column, row_mark, row = found.groups()
    if column is None:  # in $5 the first mark belongs to the row
        row_mark = row_mark or column_mark
    return Corner(
        row=int(row) - 1 if row else None,
        column=number_of(column) if column else None,
        row_fixed=bool(row_mark),
        column_fixed=bool(column and column_mark),
    )


def rewritten(formula: str, how: Callable[[Reference], Reference | None]) -> str:
    """Return a formula with each reference as ``how`` gives it; None is written ``#REF!``."""
    parts: list[str] = []
    for token in tokens(formula):
        reference = reference_of(token.text) if token.kind == "reference" else None
        if reference is None:
            parts.append(token.text)
            continue
        new = how(reference)
        parts.append(token.text if new == reference else LOST if new is None else new.text())
    return "".join(parts)


def moved(formula: str, rows: int, columns: int) -> str:
    """Return a formula copied that far down and right: what is not fixed by ``$`` moves along."""
    if not (rows or columns):
        return formula

    def shift(reference: Reference) -> Reference | None:
        first = _shifted(reference.first, rows, columns)
        last = reference.last and _shifted(reference.last, rows, columns)
        if first is None or (reference.last is not None and last is None):
            return None
        return Reference(first, last, reference.tab)

    return rewritten(formula, shift)


def _shifted(corner: Corner, rows: int, columns: int) -> Corner | None:
    row, column = corner.row, corner.column
    if row is not None and not corner.row_fixed:
        row += rows
    if column is not None and not corner.column_fixed:
        column += columns
    if not (row is None or 0 <= row < ROW_LIMIT):
        return None
    if not (column is None or 0 <= column < COLUMN_LIMIT):
        return None
    return Corner(row, column, corner.row_fixed, corner.column_fixed)
