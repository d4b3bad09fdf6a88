"""Google's functions that are simple, by their names. What is not here is asked of ``library``."""

from collections.abc import Callable, Sequence
from random import Random

import attrs

from formbridge.testing.google.formulas.coercing import Argument, Failure
from formbridge.testing.google.grid.cell import Value

MANY = 1_000
"""More arguments than anybody gives: the most that a function of any number takes."""


@attrs.frozen(kw_only=True)
class Setting:
    """What a function may know beside its arguments: the moment, chance, and its own place.

    ``now`` is the number of the moment (see ``dates``), ``locale`` that of the spreadsheet.
    """

    now: float
    locale: str
    chance: Random
    row: int
    column: int


Call = Callable[[Sequence[Argument], Setting], Argument]


@attrs.frozen(kw_only=True)
class Function:
    """A function with how many arguments it takes. ``volatile``: its results are not remembered."""

    name: str
    least: int
    most: int
    call: Call
    volatile: bool = False


FUNCTIONS: dict[str, Function] = {}


def function(
    names: str, least: int, most: int | None = None, *, volatile: bool = False
) -> Callable[[Call], Call]:
    """Register a function under its names; without ``most`` it takes just ``least`` arguments."""

    def register(call: Call) -> Call:
        for name in names.split():
            FUNCTIONS[name] = Function(
                name=name,
                least=least,
                most=least if most is None else most,
                call=call,
                volatile=volatile,
            )
        return call

    return register


def counted(found: Function, count: int) -> None:
    """Refuse a number of arguments that the function does not take."""
    if found.least <= count <= found.most:
        return
    if found.most >= MANY:
        expected = f"at least {found.least}"
    elif found.least == found.most:
        expected = str(found.least)
    else:
        expected = f"between {found.least} and {found.most}"
    raise Failure(
        "N_A",
        f"Wrong number of arguments to {found.name}. "
        f"Expected {expected} arguments, but got {count} arguments.",
    )


def given(arguments: Sequence[Argument], place: int, default: Value) -> Argument:
    """Return an argument, or a default where it is left out."""
    return arguments[place] if len(arguments) > place else default
