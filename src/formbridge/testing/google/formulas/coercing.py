"""Values as functions take them: numbers from texts, texts from numbers, and what is refused."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import attrs

from formbridge.testing.google.grid.cell import ErrorValue, Value
from formbridge.testing.google.texts.typing import Typist

TEXT_LIMIT = 50_000
TYPIST = Typist.of("en_US", date(2000, 1, 1))
"""Who reads texts as numbers: in one locale, and dates without a year as of one year."""


class Failure(Exception):
    """A function that gives an error."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message)
        self.error = ErrorValue(kind, message)


@attrs.frozen(eq=False)
class Block:
    """Values in rows and columns. ``cell`` gives one of them; ``used`` rows hold anything at all.

    ``top`` and ``left`` are where it lies on its tab, if it does.
    """

    height: int
    width: int
    used: int
    cell: Callable[[int, int], Value]
    top: int = -1
    left: int = -1

    def rows(self) -> Iterator[list[Value]]:
        """Yield the rows in which anything may stand."""
        for row in range(min(self.height, self.used)):
            yield [self.cell(row, column) for column in range(self.width)]

    def values(self) -> Iterator[Value]:
        """Yield the values of those rows, from left to right and down."""
        for row in self.rows():
            yield from row

    def line(self, index: int, *, column: bool) -> list[Value]:
        """Return a column or a row of it, as far as anything may stand there."""
        if column:
            return [self.cell(row, index) for row in range(min(self.height, self.used))]
        return [self.cell(index, at) for at in range(self.width)]


Argument = Value | Block


def block_of(rows: Sequence[Sequence[Value]]) -> Block:
    """Return rows of equal length as a block."""
    width = len(rows[0]) if rows else 0
    return Block(len(rows), width, len(rows), lambda row, column: rows[row][column])


def scalar(argument: Argument) -> Value:
    """Return a single value; raise what it says if it is an error."""
    if isinstance(argument, Block):
        argument = argument.cell(0, 0) if argument.height and argument.width else None
    if isinstance(argument, ErrorValue):
        raise Failure(argument.type, argument.message)
    return argument


def number(argument: Argument, name: str, place: int) -> float:
    """Return a number, from a text that reads as one too."""
    value = scalar(argument)
    if value is None:
        return 0.0
    if isinstance(value, bool | float):
        return float(value)
    found = number_in(str(value))
    if found is None:
        raise Failure(
            "VALUE",
            f"Function {name} parameter {place} expects number values. "
            f"But '{value}' is a text and cannot be coerced to a number.",
        )
    return found


def number_in(text: str) -> float | None:
    """Return the number that a text says, as a percentage, an amount or a date too."""
    if not any(letter.isdigit() for letter in text):
        return None
    value = TYPIST.typed(text).value
    return value if isinstance(value, float) else None


def whole(argument: Argument, name: str, place: int) -> int:
    """Return a number without what is behind its point."""
    found = number(argument, name, place)
    if abs(found) > 1e15:
        raise Failure(
            "NUM", f"Function {name} parameter {place} value is {found:g}. It is too large."
        )
    return int(found)


def text(argument: Argument) -> str:
    """Return a value as text."""
    return shown(scalar(argument))


def shown(value: Value) -> str:
    """Return how a value reads in a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        plain = f"{value:.15g}"
        if "e" in plain and abs(value) < 1e21 and value.is_integer():
            return str(int(value))
        return plain.upper() if "e" in plain else plain
    return value.type if isinstance(value, ErrorValue) else value


def truth(argument: Argument, name: str, place: int) -> bool:
    """Return whether a value counts as true."""
    value = scalar(argument)
    if isinstance(value, str):
        if value.upper() in {"TRUE", "FALSE"}:
            return value.upper() == "TRUE"
        found = number_in(value) if value else 0.0
        if found is None:
            raise Failure(
                "VALUE",
                f"Function {name} parameter {place} expects boolean values. "
                f"But '{value}' is a text and cannot be coerced to a boolean.",
            )
        return found != 0
    return bool(value)


def values_of(arguments: Sequence[Argument]) -> Iterator[tuple[Value, bool]]:
    """Yield every value, and whether it stood in a range (where texts are passed over)."""
    for argument in arguments:
        if isinstance(argument, Block):
            for value in argument.values():
                yield value, True
        else:
            yield argument, False


def numbers(arguments: Sequence[Argument], name: str) -> list[float]:
    """Return the numbers among arguments: those of ranges, and what is given one by one."""
    found: list[float] = []
    for place, argument in enumerate(arguments, 1):
        for value, from_range in values_of([argument]):
            if isinstance(value, ErrorValue):
                raise Failure(value.type, value.message)
            if not from_range:
                found.append(number(value, name, place))
            elif isinstance(value, float) and not isinstance(value, bool):
                found.append(value)
    return found


def limited(result: str, name: str) -> str:
    """Refuse a text that no cell could hold."""
    if len(result) > TEXT_LIMIT:
        raise Failure(
            "VALUE",
            f"Text result of {name} is longer than the limit of {TEXT_LIMIT} characters.",
        )
    return result


def rank(value: Value) -> tuple[int, float | str]:
    """Return a key by which values are ordered: numbers, texts, booleans."""
    if isinstance(value, bool):
        return 2, float(value)
    if isinstance(value, float):
        return 0, value
    return (1, value.casefold()) if isinstance(value, str) else (0, 0.0)


def equal(one: Value, other: Value) -> bool:
    """Whether two values are equal as ``=`` has it: capitals do not count, and a blank is 0."""
    if one is None or other is None:
        rest = other if one is None else one
        return rest is None or rest in ("", 0.0, False)
    return rank(one) == rank(other)


def as_block(argument: Argument) -> Block:
    """Return a range; a single value is one of one cell."""
    return argument if isinstance(argument, Block) else block_of([[argument]])
