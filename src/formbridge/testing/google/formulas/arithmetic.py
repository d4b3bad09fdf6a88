"""Functions of numbers: operators, sums, rounding and the like."""

import math
from collections.abc import Callable, Sequence

from formbridge.testing.google.formulas.coercing import (
    Argument,
    Block,
    Failure,
    equal,
    number,
    numbers,
    rank,
    scalar,
    text,
    values_of,
    whole,
)
from formbridge.testing.google.formulas.functions import MANY, Setting, function
from formbridge.testing.google.grid.cell import ErrorValue, Value

Operation = Callable[[float, float], float]


def finite(result: float, name: str) -> float:
    """Refuse what no number can hold."""
    if not math.isfinite(result):
        raise Failure("NUM", f"Result of function {name} is not a finite number.")
    return result


def divide(one: float, other: float) -> float:
    """Return the quotient; by zero it is an error."""
    if other == 0:
        raise Failure("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
    return one / other


def _mod(one: float, other: float) -> float:
    if other == 0:
        raise Failure("DIVIDE_BY_ZERO", "Function MOD parameter 2 cannot be zero.")
    return one - other * math.floor(one / other)


def _power(one: float, other: float) -> float:
    if one == 0 and other < 0:
        raise Failure("DIVIDE_BY_ZERO", "Function POW caused a divide by zero error.")
    try:
        result = one**other
    except OverflowError:
        result = math.inf
    if isinstance(result, complex):
        raise Failure("NUM", "Function POW evaluates to an imaginary number.")
    return float(result)


BINARY: dict[str, Operation] = {
    "ADD": lambda one, other: one + other,
    "MINUS": lambda one, other: one - other,
    "MULTIPLY": lambda one, other: one * other,
    "DIVIDE": divide,
    "POW": _power,
    "POWER": _power,
    "MOD": _mod,
    "QUOTIENT": lambda one, other: float(math.trunc(divide(one, other))),
    "ATAN2": lambda one, other: math.atan2(other, one),
}
COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "EQ": equal,
    "NE": lambda one, other: not equal(one, other),
    "LT": lambda one, other: not equal(one, other) and _less(one, other),
    "GT": lambda one, other: not equal(one, other) and _less(other, one),
    "LTE": lambda one, other: equal(one, other) or _less(one, other),
    "GTE": lambda one, other: equal(one, other) or _less(other, one),
}
UNARY: dict[str, Callable[[float], float]] = {
    "UMINUS": lambda one: -one,
    "UPLUS": lambda one: one,
    "UNARY_PERCENT": lambda one: one / 100,
    "ABS": abs,
    "SIGN": lambda one: float((one > 0) - (one < 0)),
    "INT": lambda one: float(math.floor(one)),
    "EXP": lambda one: math.exp(one) if one < 710 else math.inf,
    "SIN": math.sin,
    "COS": math.cos,
    "TAN": math.tan,
    "ATAN": math.atan,
    "DEGREES": math.degrees,
    "RADIANS": math.radians,
    "EVEN": lambda one: math.copysign(2 * math.ceil(abs(one) / 2), one),
    "ODD": lambda one: math.copysign(2 * math.ceil((abs(one) - 1) / 2) + 1, one or 1),
}


def _less(one: Value, other: Value) -> bool:
    first = rank(_blank_as(one, other))
    second = rank(_blank_as(other, one))
    return first < second


def _blank_as(value: Value, other: Value) -> Value:
    if value is not None:
        return value
    return "" if isinstance(other, str) else 0.0


def _register() -> None:
    for name, operation in BINARY.items():
        function(name, 2)(_binary(name, operation))
    for name, comparison in COMPARISONS.items():
        function(name, 2)(_comparison(comparison))
    for name, single in UNARY.items():
        function(name, 1)(_unary(name, single))


def _binary(name: str, operation: Operation) -> Callable[[Sequence[Argument], Setting], Argument]:
    def call(arguments: Sequence[Argument], _: Setting) -> Argument:
        one, other = number(arguments[0], name, 1), number(arguments[1], name, 2)
        return finite(operation(one, other), name)

    return call


def _comparison(
    comparison: Callable[[Value, Value], bool],
) -> Callable[[Sequence[Argument], Setting], Argument]:
    return lambda arguments, _: comparison(scalar(arguments[0]), scalar(arguments[1]))


