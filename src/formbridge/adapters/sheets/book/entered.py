"""Cells as people and we entered them, out of an answer of the API. Pure."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

ENTERED = "sheets(data(rowData(values(userEnteredValue))))"
"""The mask for it, of a read."""
DELETED = "replies(deleteDeveloperMetadata(deletedDeveloperMetadata(metadataId)))"
"""The mask of a change, for the anchors that it has deleted."""
AFTERWARDS = f"{DELETED},updatedSpreadsheet({ENTERED})"
"""The mask of a change, for the cells as they stand then as well."""


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


def deleted(answer: Json) -> set[int]:
    """Return the entries of metadata that a change has deleted."""
    replies = (reply.get("deleteDeveloperMetadata") or {} for reply in answer.get("replies", []))
    entries = (entry for reply in replies for entry in reply.get("deletedDeveloperMetadata", []))
    return {entry["metadataId"] for entry in entries}
