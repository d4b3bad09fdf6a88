"""Functions that look values up, and those that count or add what meets a criterion."""

from collections.abc import Sequence

from formbridge.testing.google.formulas.coercing import (
    Argument,
    Block,
    Failure,
    as_block,
    block_of,
    equal,
    rank,
    scalar,
    shown,
    truth,
    values_of,
    whole,
)
from formbridge.testing.google.formulas.criteria import pattern
from formbridge.testing.google.formulas.functions import MANY, Setting, function, given
from formbridge.testing.google.grid.cell import ErrorValue, Value


def place_of(key: Value, line: Sequence[Value], *, exact: bool) -> int | None:
    """Return where a value stands; in sorted values (not ``exact``) the last one not greater."""
    if exact:
        wanted = pattern(key)
        hits = (at for at, value in enumerate(line) if wanted(value))
        return next(hits, None)
    best = None
    for at, value in enumerate(line):
        if value is None or isinstance(value, ErrorValue) or rank(value)[0] != rank(key)[0]:
            continue
        if rank(value) > rank(key):
            break
        best = at
    return best


def _missing(key: Value, name: str) -> Failure:
    return Failure("N_A", f"Did not find value '{shown(key)}' in {name} evaluation.")


def _table(arguments: Sequence[Argument], name: str, *, upright: bool) -> Argument:
    key, block, index = scalar(arguments[0]), as_block(arguments[1]), whole(arguments[2], name, 3)
    size = block.width if upright else block.height
    if index < 1:
        raise Failure(
            "VALUE", f"Function {name} parameter 3 value is {index}. It should be greater than 0."
        )
    if index > size:
        raise Failure("REF", f"{name} evaluates to an out of bounds range.")
    exact = len(arguments) > 3 and not truth(arguments[3], name, 4)
    at = place_of(key, block.line(0, column=upright), exact=exact)
    if at is None:
        raise _missing(key, name)
    return block.cell(at, index - 1) if upright else block.cell(index - 1, at)


@function("VLOOKUP", 3, 4)
def _vlookup(arguments: Sequence[Argument], _: Setting) -> Argument:
    return _table(arguments, "VLOOKUP", upright=True)


@function("HLOOKUP", 3, 4)
def _hlookup(arguments: Sequence[Argument], _: Setting) -> Argument:
    return _table(arguments, "HLOOKUP", upright=False)


@function("LOOKUP", 2, 3)
def _lookup(arguments: Sequence[Argument], _: Setting) -> Argument:
    key, searched = scalar(arguments[0]), as_block(arguments[1])
    at = place_of(key, list(searched.values()), exact=False)
    if at is None:
        raise _missing(key, "LOOKUP")
    result = as_block(given(arguments, 2, None)) if len(arguments) > 2 else searched
    return _nth(result, at)


@function("XLOOKUP", 3, 6)
def _xlookup(arguments: Sequence[Argument], _: Setting) -> Argument:
    key, searched, result = scalar(arguments[0]), as_block(arguments[1]), as_block(arguments[2])
    at = place_of(key, list(searched.values()), exact=True)
    if at is not None:
        return _nth(result, at)
    if len(arguments) > 3:
        return scalar(arguments[3])
    raise _missing(key, "XLOOKUP")


def _nth(block: Block, at: int) -> Value:
    """Return a value of a row or a column, counted along it."""
    if block.height == 1:
        return block.cell(0, at) if at < block.width else None
    return block.cell(at, 0) if at < block.height else None


@function("MATCH XMATCH", 2, 4)
def _match(arguments: Sequence[Argument], _: Setting) -> Argument:
    key, searched = scalar(arguments[0]), as_block(arguments[1])
    if searched.height > 1 and searched.width > 1:
        raise Failure("N_A", "MATCH range must be a single row or a single column.")
    kind = whole(given(arguments, 2, 1.0), "MATCH", 3)
    line = list(searched.values())
    at = place_of(key, line, exact=True) if kind == 0 else place_of(key, line, exact=False)
    if kind < 0:
        hits = (index for index in reversed(range(len(line))) if line[index] is not None)
        at = next((index for index in hits if equal(line[index], key)), None)
    if at is None:
        raise _missing(key, "MATCH")
    return float(at + 1)


@function("INDEX", 1, 3)
def _index(arguments: Sequence[Argument], _: Setting) -> Argument:
    block = as_block(arguments[0])
    row = whole(given(arguments, 1, 0.0), "INDEX", 2)
    column = whole(given(arguments, 2, 0.0), "INDEX", 3)
    if block.height == 1 and len(arguments) == 2:
        row, column = 1, row
    if not (0 <= row <= block.height and 0 <= column <= block.width):
        raise Failure("NUM", f"Function INDEX parameter 2 value is {row}. It is out of range.")
    return part_of(block, row, column)


def part_of(block: Block, row: int, column: int) -> Argument:
    """Return a cell of a block, or its row or column where the other number is 0."""
    if row and column:
        return block.cell(row - 1, column - 1)
    if row:
        return block_of([block.line(row - 1, column=False)])
    if column:
        line = block.line(column - 1, column=True)
        return block_of([[value] for value in line] or [[None]])
    return block


@function("ROWS", 1)
def _rows(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(as_block(arguments[0]).height)


@function("COLUMNS", 1)
def _columns(arguments: Sequence[Argument], _: Setting) -> Argument:
    return float(as_block(arguments[0]).width)


@function("ROW", 0, 1)
def _row(arguments: Sequence[Argument], setting: Setting) -> Argument:
    return float(_corner(arguments).top + 1) if arguments else float(setting.row + 1)


@function("COLUMN", 0, 1)
def _column(arguments: Sequence[Argument], setting: Setting) -> Argument:
    return float(_corner(arguments).left + 1) if arguments else float(setting.column + 1)


def _corner(arguments: Sequence[Argument]) -> Block:
    block = arguments[0]
    if not isinstance(block, Block) or block.top < 0:
        raise Failure("N_A", "Argument must be a range.")
    return block


@function("TRANSPOSE", 1)
def _transpose(arguments: Sequence[Argument], _: Setting) -> Argument:
    rows = list(as_block(arguments[0]).rows()) or [[None]]
    return block_of([list(column) for column in zip(*rows, strict=True)])


@function("UNIQUE", 1, 3)
def _unique(arguments: Sequence[Argument], _: Setting) -> Argument:
    seen: dict[tuple[object, ...], list[Value]] = {}
    for row in as_block(arguments[0]).rows():
        seen.setdefault(tuple((type(value), value) for value in row), row)
    return block_of(list(seen.values()) or [[None]])


@function("FLATTEN", 1, MANY)
def _flatten(arguments: Sequence[Argument], _: Setting) -> Argument:
    return block_of([[value] for value, _ in values_of(arguments)] or [[None]])
