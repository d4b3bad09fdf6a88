"""Reads a spreadsheet as it stands: its token first, then its columns, then what its rows are.

Whoever writes must swap the token that was read first; so if the write is taken, nobody else has
written since, and what was read after the token is what the write is meant for.
"""

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from typing import Any
from urllib.parse import quote

import attrs

from formbridge.adapters.sheets.book.fence import NEVER, TokenFence
from formbridge.adapters.sheets.book.layout import RESPONSE_ID, STATE, Layout, read_layout
from formbridge.adapters.sheets.book.states import (
    GONE,
    NO_DIGEST,
    NO_REVISION,
    SAME,
    States,
    read_state,
)
from formbridge.adapters.sheets.book.undo import PREFIX, Entry, holds_any, read_entries
from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.domain.errors import TableBusy, TableUnavailable
from formbridge.domain.index import Index
from formbridge.domain.merging import MERGED_BIT
from formbridge.domain.revision import Revision
from formbridge.domain.versions import version_of

Json = dict[str, Any]

STATES, UNDO = 777_002, 777_003
"""The ids of the hidden tabs."""
ROWS_PER_READ = 50_000
RANGES_BYTES = 6_500
"""How long all ranges of one read may be: they stand in its URL, and servers take 8,000 bytes."""

_MARKS = "developerMetadata(metadataId,metadataValue),namedRanges(namedRangeId,name)"
_SPREADSHEET = (
    f"properties(timeZone),{_MARKS},"
    "sheets(properties(sheetId,title,index,gridProperties(rowCount,columnCount)))"
)
_GRID = (
    f"{_MARKS},sheets(properties(sheetId,gridProperties(rowCount,columnCount)),data("
    "columnMetadata(developerMetadata(metadataId,metadataKey,metadataValue)),"
    "rowData(values(formattedValue))))"
)


@attrs.frozen(kw_only=True)
class Tab:
    """A tab: its name, and how large its grid is."""

    title: str
    rows: int
    columns: int


@attrs.define(eq=False, kw_only=True)
class Loaded:
    """A spreadsheet as it stands. Without a ``layout`` it was never written by us.

    ``withdrawn``: copies of removed responses stand in the tab of undo.
    """

    token: str
    zone: str
    tabs: dict[int, Tab]
    layout: Layout | None = None
    states: States = attrs.field(factory=States)
    ids: list[str] = attrs.field(factory=list, repr=False)
    row_states: list[str] = attrs.field(factory=list, repr=False)
    entries: list[Entry] = attrs.field(factory=list, repr=False)
    withdrawn: bool = False

    @property
    def cells(self) -> int:
        """How many cells all grids have."""
        return sum(tab.rows * tab.columns for tab in self.tabs.values())

    def let_go(self) -> None:
        """Forget what stands in the rows: an index knows it by now."""
        self.ids, self.row_states = [], []


def main_tab(token: str) -> int:
    """Return the id of the tab that people see, which begins the token."""
    return int(token.partition("-")[0])


def load(client: SheetsClient, book: str, fence: TokenFence) -> Loaded:
    """Read everything that a write must know. Raises ``CallFailed``, ``TableUnavailable``."""
    about = client.read(book, fields=_SPREADSHEET)
    loaded = Loaded(
        token=fence.read(about),
        zone=about.get("properties", {}).get("timeZone", "Etc/UTC"),
        tabs=_tabs(about),
    )
    if loaded.token == NEVER:
        return loaded
    loaded.token, loaded.layout = look(client, book, fence, loaded)
    _read_rows(client, book, loaded, loaded.layout)
    if not fence.anchors and look(client, book, fence, loaded)[1] != loaded.layout:
        raise TableBusy("somebody moved columns of the table just now", seconds=0.1)
    return loaded


def look(client: SheetsClient, book: str, fence: TokenFence, loaded: Loaded) -> tuple[str, Layout]:
    """Read the token and the columns: one call, whose size does not depend on the rows."""
    sheet = main_tab(loaded.token)
    tab = _required(loaded.tabs, sheet, "the tab of responses")
    grid = client.read(book, fields=_GRID, ranges=[f"{quoted(tab.title)}!1:1"])
    found = next((each for each in grid.get("sheets", ()) if _id(each) == sheet), None)
    if found is None:
        raise TableUnavailable(_deleted("the tab of responses"))
    size = found["properties"]["gridProperties"]
    loaded.tabs[sheet] = attrs.evolve(tab, rows=size["rowCount"], columns=size["columnCount"])
    data = (found.get("data") or [{}])[0]
    layout = read_layout(sheet, tab.title, size["columnCount"], data)
    for number, name in ((RESPONSE_ID, "Response ID"), (STATE, "hidden FormBridge")):
        if layout.place(number) < 0:
            raise TableUnavailable(_deleted(f"the {name} column"))
    return fence.read(grid), layout


