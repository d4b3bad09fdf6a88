"""The first tab of a spreadsheet as a person sees it, read out of the emulator's own grid.

Nothing of the sink is used here: what it wrote is judged by what stands there.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from formbridge.testing.google.files.file import SPREADSHEET
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, cell_of, value_of
from formbridge.testing.google.grid.references import letters
from formbridge.testing.google.grid.sheet import Sheet

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers count local days from here
KEY = "formbridge"
"""The key of the metadata by which the sink knows its columns."""


@attrs.frozen
class Formula:
    """A cell with a formula, which is never equal to the text of it."""

    text: str


def seen(content: Content, zone: ZoneInfo) -> object:
    """Return what a cell shows, with its type; None for a blank one."""
    cell = cell_of(content)
    if cell.formula:
        return "" if cell.formula == '=""' else Formula(cell.formula)
    value = cell.value
    if isinstance(value, float) and _is_moment(cell):
        passed = timedelta(milliseconds=round(value * 86_400_000))
        return (EPOCH + passed).replace(tzinfo=zone)
    return value


def _is_moment(cell: Cell) -> bool:
    kind = (cell.format or {}).get("numberFormat", {}).get("type")
    return kind in {"DATE", "TIME", "DATE_TIME"}


def spreadsheets(google: Google, marks: Mapping[str, str]) -> list[str]:
    """Return the ids of the spreadsheets that carry these marks, the oldest first."""
    found = [
        file
        for file in google.drive.all.values()
        if file.mime_type == SPREADSHEET and not file.trashed and marks.items() <= _marks(file)
    ]
    return [file.id for file in sorted(found, key=lambda file: (file.created, file.id))]


def _marks(file: object) -> set[tuple[str, str]]:
    by_client: Mapping[str, Mapping[str, str]] = file.app_properties  # type: ignore[attr-defined]
    return {pair for marks in by_client.values() for pair in marks.items()}


def first_tab(book: Book) -> Sheet:
    """Return the leftmost tab that is not hidden."""
    return next(sheet for sheet in book.sheets if not sheet.hidden)


@attrs.frozen(kw_only=True)
class Spot:
    """A column: its place from 0, its header, and the number that the sink gave it or -1."""

    place: int
    header: str
    hidden: bool
    number: int

    @property
    def letters(self) -> str:
        """How a person calls its place."""
        return letters(self.place)


@attrs.frozen
class Tab:
    """One tab. Rows count from 0 here, the header among them."""

    book: Book
    sheet: Sheet

    @classmethod
    def of(cls, google: Google, book_id: str) -> "Tab":
        """Return the first tab of a spreadsheet as it stands now."""
        book = google.books[book_id]
        return cls(book, first_tab(book))

    @property
    def zone(self) -> ZoneInfo:
        """The spreadsheet's time zone."""
        return ZoneInfo(self.book.time_zone)

    @property
    def spots(self) -> list[Spot]:
        """All columns of the grid."""
        numbers = {
            entry.start: int((entry.value or "c-1")[1:])
            for entry in self.book.metadata.values()
            if entry.sheet == self.sheet.id and entry.dimension == "COLUMNS" and entry.key == KEY
        }
        return [
            Spot(
                place=place,
                header=str(value_of(self.sheet.content(0, place)) or ""),
                hidden=bool(self.sheet.column_sizes.get(place, {}).get("hiddenByUser")),
                number=numbers.get(place, -1),
            )
            for place in range(self.sheet.column_count)
        ]

    @property
    def visible(self) -> list[Spot]:
        """The columns that are not hidden, as far as anything stands in them."""
        spots = [spot for spot in self.spots if not spot.hidden]
        while spots and not self._used(spots[-1].place):
            spots.pop()
        return spots

    @property
    def height(self) -> int:
        """How many rows have anything in them, the header among them."""
        used = [
            number
            for number, row in enumerate(self.sheet.rows)
            if any(seen(content, self.zone) is not None for content in row)
        ]
        return max(used, default=-1) + 1

    def read(self) -> list[list[object]]:
        """Return what is seen: the headers, then the rows."""
        spots = self.visible
        return [
            [seen(self.sheet.content(row, spot.place), self.zone) for spot in spots]
            for row in range(self.height)
        ]

    def _used(self, place: int) -> bool:
        return any(
            seen(self.sheet.content(row, place), self.zone) is not None
            for row in range(len(self.sheet.rows))
        )
