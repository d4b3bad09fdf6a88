"""A person who does something at random, always alike from one seed."""

from collections.abc import Callable, Iterable, Mapping
from random import Random

import attrs

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.cell import value_of
from formbridge.testing.google.grid.references import letters
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.person.cells import CellEdits
from formbridge.testing.google.person.hand import header_rows
from formbridge.testing.google.person.order import OrderEdits
from formbridge.testing.google.person.tabs import TabEdits

TRIES = 40
"""How many edits are thought of before a person gives up: most are possible most of the time."""

TEXTS = (
    "checked", "ok", "Übergröße", "naïve 😀", "line\nbreak", "0042", "'0042", "-1", "3.5",
    "=1+1", "=A1", "TRUE", '"quoted"', "a,b;c", "+49 30 1234", "", "nächste Woche",
)  # fmt: skip
"""What is typed."""

PIXELS = (21, 60, 150, 300)
MOST_TABS = 8
MOST_ROWS = 3
"""How many rows or columns are inserted, deleted, moved or hidden at once."""


class Editor(OrderEdits, CellEdits, TabEdits):
    """Whoever can do all edits."""


class Unfit(Exception):
    """There is nothing here to do that with."""


@attrs.frozen(kw_only=True)
class Draw:
    """One edit that is being thought of: on which tab, and where chance comes from."""

    person: Editor
    book_id: str
    sheet: Sheet
    chance: Random

    @property
    def at(self) -> tuple[str, str]:
        """The spreadsheet and the tab, as a person's methods take them first."""
        return self.book_id, self.sheet.title

    def rows(self) -> tuple[int, int]:
        """Draw a row from 1 and how many of them, where something stands or just behind."""
        last = min(max(len(self.sheet.rows) + 2, 2), self.sheet.row_count)
        row = self.chance.randint(1, last)
        return row, self.chance.randint(1, min(MOST_ROWS, self.sheet.row_count - row + 1))

    def data_row(self) -> int:
        """Draw a row under the header that holds something."""
        top = max(1, header_rows(self.sheet)) + 1
        if len(self.sheet.rows) < top:
            raise Unfit
        return self.chance.randint(top, len(self.sheet.rows))

    def column(self) -> str:
        """Draw a column, where something stands or just behind."""
        return letters(self.chance.randrange(self._width()))

    def cell(self) -> str:
        """Draw a cell."""
        return f"{self.column()}{self.rows()[0]}"

    def cells(self) -> str:
        """Draw a small range."""
        row, count = self.rows()
        left = self.chance.randrange(self._width())
        right = min(left + self.chance.randrange(3), self.sheet.column_count - 1)
        return f"{letters(left)}{row}:{letters(right)}{row + count - 1}"

    def text(self) -> str:
        """Draw what is typed."""
        return self.chance.choice(TEXTS)

    def name(self, word: str) -> str:
        """Draw a name that is hardly taken."""
        return f"{word} {self.chance.randrange(10_000)}"

    def _width(self) -> int:
        first = max((len(row) for row in self.sheet.rows.slice(0, 3)), default=0)
        return min(max(first + 1, 2), self.sheet.column_count)


Thought = Callable[[Draw], str]


def _sort(draw: Draw) -> str:
    return draw.person.sort(*draw.at, draw.column(), descending=draw.chance.random() < 0.5)


def _sort_range(draw: Draw) -> str:
    first, second = sorted((draw.data_row(), draw.data_row()))
    last = letters(draw.sheet.column_count - 1)
    return draw.person.sort_range(*draw.at, f"A{first}:{last}{second}", draw.column())


def _sort_by_filter(draw: Draw) -> str:
    return draw.person.sort_by_filter(*draw.at, draw.column())


def _filter(draw: Draw) -> str:
    by = draw.chance.randrange(min(3, draw.sheet.column_count))
    value = value_of(draw.sheet.content(draw.data_row() - 1, by))
    if not isinstance(value, str) or not value:
        raise Unfit
    return draw.person.filter(*draw.at, letters(by), [value])


def _clear_filter(draw: Draw) -> str:
    if draw.sheet.filter is None:
        raise Unfit
    return draw.person.clear_filter(*draw.at)


def _move_rows(draw: Draw) -> str:
    row, count = draw.data_row(), 1
    to = draw.data_row()
    if row <= to <= row + count:
        raise Unfit
    return draw.person.move_rows(*draw.at, row, to, count)


def _move_columns(draw: Draw) -> str:
    first, to = draw.column(), draw.column()
    if first == to:
        raise Unfit
    return draw.person.move_columns(*draw.at, first, to)


def _hide_rows(draw: Draw) -> str:
    row, count = draw.rows()
    return draw.person.hide_rows(*draw.at, row, count, hidden=draw.chance.random() < 0.6)


def _hide_columns(draw: Draw) -> str:
    return draw.person.hide_columns(*draw.at, draw.column(), hidden=draw.chance.random() < 0.6)


