"""Moments, however they are written."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.formats import Format
from formbridge.formats.times import epoch_moment, iso_moment

Described = Callable[[str], Format]


def _moment(described: Described, source: str, value: object, *, received_at: int = 0) -> object:
    compiled = described(
        f"""
name = "x"
[response]
form_id = {{ const = "f" }}
response_id = {{ const = "r" }}
submitted_at = {source}
[[answers]]
each = "a.*"
"""
    )
    (response,) = compiled.read(
        Envelope(json.dumps({"t": value}).encode(), received_at=received_at)
    )
    return response.submitted_at


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ('"t"', "2026-03-02T08:00:00Z", "2026-03-02T08:00:00+00:00"),
        ('"t"', "2026-03-02T08:00:00.1Z", "2026-03-02T08:00:00.100000+00:00"),
        ('"t"', "2026-03-02T08:00:00.123456789Z", "2026-03-02T08:00:00.123456+00:00"),
        ('"t"', "2026-03-02t08:00:00z", "2026-03-02T08:00:00+00:00"),
        ('"t"', "2026-03-02 10:00:00+02:00", "2026-03-02T08:00:00+00:00"),
        ('"t"', "2026-03-02T08:00:00-00:00", "2026-03-02T08:00:00+00:00"),
        ('"t"', "2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ('"t"', "2026-03-02T08:00:00", "2026-03-02T08:00:00+00:00"),
        ('"t"', "2026-03-02", "2026-03-02T00:00:00+00:00"),
        (
            '{path = "t", zone = "America/New_York"}',
            "2026-07-01 04:00:00",
            "2026-07-01T08:00:00+00:00",
        ),
        ('{path = "t", zone = "+01:30"}', "2026-07-01 09:30:00", "2026-07-01T08:00:00+00:00"),
        ('{path = "t", time = "seconds"}', 1614265330, "2021-02-25T15:02:10+00:00"),
        ('{path = "t", time = "seconds"}', "1614265330.5", "2021-02-25T15:02:10.500000+00:00"),
        ('{path = "t", time = "milliseconds"}', 1614265330123, "2021-02-25T15:02:10.123000+00:00"),
        (
            '{path = "t", time = "%d %b, %Y %I:%M:%S %p", zones = {EST = "-05:00"}}',
            "28 Jan, 2026 03:00:53 PM EST",
            "2026-01-28T20:00:53+00:00",
        ),
        (
            '{path = "t", time = "%m/%d/%Y %I:%M %p"}',
            "12/31/2015 11:59 PM",
            "2015-12-31T23:59:00+00:00",
        ),
        (
            '{path = "t", time = "%Y-%m-%d %H:%M %z"}',
            "2026-03-02 10:00 +0200",
            "2026-03-02T08:00:00+00:00",
        ),
        ('{path = "t", time = ["iso", "seconds"]}', 0, "1970-01-01T00:00:00+00:00"),
        ('["nothing", {received_at = "moment"}]', "", "1970-01-01T00:00:05+00:00"),
        ('["t", {received_at = "moment"}]', "2026-03-02", "2026-03-02T00:00:00+00:00"),
    ],
)
def test_a_moment_in_utc(described: Described, source: str, value: object, expected: str) -> None:
    """Whatever it was written as."""
    moment = _moment(described, source, value, received_at=5_000_000)
    assert moment == datetime.fromisoformat(expected)
    assert isinstance(moment, datetime)
    assert moment.utcoffset() == timedelta(0)


def test_no_moment_is_none_unless_it_is_required(described: Described) -> None:
    """Absent, null and empty are the same here."""
    for value in (None, ""):
        assert _moment(described, '"t"', value) is None
        with pytest.raises(Undecodable, match="needs a time"):
            _moment(described, '{path = "t", required = true}', value)


@pytest.mark.parametrize(
    "value", ["soon", 5, True, [], {}, "2026-13-01", "2026-03-02T08:00:00+25:00"]
)
def test_what_is_no_moment_is_undecodable(described: Described, value: object) -> None:
    """Its type is named, and how to describe it."""
    with pytest.raises(Undecodable, match=r"^\$\.t: .*RFC 3339"):
        _moment(described, '"t"', value)


@given(st.datetimes(timezones=st.timezones()))
def test_every_moment_survives_iso(moment: datetime) -> None:
    """To the microsecond, from any zone."""
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        return
    assert iso_moment(expected.isoformat()) == expected
    assert iso_moment(expected.replace(tzinfo=None).isoformat()) == expected


@given(st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999))
def test_every_microsecond_survives_an_epoch(microseconds: int) -> None:
    """Seconds with a fraction are not rounded by a float."""
    seconds, rest = divmod(abs(microseconds), 10**6)
    text = f"{'-' if microseconds < 0 else ''}{seconds}.{rest:06}"
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    assert epoch_moment(text, 1) == expected
