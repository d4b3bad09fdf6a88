"""Numbers, words and names as Google reads them, from JSON or from a query.

Each function returns what a value means, or raises ``Unfit``; ``printed`` is how errors show it.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from re import compile as pattern
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.schema.discovery import Shape

TRUE = frozenset({"true", "t", "yes", "y", "1"})
FALSE = frozenset({"false", "f", "no", "n", "0"})
INTEGER = pattern(r"[+-]?[0-9]+")
NUMBER = pattern(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
LONGEST = 400
"""No number has more digits than this; nothing longer is even tried."""
FLOAT_LIMIT = 3.4028234663852886e38


class Unfit(ValueError):
    """The value is none of the kind that is wanted."""


def printed(value: object) -> str:
    """Return the value as an error shows it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int) and -(1 << 63) <= value < 1 << 64:
        return str(value)
    return _digits(value)


def _digits(value: object) -> str:
    """Print with 15 digits where that says it all, else with 17."""
    try:
        number = float(value)  # type: ignore[arg-type] # ints and floats come here only
    except OverflowError:
        return "inf"
    short = f"{number:.15g}"
    return short if float(short) == number else f"{number:.17g}"


@behaves("whole numbers may be given as texts or with a point", SEEN)
def whole(value: object, bits: int) -> int:
    """Return the whole number of so many bits."""
    number = value
    if isinstance(value, str):
        number = _whole_of(value)
    elif isinstance(value, float) and isfinite(value) and value == int(value):
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, int):
        raise Unfit
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        raise Unfit
    return number


def _whole_of(text: str) -> int:
    bare = text.strip("\t\n\v\f\r")
    if len(bare) > LONGEST or not INTEGER.fullmatch(bare):
        raise Unfit
    return int(bare)


@behaves("numbers may be given as texts; those that JSON does not know are refused", ASSUMED)
def number(value: object) -> float:
    """Return the number, whole where it was given so."""
    if isinstance(value, str):
        if len(value) > LONGEST or not NUMBER.fullmatch(value):
            raise Unfit
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit
    try:
        if isfinite(float(value)):
            return value
    except OverflowError:
        raise Unfit from None
    raise Unfit


def short_number(value: object) -> float:
    """Return a number that 32 bits can hold."""
    found = number(value)
    if abs(found) > FLOAT_LIMIT:
        raise Unfit
    return found


@behaves("truth may be a word in any case, or 0 or 1", SEEN)
def truth(value: object) -> bool:
    """Return whether it is so."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.lower() if value.isascii() else ""
        if word in TRUE or word in FALSE:
            return word in TRUE
    elif isinstance(value, (int, float)) and value in {0, 1}:
        return bool(value)
    raise Unfit


def text(value: object) -> str:
    """Return the text; nothing else is one."""
    if isinstance(value, str):
        return value
    raise Unfit


@behaves("names of enums may be in any case, with dashes, or numbers", SEEN)
@behaves("the number of an enum's name is its place in the documentation", ASSUMED)
def name(value: object, names: tuple[str, ...]) -> str:
    """Return the name of an enum's value as it is written."""
    if isinstance(value, str):
        if value in names:
            return value
        upper = value.upper().replace("-", "_") if value.isascii() else ""
        if upper in names:
            return upper
    place = whole(value, 32)
    if 0 <= place < len(names):
        return names[place]
    raise Unfit


READERS: Mapping[str, Callable[[Any], Any]] = {
    "int32": lambda value: whole(value, 32),
    "int64": lambda value: str(whole(value, 64)),
    "double": number,
    "float": short_number,
    "bool": truth,
    "string": text,
    "fieldmask": text,
}


def scalar(value: object, shape: Shape) -> Any:
    """Return what the value means where the shape is wanted; raise ``Unfit``."""
    if shape.kind == "enum":
        return name(value, shape.enum)
    reader = READERS.get(shape.kind)
    if reader is None:
        raise Unfit
    return reader(value)
