"""Cells as text: exact, harmless, and back again."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.csv.cells import Dialect, guard, starts, text_of_moment, unguard
from formbridge.adapters.csv.reading import records, split, text_in
from formbridge.domain.cells import Cell

SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
ODD = st.text(alphabet="ab'\"=+-@\t\r\n,; \uff1d\uff0b\uff0d\uff20é€👩", max_size=12)
MIN = datetime(2, 1, 1)  # noqa: DTZ001 - Hypothesis adds the zones
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    ODD,
    st.text(max_size=20).filter(lambda text: text.isprintable()),
    st.datetimes(timezones=st.just(UTC)),
)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8)
ZONES = st.just(UTC) | st.sampled_from([timezone(timedelta(hours=2)), ZoneInfo("Europe/London")])
MOMENTS = st.builds(
    lambda moment, step: moment.replace(microsecond=moment.microsecond // step * step),
    st.datetimes(timezones=st.just(UTC)) | st.datetimes(MIN, timezones=ZONES),
    st.sampled_from([1, 1_000, 1_000_000]),
)
"""As backends write them: with 0, 3 or 6 digits."""
ALIKE = (st.none(), st.booleans(), st.integers(), ODD, MOMENTS, st.none() | MOMENTS)
ROWS_ALIKE = st.lists(st.tuples(*ALIKE, st.text(alphabet="ab,", min_size=1)), max_size=8)
"""Rows as most forms have them: all cells of a column are of one kind."""
DIALECTS = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t"),
    newline=st.sampled_from(["\n", "\r\n"]),
    guarded=st.booleans(),
    also=st.sampled_from(["", ";\t"]),
)


def lines_of(rows: Sequence[Sequence[Cell]], dialect: Dialect) -> list[str]:
    """Return what is written for these rows."""
    return dialect.lines(list(zip(*rows, strict=True)))


@given(ROWS | ROWS_ALIKE, DIALECTS)
def test_lines_at_once_are_lines_cell_by_cell(
    rows: Sequence[Sequence[Cell]], dialect: Dialect
) -> None:
    """The fast way never misses a sign or a quote that the naive way sees."""
    assert lines_of(rows, dialect) == [dialect.line(row) for row in rows]


@given(ROWS, DIALECTS)
def test_what_is_written_is_read(rows: list[list[Cell]], dialect: Dialect) -> None:
    """Texts come back as they were, a blank is no empty text, and each line is found."""
    lines = lines_of(rows, dialect)
    data = "".join(lines).encode()
    found = list(records(io.BytesIO(data), 0))
    assert [begin for begin, _ in found] == starts(lines, data, 0)
    for row, (_, record) in zip(rows, found, strict=True):
        fields = split(record, dialect.delimiter.encode())
        texts = [text_in(field, guarded=dialect.guarded) for field in fields]
        expected = [cell for cell in row if cell is None or isinstance(cell, str)]
        kept = [t for t, cell in zip(texts, row, strict=True) if cell is None or type(cell) is str]
        assert kept == expected


@given(ROWS)
def test_the_standard_library_reads_the_same(rows: list[list[Cell]]) -> None:
    """Any CSV reader sees the fields; only that a blank is no empty text is our own."""
    text = "".join(lines_of(rows, Dialect()))
    for row, fields in zip(rows, csv.reader(io.StringIO(text, newline="")), strict=True):
        for cell, field in zip(row, fields, strict=True):
            if isinstance(cell, str):
                assert unguard(field) == cell
            if cell is None:
                assert field == ""


@given(ROWS)
def test_no_text_begins_like_a_formula(rows: list[list[Cell]]) -> None:
    """Not in the first field of a line, not in quotes, not behind an apostrophe."""
    for row in rows:
        (line,) = csv.reader(io.StringIO("".join(lines_of([row], Dialect())), newline=""))
        for cell, field in zip(row, line, strict=True):
            assert not (isinstance(cell, str) and field.startswith(tuple(SIGNS)))


@given(ODD)
def test_guarding_is_reversible(text: str) -> None:
    """One apostrophe goes on, and the same one comes off."""
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 2, 8, tzinfo=UTC), "2026-03-02T08:00:00Z"),
        (datetime(2026, 3, 2, 8, 1, 2, 120_000, tzinfo=UTC), "2026-03-02T08:01:02.120Z"),
        (datetime(2026, 3, 2, 8, 0, 0, 1, tzinfo=UTC), "2026-03-02T08:00:00.000001Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(2026, 3, 2, 8, tzinfo=timezone(timedelta(hours=2))), "2026-03-02T06:00:00Z"),
    ],
)
def test_a_moment_is_rfc_3339_in_utc(moment: datetime, text: str) -> None:
    """With as many digits behind the second as it needs."""
    assert text_of_moment(moment) == text
