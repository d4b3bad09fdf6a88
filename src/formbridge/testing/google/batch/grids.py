"""The size of a tab's grid, what of it is frozen, and how it shows."""

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.answers.masks import Mask
from formbridge.testing.google.behaviour import ASSUMED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.editing import require_edit
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.limits import require_room
from formbridge.testing.google.moves.shifting import FROZEN, delete, resize, size_of
from formbridge.testing.google.moves.spans import NOUNS, Lines

COUNTS = {"ROWS": "rowCount", "COLUMNS": "columnCount"}
FLAGS = ("hideGridlines", "rowGroupControlAfter", "columnGroupControlAfter")


@behaves("a fresh tab has 1,000 rows and 26 columns", RECORDED)
@behaves("how the refusal of a grid without rows or columns reads", ASSUMED)
def new_grid(sheet: Sheet, given: Body) -> Sheet:
    """Give a fresh tab the grid that a request asks for."""
    for dimension, name in COUNTS.items():
        size = given.get(name)
        if size is None:
            continue
        if size < 1:
            raise Refused(f"gridProperties.{name} must be at least 1.")
        resize(sheet, dimension, size)
    for dimension, name in FROZEN.items():
        _freeze(sheet, dimension, given.get(name) or 0)
    sheet.grid |= {name: True for name in FLAGS if given.get(name)}
    return sheet


@behaves("rows and columns at the end are deleted where a grid shrinks", SEEN)
def change_grid(book: Book, sheet: Sheet, given: Body, mask: Mask, grant: Grant) -> None:
    """Change the properties of a grid as far as the mask says."""
    if sheet.kind != "GRID":
        raise Refused("Grid properties cannot be set on a sheet that is not a grid.")
    sizes = {
        dimension: given.get(name) or 0
        for dimension, name in COUNTS.items()
        if mask.covers(f"gridProperties.{name}")
    }
    rows, columns = (sizes.get(name, size_of(sheet, name)) for name in COUNTS)
    _require_some(sizes)
    require_room(book, rows * columns - sheet.cells, columns)
    frozen = {
        dimension: given.get(name) or 0
        for dimension, name in FROZEN.items()
        if mask.covers(f"gridProperties.{name}")
    }
    for dimension, size in sizes.items():
        _require_unfrozen(sheet, dimension, size, frozen.get(dimension))
        _resize(book, sheet, dimension, size, grant)
    for dimension, count in frozen.items():
        _freeze(sheet, dimension, count)
    for name in FLAGS:
        if mask.covers(f"gridProperties.{name}"):
            sheet.grid.pop(name, None)
            sheet.grid |= {name: True} if given.get(name) else {}


@behaves("a grid of no rows or no columns is refused, an unmentioned count is none", SEEN)
def _require_some(sizes: dict[str, int]) -> None:
    for dimension, size in sizes.items():
        if size < 1:
            raise Refused(f"You can't delete all the {NOUNS[dimension]}s on the sheet.")


@behaves("a grid is not cut down to what is frozen", SEEN)
def _require_unfrozen(sheet: Sheet, dimension: str, size: int, frozen: int | None) -> None:
    kept = sheet.grid.get(FROZEN[dimension]) or 0
    if frozen is None and kept and size <= kept:
        raise Refused(f"Sorry, it is not possible to delete all non-frozen {NOUNS[dimension]}s.")


def _resize(book: Book, sheet: Sheet, dimension: str, size: int, grant: Grant) -> None:
    old = size_of(sheet, dimension)
    if size >= old:
        resize(sheet, dimension, size)
        return
    lines = Lines(sheet=sheet, dimension=dimension, start=size, end=old)
    require_edit(sheet, [lines.area], grant)
    delete(book, sheet, dimension, size, old - size)


@behaves("something stays that is not frozen, and merges are frozen as a whole", SEEN)
@behaves("how the refusal of a negative count reads", ASSUMED)
def _freeze(sheet: Sheet, dimension: str, count: int) -> None:
    noun, name = NOUNS[dimension], FROZEN[dimension]
    if count < 0:
        raise Refused(f"gridProperties.{name}[{count}] must be >= 0")
    if count and count >= size_of(sheet, dimension):
        raise Refused(f"You can't freeze all visible {noun}s on the sheet.")
    for merge in sheet.merges:
        start, end = (merge.top, merge.bottom) if dimension == "ROWS" else (merge.left, merge.right)
        if start < count < end:
            raise Refused(
                f"Sorry, you can't freeze {noun}s which contain only part of a merged cell. Try to "
                f"break apart merged cells or freeze more {noun}s to include the complete merged "
                "cells."
            )
    sheet.grid.pop(name, None)
    if count:
        sheet.grid[name] = count
