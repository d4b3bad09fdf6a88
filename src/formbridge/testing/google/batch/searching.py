"""Requests that look through cells: find and replace, duplicates, spaces, and rows in any order."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.batch.cells import data_end
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.batch.patterns import Pattern, literal, regular
from formbridge.testing.google.batch.sorting import reorder
from formbridge.testing.google.batch.texts import seen, typed, typist_of, with_value
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.formulas import Results
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, Value, is_blank
from formbridge.testing.google.grid.editing import (
    change_alike,
    grid_of,
    ranged,
    require_edit,
)
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

Place = tuple[Sheet, int, int]


# --- findReplace --------------------------------------------------------------------------------


@attrs.define(kw_only=True)
class Found:
    """How much was changed."""

    values: int = 0
    formulas: int = 0
    occurrences: int = 0
    rows: set[tuple[int, int]] = attrs.field(factory=set)
    sheets: set[int] = attrs.field(factory=set)

    def count(self, sheet: Sheet, row: int, occurrences: int, *, formula: bool) -> None:
        """Count a cell that was changed."""
        self.formulas += formula
        self.values += not formula
        self.occurrences += occurrences
        self.rows.add((sheet.id, row))
        self.sheets.add(sheet.id)

    def reply(self) -> Body:
        """Return the API's reply, which leaves out what is 0."""
        counts = {
            "valuesChanged": self.values,
            "formulasChanged": self.formulas,
            "rowsChanged": len(self.rows),
            "sheetsChanged": len(self.sheets),
            "occurrencesChanged": self.occurrences,
        }
        return {name: count for name, count in counts.items() if count}


@kind("findReplace", DOCUMENTED)
@behaves("a cell whose text is replaced by the same text is counted as changed", ASSUMED)
def find_replace(book: Book, request: Body, scene: Scene) -> Body:
    """Replace a text, or what a pattern finds, in the cells of a range, a tab or all tabs."""
    pattern = _pattern(request)
    found, shown = Found(), Shown(book, now=scene.now)
    typist = typist_of(book, scene.now)
    changes: list[tuple[Place, Content]] = []
    for sheet, area in _areas(book, request):
        for row, column, content in _filled(sheet, area):
            formula = content.formula if isinstance(content, Cell) else ""
            if formula and not request.get("includeFormulas"):
                continue
            text = formula or seen(shown, sheet, row, column)
            new, occurrences = pattern.replaced(text)
            if occurrences:
                found.count(sheet, row, occurrences, formula=bool(formula))
                changed = content if new == text else typed(typist, content, new)
                changes.append(((sheet, row, column), changed))
    for (sheet, row, column), content in changes:
        require_edit(sheet, [Area(row, column, row + 1, column + 1)], scene.grant)
        sheet.put(row, column, content)
    return found.reply()


def _pattern(request: Mapping[str, Any]) -> Pattern:
    find, replacement = request.get("find") or "", request.get("replacement") or ""
    if not find:
        raise Refused("The find string must not be empty.")
    make = regular if request.get("searchByRegex") else literal
    return make(
        find,
        replacement,
        case=bool(request.get("matchCase")),
        whole=bool(request.get("matchEntireCell")),
    )


def _areas(book: Book, request: Mapping[str, Any]) -> Iterator[tuple[Sheet, Area]]:
    """Yield where to look; just one of the three ways to say it is given."""
    ways = [name for name in ("range", "sheetId", "allSheets") if request.get(name) is not None]
    if request.get("allSheets") is False:
        ways.remove("allSheets")
    if len(ways) != 1:
        raise Refused("Exactly one of range, sheetId or allSheets must be set.")
    if ways == ["range"]:
        yield ranged(book, request["range"])
    elif ways == ["sheetId"]:
        sheet = grid_of(book, request["sheetId"])
        yield sheet, sheet.area
    else:
        for sheet in book.sheets:
            yield sheet, sheet.area


def _filled(sheet: Sheet, area: Area) -> Iterator[tuple[int, int, Content]]:
    """Yield the cells of an area in which something stands."""
    bottom = min(area.bottom, len(sheet.rows))
    for row, contents in enumerate(sheet.rows.slice(area.top, max(area.top, bottom)), area.top):
        for column, content in enumerate(contents[area.left : area.right], area.left):
            if not is_blank(content):
                yield row, column, content


