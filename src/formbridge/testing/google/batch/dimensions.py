"""Rows and columns: inserted, appended, deleted, moved; and parts of them."""

from formbridge.testing.google.batch import groups, sizes
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.batch.merging import PART_OF_MERGE
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.editing import grid_of, ranged, require_edit
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.inheriting import inherit
from formbridge.testing.google.moves.limits import require_room
from formbridge.testing.google.moves.partly import delete_cells, insert_cells
from formbridge.testing.google.moves.shifting import (
    FROZEN,
    delete,
    insert,
    move,
    resize,
    size_of,
)
from formbridge.testing.google.moves.spans import (
    NOUNS,
    Lines,
    dimension_of,
    lines_of,
    require_existing,
)

__all__ = ["groups", "sizes"]  # their kinds belong to this family


@kind("insertDimension", RECORDED)
def insert_dimension(book: Book, body: Body, _scene: Scene) -> None:
    """Insert rows or columns, which look like those before or after them."""
    lines = lines_of(book, body.get("range"), bounded=True)
    before = bool(body.get("inheritFromBefore"))
    _require_place(lines, before=before)
    room_for(book, lines.sheet, lines.dimension, lines.count)
    insert(book, lines.sheet, lines.dimension, lines.start, lines.count)
    inherit(lines, before=before)


@behaves("an insertion begins inside the grid, or at its end when it inherits from before", SEEN)
@behaves("how the refusal of inheriting from before the first one reads", ASSUMED)
def _require_place(lines: Lines, *, before: bool) -> None:
    if lines.start > lines.size:
        raise Refused(f"range.startIndex is larger than current grid size ({lines.size})")
    if lines.start == lines.size and not before:
        raise Refused(
            f"range.startIndex must be less than the grid size ({lines.size}) "
            "if inheritFromBefore is false."
        )
    if before and lines.start == 0:
        raise Refused("range.startIndex must be greater than 0 if inheritFromBefore is true.")


def room_for(book: Book, sheet: Sheet, dimension: str, count: int) -> None:
    """Refuse ``count`` more rows or columns where there is no room for them."""
    if dimension == "ROWS":
        require_room(book, count * sheet.column_count, sheet.column_count)
    else:
        require_room(book, count * sheet.row_count, sheet.column_count + count)


@kind("appendDimension", DOCUMENTED)
@behaves("a length of less than 1 is refused", ASSUMED)
def append_dimension(book: Book, body: Body, _scene: Scene) -> None:
    """Add rows or columns at the end."""
    sheet = grid_of(book, body.get("sheetId"))
    dimension, length = dimension_of(body), body.get("length") or 0
    if length < 1:
        raise Refused(f"length[{length}] must be greater than 0.")
    room_for(book, sheet, dimension, length)
    resize(sheet, dimension, size_of(sheet, dimension) + length)


@kind("deleteDimension", RECORDED)
def delete_dimension(book: Book, body: Body, scene: Scene) -> None:
    """Delete rows or columns."""
    lines = lines_of(book, body.get("range"))
    require_existing(lines, "delete")
    require_rest(lines.sheet, lines.dimension, lines.start, lines.end)
    require_edit(lines.sheet, [lines.area], scene.grant)
    delete(book, lines.sheet, lines.dimension, lines.start, lines.count)


@behaves("a tab keeps a row and a column, and one that is not frozen", SEEN)
def require_rest(sheet: Sheet, dimension: str, start: int, end: int) -> None:
    """Refuse a deletion that leaves no row or column, or only frozen ones."""
    noun, size = NOUNS[dimension], size_of(sheet, dimension)
    frozen = sheet.grid.get(FROZEN[dimension]) or 0
    if end - start >= size:
        raise Refused(f"You can't delete all the {noun}s on the sheet.")
    if frozen and start <= frozen and end >= size:
        raise Refused(f"Sorry, it is not possible to delete all non-frozen {noun}s.")


