"""A cell of the domain as the Sheets API takes it (``CellData``), and how cells are compared.

Text is always ``stringValue``, which is never parsed, so nothing that was answered is executed and
no zero is lost. An answered empty text is the formula ``=""``: an empty ``stringValue`` would leave
the cell blank, which means "not answered" (a recorded answer of Google's).
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from formbridge.domain.answers import Kind
from formbridge.domain.cells import Cell

Json = dict[str, Any]

MOST_TEXT = 50_000
"""Characters of a cell, at most: Google's limit."""
CUT = "\u2026 [cut by FormBridge: the whole text stands in the log]"
MOST_DIGITS = 10**15
"""Sheets shows 15 digits; a longer integer stays text, so that none of them is lost."""

VALUE = "userEnteredValue"
FORMAT = "userEnteredFormat"
EMPTY: Json = {VALUE: {"formulaValue": '=""'}}
BLANK: Json = {}

DATETIME_FORMAT = {"numberFormat": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}}
DATE_FORMAT = {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}
TIME_FORMAT = {"numberFormat": {"type": "TIME", "pattern": "hh:mm:ss"}}

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers count local days from here
_DAY = 86_400
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?")

Convert = Callable[[Cell], Json]


def text(value: str) -> Json:
    """Return a cell with this text, cut if it is longer than Google takes."""
    if not value:
        return EMPTY
    if len(value) * 2 > MOST_TEXT and _length(value) > MOST_TEXT:
        value = _cut(value)
    return {VALUE: {"stringValue": value}}


def is_cut(value: object) -> bool:
    """Whether this value is longer than a cell."""
    return isinstance(value, str) and len(value) * 2 > MOST_TEXT and _length(value) > MOST_TEXT


def moment(value: datetime, zone: ZoneInfo) -> Json:
    """Return a cell with a real date and time, in the sheet's time zone; to the millisecond."""
    local = value if value.tzinfo is None else value.astimezone(zone).replace(tzinfo=None)
    passed = local - _EPOCH
    seconds = passed.days * _DAY + passed.seconds + round(passed.microseconds / 1e6, 3)
    return {VALUE: {"numberValue": seconds / _DAY}, FORMAT: DATETIME_FORMAT}


def converter(kind: Kind, zone: ZoneInfo) -> Convert:
    """Return what makes cells of the answers of a question of this kind."""
    typed = _typed(kind, zone)

    def convert(cell: Cell) -> Json:
        if cell is None:
            return BLANK
        if isinstance(cell, str):
            made = None if typed is None else typed(cell)
            return text(cell) if made is None else made
        if isinstance(cell, datetime):
            return moment(cell, zone)
        return _number(cell)

    return convert


def _number(value: bool | float) -> Json:  # noqa: FBT001 - a cell is either
    if isinstance(value, bool):
        return {VALUE: {"boolValue": value}}
    if isinstance(value, int):
        exact = abs(value) < MOST_DIGITS
        return {VALUE: {"numberValue": value}} if exact else {VALUE: {"stringValue": str(value)}}
    return {VALUE: {"numberValue": value} if isfinite(value) else {"stringValue": str(value)}}


def _date(value: str) -> Json | None:
    if not _DATE.fullmatch(value):
        return None
    try:
        days = (date.fromisoformat(value) - _EPOCH.date()).days
    except ValueError:
        return None
    return {VALUE: {"numberValue": days}, FORMAT: DATE_FORMAT}


def _time(value: str) -> Json | None:
    if not _TIME.fullmatch(value):
        return None
    try:
        at = time.fromisoformat(value)
    except ValueError:
        return None
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return {VALUE: {"numberValue": seconds / _DAY}, FORMAT: TIME_FORMAT}


def problem_of(value: object) -> str:
    """Return why a text cannot stand in a cell, without the text; nothing if it can."""
    if not isinstance(value, str):
        return ""
    if "\0" in value:
        return "a NUL character, which no cell of a spreadsheet can hold"
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        return "half of a surrogate pair, which is no text"
    return ""


def _datetime(zone: ZoneInfo) -> Callable[[str], Json | None]:
    def convert(value: str) -> Json | None:
        if not _DATE.match(value) or len(value) < len("2026-03-02T10:00"):
            return None
        try:
            return moment(datetime.fromisoformat(value), zone)
        except ValueError:
            return None

    return convert


def _typed(kind: Kind, zone: ZoneInfo) -> Callable[[str], Json | None] | None:
    if kind is Kind.DATETIME:
        return _datetime(zone)
    return {Kind.DATE: _date, Kind.TIME: _time}.get(kind)


def _length(value: str) -> int:
    """Count as Google does, in UTF-16 units: the cautious reading of "characters"."""
    return len(value) + sum(char > "\uffff" for char in value)


def _cut(value: str) -> str:
    """Return as much of the beginning as fits with the mark behind it."""
    most = MOST_TEXT - len(CUT)
    units = value[:most].encode("utf-16-le", "surrogatepass")[: 2 * most]
    return units.decode("utf-16-le", "ignore") + CUT


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of a spreadsheet; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
