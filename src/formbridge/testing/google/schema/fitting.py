"""The short way through a body: one that is written as the documentation does is taken as it is.

``plain`` parses JSON, ``fits`` says whether ``bodies.checked`` would return just that. What is
unusual (a null, a number as a text, a name with underscores, a mistake) takes the long way, which
understands it or says what is wrong. An append of 500 rows takes half as long by it.
"""

from collections.abc import Callable, Mapping
from functools import cache
from json import loads
from math import isfinite
from typing import Any

from formbridge.testing.google.schema.discovery import Field, Schema, fields_of
from formbridge.testing.google.schema.scalars import FLOAT_LIMIT

Check = Callable[[Any, int], bool]
"""Whether a value fits, so many messages deep."""

DEEP = 40
"""Deeper messages take the long way, which has a limit."""
WHOLE = 1 << 53
INT32 = 1 << 31


class Unusual(ValueError):
    """JSON that only the long way can judge."""


def plain(body: bytes) -> Any:
    """Return what the body says; raise ``Unusual`` where Google's own parser is needed."""
    if b"\\u" in body:
        raise Unusual
    try:
        return loads(body.decode(), object_pairs_hook=_once, parse_constant=_never)
    except (ValueError, RecursionError):
        raise Unusual from None


def fits(value: object, schema: Schema) -> bool:
    """Whether a message is written as the documentation writes it."""
    return _named(schema.api, schema.name)(value, 0)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusual
    return found


def _never(_: str) -> float:
    raise Unusual


@cache
def _named(api: str, schema: str) -> Check:
    return _message(lambda: fields_of(api, schema))


def _message(fields: Callable[[], Mapping[str, Field]]) -> Check:
    """Return the check of a message; it is compiled when one is seen: some hold each other."""
    checks: dict[str, Check] = {}
    groups: dict[str, str] = {}

    def check(value: Any, depth: int) -> bool:
        if value.__class__ is not dict or depth > DEEP:
            return False
        if not checks:
            for name, field in fields().items():
                checks[name] = _field(field)
                if field.group:
                    groups[name] = field.group
        for name, each in value.items():
            inner = checks.get(name)
            if inner is None or not inner(each, depth + 1):
                return False
        if len(value) > 1 and groups:
            taken = [groups[name] for name in value if name in groups]
            return len(set(taken)) == len(taken)
        return True

    return check


def _field(field: Field) -> Check:
    one = _value(field)
    if not field.repeated:
        return one
    return lambda value, depth: (
        value.__class__ is list and all([one(each, depth + 1) for each in value])  # noqa: C419 - a list is faster
    )


def _value(field: Field) -> Check:
    shape = field.shape
    if shape.kind == "message":
        if shape.schema:
            return _named(field.api, shape.schema)
        return _message(lambda: shape.message or {})
    if shape.kind == "map" and shape.item is not None:
        item = _field(shape.item)
        return lambda value, depth: (
            value.__class__ is dict and all(item(each, depth + 1) for each in value.values())
        )
    if shape.kind == "enum":
        names = frozenset(shape.enum)
        return lambda value, _: value.__class__ is str and value in names
    return SCALARS.get(shape.kind, _unusual)


def _unusual(_value: object, _depth: int) -> bool:
    return False


def _double(value: Any, _: int) -> bool:
    if value.__class__ is int:
        return -WHOLE < value < WHOLE
    return value.__class__ is float and isfinite(value)


def _row(value: Any, _: int) -> bool:
    """Whether a list holds plain cells; a null is one."""
    return value.__class__ is list and all([_cell(each) for each in value])  # noqa: C419 - a list


def _cell(value: Any) -> bool:
    kind = value.__class__
    return kind is str or value is None or kind is bool or _double(value, 0)


SCALARS: Mapping[str, Check] = {
    "string": lambda value, _: value.__class__ is str,
    "fieldmask": lambda value, _: value.__class__ is str,
    "bool": lambda value, _: value.__class__ is bool,
    "int32": lambda value, _: value.__class__ is int and -INT32 <= value < INT32,
    "double": _double,
    "float": lambda value, _: _double(value, 0) and abs(value) <= FLOAT_LIMIT,
    "list": _row,
}
