"""The place behind ``SheetsTables`` under test: the emulator, and somebody who edits there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import attrs

from formbridge.adapters.sheets.drive.naming import TABLE_MARK, digest_of
from formbridge.adapters.sheets.settings import Fence, SheetsSettings
from formbridge.domain.cells import Cell
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import TableStore
from formbridge.domain.tables import RESPONSE_ID
from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.references import letters
from formbridge.testing.google.person import Person as Hands
from formbridge.testing.google.trouble.faults import Fault as Trouble
from formbridge.testing.google.trouble.faults import Kind
from formbridge.testing.table_driver import Fault, Grid, Person, TableDriver
from tests.adapters.sheets.in_process import ENDPOINT
from tests.adapters.sheets.seen import Spot, Tab, spreadsheets
from tests.adapters.sheets.stores import open_store

TESTER, ADA = "tester@example.com", "ada@example.com"
EXACT = 10**15
"""Sheets keeps 15 digits of a number; a longer integer is shown as text."""
PATIENCE = 300.0
"""Seconds after which all is well again: longer than a minute's quota and than Google's 180."""

TROUBLES: Mapping[Fault, Trouble] = {
    Fault.THROTTLED: Trouble(kind=Kind.ERROR, status=429, times=None),
    Fault.BROKEN: Trouble(kind=Kind.HTML, times=None),
    Fault.TIMED_OUT: Trouble(kind=Kind.CUT_AFTER, method="sheets.*", use="write"),
}


class SheetsPerson(Person):
    """Ada, with whom the spreadsheets are shared, at the first tab of one."""

    def __init__(self, google: Google, book: str) -> None:
        """Open the spreadsheet."""
        self.google, self.book = google, book
        self.hands = Hands(google, google.tokens.accounts[ADA])

    @property
    def tab(self) -> Tab:
        """The tab as it stands now."""
        return Tab.of(self.google, self.book)

    @property
    def at(self) -> tuple[str, str]:
        """Where the hands work."""
        return self.book, self.tab.sheet.title

    def rename(self, header: str, to: str) -> None:
        """Type over a header; an apostrophe makes a text of anything."""
        self.hands.rename_header(*self.at, self._spot(header).letters, f"'{to}")

    def move_column(self, header: str, to: int) -> None:
        """Drag a column to before the one that stands there without it."""
        spot = self._spot(header)
        others = [each for each in self.tab.visible if each.place != spot.place]
        target = others[to].place if to < len(others) else others[-1].place + 1
        if target not in {spot.place, spot.place + 1}:
            self._do("moveDimension", source=self._columns(spot.place), destinationIndex=target)

    def insert_column(self, header: str, at: int) -> None:
        """Insert a column to the left of another, or behind the last, and type its header."""
        visible = self.tab.visible
        place = visible[at].place if at < len(visible) else visible[-1].place + 1
        self._do("insertDimension", range=self._columns(place), inheritFromBefore=place > 0)
        self.hands.rename_header(*self.at, letters(place), f"'{header}")

    def delete_column(self, header: str) -> None:
        """Take a column away."""
        self.hands.delete_columns(*self.at, self._spot(header).letters)

    def sort(self, header: str, *, descending: bool = False) -> None:
        """Sort the rows under the frozen header."""
        self.hands.sort(*self.at, self._spot(header).letters, descending=descending)

    def insert_row(self, cells: Mapping[str, str], at: int) -> None:
        """Insert a row and type into it."""
        self.hands.insert_rows(*self.at, at + 2)
        for header, text in cells.items():
            self.hands.type(*self.at, f"{self._spot(header).letters}{at + 2}", f"'{text}")

    def copy_row(self, response_id: str) -> None:
        """Copy a whole row and paste it behind the last."""
        row, end = self._row(response_id), self.tab.height
        rows = {"sheetId": self.tab.sheet.id, "dimension": "ROWS"}
        if end >= self.tab.sheet.row_count:
            self._do("appendDimension", **rows, length=1)
        whole = {"sheetId": self.tab.sheet.id}
        self._do(
            "copyPaste",
            source=whole | {"startRowIndex": row, "endRowIndex": row + 1},
            destination=whole | {"startRowIndex": end, "endRowIndex": end + 1},
        )

    def delete_row(self, response_id: str) -> None:
        """Take a row away."""
        self.hands.delete_rows(*self.at, self._row(response_id) + 1)

    def type(self, response_id: str, header: str, text: str) -> None:
        """Type into a cell."""
        place = f"{self._spot(header).letters}{self._row(response_id) + 1}"
        self.hands.type(*self.at, place, f"'{text}")

    def _spot(self, header: str) -> Spot:
        return next(spot for spot in self.tab.visible if spot.header == header)

    def _row(self, response_id: str) -> int:
        tab, place = self.tab, self._spot(RESPONSE_ID).place
        return next(n for n in range(1, tab.height) if tab.sheet.content(n, place) == response_id)

    def _columns(self, place: int) -> dict[str, object]:
        span = {"startIndex": place, "endIndex": place + 1}
        return {"sheetId": self.tab.sheet.id, "dimension": "COLUMNS", **span}

    def _do(self, kind: str, **request: object) -> None:
        self.hands.do(self.book, {kind: request})


@attrs.define(eq=False, kw_only=True)
class SheetsDriver(TableDriver):
    """An emulated Google with nothing in it, and the file in which ids are remembered."""

    folder: Path
    fence: Fence = Fence.METADATA
    endpoint: str = ""
    clock: FakeClock = attrs.field(factory=FakeClock)
    google: Google = attrs.field()

    @google.default
    def _google(self) -> Google:
        google = Google(clock=self.clock, seed=1)
        google.tokens.add_user(ADA)
        return google

    @property
    def settings(self) -> SheetsSettings:
        """A quota that no test reaches, and Ada may edit what is made."""
        return SheetsSettings(
            endpoint=self.endpoint or ENDPOINT,
            share_with=(ADA,),
            reads_per_minute=100_000,
            writes_per_minute=100_000,
            registry=self.folder / "registry.json",
            fence=self.fence,
        )

    def open(self) -> TableStore:
        """Return a store with a client of its own."""
        google = None if self.endpoint else self.google
        return open_store(self.settings, clock=self.clock, google=google)

    def read(self, table: TableKey) -> Grid:
        """Read the first tab of its spreadsheet."""
        books = self.books(table)
        return Tab.of(self.google, books[0]).read() if books else []

    def person(self, table: TableKey) -> Person:
        """Ada."""
        return SheetsPerson(self.google, self.books(table)[0])

    def shown(self, cell: Cell) -> object:
        """Types are kept, but for integers that a double would round; moments to a millisecond."""
        if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= EXACT:
            return str(cell)
        if isinstance(cell, datetime):
            return cell.astimezone(UTC)
        return cell

    @contextmanager
    def fault(self, fault: Fault) -> Iterator[None]:
        """Let calls go wrong; afterwards let so much time pass that all is well again."""
        self.google.troubles.add(TROUBLES[fault])
        yield
        self.google.troubles.clear()
        self.clock.advance(PATIENCE)

    def books(self, table: TableKey) -> list[str]:
        """Return the ids of a table's spreadsheets, the oldest first."""
        return spreadsheets(self.google, {TABLE_MARK: digest_of(table)})
