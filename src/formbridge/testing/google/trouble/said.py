"""What the control API is told in JSON, checked against the fields and arguments it is for."""

from collections.abc import Mapping
from enum import Enum
from inspect import Parameter, signature
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import attrs

from formbridge.testing.google.errors import ApiError, invalid_field
from formbridge.testing.google.messages import Body

Thing = TypeVar("Thing")

LARGE = 1e12
"""No number of seconds, calls or pixels is larger; what is no number is not even that."""


def value_of(kind: type[Thing], body: Body) -> Thing:
    """Return a value of an attrs class; raise a 400 that names the field that is wrong."""
    known = {field.name for field in attrs.fields(kind) if field.init}  # type: ignore[arg-type]  # attrs classes only
    hints = get_type_hints(kind)
    values = {name: checked(name, hints.get(name), said) for name, said in _only(known, body)}
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        raise ApiError(400, str(error)) from error


def change(thing: object, body: Body, names: frozenset[str]) -> None:
    """Set fields of something; raise a 400, and set none, where one is wrong."""
    hints = get_type_hints(type(thing))
    for name, value in [
        (name, checked(name, hints.get(name), said)) for name, said in _only(names, body)
    ]:
        setattr(thing, name, value)


def arguments(function: object, body: Body, *, skip: int = 0) -> dict[str, Any]:
    """Return keyword arguments for a function, of the types it says.

    The first ``skip`` parameters are the caller's.
    """
    if not callable(function):
        raise TypeError(function)
    parameters = list(signature(function).parameters.values())[skip:]
    hints = get_type_hints(function)
    known = {parameter.name for parameter in parameters}
    values = {name: checked(name, hints.get(name), said) for name, said in _only(known, body)}
    for parameter in parameters:
        if parameter.default is Parameter.empty and parameter.name not in values:
            raise invalid_field(parameter.name, f"Missing: {parameter.name}")
    return values


def checked(name: str, hint: object, said: object) -> Any:
    """Return what was said, where it is of that type; a whole number will do for any number."""
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    for kind in kinds:
        if _is(kind, said):
            return kind(said) if isinstance(kind, type) and issubclass(kind, Enum) else said
    raise invalid_field(name, f"Invalid value at '{name}': {said!r}")


def _is(kind: object, said: object) -> bool:
    if get_origin(kind) is not None:
        return isinstance(said, list) and all(isinstance(one, str) for one in said)
    if not isinstance(kind, type):
        return said is None and kind is None
    if issubclass(kind, Enum):
        return said in {one.value for one in kind}
    if isinstance(said, bool):
        return kind is bool
    if kind is float:
        return isinstance(said, int | float) and abs(said) <= LARGE
    return isinstance(said, kind)


def _only(known: Mapping[str, object] | set[str] | frozenset[str], body: Body) -> list[Any]:
    for name in body:
        if name not in known:
            names = ", ".join(sorted(known))
            raise invalid_field(name, f'Unknown name "{name}"; there is {names}.')
    return list(body.items())
