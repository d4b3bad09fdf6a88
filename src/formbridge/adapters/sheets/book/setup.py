"""The first write to a spreadsheet: its tabs, its columns, its header. Pure.

It goes with the first rows in one call, so a spreadsheet has all of it or nothing. Two writers who
begin at once create the token with the same id, which is refused to the second.
"""

from collections.abc import Mapping
from typing import Any

from formbridge.adapters.sheets.book import states
from formbridge.adapters.sheets.book.cells import text
from formbridge.adapters.sheets.book.layout import (
    FIRST_QUESTION,
    MANAGED_HEADERS,
    OURS,
    STATE,
    SUBMITTED_AT,
    UPDATED_AT,
    Layout,
    Spot,
)
from formbridge.adapters.sheets.book.loading import STATES, UNDO, Loaded, Tab
from formbridge.adapters.sheets.book.rows import put
from formbridge.adapters.sheets.book.undo import PREFIX, Undo
from formbridge.domain.tables import Column

Json = dict[str, Any]

RESPONSES = "Responses"
STATES_TITLE, UNDO_TITLE = "FormBridge states", "FormBridge undo"
OWN_TAB = 777_000
"""The id of our tab where the first one is somebody's."""
DATES, DATE_WIDTH = (SUBMITTED_AT, UPDATED_AT), 150
"""Columns that are made wide enough for a date and a time, in pixels."""
BOLD = {"textFormat": {"bold": True}}


def first_layout(tabs: Mapping[int, Tab], columns: Mapping[int, Column], *, empty: bool) -> Layout:
    """Return the layout that a spreadsheet will have. ``empty``: its first tab may be taken."""
    headers = dict(MANAGED_HEADERS) | {n: column.header for n, column in columns.items()}
    spots = tuple(
        Spot(header=header, anchor=OURS + number, number=number)
        for number, header in headers.items()
    )
    sheet = next(iter(tabs)) if empty else OWN_TAB
    others = {tab.title for each, tab in tabs.items() if each != sheet}
    return Layout(sheet=sheet, title=_free(RESPONSES, others), spots=spots)


def setup(
    layout: Layout,
    tabs: Mapping[int, Tab],
    columns: Mapping[int, Column],
    *,
    zone: str,
    locale: str,
) -> list[Json]:
    """Return the requests; ``zone`` and ``locale`` are empty where people chose theirs."""
    sheet = layout.sheet
    taken = {tab.title for each, tab in tabs.items() if each != sheet}
    return [
        *_settings(zone, locale),
        *_tab(layout, exists=sheet in tabs),
        _hidden(STATES, _free(STATES_TITLE, taken), states.WIDTH),
        _hidden(UNDO, _free(UNDO_TITLE, taken), PREFIX + layout.width),
        _header(layout),
        _column(sheet, layout.place(STATE), hiddenByUser=True),
        *(_column(sheet, layout.place(each), pixelSize=DATE_WIDTH) for each in DATES),
        *state_lines([states.version_line(), *(states.column_line(*it) for it in columns.items())]),
    ]


def first_undo(layout: Layout) -> Undo:
    """Return the tab of undo as it is made."""
    return Undo(sheet=UNDO, rows=2, columns=PREFIX + layout.width)


def known(
    layout: Layout, before: Loaded, columns: Mapping[int, Column], *, token: str, zone: str
) -> Loaded:
    """Return what is known of a spreadsheet right after its setup."""
    taken = {tab.title for each, tab in before.tabs.items() if each != layout.sheet}
    tabs = {
        layout.sheet: Tab(title=layout.title, rows=2, columns=layout.width),
        **{each: tab for each, tab in before.tabs.items() if each != layout.sheet},
        STATES: Tab(title=_free(STATES_TITLE, taken), rows=2, columns=states.WIDTH),
        UNDO: Tab(title=_free(UNDO_TITLE, taken), rows=2, columns=PREFIX + layout.width),
    }
    said = states.States(columns=dict(columns))
    return Loaded(token=token, zone=zone, tabs=tabs, layout=layout, states=said)


def first_numbers(columns: tuple[Column, ...]) -> dict[int, Column]:
    """Return the numbers that the columns of a new table have."""
    return dict(enumerate(columns, FIRST_QUESTION))


def state_lines(lines: list[states.Line]) -> list[Json]:
    """Return the request that appends lines to the tab of states."""
    if not lines:
        return []
    rows = [{"values": [text(cell) if cell else {} for cell in line]} for line in lines]
    return [{"appendCells": {"sheetId": STATES, "rows": rows, "fields": "userEnteredValue"}}]


def _settings(zone: str, locale: str) -> list[Json]:
    chosen = {"timeZone": zone, "locale": locale}
    given = {name: value for name, value in chosen.items() if value}
    if not given:
        return []
    request = {"properties": given, "fields": ",".join(given)}
    return [{"updateSpreadsheetProperties": request}]


def _tab(layout: Layout, *, exists: bool) -> list[Json]:
    grid = {"rowCount": 2, "columnCount": layout.width, "frozenRowCount": 1}
    properties = {"sheetId": layout.sheet, "title": layout.title, "gridProperties": grid}
    if not exists:
        return [{"addSheet": {"properties": properties | {"index": 0}}}]
    fields = "title,gridProperties(rowCount,columnCount,frozenRowCount)"
    return [{"updateSheetProperties": {"properties": properties, "fields": fields}}]


def _hidden(sheet: int, title: str, columns: int) -> Json:
    grid = {"rowCount": 2, "columnCount": columns}
    properties = {"sheetId": sheet, "title": title, "hidden": True, "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


def _header(layout: Layout) -> Json:
    values = [text(spot.header) | {"userEnteredFormat": BOLD} for spot in layout.spots]
    return put(layout.sheet, 0, 0, values, "userEnteredValue,userEnteredFormat.textFormat.bold")


def _column(sheet: int, place: int, **properties: object) -> Json:
    span = {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    changed = {"range": span, "properties": properties, "fields": ",".join(properties)}
    return {"updateDimensionProperties": changed}


def _free(title: str, taken: set[str]) -> str:
    """Return the title, with a number behind it if another tab has it."""
    lowered = {each.casefold() for each in taken}
    number, free = 1, title
    while free.casefold() in lowered:
        number += 1
        free = f"{title} ({number})"
    return free
