"""Patterns of number formats (``#,##0.00``, ``yyyy-mm-dd``, ``[h]:mm``), read into pieces."""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

import attrs

from formbridge.testing.google.behaviour import DOCUMENTED, behaves


class Piece(Enum):
    """What a piece of a pattern stands for."""

    LITERAL = "literal"
    DIGIT = "digit"
    POINT = "point"
    COMMA = "comma"
    PERCENT = "percent"
    EXPONENT = "exponent"
    SLASH = "slash"
    DATE = "date"
    ELAPSED = "elapsed"
    HALF = "half of the day"
    FRACTION = "fraction of a second"
    TEXT = "text"
    GENERAL = "general"


@attrs.frozen
class Token:
    """A piece and how it is written."""

    piece: Piece
    text: str


@attrs.frozen(kw_only=True)
class Section:
    """One of the parts between semicolons, with its condition, if it has one (``>=``, 100)."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None

    def has(self, *pieces: Piece) -> bool:
        """Whether there is such a piece."""
        return any(token.piece in pieces for token in self.tokens)

    @property
    def is_date(self) -> bool:
        """Whether it writes a date, a time or a duration."""
        return self.has(Piece.DATE, Piece.ELAPSED)

    @property
    def is_number(self) -> bool:
        """Whether it writes digits."""
        return self.has(Piece.DIGIT)


WORDS = re.compile(
    r"""
    "(?P<quoted>[^"]*)"?              # text in quotes
  | \\(?P<escaped>.)                  # a character by itself
  | _(?P<space>.)                     # a blank as wide as a character
  | \*(?P<fill>.)                     # a character repeated to fill the cell
  | \[(?P<bracket>[^\]]*)\]           # a colour, a condition, a currency, elapsed time
  | (?P<general>general)
  | (?P<half>am/pm|a/p)
  | (?P<date>y+|m+|d+|h+|s+)
  | (?P<exponent>e[+-])
  | (?P<other>.)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)")
ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
SINGLES = {
    "0": Piece.DIGIT,
    "#": Piece.DIGIT,
    "?": Piece.DIGIT,
    ".": Piece.POINT,
    ",": Piece.COMMA,
    "%": Piece.PERCENT,
    "/": Piece.SLASH,
    "@": Piece.TEXT,
}


@behaves("patterns of number formats: sections, conditions, colours, quotes, digits", DOCUMENTED)
@lru_cache(maxsize=1024)
def sections(pattern: str) -> tuple[Section, ...]:
    """Return the sections of a pattern; one at least."""
    found: list[Section] = []
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None
    for match in WORDS.finditer(pattern):
        if match["other"] == ";":
            found.append(_section(tokens, condition))
            tokens, condition = [], None
        elif match["bracket"] is not None and (said := CONDITION.fullmatch(match["bracket"])):
            condition = said[1], float(said[2])
        else:
            tokens += _tokens(match)
    return (*found, _section(tokens, condition))


def _tokens(match: re.Match[str]) -> list[Token]:
    if match["bracket"] is not None:
        return _bracket(match["bracket"])
    if (single := match["other"]) is not None:
        return [Token(SINGLES.get(single, Piece.LITERAL), single)]
    for group, piece in NAMED:
        if (text := match[group]) is not None:
            return [Token(piece, text)]
    return [Token(Piece.LITERAL, " ")] if match["space"] is not None else []


NAMED = (
    ("quoted", Piece.LITERAL),
    ("escaped", Piece.LITERAL),
    ("general", Piece.GENERAL),
    ("half", Piece.HALF),
    ("date", Piece.DATE),
    ("exponent", Piece.EXPONENT),
)


def _bracket(inside: str) -> list[Token]:
    if inside.startswith("$"):
        return [Token(Piece.LITERAL, inside[1:].rpartition("-")[0] or inside[1:])]
    if ELAPSED.fullmatch(inside):
        return [Token(Piece.ELAPSED, inside)]
    return []  # a colour


def _section(tokens: Sequence[Token], condition: tuple[str, float] | None) -> Section:
    """Return a section, in which it is clear what its points, slashes and commas mean."""
    result = list(tokens)
    if any(token.piece in {Piece.DATE, Piece.ELAPSED} for token in result):
        result = _as_date(result)
    elif not any(token.piece is Piece.DIGIT for token in result):
        result = [_plain(token) for token in result]
    return Section(tokens=tuple(result), condition=condition)


DATE_ONLY = {Piece.POINT, Piece.COMMA, Piece.SLASH, Piece.DIGIT, Piece.EXPONENT, Piece.PERCENT}


def _as_date(tokens: Sequence[Token]) -> list[Token]:
    result: list[Token] = []
    for token in tokens:
        last = result[-1] if result else None
        if token.piece is Piece.DIGIT and token.text == "0" and last is not None:
            if last.piece is Piece.FRACTION:
                result[-1] = Token(Piece.FRACTION, last.text + "0")
                continue
            if last.text == "." and _is_seconds(result):
                result[-1] = Token(Piece.FRACTION, "0")
                continue
        result.append(Token(Piece.LITERAL, token.text) if token.piece in DATE_ONLY else token)
    return _with_minutes(result)


def _is_seconds(tokens: Sequence[Token]) -> bool:
    return len(tokens) > 1 and tokens[-2].text.lower().startswith("s")


def _with_minutes(tokens: list[Token]) -> list[Token]:
    """Return the tokens with minutes written as ``n``: m and mm behind hours or before seconds."""
    dates = [at for at, token in enumerate(tokens) if token.piece in {Piece.DATE, Piece.ELAPSED}]
    for place, at in enumerate(dates):
        token = tokens[at]
        if token.piece is not Piece.DATE or token.text.lower() not in {"m", "mm"}:
            continue
        before = tokens[dates[place - 1]].text.lower()[:1] if place else ""
        after = tokens[dates[place + 1]].text.lower()[:1] if place + 1 < len(dates) else ""
        if before == "h" or after == "s":
            tokens[at] = Token(Piece.DATE, "n" * len(token.text))
    return tokens


def _plain(token: Token) -> Token:
    keep = {Piece.LITERAL, Piece.TEXT, Piece.GENERAL, Piece.PERCENT}
    return token if token.piece in keep else Token(Piece.LITERAL, token.text)
