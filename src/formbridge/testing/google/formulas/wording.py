"""Functions of texts and of what a value is."""

import re
from collections.abc import Callable, Sequence

from formbridge.testing.google.formulas.coercing import (
    Argument,
    Block,
    Failure,
    limited,
    number_in,
    scalar,
    shown,
    text,
    truth,
    values_of,
    whole,
)
from formbridge.testing.google.formulas.functions import MANY, Call, Setting, function, given
from formbridge.testing.google.grid.cell import ErrorValue, Value
from formbridge.testing.google.texts.locales import locale_of
from formbridge.testing.google.texts.rendering import Shower

Test = Callable[[Value], bool]

TESTS: dict[str, Test] = {
    "ISBLANK": lambda value: value is None,
    "ISNUMBER": lambda value: isinstance(value, float) and not isinstance(value, bool),
    "ISTEXT": lambda value: isinstance(value, str),
    "ISNONTEXT": lambda value: not isinstance(value, str),
    "ISLOGICAL": lambda value: isinstance(value, bool),
    "ISERROR": lambda value: isinstance(value, ErrorValue),
    "ISERR": lambda value: isinstance(value, ErrorValue) and value.type != "N_A",
    "ISNA": lambda value: isinstance(value, ErrorValue) and value.type == "N_A",
    "ISEMAIL": lambda value: (
        isinstance(value, str)
        and re.fullmatch(r"[^@\s]{1,64}@[\w-]+(\.[\w-]+)+", value) is not None
    ),
}
CHANGES: dict[str, Callable[[str], str]] = {
    "LOWER": str.lower,
    "UPPER": str.upper,
    "PROPER": lambda one: re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), one),
    "TRIM": lambda one: re.sub(" +", " ", one.strip(" ")),
    "CLEAN": lambda one: "".join(letter for letter in one if ord(letter) >= 32),
}


def _tested(test: Test) -> Call:
    def call(arguments: Sequence[Argument], _: Setting) -> Argument:
        value = arguments[0]
        return test(value.cell(0, 0) if isinstance(value, Block) else value)

    return call


def _changed(change: Callable[[str], str]) -> Call:
    return lambda arguments, _: change(text(arguments[0]))


for _name, _test in TESTS.items():
    function(_name, 1)(_tested(_test))
for _name, _change in CHANGES.items():
    function(_name, 1)(_changed(_change))


@function("CONCATENATE", 1, MANY)
def _concatenate(arguments: Sequence[Argument], _: Setting) -> Argument:
    return limited("".join(text(value) for value, _ in values_of(arguments)), "CONCATENATE")


@function("JOIN", 2, MANY)
def _join(arguments: Sequence[Argument], _: Setting) -> Argument:
    parts = [text(value) for value, _ in values_of(arguments[1:])]
    return limited(text(arguments[0]).join(parts), "JOIN")


@function("TEXTJOIN", 3, MANY)
def _textjoin(arguments: Sequence[Argument], _: Setting) -> Argument:
    skip = truth(arguments[1], "TEXTJOIN", 2)
    parts = [text(value) for value, _ in values_of(arguments[2:])]
    return limited(text(arguments[0]).join(part for part in parts if part or not skip), "TEXTJOIN")


