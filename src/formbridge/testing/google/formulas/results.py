"""What stands in cells once formulas are computed; remembered as long as the spreadsheet stays."""

from random import Random
from weakref import WeakKeyDictionary

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.formulas.coercing import Argument, Block, Failure
from formbridge.testing.google.formulas.dates import now_serial
from formbridge.testing.google.formulas.evaluating import evaluated, met
from formbridge.testing.google.formulas.functions import Setting
from formbridge.testing.google.formulas.looks import look_of
from formbridge.testing.google.formulas.parsing import Node, ParseError, parsed
from formbridge.testing.google.formulas.references import Reference
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, Value
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet

Place = tuple[int, int, int]
"""A cell: the tab's id, row, column."""

LEVELS = 24
"""Formulas that are computed inside of each other; more wait their turn, so that no stack ends."""

WORK = 5_000_000
"""Cells that one result may look at."""

CIRCULAR = ErrorValue(
    "REF",
    "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
)
PARSE = ErrorValue("ERROR", "Formula parse error.")
TOO_MUCH = ErrorValue("ERROR", "Calculation limit was reached while computing this formula.")

Token = tuple[object, ...]
KNOWN: WeakKeyDictionary[Book, tuple[Token, dict[Place, Value]]] = WeakKeyDictionary()
"""Results by spreadsheet, as long as its token stays."""


class _Waiting(Exception):
    """A cell that has to be computed before this one."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class Results:
    """The values of a spreadsheet's cells. Make one for each state: it does not see later changes.

    ``now`` is in microseconds since 1970; what ``TODAY`` and ``RAND`` give is not kept for others.
    """

    def __init__(self, book: Book, *, now: int = 0, chance: Random | None = None) -> None:
        self.book = book
        self.now = now_serial(now, book.time_zone)
        self.chance = chance or Random(now)  # noqa: S311 - RAND() keeps no secret
        self.shared = _remembered(book)
        self.own: dict[Place, Value] = {}
        self.active: set[Place] = set()
        self.work = WORK
        self.changing = False

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Return what a cell gives: what was entered, or its formula's result. Never raises."""
        content = sheet.content(row, column)
        if not isinstance(content, Cell):
            return content
        if not content.formula:
            return content.value
        self.work = WORK
        return self._settled((sheet.id, row, column))

    def seen(self, content: Content, sheet: Sheet, row: int, column: int) -> Content:
        """Return what stands in a cell, with the number format that its formula's result brings."""
        if not isinstance(content, Cell) or not content.formula:
            return content
        look = look_of(self.book, sheet, row, column)
        if not look:
            return content
        return attrs.evolve(content, format={**(content.format or {}), "numberFormat": look})

    def _settled(self, place: Place) -> Value:
        """Compute a cell, and first those that it waits for."""
        stack = [place]
        while stack:
            try:
                self._result(stack[-1])
            except _Waiting as waiting:
                if waiting.place in stack:
                    self.shared[waiting.place] = CIRCULAR
                    stack.remove(waiting.place)
                else:
                    stack.append(waiting.place)
                continue
            stack.pop()
        return self._result(place)

    def cell(self, sheet: Sheet, row: int, column: int) -> Value:
        """Return a value to a formula; may raise that it has to wait for it."""
        self.work -= 1
        if self.work < 0:
            raise Failure(TOO_MUCH.type, TOO_MUCH.message)
        content = sheet.content(row, column)
        if not isinstance(content, Cell):
            return content
        return self._result((sheet.id, row, column)) if content.formula else content.value

    @behaves("cells that depend on themselves give #REF!", SEEN, "public reports")
    def _result(self, place: Place) -> Value:
        if place in self.shared:
            return self.shared[place]
        if place in self.own:
            self.changing = True
            return self.own[place]
        if place in self.active:
            return CIRCULAR
        if len(self.active) >= LEVELS:
            raise _Waiting(place)
        return self._computed(place)

    def _computed(self, place: Place) -> Value:
        outer, self.changing = self.changing, False
        self.active.add(place)
        try:
            result = self._evaluated(place)
            (self.own if self.changing else self.shared)[place] = result
        finally:
            self.active.discard(place)
            self.changing = self.changing or outer
        return result

    @behaves("what is no formula gives #ERROR!", SEEN, "public reports")
    def _evaluated(self, place: Place) -> Value:
        sheet = self.book.sheet(place[0])
        content = None if sheet is None else sheet.content(place[1], place[2])
        if sheet is None or not isinstance(content, Cell):
            return None
        try:
            tree = parsed(content.formula)
            return self._alone(tree, _At(self, sheet, place))
        except ParseError:
            return PARSE
        except (RecursionError, OverflowError, MemoryError):
            return TOO_MUCH

    def _alone(self, tree: Node, at: "_At") -> Value:
        result = evaluated(tree, at)
        if isinstance(result, Block) and isinstance(tree, Reference):
            try:
                result = met(result, at.setting())
            except Failure as failure:
                return failure.error
        return first_of(result)


