"""From an answer's value to what stands in a cell.

A cell is blank (None: not answered), or a boolean, a number, a text or a moment. Stores write
those in their own way; they never see a list or an object.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
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
    try:
        return CHOICE_SEPARATOR.join(value)  # type: ignore[arg-type]  # mostly texts
    except TypeError:
        pass
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
_PLAIN = frozenset({str, int, float, bool, type(None)})
_convert_by_types: dict[tuple[type, ...], tuple[tuple[int, Callable[..., Cell]], ...]] = {}
_MOST_REMEMBERED = 10_000


def cells_of(values: Sequence[Value]) -> list[Cell]:
    """Return the cells of a row of values, in the same order.

    Which of them need converting is remembered by the types of the whole row: most rows of a form
    have the same.
    """
    types = tuple(map(type, values))
    convert = _convert_by_types.get(types)
    if convert is None:
        convert = _remember(types)
    cells: list[Cell] = list(values)  # type: ignore[arg-type]  # converted in the next lines
    for index, function in convert:
        cells[index] = function(values[index])
    return cells


def _remember(types: tuple[type, ...]) -> tuple[tuple[int, Callable[..., Cell]], ...]:
    if len(_convert_by_types) >= _MOST_REMEMBERED:
        _convert_by_types.clear()
    convert = tuple(
        (index, _CONVERTERS.get(kind, _json))
        for index, kind in enumerate(types)
        if kind not in _PLAIN
    )
    _convert_by_types[types] = convert
    return convert