def _colour(draw: Draw) -> str:
    colour = f"#{draw.chance.randrange(1 << 24):06x}"
    return draw.person.colour(*draw.at, draw.cells(), colour)


def _add_tab(draw: Draw) -> str:
    if len(draw.person.book(draw.book_id).sheets) >= MOST_TABS:
        raise Unfit
    return draw.person.add_tab(draw.book_id, draw.name("Tab"))


def _protect(draw: Draw) -> str:
    return draw.person.protect(*draw.at, draw.cells(), warning=draw.chance.random() < 0.5)


def _trash(draw: Draw) -> str:
    """Put the file into the trash, which people do less often than they type."""
    if draw.chance.random() < 0.8:
        raise Unfit
    return draw.person.trash(draw.book_id)


def _restore(draw: Draw) -> str:
    if not draw.person.google.drive.all[draw.book_id].trashed:
        raise Unfit
    return draw.person.restore(draw.book_id)


THOUGHTS: Mapping[str, Thought] = {
    "sort": _sort,
    "sort_range": _sort_range,
    "sort_by_filter": _sort_by_filter,
    "filter": _filter,
    "clear_filter": _clear_filter,
    "insert_rows": lambda draw: draw.person.insert_rows(*draw.at, *draw.rows()),
    "insert_columns": lambda draw: draw.person.insert_columns(*draw.at, draw.column()),
    "delete_rows": lambda draw: draw.person.delete_rows(*draw.at, *draw.rows()),
    "delete_columns": lambda draw: draw.person.delete_columns(*draw.at, draw.column()),
    "move_rows": _move_rows,
    "move_columns": _move_columns,
    "hide_rows": _hide_rows,
    "hide_columns": _hide_columns,
    "resize_rows": lambda draw: draw.person.resize_rows(
        *draw.at, draw.rows()[0], draw.chance.choice(PIXELS)
    ),
    "resize_columns": lambda draw: draw.person.resize_columns(
        *draw.at, draw.column(), draw.chance.choice(PIXELS)
    ),
    "type": lambda draw: draw.person.type(*draw.at, draw.cell(), draw.text()),
    "rename_header": lambda draw: draw.person.rename_header(
        *draw.at, draw.column(), draw.name("Header")
    ),
    "clear_cells": lambda draw: draw.person.clear_cells(*draw.at, draw.cells()),
    "note": lambda draw: draw.person.note(*draw.at, draw.cell(), draw.text()),
    "colour": _colour,
    "bold": lambda draw: draw.person.bold(*draw.at, draw.cells()),
    "protect": _protect,
    "unprotect": lambda draw: draw.person.unprotect(*draw.at),
    "add_tab": _add_tab,
    "rename_tab": lambda draw: draw.person.rename_tab(*draw.at, draw.name("Tab")),
    "rename_file": lambda draw: draw.person.rename_file(draw.book_id, draw.name("File")),
    "trash": _trash,
    "restore": _restore,
}
"""What is done at random, by the name of the person's method."""


class RandomPerson:
    """Does one possible edit at a time. The same seed and the same spreadsheet give the same edits.

    ``only`` names the methods of ``Person`` to choose from, ``never`` those to leave alone.
    """

    def __init__(
        self,
        person: Editor,
        seed: int,
        *,
        only: Iterable[str] | None = None,
        never: Iterable[str] = (),
    ) -> None:
        """Begin the sequence of a seed."""
        self.person = person
        self.chance = Random(seed)  # noqa: S311 - reproducible, no secret
        wanted = set(THOUGHTS if only is None else only) - set(never)
        if unknown := wanted - set(THOUGHTS):
            raise ValueError(f"not done at random: {', '.join(sorted(unknown))}")
        self.names = [name for name in THOUGHTS if name in wanted]

    def edit(self, book_id: str, tab: str | None = None) -> str:
        """Make one valid edit, in any tab or in that one; return a sentence of what was done.

        Raises ``ApiError`` where this person may do nothing.
        """
        refusal: ApiError | None = None
        for _ in range(TRIES):
            try:
                with self.person.google.lock:
                    return THOUGHTS[self.chance.choice(self.names)](self._draw(book_id, tab))
            except Unfit:
                continue
            except ApiError as error:
                refusal = error
        raise refusal or ApiError(400, "There is nothing to edit.")

    def sometimes(
        self, book_id: str, *, chance: float = 1.0, tab: str | None = None
    ) -> Callable[[], str]:
        """Return what makes an edit each time it is called, or not: for ``troubles.between``.

        It never raises: where the file is gone, nobody edits it.
        """

        def act() -> str:
            if self.chance.random() >= chance:
                return ""
            try:
                return self.edit(book_id, tab)
            except ApiError:
                return ""

        return act

    def _draw(self, book_id: str, tab: str | None) -> Draw:
        sheets = self.person.book(book_id).sheets
        grids = [one for one in sheets if one.kind == "GRID" and tab in {None, one.title}]
        if not grids:
            raise Unfit
        sheet = self.chance.choice(grids)
        return Draw(person=self.person, book_id=book_id, sheet=sheet, chance=self.chance)