@behaves("a formula that gives many values shows the first, and fills no other cell", ASSUMED)
def first_of(result: Argument) -> Value:
    """Return the value that a cell shows of a result."""
    if isinstance(result, Block):
        return result.cell(0, 0) if result.height and result.width else None
    return result


def _remembered(book: Book) -> dict[Place, Value]:
    """Return the results that are known of a spreadsheet as it stands now."""
    token: Token = (
        book.version,
        book.time_zone,
        book.locale,
        tuple(
            (sheet.id, sheet.title, sheet.row_count, sheet.column_count, sheet.rows.changes)
            for sheet in book.sheets
        ),
        tuple(book.named.values()),
    )
    known = KNOWN.get(book)
    if known is None or known[0] != token:
        known = (token, {})
        KNOWN[book] = known
    return known[1]


class _At:
    """The other cells, as a formula in one of them sees them."""

    def __init__(self, results: Results, sheet: Sheet, place: Place) -> None:
        self.results = results
        self.sheet = sheet
        self.place = place

    def setting(self) -> Setting:
        """Return what functions may know."""
        return Setting(
            now=self.results.now,
            locale=self.results.book.locale,
            chance=self.results.chance,
            row=self.place[1],
            column=self.place[2],
        )

    def volatile(self) -> None:
        """Learn that the value will be another the next time."""
        self.results.changing = True

    @behaves("a formula that names a missing tab gives #REF!", SEEN, "public reports")
    def block(self, reference: Reference) -> Block:
        """Return the cells of a reference."""
        sheet = self.results.book.titled(reference.tab) if reference.tab else self.sheet
        if sheet is None:
            raise Failure("REF", f"Unresolved sheet name '{reference.tab}'.")
        area = area_of(reference, sheet)
        if area.empty or not sheet.area.covers(area):
            raise Failure("REF", "Reference does not exist.")
        return self._of(sheet, area)

    @behaves("a name that nothing has gives #NAME?", DOCUMENTED)
    def named(self, name: str) -> Block:
        """Return the cells of a named range."""
        wanted = name.casefold()
        for named in self.results.book.named.values():
            sheet = self.results.book.sheet(named.range.sheet)
            if named.name.casefold() == wanted and sheet is not None:
                return self._of(sheet, named.range.area(sheet.row_count, sheet.column_count))
        raise Failure("NAME", f"Unknown range name: '{name.upper()}'.")

    def _of(self, sheet: Sheet, area: Area) -> Block:
        cell = self.results.cell
        return Block(
            area.height,
            area.width,
            max(0, min(area.height, len(sheet.rows) - area.top)),
            lambda row, column: cell(sheet, area.top + row, area.left + column),
            area.top,
            area.left,
        )


def area_of(reference: Reference, sheet: Sheet) -> Area:
    """Return the cells of a reference; an end that is open goes to the tab's edge."""
    first, last = reference.first, reference.last or reference.first
    rows = [end.row for end in (first, last) if end.row is not None]
    columns = [end.column for end in (first, last) if end.column is not None]
    return Area(
        min(rows, default=0),
        min(columns, default=0),
        max(rows) + 1 if len(rows) == 2 else sheet.row_count,
        max(columns) + 1 if len(columns) == 2 else sheet.column_count,
    )