def _read_rows(client: SheetsClient, book: str, loaded: Loaded, layout: Layout) -> None:
    """Read ids and states of all rows, a stretch a call; the hidden tabs come with the first.

    The last stretch has no end: somebody may insert a row since the tab was looked at.
    """
    states = _required(loaded.tabs, STATES, "the hidden tab of states")
    undo = _required(loaded.tabs, UNDO, "the hidden tab of undo")
    hidden = [
        f"{quoted(states.title)}!A:{column_name(states.columns - 1)}",
        f"{quoted(undo.title)}!A:{column_name(PREFIX - 1)}",
    ]
    rows = loaded.tabs[layout.sheet].rows
    ours = (layout.place(RESPONSE_ID), layout.place(STATE))
    for begin in range(1, max(rows, 2), ROWS_PER_READ):
        end = begin + ROWS_PER_READ if begin + ROWS_PER_READ < rows else None
        spans = [cells_of(layout, place, begin, end) for place in ours] if rows > 1 else []
        found = client.values(book, [*spans, *(hidden if begin == 1 else ())])
        if begin == 1:
            loaded.states.take(zip_longest(*found[-2], fillvalue=""))
            loaded.entries = read_entries(found[-1])
            loaded.withdrawn = holds_any(found[-1], loaded.states.gone())
        if spans:
            _take_rows(loaded, found[0], found[1], least=0 if end is None else ROWS_PER_READ)


def index_of(loaded: Loaded) -> Index:
    """Return what is known of the responses: their rows, and the marks of those without one.

    A row whose state belongs to another response is a person's; one without any state counts as
    older than everything. Of two rows with one id the first is ours.
    """
    index = Index()
    ids: list[str] = []
    versions: list[bytes] = []
    rows: list[int] = []
    seen: set[str] = set()
    for row, (response_id, text) in enumerate(zip(loaded.ids, loaded.row_states, strict=True), 1):
        if not response_id or response_id in seen:
            continue
        state = read_state(response_id, text) if text else (NO_REVISION, NO_DIGEST)
        if state is None:
            continue
        seen.add(response_id)
        ids.append(response_id)
        revision, digest = state
        versions.append(version_of(*revision, digest))
        rows.append(row)
    index.extend(ids, b"".join(versions), rows)
    for response_id, (kind, revision, digest) in loaded.states.marks.items():
        _mark(index, response_id, kind, revision, digest)
    return index


def _mark(index: Index, response_id: str, kind: str, revision: Revision, digest: bytes) -> None:
    """Take what the tab of states says of a response.

    A row that is there though its response was deleted counts by its own state: a person brought it
    back, or another row was removed in its place, and then the deletion comes again. So does a row
    of another content than the one that came again unchanged: a person deleted that one.
    """
    index.note(revision.edited_at)
    stored = index.find(response_id)
    if stored is None:
        if kind == GONE:
            index.put(response_id, version_of(*revision, digest))
    elif kind == SAME and revision > stored.revision:
        merged = int.from_bytes(digest, "big") & MERGED_BIT
        if merged or digest == stored.digest:
            index.put(response_id, version_of(*revision, digest))


def cells_of(layout: Layout, place: int, begin: int, end: int | None) -> str:
    """Return the range of one column from a row to before another one (or all), from 0."""
    name = column_name(place)
    return f"{quoted(layout.title)}!{name}{begin + 1}:{name}{'' if end is None else end}"


def most_ranges(longest: str) -> int:
    """Return how many ranges of that length one read may name; at least one."""
    return max(1, RANGES_BYTES // len(f"&ranges={quote(longest, safe='')}"))


def joined(spans: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Return at most so many spans that cover these, which are in order: narrow gaps are closed.

    A span is its first row, and the one behind its last.
    """
    gaps = sorted(range(1, len(spans)), key=lambda n: spans[n - 1][1] - spans[n][0])
    cuts = [0, *sorted(gaps[: most - 1]), len(spans)]
    return [(spans[begin][0], spans[end - 1][1]) for begin, end in pairwise(cuts)]


def quoted(title: str) -> str:
    """Return a tab's name as ranges take it."""
    return "'" + title.replace("'", "''") + "'"


def column_name(place: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _tabs(about: Json) -> dict[int, Tab]:
    tabs: dict[int, Tab] = {}
    for each in about.get("sheets", ()):
        properties = each["properties"]
        grid = properties.get("gridProperties", {})
        tabs[_id(each)] = Tab(
            title=properties["title"],
            rows=grid.get("rowCount", 0),
            columns=grid.get("columnCount", 0),
        )
    return tabs


def _id(sheet: Json) -> int:
    number: int = sheet["properties"].get("sheetId", 0)
    return number


def _required(tabs: dict[int, Tab], sheet: int, what: str) -> Tab:
    if sheet not in tabs:
        raise TableUnavailable(_deleted(what))
    return tabs[sheet]


def _deleted(what: str) -> str:
    return (
        f"{what} was deleted by somebody; bring it back in the spreadsheet's version history "
        "(File > Version history)"
    )


def _take_rows(
    loaded: Loaded,
    ids: Sequence[Sequence[object]],
    states: Sequence[Sequence[object]],
    *,
    least: int,
) -> None:
    """Append ids and states of so many rows at least; what is empty at an end was left out."""
    columns = [each[0] if each else () for each in (ids, states)]
    count = max(least, *map(len, columns))
    for into, column in zip((loaded.ids, loaded.row_states), columns, strict=True):
        into.extend(map(as_text, column))
        into.extend([""] * (count - len(column)))


def as_text(value: object) -> str:
    """Return what a cell holds as text; a number that a person made of an id as its digits."""
    if isinstance(value, str):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
