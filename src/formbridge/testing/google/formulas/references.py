"""Cells that a formula names, and the formula again once they moved."""

from collections.abc import Callable

import attrs

from formbridge.testing.google.formulas.tokens import tokens
from formbridge.testing.google.grid.book import COLUMN_LIMIT
from formbridge.testing.google.grid.references import (
    ROW_LIMIT,
    Corner,
    corner,
    quoted,
    unquoted,
)

LOST = "#REF!"


@attrs.frozen
class Reference:
    """A cell (``last`` is None) or a range. ``tab`` is without quotes; "" is the formula's own."""

    first: Corner
    last: Corner | None = None
    tab: str = ""

    def text(self) -> str:
        """Return it as it is written."""
        end = "" if self.last is None else f":{self.last}"
        return (quoted(self.tab) + "!" if self.tab else "") + str(self.first) + end


def reference_of(text: str) -> Reference | None:
    """Read a reference; None for one that was lost (``Sheet1!#REF!``) or names no possible cell."""
    tab, _, cells = text.rpartition("!")
    first, mark, last = cells.partition(":")
    start, end = corner(first), corner(last) if mark else None
    if start is None or (mark and end is None):
        return None
    return Reference(start, end, unquoted(tab))


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


def _shifted(end: Corner, rows: int, columns: int) -> Corner | None:
    row, column = end.row, end.column
    if row is not None and not end.row_fixed:
        row += rows
    if column is not None and not end.column_fixed:
        column += columns
    if not (row is None or 0 <= row < ROW_LIMIT) or not (
        column is None or 0 <= column < COLUMN_LIMIT
    ):
        return None
    return attrs.evolve(end, row=row, column=column)
