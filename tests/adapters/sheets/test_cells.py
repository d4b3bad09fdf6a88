"""Cells as the Sheets API takes them: types are kept, and no text is ever parsed."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sheets.book import cells
from formbridge.domain.answers import Kind
from formbridge.domain.cells import Cell

BERLIN = ZoneInfo("Europe/Berlin")


def value(cell: Cell, kind: Kind = Kind.UNKNOWN, zone: ZoneInfo = BERLIN) -> object:
    """Return what is entered for an answer of this kind."""
    return cells.converter(kind, zone)(cell).get(cells.VALUE)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None),
        ("", {"formulaValue": '=""'}),
        (False, {"boolValue": False}),
        (0, {"numberValue": 0}),
        (1.5, {"numberValue": 1.5}),
        (999_999_999_999_999, {"numberValue": 999_999_999_999_999}),
        (10**15, {"stringValue": "1000000000000000"}),
        (-(10**20), {"stringValue": "-100000000000000000000"}),
        (float("inf"), {"stringValue": "inf"}),
        ("=IMPORTXML(1)", {"stringValue": "=IMPORTXML(1)"}),
        ("'quoted", {"stringValue": "'quoted"}),
        ("007", {"stringValue": "007"}),
        ("2026-03-02", {"stringValue": "2026-03-02"}),
    ],
)
def test_an_answer_keeps_its_type(cell: Cell, expected: object) -> None:
    """Digits that Sheets would not show stay text, and nothing, false, 0 and "" are four things."""
    assert value(cell) == expected


@pytest.mark.parametrize(
    ("kind", "cell", "serial"),
    [
        (Kind.DATE, "2026-03-02", 46083),
        (Kind.DATE, "1899-12-29", -1),
        (Kind.TIME, "18:00", 0.75),
        (Kind.TIME, "00:00:36", 36 / 86_400),
        (Kind.DATETIME, "2026-03-02T12:00", 46083.5),
        (Kind.DATETIME, "2026-03-02T11:00:00Z", 46083.5),
        (Kind.DATETIME, "2026-07-02T10:00:00+00:00", 46205.5),
        (Kind.UNKNOWN, datetime(2026, 3, 2, 11, tzinfo=UTC), 46083.5),
    ],
)
def test_dates_and_times_are_real_ones_in_the_zone_of_the_sheet(
    kind: Kind, cell: Cell, serial: float
) -> None:
    """So that a sheet can sort and count with them; summer time is the zone's."""
    assert value(cell, kind) == {"numberValue": pytest.approx(serial)}
    formatted = cells.converter(kind, BERLIN)(cell)
    assert "numberFormat" in formatted[cells.FORMAT]


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.TIME, Kind.DATETIME])
@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13-45", "25:61", "=TODAY()", "2026-02-30T99:00"]
)
def test_what_is_no_date_stays_text(kind: Kind, text: str) -> None:
    """Whatever the form calls it."""
    assert value(text, kind) == {"stringValue": text}


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
def test_a_moment_comes_back_to_the_millisecond(naive: datetime) -> None:
    """A double holds that much for some thousand years."""
    moment = naive.replace(tzinfo=timezone(timedelta(hours=3)))
    entered = cells.moment(moment, ZoneInfo("UTC"))[cells.VALUE]["numberValue"]
    back = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=entered)
    assert abs(back - moment) <= timedelta(milliseconds=1)


@given(st.text("aé👩\n", min_size=1, max_size=9), st.integers(20_000, 120_000))
def test_a_cut_text_fits_and_says_so(text: str, length: int) -> None:
    """Counted in UTF-16 units, as the cautious reading of Google's "characters"."""
    long = (text * length)[:length]
    written = cells.text(long)[cells.VALUE]["stringValue"]
    units = len(written.encode("utf-16-le")) // 2
    assert units <= cells.MOST_TEXT
    assert cells.is_cut(long) == (written != long)
    if written != long:
        assert written.endswith(cells.CUT)
        assert long.startswith(written.removesuffix(cells.CUT))
        assert units > cells.MOST_TEXT - 4


@given(st.text())
def test_a_text_with_a_problem_is_known_by_its_kind_only(text: str) -> None:
    """What cannot be sent as UTF-8, or would be changed, is refused without being quoted."""
    problem = cells.problem_of(text)
    assert bool(problem) == ("\0" in text or any("\ud800" <= char <= "\udfff" for char in text))
    if not problem:
        json.dumps(cells.text(text), ensure_ascii=False).encode()


def test_a_zone_that_is_unknown_here_counts_as_utc() -> None:
    """A spreadsheet may have a zone that came after this machine's data."""
    assert cells.zone_of("Mars/Olympus") == ZoneInfo("UTC")
    assert cells.zone_of("Europe/Berlin") == BERLIN
