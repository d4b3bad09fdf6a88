"""Requests that write cells: their values, formats, notes, borders and validation."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

import attrs

from formbridge.testing.google.batch.cell_data import (
    VALUE,
    Writing,
    border,
    format_of,
    rule_of,
    writing,
)
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.formulas.references import moved
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, cell_of, content_of, is_blank
from formbridge.testing.google.grid.colours import canonical
from formbridge.testing.google.grid.editing import (
    change,
    change_alike,
    grid_of,
    grown,
    placed,
    ranged,
    require_edit,
)
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

BLANK: Body = {}
SIDES = ("top", "bottom", "left", "right")
LINES = (*SIDES, "innerHorizontal", "innerVertical")


# --- updateCells --------------------------------------------------------------------------------


@kind("updateCells", RECORDED)
def update_cells(book: Book, request: Body, scene: Scene) -> None:
    """Write rows of ``CellData`` from a start on, or into a range, which is cleared behind them."""
    how = writing(request.get("fields"))
    rows = _rows(request)
    if request.get("range") is not None:
        sheet, area = ranged(book, request["range"])
        require_edit(sheet, [area], scene.grant)
        _within(rows, area.top, area.left, area)
        _fill(sheet, area, rows, how)
    elif request.get("start") is not None:
        sheet, top, left = placed(book, request["start"])
        _within(rows, top, left, sheet.area)
        width = max(map(len, rows), default=0)
        require_edit(sheet, [Area(top, left, top + len(rows), left + width)], scene.grant)
        write_rows(sheet, top, left, rows, how)
    else:
        raise Refused("Must specify either start or range.")


def _rows(request: Body) -> list[list[Body]]:
    return [
        [data or BLANK for data in (row or {}).get("values") or ()]
        for row in request.get("rows") or ()
    ]


@behaves("data behind the end of the range is refused", SEEN, "public reports")
def _within(rows: Sequence[Sequence[Body]], top: int, left: int, area: Area) -> None:
    for offset, row in enumerate(rows):
        if top + offset >= area.bottom:
            raise Refused(
                f"Attempting to write row: {top + offset}, "
                f"beyond the last requested row of: {area.bottom - 1}"
            )
        if left + len(row) > area.right:
            raise Refused(
                f"Attempting to write column: {area.right}, "
                f"beyond the last requested column of: {area.right - 1}"
            )


@behaves("cells of the range without data are cleared in the masked fields", DOCUMENTED)
def _fill(sheet: Sheet, area: Area, rows: Sequence[Sequence[Body]], how: Writing) -> None:
    padded = [[*row, *[BLANK] * (area.width - len(row))] for row in rows]
    write_rows(sheet, area.top, area.left, padded, how)
    rest = Area(area.top + len(rows), area.left, area.bottom, area.right)
    change_alike(sheet, rest, lambda content: how.apply(content, BLANK))


def write_rows(
    sheet: Sheet, top: int, left: int, rows: Sequence[Sequence[Body]], how: Writing
) -> None:
    """Write rows of ``CellData``, each as long as it is."""
    if not rows:
        return
    new: list[Sequence[Content]] = []
    for old, row in zip(sheet.rows.slice(top, top + len(rows)), rows, strict=True):
        contents: list[Content] = [*old, *[None] * (left + len(row) - len(old))]
        for column, data in enumerate(row, left):
            contents[column] = how.apply(contents[column], data)
        new.append(contents)
    sheet.rows.replace(top, new)


# --- appendCells --------------------------------------------------------------------------------


@kind("appendCells", DOCUMENTED)
def append_cells(book: Book, request: Body, scene: Scene) -> None:
    """Write rows after the last row with data, and add rows to the tab where it has too few."""
    how = writing(request.get("fields"))
    rows = _rows(request)
    if request.get("tableId"):
        _append_to_table(book, str(request["tableId"]), rows, how, scene)
        return
    sheet = grid_of(book, request.get("sheetId"))
    width = max(map(len, rows), default=0)
    _fits(width, 0, sheet.column_count)
    top = data_end(sheet)
    require_edit(sheet, [Area(top, 0, top + len(rows), width)], scene.grant)
    grown(book, sheet, rows=top + len(rows))
    write_rows(sheet, top, 0, rows, how)


@behaves("a value or a formula is data; a format, a note or a validation rule is not", ASSUMED)
def data_end(
    sheet: Sheet, left: int = 0, right: int | None = None, bottom: int | None = None
) -> int:
    """Return the row behind the last one with data. It looks no further up than that."""
    row = len(sheet.rows) if bottom is None else min(bottom, len(sheet.rows))
    while row and all(map(is_blank, sheet.rows.row(row - 1)[left:right])):
        row -= 1
    return row


@behaves("more columns than the grid has are refused", SEEN, "public reports")
def _fits(width: int, left: int, right: int) -> None:
    if left + width > right:
        raise Refused(
            f"Attempting to write column: {right}, beyond the last requested column of: {right - 1}"
        )


@behaves("rows for a table go behind its last row with data, and it grows", ASSUMED, "tableId")
def _append_to_table(
    book: Book, table_id: str, rows: list[list[Body]], how: Writing, scene: Scene
) -> None:
    for sheet in book.sheets:
        for table in sheet.things.get("tables", ()):
            if table.get("tableId") == table_id:
                area = GridRange.of(table.get("range") or {}).area(
                    sheet.row_count, sheet.column_count
                )
                end = _append_below(book, sheet, area, rows, (how, scene))
                if end > area.bottom:
                    grown_area = area._replace(bottom=end)
                    table["range"] = GridRange.covering(sheet.id, grown_area).body()
                return
    raise Refused(f"No table with id: {table_id}")


def _append_below(
    book: Book, sheet: Sheet, area: Area, rows: list[list[Body]], way: tuple[Writing, Scene]
) -> int:
    """Write rows behind the last one of a table; return the row behind them."""
    how, scene = way
    width = max(map(len, rows), default=0)
    _fits(width, area.left, area.right)
    top = max(area.top + 1, data_end(sheet, area.left, area.right, area.bottom))
    end = top + len(rows)
    require_edit(sheet, [Area(top, area.left, end, area.left + width)], scene.grant)
    grown(book, sheet, rows=end)
    write_rows(sheet, top, area.left, rows, how)
    return end


# --- repeatCell ---------------------------------------------------------------------------------


@kind("repeatCell", RECORDED)
def repeat_cell(book: Book, request: Body, scene: Scene) -> None:
    """Write the same ``CellData`` into each cell of a range; a formula's references move along."""
    how = writing(request.get("fields"))
    sheet, area = ranged(book, request.get("range"))
    require_edit(sheet, [area], scene.grant)
    data = request.get("cell") or BLANK
    formula = (data.get(VALUE) or {}).get("formulaValue") or ""
    if not (how.value and formula):
        change_alike(sheet, area, _remembered(how, data))
        return

    def repeated(row: int, column: int, content: Content) -> Content:
        text = moved(formula, row - area.top, column - area.left)
        return how.apply(content, {**data, VALUE: {"formulaValue": text}})

    change(sheet, area, repeated)