# --- deleteDuplicates ---------------------------------------------------------------------------


@kind("deleteDuplicates", DOCUMENTED)
def delete_duplicates(book: Book, request: Body, scene: Scene) -> Body:
    """Keep the first of rows that are alike in the columns; those below move up in the range."""
    sheet, area = ranged(book, request.get("range"))
    require_edit(sheet, [area], scene.grant)
    columns = _compared(sheet, area, request)
    end = data_end(sheet, area.left, area.right, area.bottom)
    area = area._replace(bottom=max(area.top, end))
    kept, removed = _first_ones(Results(book, now=scene.now), sheet, area, columns)
    if removed:
        reorder(book, sheet, area, [*kept, *removed])
        _cleared(sheet, area._replace(top=area.top + len(kept)))
    return {"duplicatesRemovedCount": len(removed)} if removed else {}


@behaves("columns to compare that are outside of the range are refused", ASSUMED)
def _compared(sheet: Sheet, area: Area, request: Mapping[str, Any]) -> list[int]:
    columns: list[int] = []
    for span in request.get("comparisonColumns") or ():
        if not span or span.get("dimension") != "COLUMNS" or (span.get("sheetId") or 0) != sheet.id:
            raise Refused("comparisonColumns must be columns of the range's sheet.")
        start = span.get("startIndex") or 0
        end = area.right if span.get("endIndex") is None else span["endIndex"]
        if not area.left <= start < end <= area.right:
            raise Refused("comparisonColumns must be within the range.")
        columns.extend(range(start, end))
    return columns or list(range(area.left, area.right))


@behaves("rows are alike whatever their capitals, formats and formulas are", DOCUMENTED)
@behaves(
    "rows that are blank in all columns are alike, as any others; those below all data stay",
    ASSUMED,
)
def _first_ones(
    results: Results, sheet: Sheet, area: Area, columns: list[int]
) -> tuple[list[int], list[int]]:
    """Return the rows that stay and those that repeat one of them."""
    known: set[tuple[object, ...]] = set()
    kept: list[int] = []
    removed: list[int] = []
    for row in range(area.top, area.bottom):
        key = tuple(_alike(results.value(sheet, row, column)) for column in columns)
        (removed if key in known else kept).append(row)
        known.add(key)
    return kept, removed


def _alike(value: Value) -> tuple[str, object]:
    if isinstance(value, str):
        return ("text", value.casefold()) if value else ("", None)
    if isinstance(value, ErrorValue):
        return "error", value.type
    return type(value).__name__ if value is not None else "", value


@behaves("the rows that come free at the end lose their formats and notes, too", ASSUMED)
def _cleared(sheet: Sheet, area: Area) -> None:
    change_alike(sheet, area, lambda _: None)


# --- trimWhitespace -----------------------------------------------------------------------------


@kind("trimWhitespace", DOCUMENTED)
@behaves("formulas are left alone; a text that begins with = stays a text", DOCUMENTED)
def trim_whitespace(book: Book, request: Body, scene: Scene) -> Body:
    """Take spaces away around texts, and leave single ones within."""
    sheet, area = ranged(book, request.get("range"))
    require_edit(sheet, [area], scene.grant)
    changed = 0
    for row, column, content in list(_filled(sheet, area)):
        value = content.value if isinstance(content, Cell) else content
        if isinstance(value, str) and (new := " ".join(value.split())) != value:
            sheet.put(row, column, with_value(content, new or None))
            changed += 1
    return {"cellsChangedCount": changed} if changed else {}


# --- randomizeRange -----------------------------------------------------------------------------


@kind("randomizeRange", DOCUMENTED)
def randomize_range(book: Book, request: Body, scene: Scene) -> None:
    """Put the rows of a range into an order by chance."""
    sheet, area = ranged(book, request.get("range"))
    require_edit(sheet, [area], scene.grant)
    order = list(range(area.top, area.bottom))
    scene.ids.shuffle(order)
    reorder(book, sheet, area, order)
