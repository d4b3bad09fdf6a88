"""Functions that count or add what meets a criterion."""

import operator
import re
from collections.abc import Callable, Iterator, Sequence

from formbridge.testing.google.formulas.coercing import (
    Argument,
    Failure,
    as_block,
    equal,
    number_in,
    rank,
    scalar,
)
from formbridge.testing.google.formulas.functions import MANY, Setting, function, given
from formbridge.testing.google.grid.cell import ErrorValue, Value

Criterion = Callable[[Value], bool]


SIGNS = {
    "<>": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}


def criterion(given_value: Value) -> Criterion:
    """Return what a criterion asks: a value, a pattern with ``*`` and ``?``, or ``">5"``."""
    if not isinstance(given_value, str):
        return lambda value: value is not None and equal(value, given_value)
    sign = next((sign for sign in SIGNS if given_value.startswith(sign)), "")
    rest = given_value.removeprefix(sign)
    limit = number_in(rest)
    if sign in {"", "=", "<>"}:
        hit = pattern(rest if limit is None else limit) if rest else _is_empty
        return (lambda value: not hit(value)) if sign == "<>" else hit
    return _compared(sign, rest if limit is None else limit)


def _is_empty(value: Value) -> bool:
    return value is None or value == ""


def _compared(sign: str, limit: float | str) -> Criterion:
    def hit(value: Value) -> bool:
        if isinstance(value, bool) or type(value) is not type(limit):
            return False
        return bool(SIGNS[sign](rank(value)[1], rank(limit)[1]))

    return hit


def pattern(wanted: Value) -> Criterion:
    """Return what finds a value; in texts ``*`` and ``?`` stand for any, ``~`` takes that away."""
    if not isinstance(wanted, str):
        return lambda value: value is not None and equal(value, wanted)
    if not re.search(r"[*?~]", wanted):
        plain = wanted.casefold()
        return lambda value: isinstance(value, str) and value.casefold() == plain
    parts = re.findall(r"~[*?~]|\*|\?|[^*?~]+|~", wanted)
    pieces = {"*": ".*", "?": "."}
    # few stars, so that no pattern takes for ever
    stars = 0
    built = ""
    for part in parts:
        stars += part == "*"
        if part == "*" and (built.endswith(".*") or stars > 8):
            continue
        built += pieces.get(part) or re.escape(part[-1] if part[0] == "~" else part)
    compiled = re.compile(built, re.IGNORECASE | re.DOTALL)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _hits(pairs: Sequence[Argument], name: str, size: int | None = None) -> Iterator[int]:
    """Yield the places (counted along the ranges) where all pairs of range and criterion hold."""
    blocks = [as_block(block) for block in pairs[::2]]
    tests = [criterion(scalar(one)) for one in pairs[1::2]]
    if len(blocks) != len(tests):
        raise Failure("N_A", f"Wrong number of arguments to {name}.")
    sizes = {block.height * block.width for block in blocks} | (
        {size} if size is not None else set()
    )
    if len(sizes) > 1:
        raise Failure("VALUE", f"Array arguments to {name} are of different size.")
    used = max(block.used for block in blocks)
    width = blocks[0].width
    for at in range(min(blocks[0].height, used) * width):
        row, column = divmod(at, width)
        if all(test(block.cell(row, column)) for block, test in zip(blocks, tests, strict=True)):
            yield at


def _amounts(
    pairs: Sequence[Argument], summed: Argument, name: str, *, sized: bool = True
) -> list[float]:
    block = as_block(summed)
    size = block.height * block.width if sized else None
    found = []
    for at in _hits(pairs, name, size):
        row, column = divmod(at, as_block(pairs[0]).width)
        value = block.cell(row, column)
        if isinstance(value, ErrorValue):
            raise Failure(value.type, value.message)
        if isinstance(value, float):
            found.append(value)
    return found


@function("COUNTIF", 2)
def _countif(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(sum(1 for _ in _hits(arguments, "COUNTIF")))


@function("COUNTIFS", 2, MANY)
def _countifs(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(sum(1 for _ in _hits(arguments, "COUNTIFS")))


@function("SUMIF", 2, 3)
def _sumif(arguments: Sequence[Argument], _: Setting) -> Argument:
    return sum(
        _amounts(arguments[:2], given(arguments, 2, None) or arguments[0], "SUMIF", sized=False)
    )


@function("SUMIFS", 3, MANY)
def _sumifs(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(sum(_amounts(arguments[1:], arguments[0], "SUMIFS")))


@function("AVERAGEIF", 2, 3)
def _averageif(arguments: Sequence[Argument], _: Setting) -> Argument:
    summed = arguments[2] if len(arguments) > 2 else arguments[0]
    return _mean(_amounts(arguments[:2], summed, "AVERAGEIF", sized=False), "AVERAGEIF")


@function("AVERAGEIFS", 3, MANY)
def _averageifs(arguments: Sequence[Argument], _: Setting) -> Argument:
    return _mean(_amounts(arguments[1:], arguments[0], "AVERAGEIFS"), "AVERAGEIFS")


def _mean(found: Sequence[float], name: str) -> float:
    if not found:
        raise Failure(
            "DIVIDE_BY_ZERO", f"Evaluation of function {name} caused a divide by zero error."
        )
    return sum(found) / len(found)


@function("MAXIFS", 3, MANY)
def _maxifs(arguments: Sequence[Argument], _: Setting) -> Argument:
    return max(_amounts(arguments[1:], arguments[0], "MAXIFS"), default=0.0)


@function("MINIFS", 3, MANY)
def _minifs(arguments: Sequence[Argument], _: Setting) -> Argument:
    return min(_amounts(arguments[1:], arguments[0], "MINIFS"), default=0.0)