@function("LEN", 1)
def _len(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(len(text(arguments[0]).encode("utf-16-le", "surrogatepass")) // 2)


def _count(arguments: Sequence[Argument], name: str, place: int, default: float) -> int:
    found = whole(given(arguments, place - 1, default), name, place)
    if found < 0:
        raise Failure(
            "VALUE",
            f"Function {name} parameter {place} value is {found}. "
            "It should be greater than or equal to 0.",
        )
    return found


@function("LEFT", 1, 2)
def _left(arguments: Sequence[Argument], _: Setting) -> Argument:
    return text(arguments[0])[: _count(arguments, "LEFT", 2, 1.0)]


@function("RIGHT", 1, 2)
def _right(arguments: Sequence[Argument], _: Setting) -> Argument:
    whole_text, count = text(arguments[0]), _count(arguments, "RIGHT", 2, 1.0)
    return whole_text[max(0, len(whole_text) - count) :]


@function("MID", 3)
def _mid(arguments: Sequence[Argument], _: Setting) -> Argument:
    start, count = whole(arguments[1], "MID", 2), _count(arguments, "MID", 3, 0.0)
    if start < 1:
        raise Failure("NUM", f"Function MID parameter 2 value is {start}. It should be > 0.")
    return text(arguments[0])[start - 1 : start - 1 + count]


@function("REPT", 2)
def _rept(arguments: Sequence[Argument], _: Setting) -> Argument:
    part, count = text(arguments[0]), _count(arguments, "REPT", 2, 0.0)
    if len(part) * count > 32_000:
        raise Failure("VALUE", "Text result of REPT is longer than the limit of 32000 characters.")
    return part * count


@function("EXACT", 2)
def _exact(arguments: Sequence[Argument], _: Setting) -> Argument:
    return text(arguments[0]) == text(arguments[1])


@function("FIND", 2, 3)
def _find(arguments: Sequence[Argument], _: Setting) -> Argument:
    return _found(arguments, "FIND", text(arguments[0]), text(arguments[1]))


@function("SEARCH", 2, 3)
def _search(arguments: Sequence[Argument], _: Setting) -> Argument:
    return _found(arguments, "SEARCH", text(arguments[0]).lower(), text(arguments[1]).lower())


def _found(arguments: Sequence[Argument], name: str, part: str, within: str) -> float:
    start = whole(given(arguments, 2, 1.0), name, 3)
    place = within.find(part, start - 1) if start >= 1 else -1
    if place < 0:
        raise Failure(
            "VALUE",
            f"In {name} evaluation, cannot find '{text(arguments[0])}' "
            f"within '{text(arguments[1])}'.",
        )
    return float(place + 1)


@function("SUBSTITUTE", 3, 4)
def _substitute(arguments: Sequence[Argument], _: Setting) -> Argument:
    within, old, new = (text(argument) for argument in arguments[:3])
    if not old:
        return within
    if len(arguments) < 4:
        return limited(within.replace(old, new), "SUBSTITUTE")
    parts = within.split(old)
    place = whole(arguments[3], "SUBSTITUTE", 4)
    if not 0 < place < len(parts):
        return within
    return old.join(parts[:place]) + new + old.join(parts[place:])


@function("REPLACE", 4)
def _replace(arguments: Sequence[Argument], _: Setting) -> Argument:
    within, start = text(arguments[0]), whole(arguments[1], "REPLACE", 2)
    count = _count(arguments, "REPLACE", 3, 0.0)
    if start < 1:
        raise Failure("VALUE", f"Function REPLACE parameter 2 value is {start}. It should be > 0.")
    return within[: start - 1] + text(arguments[3]) + within[start - 1 + count :]


@function("CHAR UNICHAR", 1)
def _char(arguments: Sequence[Argument], _: Setting) -> Argument:
    code = whole(arguments[0], "CHAR", 1)
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        raise Failure("NUM", f"Function CHAR parameter 1 value {code} is out of range.")
    return chr(code)


@function("CODE UNICODE", 1)
def _code(arguments: Sequence[Argument], _: Setting) -> Argument:
    whole_text = text(arguments[0])
    if not whole_text:
        raise Failure("VALUE", "Function CODE parameter 1 value should be non-empty.")
    return float(ord(whole_text[0]))


@function("VALUE", 1)
def _value(arguments: Sequence[Argument], _: Setting) -> Argument:
    value = scalar(arguments[0])
    if value is None or isinstance(value, float | bool):
        return float(value or 0)
    found = number_in(str(value))
    if found is None:
        raise Failure("VALUE", f"VALUE parameter '{value}' cannot be parsed to number.")
    return found


@function("T", 1)
def _t(arguments: Sequence[Argument], _: Setting) -> Argument:
    value = scalar(arguments[0])
    return value if isinstance(value, str) else ""


@function("TEXT", 2)
def _text(arguments: Sequence[Argument], setting: Setting) -> Argument:
    value, pattern = scalar(arguments[0]), text(arguments[1])
    if isinstance(value, str) and (found := number_in(value)) is not None:
        value = found
    number_format = {"type": "NUMBER", "pattern": pattern}
    return Shower(locale=locale_of(setting.locale)).text(value, number_format)


@function("TO_TEXT", 1)
def _to_text(arguments: Sequence[Argument], _: Setting) -> Argument:
    return shown(scalar(arguments[0]))
