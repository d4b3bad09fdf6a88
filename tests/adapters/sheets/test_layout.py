"""The layout fence against the emulator: whatever a person does to a column, a write is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sheets.book.entered import DELETED, deleted
from formbridge.adapters.sheets.book.layout import Layout, Spot, read_layout
from formbridge.adapters.sheets.book.loading import column_name
from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import Invalid
from formbridge.testing.google.grid.references import letters
from tests.adapters.sheets.in_process import emulated, opened

OURS_AND_THEIRS = tuple(
    Spot(header=f"h{place}", number=place if place % 3 else -1) for place in range(7)
)
GRID = "sheets(properties,data(columnMetadata(developerMetadata),rowData(values(formattedValue))))"

Act = tuple[str, int, int]
"""What a person does: insert, delete or move; where; where to."""


def made() -> tuple[SheetsClient, str, Layout]:
    """Return a client, and a spreadsheet with seven anchored columns."""
    google, clock = emulated()
    client = opened(google, clock)
    kind = "application/vnd.google-apps.spreadsheet"
    book = client.create_file({"name": "x", "mimeType": kind})["id"]
    grid = {"sheetId": 0, "gridProperties": {"rowCount": 3, "columnCount": 7}}
    shape = {"properties": grid, "fields": "gridProperties(rowCount,columnCount)"}
    values = [{"userEnteredValue": {"stringValue": spot.header}} for spot in OURS_AND_THEIRS]
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    header = {"start": start, "rows": [{"values": values}], "fields": "userEnteredValue"}
    layout = Layout(sheet=0, title="Sheet1", spots=OURS_AND_THEIRS)
    client.change(
        book,
        [{"updateSheetProperties": shape}, {"updateCells": header}, *layout.anchoring()],
    )
    return client, book, layout.fenced()


def read(client: SheetsClient, book: str) -> Layout:
    """Return the layout as it stands."""
    (sheet,) = client.read(book, fields=GRID, ranges=["Sheet1!1:1"])["sheets"]
    width = sheet["properties"]["gridProperties"]["columnCount"]
    return read_layout(0, "Sheet1", width, sheet["data"][0])


def acted(client: SheetsClient, book: str, act: Act, width: int) -> None:
    """Let a person do it."""
    what, at, to = act
    at, to = at % width, to % (width + 1)
    span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    requests: dict[str, Callable[[], dict[str, object]]] = {
        "insert": lambda: {"insertDimension": {"range": span, "inheritFromBefore": False}},
        "delete": lambda: {"deleteDimension": {"range": span}},
        "move": lambda: {"moveDimension": {"source": span, "destinationIndex": to}},
    }
    if what == "move" and to in (at, at + 1):
        return
    client.change(book, [requests[what]()])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["insert", "delete", "move"]), st.integers(0, 9), st.integers(0, 9)
        ),
        max_size=4,
    )
)
def test_a_write_goes_through_only_if_every_column_is_where_it_was_or_gone(acts: list[Act]) -> None:
    """By requests alone, without a read.

    Where another column stands in the very place of one that is gone, the answer tells, and so does
    whatever is read afterwards; which is a fence that holds.
    """
    client, book, layout = made()
    width = layout.width
    for act in acts:
        if act[0] == "delete" and width == 1:
            continue
        acted(client, book, act, width)
        width += {"insert": 1, "delete": -1, "move": 0}[act[0]]
    now = read(client, book)
    there = {spot.anchor: place for place, spot in enumerate(now.spots) if spot.anchor}
    if width >= layout.width and all(
        there.get(spot.anchor, place) == place for place, spot in enumerate(layout.spots)
    ):
        answer = client.change(book, layout.fence(), fields=DELETED)
        assert deleted(answer) == there.keys()
        gone = {spot.number for spot in layout.spots if spot.anchor not in there}
        after = read(client, book)
        assert after.strays.keys() == gone - {-1}
        assert layout.anchors <= deleted(answer) or after.strays
    else:
        with pytest.raises(Invalid):
            client.change(book, layout.fence())
        assert read(client, book) == now
        client.change(book, now.fence())
        assert read(client, book) == now.fenced()


def test_a_fence_changes_nothing_that_is_seen() -> None:
    """It may be written as often as one likes."""
    client, book, layout = made()
    for _ in range(3):
        client.change(book, layout.fence())
        assert read(client, book) == layout


def test_columns_have_the_letters_that_google_gives_them() -> None:
    """The emulator has a function of its own for it."""
    assert [column_name(place) for place in range(2000)] == [
        letters(place) for place in range(2000)
    ]
