"""Serial numbers: days since 30 December 1899, and dates and times of day out of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

EPOCH = date(1899, 12, 30)
DAY = 86_400
LOWEST = -693_593
HIGHEST = 2_958_465
"""The serial numbers of the first and the last day that a calendar knows."""


@attrs.frozen(kw_only=True)
class Moment:
    """A date and a time of day. ``fraction`` is of a second."""

    day: date
    hour: int
    minute: int
    second: int
    fraction: float = 0.0


def serial(day: date, seconds: float = 0) -> float:
    """Return the number of a day, and of seconds of it."""
    return (day - EPOCH).days + seconds / DAY


def in_calendar(number: float) -> bool:
    """Whether a number is a date that can be shown."""
    return LOWEST <= number < HIGHEST + 1


def moment_of(number: float, *, decimals: int = 0) -> Moment:
    """Return the date and time of a number, seconds rounded to so many decimals."""
    unit = 10**decimals
    ticks = round(number * DAY * unit)
    days, ticks = divmod(ticks, DAY * unit)
    if days > HIGHEST:
        days, ticks = HIGHEST, DAY * unit - 1
    seconds, rest = divmod(ticks, unit)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return Moment(
        day=EPOCH + timedelta(days=days),
        hour=hour,
        minute=minute,
        second=second,
        fraction=rest / unit,
    )


def today(now: int, time_zone: str) -> date:
    """Return the day of a moment (microseconds since 1970) where the spreadsheet is."""
    moment = datetime.fromtimestamp(now / 1_000_000, tz=UTC)
    try:
        return moment.astimezone(ZoneInfo(time_zone)).date()
    except (KeyError, ValueError, OSError):  # a zone that this machine does not know
        return moment.date()
