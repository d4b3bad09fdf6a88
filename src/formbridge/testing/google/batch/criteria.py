"""Which rows a filter shows: hidden values, conditions and colours."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.grid.cell import Content, Value, cell_of
from formbridge.testing.google.grid.colours import rgb_of, rounded, style_of

EPOCH = date(1899, 12, 30)
"""The day of the serial number 0."""

WHITE = {"red": 1, "green": 1, "blue": 1}


@attrs.frozen(kw_only=True)
class Seen:
    """A cell as a filter sees it: what stands in it, its value, and the text that a person sees."""

    content: Content
    value: Value
    text: str


Test = Callable[[Seen, Sequence[Value], Sequence[str]], bool]
Reader = Callable[[str], Value]
"""Reads what a person typed into a condition."""


@behaves("a value is shown that is not hidden, meets the condition and has the colour", DOCUMENTED)
def shows(criteria: Mapping[str, Any], seen: Seen, *, read: Reader, today: date) -> bool:
    """Whether criteria let a cell's row be shown."""
    if seen.text in (criteria.get("hiddenValues") or ()):
        return False
    condition = criteria.get("condition")
    if condition and not meets(condition, seen, read=read, today=today):
        return False
    return _has_colours(criteria, seen.content)


@behaves("conditions with formulas, and those that no filter has, let everything be shown", ASSUMED)
def meets(condition: Mapping[str, Any], seen: Seen, *, read: Reader, today: date) -> bool:
    """Whether a cell meets a ``BooleanCondition``."""
    test = TESTS.get(condition.get("type") or "")
    given = condition.get("values") or []
    texts = [one.get("userEnteredValue") or "" for one in given]
    if test is None or any(text.startswith(("=", "+")) for text in texts):
        return True
    values = [
        _relative(one["relativeDate"], today) if one.get("relativeDate") else read(text)
        for one, text in zip(given, texts, strict=True)
    ]
    return test(seen, values, texts)


def _relative(name: str, today: date) -> Value:
    days = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1, "PAST_WEEK": -7}
    if name in days:
        day = today + timedelta(days=days[name])
    elif name == "PAST_MONTH":
        before = today.replace(day=1) - timedelta(days=1)
        day = before.replace(day=min(today.day, before.day))
    else:
        day = today.replace(year=today.year - 1, day=min(today.day, 28 if today.month == 2 else 31))
    return float((day - EPOCH).days)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _numeric(compare: Callable[..., bool], *, count: int = 1, whole: bool = False) -> Test:
    """Return a test of numbers; what is none does not meet it. Of dates only the day counts."""

    def test(seen: Seen, values: Sequence[Value], _texts: Sequence[str]) -> bool:
        found = [_number(one) for one in (seen.value, *values[:count])]
        if len(found) <= count or None in found:
            return False
        numbers = [float(one or 0) // 1 if whole else float(one or 0) for one in found]
        return compare(*numbers)

    return test


@behaves("texts are compared without regard to capitals", ASSUMED)
def _textual(compare: Callable[[str, str], bool]) -> Test:
    def test(seen: Seen, _values: Sequence[Value], texts: Sequence[str]) -> bool:
        return bool(texts) and compare(seen.text.casefold(), texts[0].casefold())

    return test


def _not(test: Test) -> Test:
    return lambda seen, values, texts: not test(seen, values, texts)


_EQUAL = _numeric(lambda one, other: one == other)
_BETWEEN = _numeric(lambda one, low, high: low <= one <= high, count=2)
_DATE_EQUAL = _numeric(lambda one, other: one == other, whole=True)
_DATE_BETWEEN = _numeric(lambda one, low, high: low <= one <= high, count=2, whole=True)
_CONTAINS = _textual(lambda text, part: part in text)
_SAME = _textual(lambda text, other: text == other)

TESTS: Mapping[str, Test] = {
    "NUMBER_GREATER": _numeric(lambda one, other: one > other),
    "NUMBER_GREATER_THAN_EQ": _numeric(lambda one, other: one >= other),
    "NUMBER_LESS": _numeric(lambda one, other: one < other),
    "NUMBER_LESS_THAN_EQ": _numeric(lambda one, other: one <= other),
    "NUMBER_EQ": _EQUAL,
    "NUMBER_NOT_EQ": _not(_EQUAL),
    "NUMBER_BETWEEN": _BETWEEN,
    "NUMBER_NOT_BETWEEN": _not(_BETWEEN),
    "TEXT_CONTAINS": _CONTAINS,
    "TEXT_NOT_CONTAINS": _not(_CONTAINS),
    "TEXT_STARTS_WITH": _textual(lambda text, part: text.startswith(part)),
    "TEXT_ENDS_WITH": _textual(lambda text, part: text.endswith(part)),
    "TEXT_EQ": _SAME,
    "TEXT_NOT_EQ": _not(_SAME),
    "DATE_EQ": _DATE_EQUAL,
    "DATE_NOT_EQ": _not(_DATE_EQUAL),
    "DATE_BEFORE": _numeric(lambda one, other: one < other, whole=True),
    "DATE_AFTER": _numeric(lambda one, other: one > other, whole=True),
    "DATE_ON_OR_BEFORE": _numeric(lambda one, other: one <= other, whole=True),
    "DATE_ON_OR_AFTER": _numeric(lambda one, other: one >= other, whole=True),
    "DATE_BETWEEN": _DATE_BETWEEN,
    "DATE_NOT_BETWEEN": _not(_DATE_BETWEEN),
    "BLANK": lambda seen, _values, _texts: not seen.text,
    "NOT_BLANK": lambda seen, _values, _texts: bool(seen.text),
    "ONE_OF_LIST": lambda seen, _values, texts: seen.text in texts,
}
"""The conditions that a filter may have, by their names in the API."""


@behaves("a colour is that of the format, or white behind black letters", DOCUMENTED)
def _has_colours(criteria: Mapping[str, Any], content: Content) -> bool:
    form = cell_of(content).format or {}
    text = form.get("textFormat") or {}
    for name, here, usual in (
        ("visibleBackgroundColor", form.get("backgroundColor"), WHITE),
        ("visibleForegroundColor", text.get("foregroundColor"), {}),
    ):
        style = style_of(criteria.get(f"{name}Style") or {})
        wanted = criteria.get(name) if style is None else rgb_of(style)
        if wanted is not None and rounded(wanted) != rounded(usual if here is None else here):
            return False
    return True
