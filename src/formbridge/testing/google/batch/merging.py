"""Cells that are merged, and taken apart again."""

from collections.abc import Iterator

import attrs

from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, content_of, is_blank
from formbridge.testing.google.grid.editing import change, ranged, require_edit
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

PART_OF_MERGE = "You must select all cells in a merged range to merge or unmerge them."


@kind("mergeCells", RECORDED)
@behaves("merges that lie in the range give way to the new ones", RECORDED)
@behaves("without a type the whole range is one merge", ASSUMED)
def merge_cells(book: Book, body: Body, scene: Scene) -> None:
    """Merge a range, or each of its rows, or each of its columns."""
    sheet, area = ranged(book, body.get("range"))
    _require_whole(sheet, area)
    areas = [one for one in _pieces(area, body.get("mergeType")) if one.height * one.width > 1]
    for one in areas:
        _require_one_pane(sheet, one)
    require_edit(sheet, [area], scene.grant)
    sheet.merges = [merge for merge in sheet.merges if not area.covers(merge)] + areas
    for one in areas:
        _keep_first(sheet, one)


@kind("unmergeCells", RECORDED)
@behaves("a range with no merge in it is no error", DOCUMENTED)
def unmerge_cells(book: Book, body: Body, scene: Scene) -> None:
    """Take all merges in a range apart."""
    sheet, area = ranged(book, body.get("range"))
    _require_whole(sheet, area)
    require_edit(sheet, [area], scene.grant)
    sheet.merges = [merge for merge in sheet.merges if not area.covers(merge)]


def _pieces(area: Area, kind_of_merge: str | None) -> Iterator[Area]:
    if kind_of_merge == "MERGE_ROWS":
        for row in range(area.top, area.bottom):
            yield area._replace(top=row, bottom=row + 1)
    elif kind_of_merge == "MERGE_COLUMNS":
        for column in range(area.left, area.right):
            yield area._replace(left=column, right=column + 1)
    else:
        yield area


@behaves("a range that covers a part of a merge is refused", SEEN)
def _require_whole(sheet: Sheet, area: Area) -> None:
    if any(merge.touches(area) and not area.covers(merge) for merge in sheet.merges):
        raise Refused(PART_OF_MERGE)


@behaves("a merge does not cross the edge of what is frozen", SEEN)
def _require_one_pane(sheet: Sheet, area: Area) -> None:
    if area.top < (sheet.grid.get("frozenRowCount") or 0) < area.bottom:
        raise Refused("You can't merge frozen and non-frozen rows.")
    if area.left < (sheet.grid.get("frozenColumnCount") or 0) < area.right:
        raise Refused("You can't merge frozen and non-frozen columns.")


@behaves("the first content stays, at the top left; formats of covered cells stay", ASSUMED)
def _keep_first(sheet: Sheet, area: Area) -> None:
    rows = sheet.rows.slice(area.top, min(area.bottom, len(sheet.rows)))
    cells = [content for row in rows for content in row[area.left : area.right]]
    first = next((content for content in cells if not is_blank(content)), None)

    def how(row: int, column: int, content: Content) -> Content:
        if (row, column) == (area.top, area.left):
            return _filled(content, first)
        return _emptied(content)

    change(sheet, area, how, blanks=False)


def _filled(content: Content, first: Content) -> Content:
    """Return the cell at the top left with the content that stays, and its own look."""
    if not is_blank(content) or first is None:
        return content
    kept = first if isinstance(first, Cell) else Cell(value=first)
    look = content if isinstance(content, Cell) else Cell()
    return content_of(attrs.evolve(kept, format=look.format or kept.format))


def _emptied(content: Content) -> Content:
    if isinstance(content, Cell) and content.format:
        return Cell(format=content.format)
    return None
