"""Three forms' spreadsheets, which the page is shown with."""

import json
from typing import Any

import attrs

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import Book, NamedRange, fresh_book
from formbridge.testing.google.grid.cell import Cell
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.messages import Request

OWNER = "tester@example.com"
BOLD = {"textFormat": {"bold": True}, "backgroundColor": {"red": 1.0, "green": 1.0}}
PERCENT = {"numberFormat": {"type": "PERCENT", "pattern": "0.0%"}}
MARKUP = "<img src=x onerror=\"document.title='stolen'\">"


@attrs.frozen(kw_only=True)
class Forms:
    """A service with the spreadsheets of three forms, by name, and a folder."""

    google: Google
    ids: dict[str, str]

    def state(self, **asked: object) -> Any:  # noqa: ANN401 - JSON
        """Ask for the page's state."""
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        answer = self.google.handle(Request.of("GET", f"/_emulator/page/state?{query}"))
        assert answer.status == 200
        return json.loads(answer.body)

    def sheet(self, **asked: object) -> Any:  # noqa: ANN401 - JSON
        """Ask for the survey's first tab."""
        return self.state(book=self.ids["survey"], **asked)["sheet"]

    @property
    def survey(self) -> Book:
        """The first spreadsheet, to be changed in place."""
        return self.google.books[self.ids["survey"]]


@attrs.frozen(kw_only=True)
class Shown:
    """The same, at an address."""

    forms: Forms
    url: str


def made(google: Google | None = None) -> Forms:
    """Return three forms' spreadsheets: a survey with looks of all kinds, and two plain ones."""
    found = google or Google(clock=FakeClock(), seed=11)
    owner, now = found.tokens.accounts[OWNER], found.clock.now()
    folder = found.drive.add_folder("Forms", owner=owner, now=now)
    ids = {}
    for name in ("survey", "events", "bugs"):
        file = found.drive.add_spreadsheet(name, owner=owner, now=now, parent=folder.id)
        ids[name] = file.id
        found.books[file.id] = _answers(fresh_book(file.id, name))
    _decorate(found.books[ids["survey"]])
    found.drive.trash(ids["bugs"], by=owner, now=now)
    return Forms(google=found, ids=ids)


def _answers(book: Book) -> Book:
    sheet = book.sheets[0]
    sheet.grid |= {"frozenRowCount": 1, "frozenColumnCount": 1}
    for column, text in enumerate(("id", "name", "score", "share", "sum")):
        sheet.put(0, column, Cell(value=text, format=BOLD))
    for row in range(1, 41):
        share, total = Cell(value=row / 80, format=PERCENT), Cell(formula=f"=C{row + 1}*2")
        cells = (f"r{row:03d}", f"Name {row % 7}", float(row), share, total)
        for column, content in enumerate(cells):
            sheet.put(row, column, content)
    return book


def _decorate(book: Book) -> None:
    sheet = book.sheets[0]
    sheet.put(2, 1, Cell(value=MARKUP, note="called back"))
    sheet.merges.append(Area(3, 6, 5, 8))
    sheet.put(3, 6, "merged")
    sheet.row_sizes |= {5: {"hiddenByFilter": True}, 6: {"hiddenByUser": True}}
    sheet.column_sizes |= {3: {"hiddenByUser": True}, 1: {"pixelSize": 180}}
    sheet.filter = {"range": GridRange.covering(0, Area(0, 0, 41, 5)).body(), "criteria": {"1": {}}}
    named = GridRange.covering(0, Area(1, 2, 41, 3))
    book.named["n1"] = NamedRange(id="n1", name="scores", range=named)
    other = fresh_book("", "").sheets[0]
    other.id, other.title = 7, "Second"
    book.sheets.append(other)