def _remembered(how: Writing, data: Body) -> Callable[[Content], Content]:
    """Return what writes the data into a content, and does a blank one only once."""
    blank = how.apply(None, data)
    return lambda content: blank if content is None else how.apply(content, data)


# --- borders ------------------------------------------------------------------------------------


@kind("updateBorders", DOCUMENTED)
def update_borders(book: Book, request: Body, scene: Scene) -> None:
    """Draw borders around and within a range; a border that is not given stays."""
    sheet, area = ranged(book, request.get("range"))
    require_edit(sheet, [area], scene.grant)
    lines = {name: border(canonical(request[name])) or {} for name in LINES if request.get(name)}

    def drawn(row: int, column: int, content: Content) -> Content:
        return _with_borders(content, _sides(lines, area, row, column))

    if lines:
        change(sheet, area, drawn)


def _sides(lines: Mapping[str, Body], area: Area, row: int, column: int) -> dict[str, Body]:
    """Return which borders a cell gets."""
    names = {
        "top": "top" if row == area.top else "innerHorizontal",
        "bottom": "bottom" if row == area.bottom - 1 else "innerHorizontal",
        "left": "left" if column == area.left else "innerVertical",
        "right": "right" if column == area.right - 1 else "innerVertical",
    }
    return {side: lines[name] for side, name in names.items() if name in lines}


def _with_borders(content: Content, sides: Mapping[str, Body]) -> Content:
    if not sides:
        return content
    cell = cell_of(content)
    style = canonical(cell.format or {})
    borders = {**style.get("borders", {}), **sides}
    style["borders"] = {side: borders[side] for side in SIDES if borders.get(side)}
    return content_of(attrs.evolve(cell, format=format_of(style) or None))


# --- validation ---------------------------------------------------------------------------------


@kind("setDataValidation", DOCUMENTED)
def set_data_validation(book: Book, request: Body, scene: Scene) -> None:
    """Set a rule for each cell of a range, or take it away; not in rows that a filter hides."""
    sheet, area = ranged(book, request.get("range"))
    require_edit(sheet, [area], scene.grant)
    rule = rule_of(request["rule"]) if request.get("rule") else None
    for part in _shown(sheet, area, everything=bool(request.get("filteredRowsIncluded"))):
        change_alike(sheet, part, partial(_ruled, rule))


def _shown(sheet: Sheet, area: Area, *, everything: bool) -> list[Area]:
    """Return the area without the rows that a filter hides."""
    hidden = sorted(
        row
        for row, size in sheet.row_sizes.items()
        if size.get("hiddenByFilter") and area.top <= row < area.bottom and not everything
    )
    edges = [area.top - 1, *hidden, area.bottom]
    pairs = pairwise(edges)
    return [area._replace(top=top + 1, bottom=end) for top, end in pairs if end > top + 1]


def _ruled(rule: Body | None, content: Content) -> Content:
    cell: Cell = cell_of(content)
    more = {name: value for name, value in cell.more.items() if name != "dataValidation"}
    if rule:
        more["dataValidation"] = rule
    return content_of(attrs.evolve(cell, more=more))
