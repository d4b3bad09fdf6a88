"""How sure a behaviour is: recorded from Google, documented by Google, or assumed.

Every function that decides what an answer says carries a mark. ``python -m
formbridge.testing.google --behaviours`` lists them.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

import attrs

Function = TypeVar("Function", bound=Callable[..., object])


class Basis(Enum):
    """Where the knowledge comes from, the surest first."""

    RECORDED = "recorded"
    DOCUMENTED = "documented"
    SEEN = "seen by others"
    ASSUMED = "assumed"


RECORDED, DOCUMENTED = Basis.RECORDED, Basis.DOCUMENTED
SEEN, ASSUMED = Basis.SEEN, Basis.ASSUMED


@attrs.frozen(kw_only=True, order=True)
class Behaviour:
    """One behaviour: what is done, where it stands, and what it rests on."""

    place: str
    what: str
    basis: Basis = attrs.field(order=False)
    source: str = ""


BEHAVIOURS: list[Behaviour] = []


def behaves(what: str, basis: Basis, source: str = "") -> Callable[[Function], Function]:
    """Mark a function with what it does as Google does; may be given several times."""

    def mark(function: Function) -> Function:
        module = function.__module__.removeprefix("formbridge.testing.google.")
        place = f"{module}.{function.__qualname__}"
        BEHAVIOURS.append(Behaviour(place=place, what=what, basis=basis, source=source))
        return function

    return mark
