"""Cells as people and we entered them, out of an answer of the API. Pure."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

ENTERED = "sheets(data(rowData(values(userEnteredValue))))"
"""The mask for it, of a read."""
AFTERWARDS = f"updatedSpreadsheet({ENTERED})"
"""The mask for it, of a change."""


def entered(spreadsheet: Json) -> list[list[Json]]:
    """Return what was entered in the rows of the first range that was asked for."""
    sheets = spreadsheet.get("sheets") or [{}]
    data = sheets[0].get("data") or [{}]
    rows = data[0].get("rowData", [])
    return [[cell.get("userEnteredValue") or {} for cell in row.get("values", [])] for row in rows]


def text_at(cells: Sequence[Json], place: int) -> str:
    """Return the text of one of these cells; nothing if it is blank, or behind the last one."""
    value = cells[place] if place < len(cells) else {}
    return str(next(iter(value.values()), ""))
