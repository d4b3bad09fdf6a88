"""A spreadsheet as it stands, told by keys: which column is which, and whose row is whose.

Keys of columns: ``state``, ``id``, ``submitted``, ``updated``, ``q:QUESTION``, ``own:NUMBER`` of a
person's column. Keys of rows: ``r:RESPONSE``, ``p:NUMBER`` of a person's row, and nothing for a row
that nobody can be asked about. Whatever a person types says where it belongs: ``@p:1|own:2|17``.
"""

import json
import re
from functools import cached_property
from zlib import crc32

import attrs

from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.cell import Content, cell_of, value_of
from formbridge.testing.google.grid.sheet import Sheet
from tests.adapters.sheets.seen import Tab, seen

STATE, ID, SUBMITTED, UPDATED = "state", "id", "submitted", "updated"
MANAGED = (STATE, ID, SUBMITTED, UPDATED)
STATES_TAB, UNDO_TAB = 777_002, 777_003
RESTORED = "theirs "
"""What the state of a row of a person begins with once it was restored."""
OWN_HEADER = re.compile(r"own (\d+)\b")
MARK = re.compile(r"@(?P<row>[rp]:\w+)\|(?P<column>[\w:]+)\|\d+")


@attrs.frozen(kw_only=True)
class Line:
    """A row: its number in the grid from 0, its key, and what stands in it by column."""

    number: int
    key: str
    cells: dict[str, Content]
    shown: dict[str, object]
    torn: bool

    @property
    def blank(self) -> bool:
        """Whether a person sees nothing in it."""
        return all(value is None for key, value in self.shown.items() if key != STATE)

    @property
    def response_id(self) -> str:
        """The response that it says it is of; an empty text for a person's row."""
        return self.key[2:] if self.key.startswith("r:") else ""


class View:
    """The first tab of one spreadsheet, and what the hidden tabs say of its columns."""

    def __init__(self, google: Google, book: str) -> None:
        """Look at it as it stands now; it must not change while this is used."""
        self.book = book
        self.tab = Tab.of(google, book)
        self.sheet: Sheet = self.tab.sheet

    @cached_property
    def ready(self) -> bool:
        """Whether the sink has written its columns."""
        return any(spot.number == 1 for spot in self.tab.spots)

    @cached_property
    def questions(self) -> dict[int, str]:
        """Which question the sink's columns belong to, as the tab of states says."""
        states = self.tab.book.sheet(STATES_TAB)
        found: dict[int, str] = {}
        for row in () if states is None else states.rows:
            if row and row[0] == "column":
                texts = [str(value_of(cell) or "") for cell in row]
                found[int(texts[1])] = json.loads("".join(texts[2:]))["question"]
        return found

    @cached_property
    def columns(self) -> list[str]:
        """The keys of all columns of the grid, from left to right."""
        return [self._column(spot.number, spot.header) for spot in self.tab.spots]

    def _column(self, number: int, header: str) -> str:
        if 0 <= number < len(MANAGED):
            return MANAGED[number]
        if number in self.questions:
            return f"q:{self.questions[number]}"
        own = OWN_HEADER.match(header)
        return f"own:{own.group(1)}" if own else f"?:{header}"

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers by the key of the column."""
        return {key: spot.header for key, spot in zip(self.columns, self.tab.spots, strict=True)}

    @cached_property
    def hidden(self) -> set[str]:
        """The columns that are hidden."""
        pairs = zip(self.columns, self.tab.spots, strict=True)
        return {key for key, spot in pairs if spot.hidden}

    @cached_property
    def lines(self) -> list[Line]:
        """All rows under the header in which anything stands."""
        rows = enumerate(self.sheet.rows)
        lines = [self._line(number, row) for number, row in rows if number]
        return [line for line in lines if line.torn or not line.blank]

    def _line(self, number: int, row: tuple[Content, ...]) -> Line:
        contents = (*row, *[None] * (len(self.columns) - len(row)))
        cells = dict(zip(self.columns, contents, strict=True))
        shown = {key: seen(content, self.tab.zone) for key, content in cells.items()}
        key = _row_key(shown)
        return Line(
            number=number,
            key=key,
            cells=cells,
            shown=shown,
            torn=_torn(key, str(shown.get(STATE) or "")),
        )

    def of(self, key: str) -> list[Line]:
        """Return the rows with this key, from top to bottom."""
        return [line for line in self.lines if line.key == key]

    def place(self, key: str) -> int:
        """Return where a column stands."""
        return self.columns.index(key)


def _row_key(shown: dict[str, object]) -> str:
    response_id = shown.get(ID)
    if isinstance(response_id, str) and response_id:
        return f"r:{response_id}"
    for each in shown.values():
        found = MARK.fullmatch(each) if isinstance(each, str) else None
        if found and found["row"].startswith("p:"):
            return found["row"]
    return ""


def _torn(key: str, state: str) -> bool:
    """Whether the state in a row is not that of its response: it was written over by mistake."""
    if not key.startswith("r:"):
        return bool(state) and not state.startswith(RESTORED)
    return not state.endswith(f" {crc32(key[2:].encode()):08x}")


def note_of(content: Content) -> str:
    """Return the note on a cell."""
    return cell_of(content).note


def colour_of(content: Content) -> object:
    """Return the colour that a person gave a cell, or nothing."""
    return (cell_of(content).format or {}).get("backgroundColor")
