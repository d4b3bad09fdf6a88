"""From rows of the domain to requests: cells to append, and cells to write over. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from formbridge.adapters.sheets.book import cells
from formbridge.adapters.sheets.book.layout import (
    RESPONSE_ID,
    STATE,
    SUBMITTED_AT,
    UPDATED_AT,
    Layout,
)
from formbridge.adapters.sheets.book.states import state_of
from formbridge.domain.cells import KEEP, Moment, Update
from formbridge.domain.tables import Changes, Column, Rows

Json = dict[str, Any]

CELL_BYTES = 45
"""What a cell costs in JSON besides its text."""
OVERWRITTEN_BYTES = 1_500
"""What writing over a row costs in JSON besides its cells: it is copied before, piece by piece."""
LONGEST_ID = 1_000
"""Characters of a response id that its cell and the tabs beside it can hold."""


@attrs.frozen(kw_only=True, eq=False)
class Line:
    """One row as cells by place in the grid; None: leave what stands there.

    ``size`` is what it costs in a request, in bytes; ``cut``: whether a text was too long.
    """

    response_id: str
    cells: list[Json | None]
    size: int
    cut: bool


@attrs.frozen(kw_only=True, eq=False)
class Shaping:
    """Where the columns of a table stand in a grid, and how their cells are made."""

    layout: Layout
    places: Sequence[int]
    convert: Sequence[cells.Convert]
    zone: str

    @classmethod
    def of(
        cls, layout: Layout, columns: Sequence[Column], numbers: Mapping[str, int], zone: str
    ) -> "Shaping":
        """Compile it for the columns of a table, whose numbers here go by question id."""
        info = cells.zone_of(zone)
        return cls(
            layout=layout,
            places=[layout.place(numbers.get(column.question_id, -1)) for column in columns],
            convert=[cells.converter(column.kind, info) for column in columns],
            zone=zone,
        )

    def line(self, rows: Rows, number: int, *, appended: bool) -> Line:
        """Return the n-th of these rows."""
        line: list[Json | None] = [cells.BLANK if appended else None] * self.layout.width
        response_id = rows.response_ids[number]
        state = state_of(response_id, *rows.version(number))
        line[self.layout.place(STATE)] = cells.text(state)
        if appended:
            line[self.layout.place(RESPONSE_ID)] = cells.text(response_id)
        size = len(state) + len(response_id) + 4 * CELL_BYTES
        size += 0 if appended else OVERWRITTEN_BYTES
        for at, value in (
            (SUBMITTED_AT, rows.submitted_at[number]),
            (UPDATED_AT, rows.updated_at[number]),
        ):
            place = self.layout.place(at)
            if place >= 0 and value is not KEEP:
                line[place] = self._moment(value)
        for place, convert, cell in zip(self.places, self.convert, rows.cells[number], strict=True):
            if place >= 0 and cell is not KEEP:
                line[place] = convert(cell)
                size += CELL_BYTES + _bytes(cell)
        cut = size > cells.MOST_TEXT and any(map(cells.is_cut, rows.cells[number]))
        return Line(response_id=response_id, cells=line, size=size, cut=cut)

    def _moment(self, value: Moment) -> Json:
        if value is None or value is KEEP:
            return cells.BLANK
        return cells.moment(value, cells.zone_of(self.zone))


def _bytes(cell: Update) -> int:
    """Estimate what a cell's text costs, which goes out in UTF-8."""
    if not isinstance(cell, str):
        return 20
    return len(cell) if cell.isascii() else len(cell.encode("utf-8", "surrogatepass"))


def append(sheet: int, lines: Sequence[Line]) -> list[Json]:
    """Return the request that puts these rows under the last one that holds anything."""
    if not lines:
        return []
    rows = [{"values": line.cells} for line in lines]
    fields = f"{cells.VALUE},{cells.FORMAT}.numberFormat"
    return [{"appendCells": {"sheetId": sheet, "rows": rows, "fields": fields}}]


def overwrite(sheet: int, row: int, line: Line) -> Iterator[Json]:
    """Yield requests that write a line over a row, in stretches of cells that follow each other.

    The number format of a cell is written with a moment only: people may have chosen another one.
    """
    begin = 0
    while begin < len(line.cells):
        end = begin
        dated = _dated(line.cells[begin])
        while end < len(line.cells) and line.cells[end] is not None:
            if _dated(line.cells[end]) != dated:
                break
            end += 1
        if end > begin:
            fields = cells.VALUE + (f",{cells.FORMAT}.numberFormat" if dated else "")
            yield put(sheet, row, begin, line.cells[begin:end], fields)
        begin = max(end, begin + 1)


def put(
    sheet: int, row: int, place: int, values: Sequence[Json | None], fields: str = cells.VALUE
) -> Json:
    """Return the request that writes cells of one row."""
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": place}
    return {"updateCells": {"start": start, "rows": [{"values": list(values)}], "fields": fields}}


def _dated(cell: Json | None) -> bool:
    return cell is not None and cells.FORMAT in cell


def refusals(changes: Changes) -> dict[str, str]:
    """Return which rows no spreadsheet can hold, and why, without their answers."""
    reasons: dict[str, str] = {}
    bad_columns = {
        number: problem
        for number, column in enumerate(changes.columns)
        if (problem := cells.problem_of(column.question_id) or cells.problem_of(column.label))
    }
    for rows in (changes.added, changes.updated):
        for response_id, answers in zip(rows.response_ids, rows.cells, strict=True):
            problem = _problem(response_id, answers, bad_columns)
            if problem:
                reasons[response_id] = problem
    for mark in (*changes.removed, *changes.touched):
        if problem := _id_problem(mark.response_id):
            reasons[mark.response_id] = problem
    return reasons


def _problem(response_id: str, answers: Sequence[Update], columns: Mapping[int, str]) -> str:
    if problem := _id_problem(response_id):
        return problem
    for number, answer in enumerate(answers):
        if answer is None or answer is KEEP:
            continue
        if number in columns:
            return f"a question's id or title holds {columns[number]}; correct it in the form"
        if isinstance(answer, str) and (problem := cells.problem_of(answer)):
            return f"an answer holds {problem}; correct it and publish the response again"
    return ""


def _id_problem(response_id: str) -> str:
    if not response_id.strip() or len(response_id) > LONGEST_ID:
        return f"a response id in a spreadsheet has 1 to {LONGEST_ID} characters, not all blank"
    if problem := cells.problem_of(response_id):
        return f"the response id holds {problem}"
    return ""