def _unary(
    name: str, operation: Callable[[float], float]
) -> Callable[[Sequence[Argument], Setting], Argument]:
    return lambda arguments, _: finite(float(operation(number(arguments[0], name, 1))), name)


_register()


@function("SUM", 1, MANY)
def _sum(arguments: Sequence[Argument], _: Setting) -> Argument:
    return math.fsum(numbers(arguments, "SUM"))


@function("PRODUCT", 1, MANY)
def _product(arguments: Sequence[Argument], _: Setting) -> Argument:
    return finite(float(math.prod(numbers(arguments, "PRODUCT"))), "PRODUCT")


@function("SUMSQ", 1, MANY)
def _sumsq(arguments: Sequence[Argument], _: Setting) -> Argument:
    return finite(sum(one * one for one in numbers(arguments, "SUMSQ")), "SUMSQ")


@function("AVERAGE", 1, MANY)
def _average(arguments: Sequence[Argument], _: Setting) -> Argument:
    found = numbers(arguments, "AVERAGE")
    if not found:
        raise Failure(
            "DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error."
        )
    return math.fsum(found) / len(found)


@function("MAX", 1, MANY)
def _max(arguments: Sequence[Argument], _: Setting) -> Argument:
    return max(numbers(arguments, "MAX"), default=0.0)


@function("MIN", 1, MANY)
def _min(arguments: Sequence[Argument], _: Setting) -> Argument:
    return min(numbers(arguments, "MIN"), default=0.0)


@function("MEDIAN", 1, MANY)
def _median(arguments: Sequence[Argument], _: Setting) -> Argument:
    found = sorted(numbers(arguments, "MEDIAN"))
    if not found:
        raise Failure("NUM", "MEDIAN has no valid input data.")
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2


@function("COUNT", 1, MANY)
def _count(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(
        sum(
            isinstance(value, float) and not isinstance(value, bool)
            for value, _ in values_of(arguments)
        )
    )


@function("COUNTA", 1, MANY)
def _counta(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(sum(value is not None or not ranged for value, ranged in values_of(arguments)))


@function("COUNTBLANK", 1)
def _countblank(arguments: Sequence[Argument], _: Setting) -> Argument:
    block = arguments[0]
    if not isinstance(block, Block):
        return float(block is None or block == "")
    filled = sum(value is not None and value != "" for value in block.values())
    return float(block.height * block.width - filled)


@function("COUNTUNIQUE", 1, MANY)
def _countunique(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(
        len({(type(value), value) for value, _ in values_of(arguments) if value is not None})
    )


@function("SMALL", 2)
def _small(arguments: Sequence[Argument], _: Setting) -> Argument:
    return _nth(arguments, "SMALL", largest=False)


@function("LARGE", 2)
def _large(arguments: Sequence[Argument], _: Setting) -> Argument:
    return _nth(arguments, "LARGE", largest=True)


def _nth(arguments: Sequence[Argument], name: str, *, largest: bool) -> float:
    found = sorted(numbers(arguments[:1], name), reverse=largest)
    place = whole(arguments[1], name, 2)
    if not 1 <= place <= len(found):
        raise Failure("NUM", f"Function {name} parameter 2 value {place} is out of range.")
    return found[place - 1]


@function("N", 1)
def _n(arguments: Sequence[Argument], _: Setting) -> Argument:
    value = scalar(arguments[0])
    return float(value) if isinstance(value, bool | float) else 0.0


@function("SUMPRODUCT", 1, MANY)
def _sumproduct(arguments: Sequence[Argument], _: Setting) -> Argument:
    columns = [[value for value, _ in values_of([argument])] for argument in arguments]
    sizes = {(one.height, one.width) if isinstance(one, Block) else (1, 1) for one in arguments}
    if len(sizes) > 1:
        raise Failure("VALUE", "SUMPRODUCT has mismatched range sizes.")
    length = min(map(len, columns))
    return math.fsum(math.prod(_plain(column[at]) for column in columns) for at in range(length))


def _plain(value: Value) -> float:
    if isinstance(value, ErrorValue):
        raise Failure(value.type, value.message)
    return value if isinstance(value, float) else 0.0


@function("CONCAT", 2)
def _concat(arguments: Sequence[Argument], _: Setting) -> Argument:
    return text(arguments[0]) + text(arguments[1])
