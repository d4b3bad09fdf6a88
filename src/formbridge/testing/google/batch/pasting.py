"""Requests that copy, move and fill cells."""

from collections.abc import Sequence

import attrs

from formbridge.testing.google.batch.conditional import copy_rules
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.batch.texts import with_value
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.formulas import Results
from formbridge.testing.google.formulas.references import Reference, moved, rewritten
from formbridge.testing.google.formulas.results import area_of
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, Value, cell_of, content_of
from formbridge.testing.google.grid.editing import (
    change_alike,
    grown,
    placed,
    ranged,
    require_edit,
)
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.references import Corner
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

NORMAL = "PASTE_NORMAL"
VALIDATION = "dataValidation"


@attrs.frozen(kw_only=True)
class Source:
    """A cell to be pasted: what stands in it, what it gives, and where it stands."""

    content: Content
    value: Value
    row: int
    column: int


@kind("copyPaste", RECORDED)
def copy_paste(book: Book, request: Body, scene: Scene) -> None:
    """Copy a range into another, repeated to fill it."""
    sheet, area = ranged(book, request.get("source"))
    target, wanted = ranged(book, request.get("destination"))
    transposed = request.get("pasteOrientation") == "TRANSPOSE"
    how = request.get("pasteType") or NORMAL
    block = taken(book, sheet, area, scene)
    if transposed:
        block = [list(column) for column in zip(*block, strict=True)]
    area_to = filled(wanted, len(block), len(block[0]))
    require_edit(target, [area_to], scene.grant)
    grown(book, target, rows=area_to.bottom, columns=area_to.right)
    merges = [merge for merge in sheet.merges if area.covers(merge)]
    paste(target, area_to, block, how)
    if how in {NORMAL, "PASTE_NO_BORDERS"}:
        _copy_merges(target, area_to, area, merges, transposed=transposed)
    copy_rules(sheet, area, target, area_to, how, transposed=transposed)


@behaves("a destination that is no multiple of the source gets it once, whole", DOCUMENTED)
def filled(wanted: Area, height: int, width: int) -> Area:
    """Return what is pasted over."""
    rows = wanted.height if wanted.height % height == 0 and wanted.height else height
    columns = wanted.width if wanted.width % width == 0 and wanted.width else width
    return Area(wanted.top, wanted.left, wanted.top + rows, wanted.left + columns)


def taken(book: Book, sheet: Sheet, area: Area, scene: Scene) -> list[list[Source]]:
    """Return the cells of an area as they are before anything is pasted."""
    results = Results(book, now=scene.now)
    blank = [Source(content=None, value=None, row=0, column=0)] * area.width
    block = [blank] * area.height
    for row in range(area.top, min(area.bottom, len(sheet.rows))):
        block[row - area.top] = [
            Source(
                content=sheet.content(row, column),
                value=results.value(sheet, row, column),
                row=row,
                column=column,
            )
            for column in range(area.left, area.right)
        ]
    return block


def paste(sheet: Sheet, area: Area, block: Sequence[Sequence[Source]], how: str) -> None:
    """Paste cells into an area, again and again where it is larger than they are."""
    height, width = len(block), len(block[0])
    old = sheet.rows.slice(area.top, area.bottom)
    new: list[list[Content]] = []
    for row, contents in enumerate(old, area.top):
        line = [*contents, *[None] * (area.right - len(contents))]
        sources = block[(row - area.top) % height]
        for column in range(area.left, area.right):
            source = sources[(column - area.left) % width]
            line[column] = pasted(line[column], source, (row, column), how)
        new.append(line)
    sheet.rows.replace(area.top, new)


@behaves("what a kind of paste takes: values, formulas, formats, borders, validation", DOCUMENTED)
def pasted(old: Content, source: Source, place: tuple[int, int], how: str) -> Content:
    """Return a cell once another was pasted into it, its formula moved along."""
    if how == "PASTE_CONDITIONAL_FORMATTING":
        return old
    if how == "PASTE_VALUES":
        return with_value(old, source.value)
    new = _at(source, place)
    parts = {
        "PASTE_FORMULA": with_value,
        "PASTE_FORMAT": _with_format,
        "PASTE_DATA_VALIDATION": _with_rule,
        "PASTE_NO_BORDERS": _without_borders,
    }
    return parts[how](old, new) if how in parts else new


def _with_format(old: Content, new: Content) -> Content:
    return content_of(attrs.evolve(cell_of(old), format=cell_of(new).format))


def _at(source: Source, place: tuple[int, int]) -> Content:
    content = source.content
    if isinstance(content, Cell) and content.formula:
        formula = moved(content.formula, place[0] - source.row, place[1] - source.column)
        return attrs.evolve(content, formula=formula)
    return content


