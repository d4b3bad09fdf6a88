"""What the simulated person does: one edit at a time, to the sheet and to the truth alike.

Rows and columns are picked by numbers that chance gives, from what stands there at that moment.
"""

from collections.abc import Sequence
from itertools import count
from typing import TypeVar

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.references import letters
from formbridge.testing.google.person import Person
from tests.adapters.sheets.proof.answers import typed
from tests.adapters.sheets.proof.truth import Truth, Typed
from tests.adapters.sheets.proof.view import MANAGED, STATE, SUBMITTED, UPDATED, Line, View
from tests.adapters.sheets.seen import Formula

MOST_LINES = 14
"""Rows beyond which the person adds no more."""
MOST_OWN = 3

T = TypeVar("T")
COLOURS = ("#ff0000", "#00ff00", "#0000ff")


class NothingToDo(Exception):
    """There is nothing there to do it with."""


def pick(of: Sequence[T], number: int) -> T:
    """Return one of these; raise ``NothingToDo`` where there is none."""
    if not of:
        raise NothingToDo
    return of[number % len(of)]


class Editor:
    """A person at one spreadsheet. Each method is one edit, and takes three numbers of chance."""

    def __init__(self, person: Person, truth: Truth, serials: "count[int]") -> None:
        """Work with these hands; ``serials`` make every text different."""
        self.person = person
        self.truth = truth
        self.serials = serials
        self.view: View

    def act(self, name: str, view: View, numbers: tuple[int, int, int]) -> bool:
        """Do one of ``ACTS``; return whether there was anything to do it with."""
        self.view = view
        try:
            getattr(self, name)(*numbers)
        except (NothingToDo, ApiError):
            return False
        return True

    # --- order ------------------------------------------------------------------------------------

    def sort(self, column: int, descending: int, _: int) -> None:
        """Sort all rows under the header by a column."""
        by = letters(column % len(self.view.columns))
        self.person.sort(*self._at, by, descending=bool(descending % 2))

    def sort_by_filter(self, column: int, descending: int, _: int) -> None:
        """Sort through the filter."""
        by = letters(column % len(self.view.columns))
        self.person.sort_by_filter(*self._at, by, descending=bool(descending % 2))

    def filter(self, column: int, row: int, _: int) -> None:
        """Put a filter that hides some rows."""
        key = pick([each for each in self.view.columns if each not in MANAGED], column)
        value = pick(self.view.lines, row).shown[key]
        hide = [value] if isinstance(value, str) and value else []
        self.person.filter(*self._at, letters(self.view.place(key)), hide)

    def clear_filter(self, *_: int) -> None:
        """Take the filter away."""
        if self.view.sheet.filter is None:
            raise NothingToDo
        self.person.clear_filter(*self._at)

    def move_column(self, column: int, to: int, _: int) -> None:
        """Drag a column, any of them, anywhere."""
        width = len(self.view.columns)
        start, target = column % width, to % (width + 1)
        if target in {start, start + 1}:
            raise NothingToDo
        span = {"sheetId": self.view.sheet.id, "dimension": "COLUMNS"}
        span |= {"startIndex": start, "endIndex": start + 1}
        self._do("moveDimension", source=span, destinationIndex=target)

    def move_row(self, row: int, to: int, _: int) -> None:
        """Drag a row to above another one."""
        start = pick(self.view.lines, row).number + 1
        target = pick(self.view.lines, to).number + 1
        if start <= target <= start + 1:
            raise NothingToDo
        self.person.move_rows(*self._at, start, target)

    def hide_column(self, column: int, hidden: int, _: int) -> None:
        """Hide a column, or show it."""
        by = letters(column % len(self.view.columns))
        self.person.hide_columns(*self._at, by, hidden=bool(hidden % 3))

    def hide_row(self, row: int, hidden: int, _: int) -> None:
        """Hide a row, or show it."""
        line = pick(self.view.lines, row)
        self.person.hide_rows(*self._at, line.number + 1, hidden=bool(hidden % 3))

    # --- columns ----------------------------------------------------------------------------------

    def insert_column(self, at: int, *_: int) -> None:
        """Insert a column of their own somewhere, and give it a header."""
        if sum(key.startswith("own:") for key in self.view.columns) >= MOST_OWN:
            raise NothingToDo
        place = at % (len(self.view.columns) + 1)
        span = {"sheetId": self.view.sheet.id, "dimension": "COLUMNS"}
        span |= {"startIndex": place, "endIndex": place + 1}
        self._do("insertDimension", range=span, inheritFromBefore=place > 0)
        header = f"own {next(self.serials)}"
        self.person.rename_header(*self._at, letters(place), header)
        self.truth.renamed[self.view.book, f"own:{header[4:]}"] = header

    def delete_column(self, column: int, *_: int) -> None:
        """Delete a question's column or one of theirs."""
        mine = [key for key in self.view.columns if key.startswith(("q:", "own:"))]
        key = pick([*mine, SUBMITTED, UPDATED], column)
        if key not in self.view.columns:
            raise NothingToDo
        self.person.delete_columns(*self._at, letters(self.view.place(key)))
        self.truth.forget_column(key)
        self.truth.renamed.pop((self.view.book, key), None)
        self.truth.columns_gone[self.view.book, key] = len(self.truth.log)

    def rename(self, column: int, *_: int) -> None:
        """Give a column another header."""
        key = pick([key for key in self.view.columns if key != STATE], column)
        number = next(self.serials)
        header = f"{key.replace(':', ' ')} ({number})" if "own" in key else f"mine {number}"
        self.person.rename_header(*self._at, letters(self.view.place(key)), header)
        self.truth.renamed[self.view.book, key] = header

    # --- rows -------------------------------------------------------------------------------------

    def insert_row(self, at: int, first: int, second: int) -> None:
        """Insert a row of their own and type into two of its cells."""
        if len(self.view.lines) >= MOST_LINES:
            raise NothingToDo
        number = pick(self.view.lines, at).number
        key = f"p:{next(self.serials)}"
        columns = self._writable()
        chosen = {pick(columns, first), pick(columns, second)}
        self.person.insert_rows(*self._at, number + 1)
        self.truth.people.add(key)
        for column in sorted(chosen):
            self._type(number, (key, column), self._text(key, column))

    def copy_row(self, row: int, *_: int) -> None:
        """Put a copy of a row of ours behind the last one."""
        if len(self.view.lines) >= MOST_LINES:
            raise NothingToDo
        line = self._ours(row)
        end = max(each.number for each in self.view.lines) + 1
        if end >= self.view.sheet.row_count:
            rows = {"sheetId": self.view.sheet.id, "dimension": "ROWS", "length": 1}
            self._do("appendDimension", **rows)
        whole = {"sheetId": self.view.sheet.id}
        source = whole | {"startRowIndex": line.number, "endRowIndex": line.number + 1}
        target = whole | {"startRowIndex": end, "endRowIndex": end + 1}
        self._do("copyPaste", source=source, destination=target)
        self.truth.copies[line.response_id] += 1

    def delete_row(self, row: int, *_: int) -> None:
        """Delete a row, of ours or of theirs."""
        line = self._whole(row)
        if len(self.view.lines) == 1 and self.view.sheet.row_count == self._frozen + 1:
            raise NothingToDo  # Google keeps one row that is not frozen
        self.person.delete_rows(*self._at, line.number + 1)
        if line.response_id:
            self.truth.delete_row(line.response_id)
        else:
            self.truth.people.discard(line.key)
            self.truth.forget_row(line.key)

    # --- cells ------------------------------------------------------------------------------------

    def type_into_ours(self, row: int, column: int, blank: int) -> None:
        """Correct an answer by hand, or empty its cell."""
        line = self._ours(row)
        questions = [key for key in self.view.columns if key.startswith("q:")]
        key = pick(questions, column)
        text = "" if blank % 5 == 0 else self._text(line.key, key)
        self._enter(line.number, key, text)
        value = typed(text or None)
        response_id = line.response_id
        settled = not self.truth.trying[response_id] and not self.truth.changed_since(
            response_id, self.truth.stable
        )
        place = (line.key, key)
        self.truth.typed[place] = Typed(text=value, at=len(self.truth.log), settled=settled)
        self.truth.ever_typed.setdefault(place, set()).add(value)

    def type_into_theirs(self, row: int, column: int, formula: int) -> None:
        """Type a text or a formula into a column of theirs."""
        line = self._whole(row)
        key = pick([key for key in self.view.columns if key.startswith("own:")], column)
        text = self._text(line.key, key)
        if formula % 3 == 0:
            text = f"=1000+{next(self.serials)}"
        self._type(line.number, (line.key, key), text)

    def note(self, row: int, column: int, _: int) -> None:
        """Put a note on a cell."""
        line = self._whole(row)
        key = pick([key for key in self.view.columns if key != STATE], column)
        text = self._text(line.key, key)
        self.person.note(*self._at, self._cell(line.number, key), text)
        self.truth.notes[line.key, key] = text

    def colour(self, row: int, column: int, which: int) -> None:
        """Colour a cell."""
        line = self._whole(row)
        key = pick([key for key in self.view.columns if key != STATE], column)
        cell = self._cell(line.number, key)
        self.person.colour(*self._at, cell, pick(COLOURS, which))
        self.truth.colours[line.key, key] = pick(COLOURS, which)

    # --- how --------------------------------------------------------------------------------------

    @property
    def _at(self) -> tuple[str, str]:
        return self.view.book, self.view.sheet.title

    @property
    def _frozen(self) -> int:
        return int(self.view.sheet.grid.get("frozenRowCount") or 0)

    def _do(self, kind: str, **request: object) -> None:
        self.person.do(self.view.book, {kind: request})

    def _cell(self, number: int, key: str) -> str:
        return f"{letters(self.view.columns.index(key))}{number + 1}"

    def _text(self, row: str, column: str) -> str:
        return f"@{row}|{column}|{next(self.serials)}"

    def _enter(self, number: int, key: str, text: str) -> None:
        self.person.type(*self._at, self._cell(number, key), text)

    def _type(self, number: int, place: tuple[str, str], text: str) -> None:
        """Type into a cell that is theirs, and expect it to stay."""
        self._enter(number, place[1], text)
        value = typed(Formula(text) if text.startswith("=") else text)
        self.truth.own[place] = value
        self.truth.origin[value] = place

    def _writable(self) -> list[str]:
        """The columns into which a person types in a row of their own."""
        return [key for key in self.view.columns if key.startswith(("q:", "own:"))]

    def _whole(self, row: int) -> Line:
        """Return a row that can be told from the others: nothing is being put right in it."""
        seen = [line.key for line in self.view.lines]
        lines = [line for line in self.view.lines if line.key and not line.torn]
        alone = [
            line
            for line in lines
            if seen.count(line.key) <= 1 + self.truth.copies[line.response_id]
            and self._consistent(line)
        ]
        return pick(alone, row)

    def _ours(self, row: int) -> Line:
        line = self._whole(row)
        if not line.response_id:
            raise NothingToDo
        return line

    def _consistent(self, line: Line) -> bool:
        """Whether all answers in a row are those of its response."""
        if not line.response_id:
            return True
        return all(
            typed(value) in self.truth.given(line.response_id, key[2:])
            or typed(value) in self.truth.ever_typed.get((line.key, key), set())
            for key, value in line.shown.items()
            if key.startswith("q:")
        )


ACTS = (
    "sort",
    "sort_by_filter",
    "filter",
    "clear_filter",
    "move_column",
    "move_row",
    "hide_column",
    "hide_row",
    "insert_column",
    "delete_column",
    "rename",
    "insert_row",
    "copy_row",
    "delete_row",
    "type_into_ours",
    "type_into_theirs",
    "note",
    "colour",
)
"""All that the person does, by the names of the methods."""
