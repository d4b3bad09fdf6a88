"""What stands in one cell.

Most cells are plain: None, a boolean, a number (always a float: JSON's numbers are doubles) or a
text stands in the row itself, which costs no more than the value. A cell with a formula, a format,
a note or a rule is a ``Cell``.
"""

from collections.abc import Mapping
from typing import Any

import attrs

Format = Mapping[str, Any]
"""A ``CellFormat`` in the API's JSON. Never changed in place, so cells may share one."""


@attrs.frozen
class ErrorValue:
    """What a formula gives that cannot be computed; ``type`` as the API names it (``NAME``)."""

    type: str
    message: str = ""


Value = None | bool | float | str | ErrorValue


@attrs.frozen(kw_only=True)
class Cell:
    """A cell of which more than its value is known.

    ``value`` is what was entered; of a cell with a ``formula`` (``=A1+1``) it is None, because
    results are computed when they are read. ``format`` is the user-entered one. ``more`` holds what
    else ``CellData`` may carry and only has to be kept: ``dataValidation``, ``textFormatRuns``,
    ``pivotTable``, ``chipRuns``, ``dataSourceTable``.
    """

    value: Value = None
    formula: str = ""
    format: Format | None = None
    note: str = ""
    more: Mapping[str, Any] = attrs.field(factory=dict)


Content = None | bool | float | str | ErrorValue | Cell
"""What a row holds."""


def cell_of(content: Content) -> Cell:
    """Return a content as a cell."""
    return content if isinstance(content, Cell) else Cell(value=content)


def content_of(cell: Cell) -> Content:
    """Return a cell in its cheapest form."""
    if cell.formula or cell.format or cell.note or cell.more:
        return cell
    return cell.value


def value_of(content: Content) -> Value:
    """Return what was entered (None for a formula)."""
    return content.value if isinstance(content, Cell) else content


def is_blank(content: Content) -> bool:
    """Whether nothing was entered: neither a value nor a formula. A format may stand there."""
    if isinstance(content, Cell):
        return content.value is None and not content.formula
    return content is None
