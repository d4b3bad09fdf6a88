"""The hidden tab of undo: what every write in place has replaced, copied by the same call.

The API can only name a row by its number, and a person may sort between the moment at which we look
where a row stands and the moment at which the write is applied. So the call that writes over a row
(or a header, or deletes a row) first copies it to this tab, beside what we expect to be there. The
call is applied whole, so the copy shows what was really written over. If it is what we expected,
all is well. If not, the row is restored from the copy, by this process at once or by whoever opens
the table next.

Line 0 says how many entries follow. An entry's columns: what was done, the response id (or header)
that was expected, the state (or header) that was written, a number (see ``Entry``), the state that
was expected (of a restoration), which column stood where, and two cells copied out of the row
(id and state; or the header); then the row itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import attrs

from formbridge.adapters.sheets.book.layout import RESPONSE_ID, STATE, Layout, Spot
from formbridge.adapters.sheets.book.states import owner_of

Json = dict[str, Any]

UPDATE, REMOVE, HEADER, RESTORE, REINSERT = "update", "remove", "header", "restore", "reinsert"
APPEND = "append"
PREFIX = 8
"""Columns of an entry before the copied row."""
COPIED = 6
"""The first of the two columns of copied cells."""
OWNER, PIECE = 8, 40_000
"""Digits that say whose row it is, and digits in a cell."""
MOST_APPENDED = 2 * PIECE // OWNER
"""Rows of one call, at most."""


@attrs.frozen(kw_only=True)
class Entry:
    """One thing written over.

    ``number``: the row that was removed, the header's column, or which entry was put right.
    """

    done: str
    expected: str
    written: str = ""
    number: int = 0
    before: str = ""
    columns: str = ""
    copied: tuple[str, str] = ("", "")

    @property
    def wrong(self) -> bool:
        """Whether something else was written over than we meant."""
        if self.done in (APPEND, REINSERT):
            return False
        if self.done == RESTORE:
            return self.copied != (self.expected, self.before)
        return self.copied[0] != self.expected

    def cells(self) -> list[str]:
        """Return what stands before the copies."""
        number = str(self.number)
        cells = [self.done, self.expected, self.written, number, self.before, self.columns]
        return [*cells, *self.copied] if self.done == APPEND else cells

    @property
    def owners(self) -> set[str]:
        """Whose rows were appended: the last eight digits of their states."""
        text = "".join(self.copied)
        return {text[at : at + OWNER] for at in range(0, len(text), OWNER)}


def appended(states: Sequence[str], columns: str) -> Entry:
    """Return the entry of rows that were appended with these states."""
    text = "".join(map(owner_of, states))
    return Entry(done=APPEND, expected="", columns=columns, copied=(text[:PIECE], text[PIECE:]))


def read_entries(columns: Sequence[Sequence[object]]) -> list[Entry]:
    """Return the entries that the first columns of the tab hold, as the API gave them."""
    count = _count(columns)
    lines = [[_text(column, line) for column in columns] for line in range(1, count + 1)]
    entries: list[Entry] = []
    for line in lines:
        done, expected, written, number, before, spots, first, second = [*line, *[""] * PREFIX][:8]
        entries.append(
            Entry(
                done=done,
                expected=expected,
                written=written,
                number=int(number) if number.isdecimal() else 0,
                before=before,
                columns=spots,
                copied=(first, second),
            )
        )
    return entries


def holds_any(columns: Sequence[Sequence[object]], ids: AbstractSet[str]) -> bool:
    """Return whether rows of these responses stand in the tab, also behind its last entry."""
    return len(columns) > COPIED and not ids.isdisjoint(map(str, columns[COPIED]))


def unhealed(entries: Sequence[Entry]) -> list[int]:
    """Return which entries wrote over something else and were not put right since."""
    healed = {
        entry.number for entry in entries if entry.done in (RESTORE, REINSERT) and not entry.wrong
    }
    return [n for n, entry in enumerate(entries) if entry.wrong and n not in healed]


def _count(columns: Sequence[Sequence[object]]) -> int:
    text = _text(columns[0], 0) if columns else ""
    return int(text) if text.isdecimal() else 0


def _text(column: Sequence[object], line: int) -> str:
    return str(column[line]) if line < len(column) else ""


def spots_of(layout: Layout) -> str:
    """Return which column stands where: ours by number, people's by anchor: ``0,1,a790000,2``."""
    if any(spot.anchor for spot in layout.spots):
        layout = layout.fenced()
    return ",".join(map(_spot, layout.spots))


def _spot(spot: Spot) -> str:
    if spot.number >= 0:
        return str(spot.number)
    return "" if spot.anchor is None else f"a{spot.anchor}"


def read_spots(text: str) -> dict[int, int]:
    """Return at which place each of our columns stood."""
    numbers = text.split(",")
    return {int(number): at for at, number in enumerate(numbers) if number.isdecimal()}


