"""A formula's tree as a value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.formulas import (
    arithmetic,
    calendar,
    criteria,
    logic,
    lookups,
    outside,
    rounding,
    wording,
)
from formbridge.testing.google.formulas.coercing import (
    Argument,
    Block,
    Failure,
    block_of,
    equal,
    scalar,
    truth,
    whole,
)
from formbridge.testing.google.formulas.functions import FUNCTIONS, Function, Setting, counted
from formbridge.testing.google.formulas.library import from_library
from formbridge.testing.google.formulas.parsing import Array, Call, Literal, Name, Node
from formbridge.testing.google.formulas.references import Reference
from formbridge.testing.google.grid.cell import ErrorValue, Value

ROOMS = (arithmetic, rounding, calendar, lookups, criteria, logic, wording, outside)
"""The modules that register functions."""


class Sheets(Protocol):
    """Where the values of other cells come from. Everything may raise ``Failure``."""

    def block(self, reference: Reference) -> Block:
        """Return the cells of a reference."""

    def named(self, name: str) -> Block:
        """Return the cells of a named range."""

    def setting(self) -> Setting:
        """Return what functions may know."""

    def volatile(self) -> None:
        """Learn that the value will be another the next time."""


def evaluated(node: Node, sheets: Sheets) -> Argument:
    """Return the value of a tree; an error is a value, too."""
    try:
        return _evaluated(node, sheets)
    except Failure as failure:
        return failure.error


def _evaluated(node: Node, sheets: Sheets) -> Argument:
    match node:
        case Literal():
            return node.value
        case Reference():
            return sheets.block(node)
        case Name():
            return sheets.named(node.text)
        case Array():
            return _array(node, sheets)
        case Call():
            return _chained(node, sheets)


def _array(node: Array, sheets: Sheets) -> Argument:
    rows: list[list[Value]] = []
    for row in node.rows:
        rows.extend(_beside([evaluated(one, sheets) for one in row]))
    if len({len(row) for row in rows}) > 1:
        raise Failure(
            "VALUE",
            "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows.",
        )
    return block_of(rows)


def _beside(parts: Sequence[Argument]) -> list[list[Value]]:
    blocks = [part if isinstance(part, Block) else block_of([[part]]) for part in parts]
    heights = {block.height for block in blocks}
    if len(heights) > 1:
        raise Failure("VALUE", "Function ARRAY_ROW parameter 2 has mismatched row size.")
    lines = [list(block.rows()) for block in blocks]
    height = max(map(len, lines))
    return [
        [value for block, rows in zip(blocks, lines, strict=True)
         for value in (rows[at] if at < len(rows) else [None] * block.width)]
        for at in range(height)
    ]  # fmt: skip


def _chained(node: Call, sheets: Sheets) -> Argument:
    """Evaluate operators one after the other: a sum of a thousand terms is a thousand deep."""
    chain: list[Call] = []
    first: Node = node
    while isinstance(first, Call) and first.name in SCALAR and len(first.arguments) == 2:
        chain.append(first)
        first = first.arguments[0]
    if not chain:
        return _called(node, sheets)
    value = evaluated(first, sheets)
    for call in reversed(chain):
        other = evaluated(call.arguments[1], sheets)
        try:
            value = _applied(FUNCTIONS[call.name], [value, other], sheets)
        except Failure as failure:
            value = failure.error
    return value


@behaves("an unknown function gives #NAME? and its name as it was typed", SEEN, "public reports")
def _called(node: Call, sheets: Sheets) -> Argument:
    name = node.name.upper()
    lazy = LAZY.get(name)
    if lazy is not None:
        return lazy(node.arguments, sheets)
    found = FUNCTIONS.get(name) or from_library(name)
    if found is None:
        raise Failure("NAME", f"Unknown function: '{node.name}'.")
    counted(found, len(node.arguments))
    if found.volatile:
        sheets.volatile()
    return _applied(found, [evaluated(one, sheets) for one in node.arguments], sheets)


def _applied(found: Function, arguments: Sequence[Argument], sheets: Sheets) -> Argument:
    setting = sheets.setting()
    if found.name in SCALAR:
        arguments = [met(argument, setting) for argument in arguments]
    return found.call(arguments, setting)


SCALAR = frozenset({*arithmetic.BINARY, *arithmetic.COMPARISONS, *arithmetic.UNARY, "CONCAT"})
"""Operators and functions of single values: of a range they take what stands in their own row."""


@behaves("a range where one value is wanted is what stands in the formula's row or column", SEEN)
def met(argument: Argument, setting: Setting) -> Argument:
    """Return the value of a range that stands in the row or column of the formula."""
    if not isinstance(argument, Block) or (argument.height == argument.width == 1):
        return argument
    if argument.top < 0:
        return argument.cell(0, 0)
    row, column = setting.row - argument.top, setting.column - argument.left
    if argument.width == 1 and 0 <= row < argument.height:
        return argument.cell(row, 0)
    if argument.height == 1 and 0 <= column < argument.width:
        return argument.cell(0, column)
    raise Failure("VALUE", "An array value could not be found.")


# --- functions that do not look at all of their arguments ---------------------------------------

Nodes = tuple[Node, ...]


def _arity(name: str, nodes: Nodes, least: int, most: int) -> None:
    counted(Function(name=name, least=least, most=most, call=lambda _, __: None), len(nodes))


def _if(nodes: Nodes, sheets: Sheets) -> Argument:
    _arity("IF", nodes, 2, 3)
    holds = truth(met(evaluated(nodes[0], sheets), sheets.setting()), "IF", 1)
    if holds:
        return evaluated(nodes[1], sheets)
    return evaluated(nodes[2], sheets) if len(nodes) > 2 else False


def _iferror(nodes: Nodes, sheets: Sheets) -> Argument:
    _arity("IFERROR", nodes, 1, 2)
    return _unless(nodes, sheets, lambda _: True)


def _ifna(nodes: Nodes, sheets: Sheets) -> Argument:
    _arity("IFNA", nodes, 1, 2)
    return _unless(nodes, sheets, lambda error: error.type == "N_A")


def _unless(nodes: Nodes, sheets: Sheets, caught: Callable[[ErrorValue], bool]) -> Argument:
    value = evaluated(nodes[0], sheets)
    first = value.cell(0, 0) if isinstance(value, Block) else value
    if isinstance(first, ErrorValue) and caught(first):
        return evaluated(nodes[1], sheets) if len(nodes) > 1 else None
    return value


def _ifs(nodes: Nodes, sheets: Sheets) -> Argument:
    if len(nodes) % 2:
        raise Failure("N_A", "Function IFS expects all arguments after position 0 to be in pairs.")
    for place in range(0, len(nodes), 2):
        if truth(evaluated(nodes[place], sheets), "IFS", place + 1):
            return evaluated(nodes[place + 1], sheets)
    raise Failure("N_A", "No match.")


def _switch(nodes: Nodes, sheets: Sheets) -> Argument:
    _arity("SWITCH", nodes, 3, 1_000)
    wanted = scalar(evaluated(nodes[0], sheets))
    rest = nodes[1:]
    for place in range(0, len(rest) - 1, 2):
        if equal(scalar(evaluated(rest[place], sheets)), wanted):
            return evaluated(rest[place + 1], sheets)
    if len(rest) % 2:
        return evaluated(rest[-1], sheets)
    raise Failure("N_A", "No match for the value in SWITCH.")


def _choose(nodes: Nodes, sheets: Sheets) -> Argument:
    _arity("CHOOSE", nodes, 2, 1_000)
    place = whole(evaluated(nodes[0], sheets), "CHOOSE", 1)
    if not 0 < place < len(nodes):
        raise Failure(
            "NUM",
            f"Function CHOOSE parameter 1 value is {place}. "
            f"Valid values are between 1 and {len(nodes) - 1} inclusive.",
        )
    return evaluated(nodes[place], sheets)


@behaves("ARRAYFORMULA shows the first of its values and fills no other cell", ASSUMED)
def _arrayformula(nodes: Nodes, sheets: Sheets) -> Argument:
    _arity("ARRAYFORMULA", nodes, 1, 1)
    return _spread(nodes[0], sheets)


def _spread(node: Node, sheets: Sheets) -> Argument:
    """Evaluate operators for each value of the ranges that they are given."""
    if not isinstance(node, Call) or node.name.upper() not in SCALAR:
        return evaluated(node, sheets)
    parts = [_spread(one, sheets) for one in node.arguments]
    first = [part.cell(0, 0) if isinstance(part, Block) else part for part in parts]
    return FUNCTIONS[node.name.upper()].call(first, sheets.setting())


def _let_alone(nodes: Nodes, _: Sheets) -> Argument:
    del nodes
    raise Failure(
        "N_A", "Function LAMBDA should be followed by a call containing the actual values."
    )


@behaves("ISBLANK and the other tests look at a value that is an error", DOCUMENTED)
def _isref(nodes: Nodes, sheets: Sheets) -> Argument:
    del sheets
    return isinstance(nodes[0], Reference) if nodes else False


LAZY: Mapping[str, Callable[[Nodes, Sheets], Argument]] = {
    "IF": _if,
    "IFERROR": _iferror,
    "IFNA": _ifna,
    "IFS": _ifs,
    "SWITCH": _switch,
    "CHOOSE": _choose,
    "ARRAYFORMULA": _arrayformula,
    "LAMBDA": _let_alone,
    "ISREF": _isref,
}
