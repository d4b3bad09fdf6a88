"""Functions of dates and times."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from formbridge.testing.google.formulas.coercing import (
    Argument,
    Failure,
    number,
    number_in,
    text,
    whole,
)
from formbridge.testing.google.formulas.dates import day_of, min_day, month_moved, serial_of
from formbridge.testing.google.formulas.functions import Call, Setting, function, given

SECONDS = 86_400


def _day(arguments: Sequence[Argument], place: int, name: str) -> date:
    serial = number(arguments[place - 1], name, place)
    day = day_of(serial)
    if day is None:
        raise Failure(
            "NUM", f"Function {name} parameter {place} value is {serial:g}. It is not a date."
        )
    return day


@function("TODAY", 0, volatile=True)
def _today(_arguments: Sequence[Argument], setting: Setting) -> Argument:
    return float(setting.now // 1)


@function("NOW", 0, volatile=True)
def _now(_arguments: Sequence[Argument], setting: Setting) -> Argument:
    return setting.now


@function("DATE", 3)
def _date(arguments: Sequence[Argument], _: Setting) -> Argument:
    year, month, day = (whole(one, "DATE", place) for place, one in enumerate(arguments, 1))
    year += 1900 if 0 <= year < 1900 else 0
    first = month_moved(date(1900, 1, 1), (year - 1900) * 12 + month - 1)
    result = -1.0 if first is None else serial_of(first) + day - 1
    if first is None or day_of(result) is None:
        raise Failure("NUM", "Function DATE parameters are out of range.")
    return result


@function("TIME", 3)
def _time(arguments: Sequence[Argument], _: Setting) -> Argument:
    hour, minute, second = (whole(one, "TIME", place) for place, one in enumerate(arguments, 1))
    seconds = hour * 3600 + minute * 60 + second
    if seconds < 0:
        raise Failure("NUM", "Function TIME parameters are out of range.")
    return seconds % SECONDS / SECONDS


@function("DATEVALUE", 1)
def _datevalue(arguments: Sequence[Argument], _: Setting) -> Argument:
    given_text = text(arguments[0])
    found = number_in(given_text)
    if found is None:
        raise Failure("VALUE", f"DATEVALUE parameter '{given_text}' cannot be parsed to date/time.")
    return float(found // 1)


PARTS: dict[str, Callable[[date], int]] = {
    "YEAR": lambda day: day.year,
    "MONTH": lambda day: day.month,
    "DAY": lambda day: day.day,
    "ISOWEEKNUM": lambda day: day.isocalendar().week,
}
CLOCK: dict[str, Callable[[int], int]] = {
    "HOUR": lambda seconds: seconds // 3600,
    "MINUTE": lambda seconds: seconds // 60 % 60,
    "SECOND": lambda seconds: seconds % 60,
}


def _part(name: str, part: Callable[[date], int]) -> Call:
    return lambda arguments, _: float(part(_day(arguments, 1, name)))


def _clock(name: str, part: Callable[[int], int]) -> Call:
    def call(arguments: Sequence[Argument], _: Setting) -> Argument:
        serial = number(arguments[0], name, 1)
        return float(part(round(serial % 1 * SECONDS) % SECONDS))

    return call


for _name, _of_day in PARTS.items():
    function(_name, 1)(_part(_name, _of_day))
for _name, _of_time in CLOCK.items():
    function(_name, 1)(_clock(_name, _of_time))


@function("WEEKDAY", 1, 2)
def _weekday(arguments: Sequence[Argument], _: Setting) -> Argument:
    day, kind = _day(arguments, 1, "WEEKDAY"), whole(given(arguments, 1, 1.0), "WEEKDAY", 2)
    if kind not in {1, 2, 3}:
        raise Failure("NUM", f"Function WEEKDAY parameter 2 value {kind} is out of range.")
    return float({1: (day.weekday() + 1) % 7 + 1, 2: day.weekday() + 1, 3: day.weekday()}[kind])


@function("EDATE", 2)
def _edate(arguments: Sequence[Argument], _: Setting) -> Argument:
    day = month_moved(_day(arguments, 1, "EDATE"), whole(arguments[1], "EDATE", 2))
    if day is None:
        raise Failure("NUM", "Function EDATE parameters are out of range.")
    return serial_of(day)


@function("EOMONTH", 2)
def _eomonth(arguments: Sequence[Argument], _: Setting) -> Argument:
    day = month_moved(_day(arguments, 1, "EOMONTH"), whole(arguments[1], "EOMONTH", 2))
    if day is None:
        raise Failure("NUM", "Function EOMONTH parameters are out of range.")
    return serial_of(min_day(day.year, day.month, 31))


@function("DAYS", 2)
def _days(arguments: Sequence[Argument], _: Setting) -> Argument:
    return serial_of(_day(arguments, 1, "DAYS")) - serial_of(_day(arguments, 2, "DAYS"))


@function("DATEDIF", 3)
def _datedif(arguments: Sequence[Argument], _: Setting) -> Argument:
    start, end = _day(arguments, 1, "DATEDIF"), _day(arguments, 2, "DATEDIF")
    if start > end:
        raise Failure("NUM", "Function DATEDIF parameter 1 should be on or before parameter 2.")
    unit = text(arguments[2]).upper()
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    since = month_moved(start, months) or start
    anniversary = month_moved(start, months // 12 * 12) or start
    units = {
        "Y": months // 12,
        "M": months,
        "D": (end - start).days,
        "YM": months % 12,
        "MD": (end - since).days,
        "YD": (end - anniversary).days,
    }
    if unit not in units:
        raise Failure("NUM", f"Function DATEDIF parameter 3 value '{unit}' is not a unit.")
    return float(units[unit])


@function("NETWORKDAYS", 2)
def _networkdays(arguments: Sequence[Argument], _: Setting) -> Argument:
    start, end = _day(arguments, 1, "NETWORKDAYS"), _day(arguments, 2, "NETWORKDAYS")
    sign = 1 if start <= end else -1
    start, end = min(start, end), max(start, end)
    weeks, rest = divmod((end - start).days + 1, 7)
    extra = sum((start + timedelta(days=at)).weekday() < 5 for at in range(rest))
    return float(sign * (weeks * 5 + extra))
