"""The number format that a result brings along: dates look like dates, money like money."""

from collections.abc import Mapping
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.formulas.parsing import Call, Node, ParseError, parsed
from formbridge.testing.google.formulas.references import Reference
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell
from formbridge.testing.google.grid.sheet import Sheet

Look = Mapping[str, Any]
NONE: Look = {}
FAR = 16
"""Formulas that are followed from one to the next."""

TYPES = {
    "TODAY": "DATE",
    "DATE": "DATE",
    "DATEVALUE": "DATE",
    "EDATE": "DATE",
    "EOMONTH": "DATE",
    "WORKDAY": "DATE",
    "NOW": "DATE_TIME",
    "TIME": "TIME",
    "TIMEVALUE": "TIME",
}
WORDS = """
ADD MINUS MULTIPLY DIVIDE UMINUS UPLUS SUM MIN MAX AVERAGE MEDIAN ABS ROUND ROUNDUP ROUNDDOWN
CEILING FLOOR IF IFERROR IFNA SUMIF AVERAGEIF ARRAYFORMULA
"""
PASSING = frozenset(WORDS.split())
MOMENTS = frozenset({"DATE", "TIME", "DATE_TIME"})


@behaves("a result looks like the first of the cells and dates that it was computed from", SEEN)
def look_of(book: Book, sheet: Sheet, row: int, column: int, *, far: int = FAR) -> Look:
    """Return the number format of a cell: its own, or what its formula brings; empty if none."""
    content = sheet.content(row, column)
    if not isinstance(content, Cell):
        return NONE
    own = (content.format or NONE).get("numberFormat")
    if own or not content.formula or not far:
        return own or NONE
    try:
        return _look(parsed(content.formula), book, sheet, far - 1)
    except (ParseError, RecursionError):
        return NONE


def _look(node: Node, book: Book, sheet: Sheet, far: int) -> Look:
    if isinstance(node, Reference):
        return _of_cell(node, book, sheet, far)
    if not isinstance(node, Call):
        return NONE
    name = node.name.upper()
    if name in TYPES:
        return {"type": TYPES[name]}
    if name not in PASSING:
        return NONE
    parts = node.arguments[1:] if name == "IF" else node.arguments
    looks = [_look(part, book, sheet, far) for part in parts[:2]]
    return _together(name, [*looks, NONE, NONE])


@behaves("a day less a day is a number, and so are products of days", ASSUMED)
def _together(name: str, looks: list[Look]) -> Look:
    first, second = looks[:2]
    moments = [look.get("type") in MOMENTS for look in (first, second)]
    if (name == "MINUS" and all(moments)) or (name in {"MULTIPLY", "DIVIDE"} and any(moments)):
        return NONE
    return first or second


def _of_cell(reference: Reference, book: Book, sheet: Sheet, far: int) -> Look:
    there = book.titled(reference.tab) if reference.tab else sheet
    row, column = reference.first.row or 0, reference.first.column or 0
    return NONE if there is None else look_of(book, there, row, column, far=far)
