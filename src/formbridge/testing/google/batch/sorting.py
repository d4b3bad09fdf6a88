"""Rows of a range put into an order: by requests, by filters, and by people."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.formulas import Results
from formbridge.testing.google.formulas.references import moved
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, Value, cell_of
from formbridge.testing.google.grid.colours import canonical, rgb_of
from formbridge.testing.google.grid.editing import ranged, require_edit
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.rows import Row
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

METADATA_FOLLOWS = False
"""Whether developer metadata of a row goes along when its row is sorted: nobody has told yet."""

Key = tuple[Any, ...]
WHITE: Mapping[str, float] = {"red": 1, "green": 1, "blue": 1}


@kind("sortRange", DOCUMENTED)
def sort_range(book: Book, request: Body, scene: Scene) -> None:
    """Sort the rows of a range."""
    sheet, area = ranged(book, request.get("range"))
    require_edit(sheet, [area], scene.grant)
    specs = [spec or {} for spec in request.get("sortSpecs") or ()]
    sort_rows(book, sheet, area, specs, now=scene.now)


def sort_rows(
    book: Book, sheet: Sheet, area: Area, specs: Sequence[Mapping[str, Any]], *, now: int = 0
) -> None:
    """Sort the rows of an area; rows that are equal keep their order. Pure but for the tab.

    ``specs`` are the API's ``SortSpec``: later ones count where earlier ones are equal.
    """
    _columns(area, specs)
    area = area._replace(bottom=max(area.top, min(area.bottom, len(sheet.rows))))
    results = Results(book, now=now)
    order = list(range(area.top, area.bottom))
    for spec in reversed(specs):
        _sort_once(order, results, sheet, spec)
    reorder(book, sheet, area, order)


@behaves("a column outside of the range is refused", ASSUMED)
def _columns(area: Area, specs: Sequence[Mapping[str, Any]]) -> None:
    for spec in specs:
        column = spec.get("dimensionIndex") or 0
        if not area.left <= column < area.right:
            raise Refused(
                f"Sort column index {column} is outside of the range [{area.left}, {area.right})."
            )


@behaves("cells of a colour come first, whatever the order is", DOCUMENTED, "SortSpec")
def _sort_once(order: list[int], results: Results, sheet: Sheet, spec: Mapping[str, Any]) -> None:
    column = spec.get("dimensionIndex") or 0
    wanted = canonical(spec)
    for name in ("backgroundColorStyle", "foregroundColorStyle"):
        if name in wanted:
            colour = rgb_of(wanted[name])
            order.sort(key=lambda row: _colour(sheet.content(row, column), name) != colour)
            return
    keys = {row: sort_key(results.value(sheet, row, column)) for row in order}
    filled = [row for row in order if keys[row]]
    blank = [row for row in order if not keys[row]]
    filled.sort(key=keys.__getitem__, reverse=spec.get("sortOrder") == "DESCENDING")
    order[:] = [*filled, *blank]  # blanks are last in either order


def _colour(content: Content, name: str) -> Mapping[str, float]:
    style = canonical(cell_of(content).format or {})
    if name == "foregroundColorStyle":
        text = style.get("textFormat", {})
        return rgb_of(text[name]) if name in text else {}
    return rgb_of(style[name]) if name in style else WHITE


@behaves("numbers come before texts, then booleans, errors, and blanks always last", SEEN)
@behaves("texts are compared without capitals; accents count only where the rest is equal", ASSUMED)
def sort_key(value: Value) -> Key:
    """Return what a value is ordered by in an ascending sort; nothing for a blank."""
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, float | int):
        return 0, float(value)
    if isinstance(value, ErrorValue):
        return 3, value.type
    folded = value.casefold()
    if folded.isascii():
        return 1, folded, folded
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", folded)
        if not unicodedata.combining(letter)
    )
    return 1, plain, folded


def reorder(book: Book, sheet: Sheet, area: Area, order: Sequence[int]) -> None:
    """Put the rows of an area into an order: formulas move as if copied, what is outside stays."""
    if list(order) == list(range(area.top, area.bottom)):
        return
    old = sheet.rows.slice(area.top, area.bottom)
    new = [
        _moved_row(old[place], old[row - area.top], area, area.top + place - row)
        for place, row in enumerate(order)
    ]
    sheet.rows.replace(area.top, new)
    if METADATA_FOLLOWS:
        _metadata_follows(book, sheet, area, order)


def _moved_row(here: Row, there: Row, area: Area, distance: int) -> Sequence[Content]:
    """Return the row at a place once another row's cells of the area came there."""
    cells = [_moved(content, distance) for content in there[area.left : area.right]]
    if area.left == 0 and len(here) <= area.right:
        return cells
    head = [*here[: area.left], *[None] * (area.left - len(here))]
    if len(here) <= area.right:
        return [*head, *cells]
    return [*head, *cells, *[None] * (area.width - len(cells)), *here[area.right :]]


@behaves("formulas that move in a sort have their relative references moved along", SEEN)
def _moved(content: Content, distance: int) -> Content:
    if isinstance(content, Cell) and content.formula and distance:
        return attrs.evolve(content, formula=moved(content.formula, distance, 0))
    return content


@behaves("metadata of a row would follow it, were METADATA_FOLLOWS set", ASSUMED)
def _metadata_follows(book: Book, sheet: Sheet, area: Area, order: Sequence[int]) -> None:
    place = {row: area.top + index for index, row in enumerate(order)}
    for entry in list(book.metadata.values()):
        whole = entry.sheet == sheet.id and entry.dimension == "ROWS"
        if whole and entry.end == entry.start + 1 and entry.start in place:
            start = place[entry.start]
            book.metadata[entry.id] = attrs.evolve(entry, start=start, end=start + 1)
