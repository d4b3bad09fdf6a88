"""Functions of truth, and of what a value is."""

from collections.abc import Sequence

from formbridge.testing.google.formulas.coercing import (
    Argument,
    Block,
    Failure,
    truth,
    values_of,
)
from formbridge.testing.google.formulas.functions import MANY, Setting, function
from formbridge.testing.google.grid.cell import ErrorValue


@function("TYPE", 1)
def _type(arguments: Sequence[Argument], _: Setting) -> Argument:
    value = arguments[0]
    if isinstance(value, Block):
        return 64.0
    kinds = ((bool, 4.0), (float, 1.0), (str, 2.0), (ErrorValue, 16.0))
    return next((code for kind, code in kinds if isinstance(value, kind)), 1.0)


@function("NA", 0)
def _na(_arguments: Sequence[Argument], _: Setting) -> Argument:
    raise Failure("N_A")


@function("TRUE", 0)
def _true(_arguments: Sequence[Argument], _: Setting) -> Argument:
    return True


@function("FALSE", 0)
def _false(_arguments: Sequence[Argument], _: Setting) -> Argument:
    return False


@function("NOT", 1)
def _not(arguments: Sequence[Argument], _: Setting) -> Argument:
    return not truth(arguments[0], "NOT", 1)


def _truths(arguments: Sequence[Argument], name: str) -> list[bool]:
    found: list[bool] = []
    for place, argument in enumerate(arguments, 1):
        for value, from_range in values_of([argument]):
            if from_range and (value is None or isinstance(value, str)):
                continue
            found.append(truth(value, name, place))
    if not found:
        raise Failure("VALUE", f"{name} has no valid input data.")
    return found


@function("AND", 1, MANY)
def _and(arguments: Sequence[Argument], _: Setting) -> Argument:
    return all(_truths(arguments, "AND"))


@function("OR", 1, MANY)
def _or(arguments: Sequence[Argument], _: Setting) -> Argument:
    return any(_truths(arguments, "OR"))


@function("XOR", 1, MANY)
def _xor(arguments: Sequence[Argument], _: Setting) -> Argument:
    return sum(_truths(arguments, "XOR")) % 2 == 1
