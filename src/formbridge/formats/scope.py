"""What a value in a payload can refer to while it is read, and how problems name their place."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Final

import attrs

from formbridge.domain.envelope import Envelope


class _Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absent.ABSENT
"""Nothing is there; not the same as null."""

Get = Callable[[object, "Scope"], object]
"""Takes the item at hand and the scope; returns a value, or ``ABSENT``."""


NO_BUILDERS: Mapping[str, Callable[["Scope"], Mapping[str, object]]] = MappingProxyType({})


@attrs.define(eq=False)
class Scope:
    """One record while it is read.

    ``around`` are the items around the one at hand, the innermost last; ``keys`` are the keys or
    indexes of the item at hand and of those around it. ``builders`` build the joins.
    """

    envelope: Envelope
    root: object
    record: object
    at: str = "$"
    builders: Mapping[str, Callable[["Scope"], Mapping[str, object]]] = NO_BUILDERS
    key: str | int = ""
    keys: tuple[str | int, ...] = ()
    around: tuple[object, ...] = ()
    each: str = ""
    _tables: dict[str, Mapping[str, object]] = attrs.field(factory=dict)

    def table(self, name: str) -> Mapping[str, object]:
        """Return the join of that name, built when it is first asked for."""
        table = self._tables.get(name)
        if table is None:
            table = self._tables[name] = self.builders[name](self)
        return table

    def place(self, path: str = "") -> str:
        """Return where a path of the item stands, as errors say it: ``$.answers[3].value``."""
        if path.startswith("$"):
            return path
        keys = iter((*self.keys, self.key))
        each = _STAR.sub(lambda _: _mark(next(keys, "*")), self.each)
        base = "" if each.startswith("$") else self.at
        return _joined(_joined(base, each), path)


_STAR = re.compile(r"\.?(?:\[\*\]|\*)")


def _mark(key: str | int) -> str:
    return f"[{key}]" if isinstance(key, int) else f".{key}"


def _joined(left: str, right: str) -> str:
    if right in ("", "."):
        return left
    return f"{left}{right}" if not left or right[0] in ".[" else f"{left}.{right}"


_NAMES: dict[type, str] = {
    str: "a text",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
    type(ABSENT): "missing",
}


def type_name(value: object) -> str:
    """Return the JSON type of a value, in words."""
    return _NAMES.get(type(value), "something else")


def text_of(value: object) -> str | None:
    """Return a text, a whole number, a boolean or a moment as text; None for anything else."""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return None
