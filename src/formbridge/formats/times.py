"""Moments, in whatever way a backend writes them, as aware datetimes in UTC."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from formbridge.formats.places import Place, Table

Parse = Callable[[object], datetime]
"""Takes what stands in the payload; raises ValueError, TypeError or ArithmeticError otherwise."""

EPOCHS = {"seconds": 1, "milliseconds": 1_000}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAP = re.compile(r"(?<=:\d\d:)60")
_OFFSET = re.compile(r"[+-](\d\d):(\d\d)")
_ABBREVIATION = re.compile(r"\s*\b([A-Za-z]{2,5})$")
_REMEDY = 'write "iso", "seconds", "milliseconds", or how it is written, such as "%d/%m/%Y %H:%M"'


def moment_parser(table: Table) -> Parse:
    """Return the function for the keys ``time``, ``zone`` and ``zones`` of a table.

    ``time`` lists how moments may be written, tried in order; ``zone`` is that of moments without
    one (UTC), ``zones`` gives the offsets of abbreviations (``EST = "-05:00"``).
    """
    zone = _zone(table.one("zone", str, "UTC"), table.at("zone"))
    named = table.table("zones")
    zones = {name: _offset(named.one(name, str, ""), named.at(name)) for name in named.values}
    patterns = table.texts("time", default=("iso",))
    parsers = [
        _parser(pattern, zone, zones, table.at("time").at(index))
        for index, pattern in enumerate(patterns)
    ]
    return parsers[0] if len(parsers) == 1 else _any_of(parsers)


def iso_moment(value: object, zone: tzinfo = UTC) -> datetime:
    """Return the moment of an RFC 3339 text, or of what else ISO 8601 allows.

    Digits beyond microseconds are cut off; a leap second is one second after the one before it.
    """
    if isinstance(value, datetime):
        return value
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]  # TypeError is answered above
    except ValueError:
        text = str(value).strip().upper()
        plain = _LEAP.sub("59", text, count=1)
        moment = datetime.fromisoformat(plain) + timedelta(seconds=plain != text)
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=zone).astimezone(UTC) if moment.tzinfo is None else _utc(moment)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def epoch_moment(value: object, per_second: int) -> datetime:
    """Return the moment of a number of seconds or milliseconds since 1970, also as text."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise TypeError
    exact = Decimal(str(value)) if isinstance(value, (float, str)) else Decimal(value)
    return _EPOCH + timedelta(microseconds=int(exact * 1_000_000 / per_second))


def _parser(pattern: str, zone: tzinfo, zones: Mapping[str, tzinfo], place: Place) -> Parse:
    if pattern in EPOCHS:
        return lambda value: epoch_moment(value, EPOCHS[pattern])
    if pattern == "iso":
        return iso_moment if zone is UTC else lambda value: iso_moment(value, zone)
    if "%" not in pattern:
        raise place.wrong(f"does not know {pattern!r}", _REMEDY)
    _try(pattern, place)

    def parse(value: object) -> datetime:
        if isinstance(value, datetime):
            return value
        if not isinstance(value, str):
            raise TypeError
        text, own = value, zone
        found = _ABBREVIATION.search(value)
        if found and found[1] in zones:
            text, own = value[: found.start()], zones[found[1]]
        moment = datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - the zone is set in the next line
        return _utc(moment if moment.tzinfo else moment.replace(tzinfo=own))

    return parse


def _try(pattern: str, place: Place) -> None:
    """Refuse a pattern that no text fits: strptime would tell at the first response only."""
    try:
        datetime.strptime(_EPOCH.strftime(pattern), pattern)  # noqa: DTZ007 - nothing is kept of it
    except (ValueError, re.error) as error:
        raise place.wrong(f"reads no time with {pattern!r}: {error}", _REMEDY) from error


def _any_of(parsers: Sequence[Parse]) -> Parse:
    def parse(value: object) -> datetime:
        for each in parsers:
            try:
                return each(value)
            except (ValueError, TypeError, ArithmeticError):
                continue
        raise ValueError

    return parse


def _zone(name: str, place: Place) -> tzinfo:
    if name == "UTC":
        return UTC
    if _OFFSET.fullmatch(name):
        return _offset(name, place)
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        remedy = 'write a name such as "Europe/Berlin" or an offset such as "+01:00"'
        raise place.wrong(f"knows no zone {name!r}", remedy) from error


def _offset(text: str, place: Place) -> tzinfo:
    found = _OFFSET.fullmatch(text)
    if not found or int(found[1]) > 23:  # noqa: PLR2004 - hours of a day
        raise place.wrong(f"is no offset: {text!r}", 'write it as "-05:00"')
    offset = timedelta(hours=int(found[1]), minutes=int(found[2]))
    return timezone(-offset if text[0] == "-" else offset)
