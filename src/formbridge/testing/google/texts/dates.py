"""Dates, times of day and durations as people type them."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import attrs

from formbridge.testing.google.behaviour import ASSUMED, RECORDED, SEEN, behaves
from formbridge.testing.google.texts.locales import ENGLISH, SHORT, Locale
from formbridge.testing.google.texts.moments import DAY, serial
from formbridge.testing.google.texts.numbers import Number

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
THREE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
TWO = re.compile(r"(\d{1,2})([-/.])(\d{1,2})")
MONTH_YEAR = re.compile(r"(\d{1,2})([-/])(\d{4})")
WORD_FIRST = re.compile(r"([^\W\d_]+\.?) +(\d{1,2})(?:(,? +)(\d{4}))?")
DAY_FIRST = re.compile(r"(\d{1,2})(\.? +|-)([^\W\d_]+\.?)(?:( +|-|, +)(\d{4}|\d{2}))?")
WORD_YEAR = re.compile(r"([^\W\d_]+\.?)( +|-)(\d{4})")
CLOCK = re.compile(
    r"(?P<hour>\d{1,7}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?P<part>[.,]\d{1,9})?)?"
    r"(?P<half> ?[ap]\.?m\.?)?",
    re.IGNORECASE,
)
HOUR_ONLY = re.compile(r"(?P<hour>\d{1,2})(?P<half> ?[ap]\.?m\.?)", re.IGNORECASE)
OLD, CENTURY = 1900, 30
"""Two digits of a year mean 1930 to 2029."""

NOON, HOURS, SIXTY, TWENTY = 12, 24, 60, 2000
MOMENT = " h:mm:ss"


@attrs.frozen
class _Day:
    day: date
    pattern: str


@behaves("dates by the locale's order, by ISO, and with names of months", SEEN)
@behaves("what is typed becomes the pattern: 2020-01-01 stays 2020-01-01", RECORDED)
@behaves("a date with a time is shown with seconds", ASSUMED)
def moment_in(text: str, locale: Locale, today: date) -> Number | None:
    """Return the serial number of a date, a time or a duration that somebody typed."""
    body = text.strip()
    if not body or not any("0" <= letter <= "9" for letter in body):
        return None
    if found := _clock(body):
        return found
    if day := _day(body, locale, today):
        return Number(serial(day.day), "DATE", day.pattern)
    for match in re.finditer(r"(?:,? +)(?=\d)", body):
        clock = _clock(body[match.end() :])
        day = _day(body[: match.start()], locale, today)
        if clock and day and clock.value < 1:
            return Number(serial(day.day) + clock.value, "DATE_TIME", day.pattern + MOMENT)
    return None


# --- times --------------------------------------------------------------------------------------


@behaves("14:30, 2:30 PM and 14:30:15 are times, 25:30:00 is a duration", SEEN)
def _clock(body: str) -> Number | None:
    found = CLOCK.fullmatch(body) or HOUR_ONLY.fullmatch(body)
    if found is None:
        return None
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts["half"] or "").strip().lower()[:1]
    if minute >= SIXTY or second >= SIXTY or (half and not 1 <= hour <= NOON):
        return None
    if half:
        hour = hour % NOON + (NOON if half == "p" else 0)
    part = float("0." + parts["part"][1:]) if parts.get("part") else 0.0
    value = (hour * 3600 + minute * 60 + second + part) / DAY
    return Number(value, "TIME", _clock_pattern(parts, hour, half=bool(half)))


def _clock_pattern(parts: Mapping[str, str | None], hour: int, *, half: bool) -> str:
    hours = "[h]" if hour >= HOURS else "hh" if len(parts["hour"] or "") > 1 and not half else "h"
    if hours == "hh" and not (parts["hour"] or "").startswith("0"):
        hours = "h"
    seconds = ":ss" if parts.get("second") is not None else ""
    seconds += "." + "0" * min(3, len(parts["part"] or "") - 1) if parts.get("part") else ""
    return f"{hours}:mm{seconds}{' am/pm' if half else ''}"


# --- days ---------------------------------------------------------------------------------------


def _day(body: str, locale: Locale, today: date) -> _Day | None:
    for reader in (_year_first, _three, _month_year, _two):
        if day := reader(body, locale, today):
            return day
    return _with_word(body, locale, today)


def _made(year: int, month: int, day: int, pattern: str) -> _Day | None:
    try:
        return _Day(date(year, month, day), pattern)
    except ValueError:
        return None


def _width(letter: str, digits: str) -> str:
    return letter * (2 if digits.startswith("0") else 1)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (TWENTY if year < CENTURY else OLD)


def _year_first(body: str, _locale: Locale, _today: date) -> _Day | None:
    if not (found := YEAR_FIRST.fullmatch(body)):
        return None
    year, mark, month, day = found.groups()
    pattern = f"yyyy{mark}{_padded('m', month)}{mark}{_padded('d', day)}"
    return _made(int(year), int(month), int(day), pattern)


def _padded(letter: str, digits: str) -> str:
    return letter * len(digits)


def _three(body: str, locale: Locale, _today: date) -> _Day | None:
    if not (found := THREE.fullmatch(body)):
        return None
    first, mark, second, year = found.groups()
    if mark == "." and locale.separator != ".":
        return None
    years = "yyyy" if len(year) > 2 else "yy"
    if locale.order == "mdy" or (locale.order == "ymd" and locale.date == "yyyy-mm-dd"):
        pattern = f"{_width('m', first)}{mark}{_width('d', second)}{mark}{years}"
        return _made(_year(year), int(first), int(second), pattern)
    pattern = f"{_width('d', first)}{mark}{_width('m', second)}{mark}{years}"
    return _made(_year(year), int(second), int(first), pattern)


@behaves("1-2 and 1/2 are days of this year, 1/2020 is the first of a month", SEEN)
def _two(body: str, locale: Locale, today: date) -> _Day | None:
    found = TWO.fullmatch(body.rstrip(".") if locale.separator == "." else body)
    if found is None:
        return None
    first, mark, second = found.groups()
    if mark == "." and locale.separator != ".":
        return None
    if locale.order == "dmy":
        pattern = f"{_width('d', first)}{mark}{_width('m', second)}"
        return _made(today.year, int(second), int(first), pattern)
    pattern = f"{_width('m', first)}{mark}{_width('d', second)}"
    return _made(today.year, int(first), int(second), pattern)


def _month_year(body: str, _locale: Locale, _today: date) -> _Day | None:
    if not (found := MONTH_YEAR.fullmatch(body)):
        return None
    month, mark, year = found.groups()
    return _made(int(year), int(month), 1, f"{_width('m', month)}{mark}yyyy")


# --- names of months ----------------------------------------------------------------------------


@cache
def _names(locale: Locale) -> Mapping[str, tuple[int, str]]:
    """Return months by their names in the locale and in English, with how a pattern writes them."""
    names: dict[str, tuple[int, str]] = {}
    for number, name in enumerate(ENGLISH, 1):
        names[name.casefold()] = number, "mmmm"
        names[name[:SHORT].casefold()] = number, "mmm"
    names["sept"] = 9, "mmm"
    for number, (long, short) in enumerate(zip(locale.months, locale.short_months, strict=True), 1):
        names[long.casefold()] = number, "mmmm"
        names[short.rstrip(".").casefold()] = number, "mmm" if short != long else "mmmm"
    names["may"] = 5, "mmm"
    return names


def _with_word(body: str, locale: Locale, today: date) -> _Day | None:
    names = _names(locale)
    if found := WORD_FIRST.fullmatch(body):
        word, day, _, year = found.groups()
        if month := names.get(word.rstrip(".").casefold()):
            pattern = f"{month[1]} {_width('d', day)}" + (", yyyy" if year else "")
            return _made(int(year or today.year), month[0], int(day), pattern)
    if found := DAY_FIRST.fullmatch(body):
        day, mark, word, _, year = found.groups()
        if month := names.get(word.rstrip(".").casefold()):
            mark = "\\. " if mark.startswith(".") else mark[:1]
            years = "" if not year else (mark[-1] + ("yyyy" if len(year) > 2 else "yy"))
            pattern = f"{_width('d', day)}{mark}{month[1]}{years}"
            return _made(_year(year or str(today.year)), month[0], int(day), pattern)
    if found := WORD_YEAR.fullmatch(body):
        word, mark, year = found.groups()
        if month := names.get(word.rstrip(".").casefold()):
            return _made(int(year), month[0], 1, f"{month[1]}{mark[:1]}yyyy")
    return None
