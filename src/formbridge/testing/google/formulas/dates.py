"""Dates as numbers: the days since 30 December 1899, and parts of a day behind the point."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = date(1899, 12, 30)
LAST = date(9999, 12, 31)


def serial_of(day: date) -> float:
    """Return the number of a day."""
    return float((date(day.year, day.month, day.day) - EPOCH).days)


def day_of(serial: float) -> date | None:
    """Return the day of a number; None for one that no calendar has."""
    days = int(serial // 1)
    return EPOCH + timedelta(days=days) if 0 <= days <= (LAST - EPOCH).days else None


def now_serial(micros: int, time_zone: str) -> float:
    """Return the number of a moment (microseconds since 1970) in a time zone."""
    moment = datetime.fromtimestamp(micros / 1_000_000, tz=UTC)
    with suppress(KeyError, ValueError, OSError):  # a zone that this machine does not know
        moment = moment.astimezone(ZoneInfo(time_zone))
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return serial_of(moment.date()) + seconds / 86_400


def month_moved(day: date, months: int) -> date | None:
    """Return the same day of another month, or its last; None where no calendar goes."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= LAST.year:
        return None
    return min_day(year, month + 1, day.day)


def min_day(year: int, month: int, day: int) -> date:
    """Return a day of a month, or its last one."""
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) < (9999, 12) else None
    length = 31 if following is None else (following - timedelta(days=1)).day
    return date(year, month, min(day, length))
