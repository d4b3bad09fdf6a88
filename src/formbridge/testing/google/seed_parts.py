"""Entries of a seed file, and the values that they stand for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from formbridge.testing.google.files.file import ROLES, Permission
from formbridge.testing.google.files.ids import permission_id
from formbridge.testing.google.grid.cell import Cell, Content
from formbridge.testing.google.grid.rows import Rows
from formbridge.testing.google.grid.sheet import Sheet


class SeedError(Exception):
    """A seed file that says something which cannot be set up."""


@attrs.frozen(kw_only=True)
class Part:
    """One entry of a seed file: what it says, read with a complaint that names the place."""

    place: str
    said: Mapping[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; raise ``SeedError`` where it is missing and has no default."""
        value = self.said.get(name, default)
        if not isinstance(value, str):
            raise SeedError(f"{self.place}.{name}: a text is needed.")
        return value

    def number(self, name: str, default: int) -> int:
        """Return a number that is not negative."""
        value = self.said.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise SeedError(f"{self.place}.{name}: a number is needed.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.said.get(name, default)
        if not isinstance(value, bool):
            raise SeedError(f"{self.place}.{name}: true or false is needed.")
        return value

    def parts(self, name: str) -> "Iterator[Part]":
        """Yield the entries of a list."""
        values = self.said.get(name, [])
        if not isinstance(values, list):
            raise SeedError(f"{self.place}{name}: a list is needed.")
        for index, value in enumerate(values):
            place = f"{self.place}.{name}[{index}]".removeprefix(".")
            if not isinstance(value, dict):
                raise SeedError(f"{place}: an object is needed.")
            yield Part(place=place, said=value)


def permission_of(part: Part) -> Permission:
    """Return a permission: for an ``email`` or a ``domain`` a ``role``, or ``anyone``'s."""
    if "anyone" in part.said:
        return Permission(id="anyoneWithLink", type="anyone", role=_role(part, "anyone"))
    kind = "domain" if "domain" in part.said else "user"
    name = part.text("domain" if kind == "domain" else "email")
    return Permission(id=permission_id(name), type=kind, role=_role(part, "role"), name=name)


def _role(part: Part, name: str) -> str:
    role = part.text(name, "writer")
    if role not in ROLES:
        raise SeedError(f"{part.place}.{name}: one of {', '.join(ROLES)} is needed.")
    return role


def sheet_of(index: int, part: Part) -> Sheet:
    """Return a tab with its rows, as big as they need and as Google would make it."""
    rows = [_row(part, row) for row in _list(part, part.said.get("rows", []))]
    widest = max((len(row) for row in rows), default=0)
    return Sheet(
        id=part.number("id", index),
        title=part.text("title", f"Sheet{index + 1}"),
        row_count=max(part.number("row_count", 1000), len(rows), 1),
        column_count=max(part.number("column_count", 26), widest, 1),
        rows=Rows(rows),
    )


def _row(part: Part, row: object) -> tuple[Content, ...]:
    return tuple(_content(part, value) for value in _list(part, row))


def _content(part: Part, value: object) -> Content:
    if isinstance(value, str):
        return Cell(formula=value) if value.startswith("=") else (value or None)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    raise SeedError(f"{part.place}.rows: a cell is a text, a number, true, false or null.")


def _list(part: Part, value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise SeedError(f"{part.place}.rows: a list of rows is needed.")
    return value
