"""Functions of numbers: roots, logarithms, rounding and chance."""

import math
from collections.abc import Callable, Sequence

from formbridge.testing.google.formulas.arithmetic import divide, finite
from formbridge.testing.google.formulas.coercing import (
    Argument,
    Failure,
    equal,
    number,
    scalar,
    shown,
    whole,
)
from formbridge.testing.google.formulas.functions import Setting, function, given


@function("SQRT", 1)
def _sqrt(arguments: Sequence[Argument], _: Setting) -> Argument:
    one = number(arguments[0], "SQRT", 1)
    if one < 0:
        raise Failure(
            "NUM", "Function SQRT parameter 1 value is negative. It should be positive or zero."
        )
    return math.sqrt(one)


@function("LN", 1)
def _ln(arguments: Sequence[Argument], _: Setting) -> Argument:
    return math.log(_positive(number(arguments[0], "LN", 1), "LN"))


@function("LOG10", 1)
def _log10(arguments: Sequence[Argument], _: Setting) -> Argument:
    return math.log10(_positive(number(arguments[0], "LOG10", 1), "LOG10"))


@function("LOG", 1, 2)
def _log(arguments: Sequence[Argument], _: Setting) -> Argument:
    base = _positive(number(given(arguments, 1, 10.0), "LOG", 2), "LOG")
    return divide(math.log(_positive(number(arguments[0], "LOG", 1), "LOG")), math.log(base))


def _positive(one: float, name: str) -> float:
    if one <= 0:
        raise Failure(
            "NUM", f"Function {name} parameter 1 value is {shown(one)}. It should be > 0."
        )
    return one


@function("PI", 0)
def _pi(_arguments: Sequence[Argument], _: Setting) -> Argument:
    return math.pi


@function("ROUND", 1, 2)
def _round(arguments: Sequence[Argument], _: Setting) -> Argument:
    return rounded(arguments, "ROUND", lambda one: math.floor(one + 0.5))


@function("ROUNDUP", 1, 2)
def _roundup(arguments: Sequence[Argument], _: Setting) -> Argument:
    return rounded(arguments, "ROUNDUP", math.ceil)


@function("ROUNDDOWN TRUNC", 1, 2)
def _rounddown(arguments: Sequence[Argument], _: Setting) -> Argument:
    return rounded(arguments, "ROUNDDOWN", math.floor)


def rounded(arguments: Sequence[Argument], name: str, how: Callable[[float], int]) -> float:
    """Round the size of a number (never its sign) to a number of places."""
    one, places = number(arguments[0], name, 1), whole(given(arguments, 1, 0.0), name, 2)
    if not -300 <= places <= 300 or abs(one) >= 1e300:
        return one if places > 0 else 0.0
    size = abs(one)
    scaled = float(f"{size}e{places}") if "e" not in repr(size) else size * 10.0**places
    return math.copysign(float(f"{how(scaled)}e{-places}"), one) if math.isfinite(scaled) else one


@function("CEILING", 1, 2)
def _ceiling(arguments: Sequence[Argument], _: Setting) -> Argument:
    one, step = number(arguments[0], "CEILING", 1), number(given(arguments, 1, 1.0), "CEILING", 2)
    return finite(math.ceil(one / step) * step, "CEILING") if step else 0.0


@function("FLOOR", 1, 2)
def _floor(arguments: Sequence[Argument], _: Setting) -> Argument:
    one, step = number(arguments[0], "FLOOR", 1), number(given(arguments, 1, 1.0), "FLOOR", 2)
    return finite(math.floor(divide(one, step)) * step, "FLOOR")


@function("MROUND", 2)
def _mround(arguments: Sequence[Argument], _: Setting) -> Argument:
    one, step = number(arguments[0], "MROUND", 1), number(arguments[1], "MROUND", 2)
    return finite(math.floor(one / step + 0.5) * step, "MROUND") if step else 0.0


@function("RAND", 0, volatile=True)
def _rand(_arguments: Sequence[Argument], setting: Setting) -> Argument:
    return setting.chance.random()


@function("RANDBETWEEN", 2, volatile=True)
def _randbetween(arguments: Sequence[Argument], setting: Setting) -> Argument:
    low, high = whole(arguments[0], "RANDBETWEEN", 1), whole(arguments[1], "RANDBETWEEN", 2)
    if low > high:
        raise Failure("NUM", f"Function RANDBETWEEN parameter 2 value is {high}. It is too small.")
    return float(setting.chance.randint(low, high))


@function("DELTA", 1, 2)
def _delta(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(equal(scalar(arguments[0]), scalar(given(arguments, 1, 0.0))))
