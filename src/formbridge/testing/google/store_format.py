"""State as JSON and back: values of the classes that are named here, and of no others."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.accounts.keys import Key
from formbridge.testing.google.accounts.tokens import Client, Lasting
from formbridge.testing.google.files.file import File, Permission, SharedDrive
from formbridge.testing.google.grid.book import Book, Metadata, NamedRange
from formbridge.testing.google.grid.cell import Cell, ErrorValue
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.rows import Rows
from formbridge.testing.google.grid.sheet import Sheet

MARK = "$"
"""The member that says what an object stands for; without it, it stands for a dict."""

CLASSES: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Account, Book, Cell, Client, ErrorValue, File, Grant, GridRange, Key, Lasting, Metadata,
        NamedRange, Permission, Sheet, SharedDrive,
    )
}  # fmt: skip
"""The classes of ``attrs`` that a state may hold."""


class StoreError(Exception):
    """A file that holds no state, or that of a newer version."""


def to_json(value: object) -> Any:
    """Return a value as JSON; TypeError for one of a class that is not named here."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return _dict_to_json(value)
    name = type(value).__name__
    if attrs.has(type(value)) and CLASSES.get(name) is type(value):
        names = (field.name for field in attrs.fields(CLASSES[name]))
        said = {name: to_json(getattr(value, name)) for name in names}
        return {MARK: name, **said}
    return _other_to_json(value)


def from_json(value: Any) -> Any:
    """Return what ``to_json`` was given; raise ``StoreError`` for what it never gives."""
    if isinstance(value, list):
        return [from_json(one) for one in value]
    if not isinstance(value, dict):
        return value
    if MARK not in value:
        return {name: from_json(one) for name, one in value.items()}
    name = value[MARK]
    if name in READERS:
        return READERS[name](value.get("of"))
    if name not in CLASSES:
        raise StoreError(f"A state holds no {name!r}.")
    fields = {key: from_json(one) for key, one in value.items() if key != MARK}
    try:
        return CLASSES[name](**fields)
    except TypeError as error:
        raise StoreError(f"This is no {name}: {error}") from error


def _dict_to_json(value: Mapping[Any, Any]) -> Any:
    if all(isinstance(key, str) for key in value) and MARK not in value:
        return {key: to_json(one) for key, one in value.items()}
    return {MARK: "dict", "of": [[to_json(key), to_json(one)] for key, one in value.items()]}


def _other_to_json(value: object) -> Any:
    if isinstance(value, list):
        return [to_json(one) for one in value]
    if isinstance(value, bytes):
        return {MARK: "bytes", "of": b64encode(value).decode("ascii")}
    if isinstance(value, Rows):
        return {MARK: "rows", "of": [[to_json(one) for one in row] for row in value]}
    if isinstance(value, set | frozenset):
        kind = "set" if isinstance(value, set) else "frozenset"
        return {MARK: kind, "of": [to_json(one) for one in sorted(value)]}
    if isinstance(value, Area):
        return {MARK: "area", "of": list(value)}
    if isinstance(value, tuple):
        return {MARK: "tuple", "of": [to_json(one) for one in value]}
    raise TypeError(f"A state holds no {type(value).__name__}.")


def _rows(rows: Any) -> Rows:
    # Most cells are plain: only lists and objects need a look.
    return Rows(
        tuple(from_json(one) if isinstance(one, dict) else one for one in row) for row in rows
    )


READERS: Mapping[str, Callable[[Any], Any]] = {
    "dict": lambda pairs: {from_json(key): from_json(one) for key, one in pairs},
    "bytes": b64decode,
    "rows": _rows,
    "set": lambda values: set(from_json(values)),
    "frozenset": lambda values: frozenset(from_json(values)),
    "area": lambda values: Area(*values),
    "tuple": lambda values: tuple(from_json(values)),
}