@kind("moveDimension", DOCUMENTED)
@behaves("rows may be moved to where they are; a destination inside of them is refused", ASSUMED)
def move_dimension(book: Book, body: Body, scene: Scene) -> None:
    """Move rows or columns to before another one, as counted before the move."""
    lines = lines_of(book, body.get("source"))
    require_existing(lines, "move")
    to = body.get("destinationIndex") or 0
    if not 0 <= to <= lines.size:
        raise Refused(
            f"destinationIndex[{to}] is out of bounds; there are only {lines.size} {lines.noun}s."
        )
    if lines.start < to < lines.end:
        raise Refused("The destination index cannot be inside of the source.")
    _require_whole_merges(lines, to)
    require_edit(lines.sheet, [lines.area], scene.grant)
    move(book, lines.sheet, lines.dimension, lines.start, lines.count, to=to)


@behaves("a move that takes a part of a merge, or goes into one, is refused", SEEN)
def _require_whole_merges(lines: Lines, to: int) -> None:
    for merge in lines.sheet.merges:
        first, last = _extent(merge, lines.dimension)
        meets = first < lines.end and lines.start < last
        whole = lines.start <= first and last <= lines.end
        if (meets and not whole) or first < to < last:
            raise Refused(
                f"Sorry, it is not possible to move a {lines.noun} to a position that crosses a "
                "merged cell. Please unmerge and try again."
            )


def _extent(area: Area, dimension: str) -> tuple[int, int]:
    return (area.top, area.bottom) if dimension == "ROWS" else (area.left, area.right)


# --- parts of rows and columns ------------------------------------------------------------------


@kind("insertRange", DOCUMENTED)
def insert_range(book: Book, body: Body, scene: Scene) -> None:
    """Insert cells; those that were there go down or right."""
    sheet, area, dimension = _shifted_part(book, body)
    require_edit(sheet, [_behind(sheet, area, dimension)], scene.grant)
    room_for(book, sheet, dimension, _overflow(sheet, area, dimension))
    insert_cells(book, sheet, area, dimension)


@kind("deleteRange", DOCUMENTED)
def delete_range(book: Book, body: Body, scene: Scene) -> None:
    """Delete cells; those below or to their right take their place."""
    sheet, area, dimension = _shifted_part(book, body)
    require_edit(sheet, [_behind(sheet, area, dimension)], scene.grant)
    delete_cells(book, sheet, area, dimension)


def _shifted_part(book: Book, body: Body) -> tuple[Sheet, Area, str]:
    sheet, area = ranged(book, body.get("range"))
    dimension: str = body.get("shiftDimension") or ""
    if dimension not in NOUNS:
        raise Refused("No shiftDimension specified.")
    behind = _behind(sheet, area, dimension)
    if any(merge.touches(behind) and not behind.covers(merge) for merge in sheet.merges):
        raise Refused(PART_OF_MERGE)
    return sheet, area, dimension


def _behind(sheet: Sheet, area: Area, dimension: str) -> Area:
    """Return the cells that are shifted: the area, and all below or to the right of it."""
    if dimension == "ROWS":
        return area._replace(bottom=sheet.row_count)
    return area._replace(right=sheet.column_count)


def _overflow(sheet: Sheet, area: Area, dimension: str) -> int:
    """Return how many rows or columns more there will be, because contents are pushed out."""
    if dimension == "ROWS":
        used = max(
            (index + 1 for index, row in enumerate(sheet.rows) if any(
                content is not None for content in row[area.left : area.right])),
            default=0,
        )  # fmt: skip
        return max(0, used + area.height - sheet.row_count) if used > area.top else 0
    rows = sheet.rows.slice(area.top, min(area.bottom, len(sheet.rows)))
    widest = max((len(row) for row in rows), default=0)
    return max(0, widest + area.width - sheet.column_count) if widest > area.left else 0
