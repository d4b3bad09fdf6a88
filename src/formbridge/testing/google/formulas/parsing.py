"""A formula's words as a tree."""

import re
from collections.abc import Callable, Sequence

import attrs

from formbridge.testing.google.formulas.references import Reference, reference_of
from formbridge.testing.google.formulas.tokens import Token, tokens
from formbridge.testing.google.grid.cell import ErrorValue, Value

DEPTH = 64
"""How deep a formula may be nested: far deeper than people write, not so deep that it costs."""


@attrs.frozen
class Literal:
    """A number, text, boolean or error as it is written; None is an argument that is left empty."""

    value: Value


@attrs.frozen
class Name:
    """A named range, or nothing that is known."""

    text: str


@attrs.frozen
class Call:
    """A function with its arguments, or an operator by the name of its function (``ADD``)."""

    name: str
    arguments: "tuple[Node, ...]"


@attrs.frozen
class Array:
    """Rows between braces."""

    rows: "tuple[tuple[Node, ...], ...]"


Node = Literal | Reference | Name | Call | Array

OPERATORS = {
    "=": (1, "EQ"),
    "<>": (1, "NE"),
    "<": (1, "LT"),
    ">": (1, "GT"),
    "<=": (1, "LTE"),
    ">=": (1, "GTE"),
    "&": (2, "CONCAT"),
    "+": (3, "ADD"),
    "-": (3, "MINUS"),
    "*": (4, "MULTIPLY"),
    "/": (4, "DIVIDE"),
    "^": (5, "POW"),
}
"""How strongly an operator binds, and the function that Google names in its messages."""

ERRORS = {
    "#REF!": ErrorValue("REF", "Reference does not exist."),
    "#N/A": ErrorValue("N_A"),
    "#DIV/0!": ErrorValue("DIVIDE_BY_ZERO"),
    "#VALUE!": ErrorValue("VALUE"),
    "#NUM!": ErrorValue("NUM"),
    "#NAME?": ErrorValue("NAME"),
    "#NULL!": ErrorValue("NULL_VALUE"),
    "#ERROR!": ErrorValue("ERROR"),
}


class ParseError(Exception):
    """A text that is no formula."""


def parsed(formula: str) -> Node:
    """Return the tree of a formula (``=1+A1``); raise ``ParseError`` for what is none."""
    words = [token for token in tokens(formula.removeprefix("=")) if token.kind != "space"]
    parser = _Parser(words)
    tree = parser.expression(0)
    if parser.text:
        raise ParseError(formula)
    return tree


class _Parser:
    def __init__(self, words: Sequence[Token]) -> None:
        self._words = words
        self._next = 0
        self._depth = 0

    @property
    def text(self) -> str:
        """The next word, or nothing."""
        return self._words[self._next].text if self._next < len(self._words) else ""

    def _take(self) -> Token:
        if self._next >= len(self._words):
            raise ParseError("end")
        self._next += 1
        return self._words[self._next - 1]

    def _expect(self, text: str) -> None:
        if self._take().text != text:
            raise ParseError(text)

    def expression(self, strength: int) -> Node:
        """Read operators that bind more strongly than that, and what is between them."""
        self._depth += 1
        if self._depth > DEPTH:
            raise ParseError("depth")
        left = self._operand()
        while self.text in OPERATORS and OPERATORS[self.text][0] > strength:
            binds, name = OPERATORS[self._take().text]
            left = Call(name, (left, self.expression(binds)))
        self._depth -= 1
        return left

    def _operand(self) -> Node:
        signs: list[str] = []
        while self.text in {"+", "-"}:
            signs.append(self._take().text)
        node = self._primary()
        while self.text == "%":
            self._take()
            node = Call("UNARY_PERCENT", (node,))
        for sign in reversed(signs):
            node = Call("UMINUS" if sign == "-" else "UPLUS", (node,))
        return node

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "function":
            self._expect("(")
            return Call(token.text, tuple(self._arguments()))
        if token.text == "(":
            inner = self.expression(0)
            self._expect(")")
            return inner
        return self._array() if token.text == "{" else _leaf(token)

    def _arguments(self) -> list[Node]:
        found: list[Node] = []
        if self.text == ")":
            self._take()
            return found
        while True:
            empty = self.text in {",", ";", ")"}
            found.append(Literal(None) if empty else self.expression(0))
            mark = self._take().text
            if mark == ")":
                return found
            if mark not in {",", ";"}:
                raise ParseError(mark)

    def _array(self) -> Node:
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self.expression(0))
            mark = self._take().text
            if mark == "}":
                return Array(tuple(map(tuple, rows)))
            if mark == ";":
                rows.append([])
            elif mark not in {",", "\\"}:
                raise ParseError(mark)


def _leaf(token: Token) -> Node:
    text = token.text
    leaves: dict[str, Callable[[], Node]] = {
        "number": lambda: Literal(_number(text)),
        "text": lambda: Literal(text[1:-1].replace('""', '"')),
        "error": lambda: Literal(ERRORS[text]),
        "reference": lambda: reference_of(text) or Literal(ERRORS["#REF!"]),
        "name": lambda: _named(text),
    }
    if token.kind not in leaves:
        raise ParseError(text)
    return leaves[token.kind]()


def _number(text: str) -> float:
    number = float(text)
    if number == float("inf"):
        raise ParseError(text)
    return number


def _named(text: str) -> Node:
    if re.fullmatch("true|false", text, re.IGNORECASE):
        return Literal(text.lower() == "true")
    return Name(text)
