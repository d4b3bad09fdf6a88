"""Times as Drive writes and reads them: RFC 3339, in UTC and with milliseconds."""

import re
from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHAPE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-]\d\d:?\d\d)?)?"
)


def timestamp(microseconds: int) -> str:
    """Return a time as Drive prints it."""
    moment = EPOCH + timedelta(microseconds=microseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def day_of(microseconds: int) -> date:
    """Return the day of a time, in UTC."""
    return (EPOCH + timedelta(microseconds=microseconds)).date()


def moment(text: str) -> int | None:
    """Read a time, or a date alone, in UTC where no zone is given; None for anything else."""
    found = SHAPE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        whole = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    micros = int((fraction or "").ljust(6, "0")[:6])
    since = (whole - EPOCH) // timedelta(microseconds=1)
    return since + micros - _offset(zone or "Z")


def _offset(zone: str) -> int:
    if zone in "Zz":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (minutes if zone[0] == "+" else -minutes) * 60_000_000
