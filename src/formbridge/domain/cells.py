"""From an answer's value to what stands in a cell.

A cell is blank (None: not answered), or a boolean, a number, a text or a moment. Stores write
those in their own way; they never see a list or an object.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from marshal import dumps, loads
from typing import Final, Literal

from formbridge.domain.answers import Value

Cell = None | bool | int | float | str | datetime


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP
"""In an update: leave this cell as it is."""

Update = Cell | Literal[_Keep.KEEP]
Moment = datetime | None | Literal[_Keep.KEEP]

CHOICE_SEPARATOR = "; "


def _text_of_list(value: Sequence[Value]) -> str:
    """Join what was chosen; what is no list of plain values passes through as JSON text."""
    if any(isinstance(item, (list, tuple, dict)) for item in value):
        return _json(value)
    return CHOICE_SEPARATOR.join(item if isinstance(item, str) else _json(item) for item in value)


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


_CONVERTERS: dict[type, Callable[..., Cell]] = {
    list: _text_of_list,
    tuple: _text_of_list,
    dict: _json,
    Decimal: str,
}
_SOONER = {**_CONVERTERS, list: CHOICE_SEPARATOR.join, tuple: CHOICE_SEPARATOR.join}
"""The same for texts in lists, which are what nearly all lists hold; others raise TypeError."""
_NO_REFERENCES = 0
"""The format of ``marshal`` in which equal cells become the same bytes."""
_PLAIN = frozenset({str, int, float, bool, type(None)})


def cells_of(values: Sequence[Value]) -> list[Cell]:
    """Return the cells of a row of values, in the same order."""
    try:
        return [
            value if value.__class__ in _PLAIN else _SOONER[value.__class__](value)  # type: ignore[misc]  # plain: a cell
            for value in values
        ]
    except (TypeError, LookupError):
        return [value if value.__class__ in _PLAIN else _converted(value) for value in values]  # type: ignore[misc]  # as above


def packed(cells: Sequence[Cell]) -> bytes:
    """Return cells as bytes, for a while in this process only; equal ones become the same."""
    return dumps(cells, _NO_REFERENCES)  # type: ignore[arg-type]  # what ``cells_of`` returns


def unpacked(data: bytes) -> list[Cell]:
    """Return the cells that were packed."""
    return loads(data)  # type: ignore[no-any-return]  # noqa: S302 - they were in this process


def _converted(value: Value) -> Cell:
    return _CONVERTERS.get(value.__class__, _json)(value)
