"""``CellData``: what was entered into a cell, what came of it, and how it looks."""

from collections.abc import Callable

import attrs

from formbridge.testing.google.answers.formats import (
    address,
    alignment,
    effective_format,
    format_body,
    link_of,
)
from formbridge.testing.google.answers.printing import printed
from formbridge.testing.google.behaviour import RECORDED, SEEN, behaves
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, Value, value_of
from formbridge.testing.google.messages import Body
from formbridge.testing.google.texts.general import json_number
from formbridge.testing.google.texts.rendering import number_format_of

FIELDS = (
    "userEnteredValue", "effectiveValue", "formattedValue", "userEnteredFormat", "effectiveFormat",
    "hyperlink", "note", "textFormatRuns", "dataValidation", "pivotTable", "dataSourceTable",
    "dataSourceFormula", "chipRuns",
)  # fmt: skip
"""The fields of ``CellData`` in the order in which Google prints them."""

PLAIN = Cell()
"""Stands for a cell of which only the value is known."""

KEPT = FIELDS[FIELDS.index("textFormatRuns") :]
RESULTS = frozenset({"effectiveValue", "formattedValue", "effectiveFormat"})
"""Fields for which a formula's result has to be known."""


@attrs.frozen(kw_only=True)
class Printer:
    """Prints cells of one tab, with the wanted ``fields`` only, because each costs time.

    ``result`` gives a formula's result by row and column; ``formatted`` gives the text that a
    person sees, of a content and its value; ``seen`` the content of a formula with the number
    format that its result brings.
    """

    fields: frozenset[str]
    result: Callable[[int, int], Value]
    formatted: Callable[[Content, Value], str]
    seen: Callable[[Content, int, int], Content] = lambda content, _row, _column: content
    looks: dict[tuple[int, str, str], Body] = attrs.field(factory=dict)
    """Effective formats that were printed already, by the entered one, the side and the link."""

    @behaves("a blank cell is an empty message", RECORDED)
    @behaves("a formula that gives an empty text has no effective value", SEEN, "public probes")
    def cell(self, content: Content, row: int, column: int) -> Body:
        """Return the ``CellData`` of what stands in a cell."""
        if content is None:
            return {}
        cell = content if isinstance(content, Cell) else None
        seen: Content = content
        value = value_of(content)
        if cell is not None and cell.formula and self.fields & RESULTS:
            value, seen = self.result(row, column), self.seen(content, row, column)
        body = self._values(seen, cell, value)
        self._look(body, cell or PLAIN, value, address(value) if cell is None else link_of(cell))
        if seen is not content and "effectiveFormat" in body:
            look = {"numberFormat": number_format_of(seen)}
            body["effectiveFormat"] = look | body["effectiveFormat"]
        if cell is not None and (cell.note or cell.more):
            self._rest(body, cell)
        return body

    def _values(self, content: Content, cell: Cell | None, value: Value) -> Body:
        body: Body = {}
        if "userEnteredValue" in self.fields:
            if cell is not None and cell.formula:
                body["userEnteredValue"] = {"formulaValue": cell.formula}
            elif value is not None:
                body["userEnteredValue"] = extended(value)
        if value is None or value == "":
            return body
        if "effectiveValue" in self.fields:
            same = body.get("userEnteredValue") if cell is None or not cell.formula else None
            body["effectiveValue"] = same or extended(value)
        if "formattedValue" in self.fields and (text := self.formatted(content, value)):
            body["formattedValue"] = text
        return body

    def _look(self, body: Body, cell: Cell, value: Value, link: str) -> None:
        if cell.format and "userEnteredFormat" in self.fields:
            body["userEnteredFormat"] = format_body(cell.format)
        looks = cell.format or cell.formula or value is not None
        if looks and "effectiveFormat" in self.fields:
            key = (id(cell.format), alignment(value), link)
            if key not in self.looks:
                self.looks[key] = effective_format(cell.format, value, link)
            body["effectiveFormat"] = self.looks[key]
        if link and "hyperlink" in self.fields:
            body["hyperlink"] = link

    def _rest(self, body: Body, cell: Cell) -> None:
        if cell.note and "note" in self.fields:
            body["note"] = cell.note
        for name in KEPT:
            if name in cell.more and name in self.fields:
                body |= printed({name: cell.more[name]})


def extended(value: Value) -> Body:
    """Return an ``ExtendedValue``."""
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, float | int):
        return {"numberValue": json_number(value)}
    if isinstance(value, ErrorValue):
        error = {"type": value.type, "message": value.message}
        return {"errorValue": {name: text for name, text in error.items() if text}}
    return {}