@attrs.frozen(kw_only=True)
class Undo:
    """The tab with this id and a grid of this size, behind ``start`` entries that must stay."""

    sheet: int
    rows: int
    columns: int
    start: int = 0

    def room(self, entries: int, width: int) -> tuple["Undo", list[Json]]:
        """Return the tab with room for so many more entries of that width, and what makes it."""
        rows = max(self.rows, self.start + entries + 1)
        columns = max(self.columns, PREFIX + width)
        if (rows, columns) == (self.rows, self.columns):
            return self, []
        grid = {"rowCount": rows, "columnCount": columns}
        properties = {"sheetId": self.sheet, "gridProperties": grid}
        fields = "gridProperties(rowCount,columnCount)"
        request = {"updateSheetProperties": {"properties": properties, "fields": fields}}
        return attrs.evolve(self, rows=rows, columns=columns), [request]

    def record(self, entries: Sequence[Entry]) -> list[Json]:
        """Return requests that write these entries, without their copies."""
        total = self.start + len(entries)
        rows = [{"values": [_string(text) for text in entry.cells()]} for entry in entries]
        return [
            self._cells(0, [{"values": [_string(str(total))]}]),
            self._cells(self.start + 1, rows),
        ]

    def copy_rows(self, layout: Layout, rows: Sequence[int]) -> list[Json]:
        """Return requests that copy these rows of the tab, the n-th to the n-th new entry."""
        requests: list[Json] = []
        for begin, first, count in runs(rows):
            line = self.start + 1 + begin
            for at, number in enumerate((RESPONSE_ID, STATE)):
                place = layout.place(number)
                source = area(layout.sheet, first, count, place, 1)
                target = area(self.sheet, line, count, COPIED + at, 1)
                requests.append(_paste(source, target, "PASTE_VALUES"))
            source = area(layout.sheet, first, count, 0, layout.width)
            target = area(self.sheet, line, count, PREFIX, layout.width)
            requests.append(_paste(source, target, "PASTE_NORMAL"))
        return requests

    def copy_headers(self, layout: Layout, places: Sequence[int]) -> list[Json]:
        """Return requests that copy the headers at these places, the n-th to the n-th entry."""
        return [
            _paste(
                area(layout.sheet, 0, 1, place, 1),
                area(self.sheet, self.start + 1 + number, 1, COPIED, 1),
                "PASTE_VALUES",
            )
            for number, place in enumerate(places)
        ]

    def restore(self, number: int, entry: Entry, layout: Layout, row: int) -> list[Json]:
        """Return requests that copy an entry's row back, but for people's columns and the id.

        A column that took the place of one of ours gets back what was written over as well. Columns
        that came with the write are not in its copy: there was nothing in them.
        """
        spots = read_spots(entry.columns)
        targets = {ours: layout.place(ours) for ours in spots} | layout.strays
        del targets[RESPONSE_ID]
        fields = "userEnteredValue,userEnteredFormat.numberFormat"
        emptied = [
            {"updateCells": {"range": area(layout.sheet, row, 1, place, 1), "fields": fields}}
            for place, spot in enumerate(layout.spots)
            if spot.number >= 0 and spot.number not in spots
        ]
        return [*emptied, *self.copy_back(number, entry, layout, row, targets)]

    def copy_back(
        self, number: int, entry: Entry, layout: Layout, row: int, targets: Mapping[int, int]
    ) -> list[Json]:
        """Return requests that copy cells of an entry's row back, by number to these places."""
        return [
            _paste(
                area(self.sheet, number + 1, 1, PREFIX + was, 1),
                area(layout.sheet, row, 1, targets[ours], 1),
                "PASTE_NORMAL",
            )
            for ours, was in read_spots(entry.columns).items()
            if targets.get(ours, -1) >= 0
        ]

    def reinsert(self, number: int, entry: Entry, layout: Layout, row: int) -> list[Json]:
        """Return requests that insert an entry's row where it stood."""
        span = {"sheetId": layout.sheet, "dimension": "ROWS"}
        span |= {"startIndex": row, "endIndex": row + 1}
        insert = {"insertDimension": {"range": span, "inheritFromBefore": True}}
        spots = spots_of(layout)
        if entry.columns == spots:  # nobody moved a column
            source = area(self.sheet, number + 1, 1, PREFIX, layout.width)
            target = area(layout.sheet, row, 1, 0, layout.width)
            return [insert, _paste(source, target, "PASTE_NORMAL")]
        here = {spot: place for place, spot in enumerate(spots.split(",")) if spot}
        pastes = [
            _paste(
                area(self.sheet, number + 1, 1, PREFIX + was, 1),
                area(layout.sheet, row, 1, here[spot], 1),
                "PASTE_NORMAL",
            )
            for was, spot in enumerate(entry.columns.split(","))
            if spot in here
        ]
        return [insert, *pastes]

    def clear(self) -> list[Json]:
        """Return requests that empty the tab."""
        return [{"updateCells": {"range": {"sheetId": self.sheet}, "fields": "userEnteredValue"}}]

    def _cells(self, line: int, rows: Sequence[Json]) -> Json:
        start = {"sheetId": self.sheet, "rowIndex": line, "columnIndex": 0}
        return {"updateCells": {"start": start, "rows": list(rows), "fields": "userEnteredValue"}}


def runs(rows: Iterable[int]) -> list[tuple[int, int, int]]:
    """Return stretches of rows that follow each other: number in the list, first row, length."""
    result: list[tuple[int, int, int]] = []
    for number, row in enumerate(rows):
        if result and result[-1][1] + result[-1][2] == row:
            begin, first, count = result[-1]
            result[-1] = (begin, first, count + 1)
        else:
            result.append((number, row, 1))
    return result


def area(sheet: int, row: int, rows: int, column: int, columns: int) -> Json:
    """Return a range of cells."""
    return {
        "sheetId": sheet,
        "startRowIndex": row,
        "endRowIndex": row + rows,
        "startColumnIndex": column,
        "endColumnIndex": column + columns,
    }


def _paste(source: Json, target: Json, kind: str) -> Json:
    return {"copyPaste": {"source": source, "destination": target, "pasteType": kind}}


def _string(text: str) -> Json:
    return {"userEnteredValue": {"stringValue": text}} if text else {}