def _with_rule(old: Content, new: Content) -> Content:
    cell, rule = cell_of(old), cell_of(new).more.get(VALIDATION)
    more = {name: value for name, value in cell.more.items() if name != VALIDATION}
    return content_of(attrs.evolve(cell, more=more | ({VALIDATION: rule} if rule else {})))


def _without_borders(old: Content, new: Content) -> Content:
    cell, borders = cell_of(new), (cell_of(old).format or {}).get("borders")
    style = {name: value for name, value in (cell.format or {}).items() if name != "borders"}
    if borders:
        style["borders"] = borders
    return content_of(attrs.evolve(cell, format=style or None))


@behaves("merged cells are pasted, and those that they fall on are no longer merged", DOCUMENTED)
def _copy_merges(
    sheet: Sheet, target: Area, source: Area, merges: Sequence[Area], *, transposed: bool
) -> None:
    sheet.merges[:] = [merge for merge in sheet.merges if not merge.touches(target)]
    height, width = (source.width, source.height) if transposed else (source.height, source.width)
    for merge in merges:
        inner = Area(
            merge.top - source.top,
            merge.left - source.left,
            merge.bottom - source.top,
            merge.right - source.left,
        )
        if transposed:
            inner = Area(inner.left, inner.top, inner.right, inner.bottom)
        for top in range(target.top, target.bottom, height):
            for left in range(target.left, target.right, width):
                sheet.merges.append(
                    Area(top + inner.top, left + inner.left, top + inner.bottom, left + inner.right)
                )


# --- cutPaste -----------------------------------------------------------------------------------


@kind("cutPaste", RECORDED)
@behaves("all of the source is cut, whatever is pasted", DOCUMENTED)
def cut_paste(book: Book, request: Body, scene: Scene) -> None:
    """Move a range to another place; formulas that name its cells follow them."""
    sheet, area = ranged(book, request.get("source"))
    target, top, left = placed(book, request.get("destination"))
    to = Area(top, left, top + area.height, left + area.width)
    require_edit(sheet, [area], scene.grant)
    require_edit(target, [to], scene.grant)
    grown(book, target, rows=to.bottom, columns=to.right)
    how = request.get("pasteType") or NORMAL
    block = taken(book, sheet, area, scene)
    merges = [merge for merge in sheet.merges if area.covers(merge)]
    change_alike(sheet, area, lambda _: None)
    sheet.merges[:] = [merge for merge in sheet.merges if merge not in merges]
    stays = [[_standing(source, to, area) for source in row] for row in block]
    paste(target, to, stays, how)
    if how in {NORMAL, "PASTE_NO_BORDERS"}:
        _copy_merges(target, to, area, merges, transposed=False)
    copy_rules(sheet, area, target, to, how, transposed=False)
    _follow(book, (sheet, area), (target, to))


def _standing(source: Source, to: Area, area: Area) -> Source:
    """Return a cell as if it stood already where it goes: what is cut keeps its references."""
    row, column = to.top + source.row - area.top, to.left + source.column - area.left
    return attrs.evolve(source, row=row, column=column)


@behaves("references into cells that are cut and pasted follow them", SEEN)
@behaves("references that only touch the cells that are cut stay", ASSUMED)
def _follow(book: Book, source: tuple[Sheet, Area], target: tuple[Sheet, Area]) -> None:
    for sheet in book.sheets:
        for row, contents in enumerate(list(sheet.rows)):
            for column, content in enumerate(contents):
                if isinstance(content, Cell) and content.formula:
                    formula = _followed(book, content.formula, sheet, source, target)
                    if formula != content.formula:
                        sheet.put(row, column, attrs.evolve(content, formula=formula))


def _followed(
    book: Book,
    formula: str,
    sheet: Sheet,
    source: tuple[Sheet, Area],
    target: tuple[Sheet, Area],
) -> str:
    (home, area), (away, to) = source, target

    def how(reference: Reference) -> Reference | None:
        named = book.titled(reference.tab) if reference.tab else sheet
        if named is not home or not area.covers(area_of(reference, home)):
            return reference
        rows, columns = to.top - area.top, to.left - area.left
        tab = reference.tab if away is home else away.title
        first = _by(reference.first, rows, columns)
        last = reference.last and _by(reference.last, rows, columns)
        return Reference(first, last, "" if away is sheet and not reference.tab else tab)

    return rewritten(formula, how)


def _by(end: Corner, rows: int, columns: int) -> Corner:
    return attrs.evolve(
        end,
        row=None if end.row is None else end.row + rows,
        column=None if end.column is None else end.column + columns,
    )
