"""The server against a plain model of a grid: valid calls and a person's edits, in any order."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.faults import Fault, Kind
from formbridge.testing.google.trouble.troubles import Cut

Cell = None | bool | int | str
ROWS, COLUMNS = 6, 4

cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1000, 1000),
    st.text(alphabet="abc=+'\n ", min_size=1, max_size=4),
)
FAULTS = (
    Fault(kind=Kind.REFUSE),
    Fault(kind=Kind.CUT_BEFORE),
    Fault(kind=Kind.CUT_AFTER),
    Fault(kind=Kind.ERROR, status=429),
    Fault(kind=Kind.ERROR, status=503),
    Fault(kind=Kind.ERROR, status=503, applied=True),
    Fault(kind=Kind.HTML),
    Fault(kind=Kind.SLOW, seconds=200),
)
rows = st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=3)
places = st.tuples(st.integers(0, 30), st.integers(0, 30))


def order_of(cell: Cell) -> tuple[int, Any]:
    """Numbers, then texts, then booleans, then blanks."""
    if cell is None:
        return 3, 0
    if isinstance(cell, bool):
        return 2, cell
    return (1, cell.casefold()) if isinstance(cell, str) else (0, cell)


class Sheets(RuleBasedStateMachine):
    """One spreadsheet of one tab, and the same as a list of lists."""

    def __init__(self) -> None:
        super().__init__()
        self.google = Google(clock=FakeClock(), seed=1)
        self.grid: list[list[Cell]] = [[None] * COLUMNS for _ in range(ROWS)]
        self.book = ""

    # --- how one talks to it ----------------------------------------------------------------------

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """Make a call as the plain user."""
        headers = {"Authorization": "Bearer test-token", "Content-Type": "application/json"}
        data = b"" if body is None else json.dumps(body).encode()
        return self.google.handle(Request.of(method, path, headers=headers, body=data))

    def good(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Make a call that succeeds."""
        answer = self.call(method, path, body)
        assert answer.status == 200, answer.body
        return answer.content

    def batch(self, *requests: object) -> Any:  # noqa: ANN401 - JSON
        """Make a ``batchUpdate`` that succeeds."""
        return self.good(
            "POST", f"/v4/spreadsheets/{self.book}:batchUpdate", {"requests": requests}
        )

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.grid), len(self.grid[0])

    def within(self, place: tuple[int, int]) -> tuple[int, int]:
        """Return a cell of the grid."""
        return place[0] % self.size[0], place[1] % self.size[1]

    @initialize()
    def create(self) -> None:
        """Begin with an empty tab."""
        grid = {"rowCount": ROWS, "columnCount": COLUMNS}
        sheet = {"properties": {"sheetId": 0, "gridProperties": grid}}
        self.book = self.good("POST", "/v4/spreadsheets", {"sheets": [sheet]})["spreadsheetId"]

    # --- what is done ---------------------------------------------------------------------------

    @rule(place=places, data=rows)
    def update_values(self, place: tuple[int, int], data: list[list[Cell]]) -> None:
        """``values.update``: a null leaves a cell alone."""
        top, left = self.within(place)
        fits = top + len(data) <= self.size[0] and left + max(map(len, data)) <= self.size[1]
        name = f"R{top + 1}C{left + 1}" if not fits else f"{chr(65 + left)}{top + 1}"
        path = f"/v4/spreadsheets/{self.book}/values/{quote(name)}?valueInputOption=RAW"
        if not fits:
            return
        self.good("PUT", path, {"values": data})
        for row, line in enumerate(data, top):
            for column, cell in enumerate(line, left):
                if cell is not None:
                    self.grid[row][column] = cell

    @rule(data=rows)
    def append_cells(self, data: list[list[Cell]]) -> None:
        """``appendCells``: behind the last row with data, whatever column it is in."""
        data = [line[: self.size[1]] for line in data]
        used = [
            number for number, row in enumerate(self.grid, 1) if any(c is not None for c in row)
        ]
        begin = max(used, default=0)
        self.batch({"appendCells": {"fields": "userEnteredValue", "rows": rows_of(data)}})
        for row, line in enumerate(data, begin):
            if row >= len(self.grid):
                self.grid.append([None] * self.size[1])
            self.grid[row][: len(line)] = line

    @rule(place=places, data=rows)
    def update_cells(self, place: tuple[int, int], data: list[list[Cell]]) -> None:
        """``updateCells`` from a cell on: what is given without a value is cleared."""
        top, left = self.within(place)
        if top + len(data) > self.size[0] or left + max(map(len, data)) > self.size[1]:
            return
        start = {"sheetId": 0, "rowIndex": top, "columnIndex": left}
        self.batch(
            {"updateCells": {"start": start, "fields": "userEnteredValue", "rows": rows_of(data)}}
        )
        for row, line in enumerate(data, top):
            self.grid[row][left : left + len(line)] = line

    @rule(at=st.integers(0, 30), count=st.integers(1, 3), is_row=st.booleans())
    def insert(self, at: int, count: int, *, is_row: bool) -> None:
        """``insertDimension``."""
        height, width = self.size
        at %= height if is_row else width
        self.batch({"insertDimension": {"range": dimension(is_row, at, at + count)}})
        if is_row:
            self.grid[at:at] = [[None] * width for _ in range(count)]
        else:
            for row in self.grid:
                row[at:at] = [None] * count

    @rule(at=st.integers(0, 30), count=st.integers(1, 3), is_row=st.booleans())
    def delete(self, at: int, count: int, *, is_row: bool) -> None:
        """``deleteDimension``: something always stays."""
        length = self.size[0] if is_row else self.size[1]
        at %= length
        end = min(length, at + count)
        if end - at == length:
            return
        self.batch({"deleteDimension": {"range": dimension(is_row, at, end)}})
        for line in [self.grid] if is_row else self.grid:
            del line[at:end]

    @rule(
        at=st.integers(0, 30), count=st.integers(1, 3), to=st.integers(0, 30), is_row=st.booleans()
    )
    def move(self, at: int, count: int, to: int, *, is_row: bool) -> None:
        """``moveDimension``: the destination is counted before the move."""
        length = self.size[0] if is_row else self.size[1]
        at, to = at % length, to % (length + 1)
        end = min(length, at + count)
        if at <= to <= end:
            return
        source = dimension(is_row, at, end)
        self.batch({"moveDimension": {"source": source, "destinationIndex": to}})
        for line in [self.grid] if is_row else self.grid:
            moved: list[Any] = line[at:end]  # type: ignore[assignment]  # rows or cells
            del line[at:end]
            target = to if to < at else to - len(moved)
            line[target:target] = moved

    @rule(column=st.integers(0, 30), descending=st.booleans())
    def sort(self, column: int, *, descending: bool) -> None:
        """``sortRange`` over everything: blanks come last either way."""
        column %= self.size[1]
        order = "DESCENDING" if descending else "ASCENDING"
        spec = {"dimensionIndex": column, "sortOrder": order}
        self.batch({"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [spec]}})
        full = [row for row in self.grid if row[column] is not None]
        blank = [row for row in self.grid if row[column] is None]
        full.sort(key=lambda row: order_of(row[column]), reverse=descending)
        self.grid = full + blank

    @rule(data=rows)
    def refused(self, data: list[list[Cell]]) -> None:
        """One bad request of several: nothing changes, and the error names it."""
        fitting = [line[: self.size[1]] for line in data]
        good = {"appendCells": {"fields": "userEnteredValue", "rows": rows_of(fitting)}}
        bad = {"deleteSheet": {"sheetId": 4711}}
        path = f"/v4/spreadsheets/{self.book}:batchUpdate"
        answer = self.call("POST", path, {"requests": [good, bad]})
        assert answer.status == 400
        assert "requests[1].deleteSheet" in answer.content["error"]["message"]

    @rule(data=rows, fault=st.sampled_from(FAULTS))
    def struck(self, data: list[list[Cell]], fault: Fault) -> None:
        """A write that trouble befalls is applied as a whole, or not at all, as the fault says."""
        line = [*data[0], None, None][: self.size[1]]
        bottom = list(self.grid[-1])
        start = {"sheetId": 0, "rowIndex": self.size[0] - 1, "columnIndex": 0}
        cells = {"start": start, "fields": "userEnteredValue", "rows": rows_of([line])}
        more = {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 1}}
        body = {"requests": [{"updateCells": cells}, more]}
        self.google.troubles.add(fault)
        try:
            answer = self.call("POST", f"/v4/spreadsheets/{self.book}:batchUpdate", body)
            applied = answer.status == 200 or fault.applied
        except Cut as cut:
            applied = cut.after
        if applied:
            self.grid[-1] = [*line, *bottom[len(line) :]]
            self.grid.append([None] * self.size[1])

    @rule()
    def clear(self) -> None:
        """``values.clear`` of everything."""
        self.good("POST", f"/v4/spreadsheets/{self.book}/values/Sheet1:clear", {})
        self.grid = [[None] * self.size[1] for _ in self.grid]

    # --- what must hold -------------------------------------------------------------------------

    @invariant()
    def same_values(self) -> None:
        """What is read is what the model has."""
        if not self.book:
            return
        path = f"/v4/spreadsheets/{self.book}/values/Sheet1?valueRenderOption=UNFORMATTED_VALUE"
        assert self.good("GET", path).get("values", []) == shown(self.grid)

    @invariant()
    def same_size(self) -> None:
        """The tab says how large it is."""
        if not self.book:
            return
        body = self.good("GET", f"/v4/spreadsheets/{self.book}?fields=sheets.properties")
        grid = body["sheets"][0]["properties"]["gridProperties"]
        assert (grid["rowCount"], grid["columnCount"]) == self.size


def rows_of(data: Sequence[Sequence[Cell]]) -> list[object]:
    """Return ``RowData``."""
    return [{"values": [value_of(cell) for cell in line]} for line in data]


def value_of(cell: Cell) -> dict[str, object]:
    """Return ``CellData``."""
    if cell is None:
        return {}
    kind = {bool: "boolValue", int: "numberValue", str: "stringValue"}[type(cell)]
    return {"userEnteredValue": {kind: cell}}


def dimension(is_row: bool, start: int, end: int) -> dict[str, object]:  # noqa: FBT001 - a test's own
    """Return a ``DimensionRange``."""
    name = "ROWS" if is_row else "COLUMNS"
    return {"sheetId": 0, "dimension": name, "startIndex": start, "endIndex": end}


def shown(grid: Sequence[Sequence[Cell]]) -> list[list[object]]:
    """Return the grid as the values API shows it: without the blanks at the ends."""
    lines = []
    for row in grid:
        line: list[object] = ["" if cell is None else cell for cell in row]
        while line and line[-1] == "":
            line.pop()
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return lines


@pytest.mark.drill
@pytest.mark.timeout(0)
def test_no_sequence_of_calls_parts_the_server_from_the_model(*, long_run: bool) -> None:
    """Atomicity included; 10,000 runs in the long form."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # Hypothesis gives it no types
        Sheets,
        settings=settings(
            max_examples=10_000 if long_run else 60,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
