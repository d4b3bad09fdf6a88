"""Tabs "Questions" that a person keeps in spreadsheets of an emulated Google."""

from collections.abc import Mapping, Sequence

import attrs

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.questions.catalog import SheetsCatalog
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock
from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.cell import cell_of
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.person import Person
from tests.adapters.sheets.in_process import emulated, opened

OWNER = "tester@example.com"
TAB = "Questions"


@attrs.define(eq=False)
class Tabs:
    """Spreadsheets by table, the person who keeps them, and the catalogs that were opened."""

    google: Google = attrs.field(init=False)
    clock: FakeClock = attrs.field(init=False)
    books: dict[TableKey, str] = attrs.field(init=False, factory=dict)
    clients: list[SheetsClient] = attrs.field(init=False, factory=list)
    asked: list[TableKey] = attrs.field(init=False, factory=list)
    warnings: list[str] = attrs.field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        """Begin with an empty Drive."""
        self.google, self.clock = emulated()

    @property
    def person(self) -> Person:
        """Who keeps the tabs."""
        return Person(self.google, self.google.tokens.accounts[OWNER])

    def catalog(self, *, reads: int = 20, clock: Clock | None = None) -> SheetsCatalog:
        """Return a catalog with a client of its own, which is the last of ``clients``."""
        self.clients.append(opened(self.google, self.clock))
        return SheetsCatalog(
            self.clients[-1],
            self.locate,
            clock=clock or self.clock,
            reads=reads,
            warn=self.warnings.append,
        )

    def locate(self, table: TableKey) -> tuple[str, ...]:
        """Find a spreadsheet by the form, whatever the source, and note who was asked for."""
        self.asked.append(table)
        book = self.books.get(TableKey(form_id=table.form_id))
        return () if book is None else (book,)

    def book(self, table: TableKey) -> str:
        """Return the spreadsheet of a table; a new one has one tab, of another name."""
        if table not in self.books:
            client = opened(self.google, self.clock)
            kind = "application/vnd.google-apps.spreadsheet"
            self.books[table] = client.create_file({"name": str(table), "mimeType": kind})["id"]
            client.close()
        return self.books[table]

    def write(
        self, table: TableKey, rows: Sequence[Mapping[str, object]], *, tab: str = TAB
    ) -> None:
        """Let the person write a tab anew: the headers are all keys, in the order they come."""
        book = self.book(table)
        self.delete(table, tab=tab)
        headers = list(dict.fromkeys(key for row in rows for key in row))
        self.person.add_tab(book, tab)
        lines = [headers, *([row.get(name) for name in headers] for row in rows)]
        start = {"sheetId": self.sheet(table, tab).id, "rowIndex": 0, "columnIndex": 0}
        cells = [{"values": [_cell(value) for value in line]} for line in lines]
        body = {"start": start, "rows": cells, "fields": "userEnteredValue"}
        self.person.do(book, {"updateCells": body})

    def delete(self, table: TableKey, *, tab: str = TAB) -> None:
        """Let the person delete a tab, if it is there."""
        book = self.book(table)
        if self.google.books[book].titled(tab) is not None:
            self.person.delete_tab(book, tab)

    def sheet(self, table: TableKey, tab: str = TAB) -> Sheet:
        """Return a tab as it stands."""
        return self.person.tab(self.book(table), tab)

    def rows(self, table: TableKey, tab: str = TAB) -> list[list[object]]:
        """Return what stands in a tab, row by row, without what is empty at the ends."""
        sheet = self.sheet(table, tab)
        rows = [[cell_of(it).formula or cell_of(it).value for it in row] for row in sheet.rows]
        for row in rows:
            while row and row[-1] is None:
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def close(self) -> None:
        """Close the clients."""
        for client in self.clients:
            client.close()


def _cell(value: object) -> dict[str, object]:
    if value is None:
        return {}
    number = isinstance(value, int | float)
    return {"userEnteredValue": {"numberValue" if number else "stringValue": value}}
