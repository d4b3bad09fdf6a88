"""A number written by a pattern that has digits: ``#,##0.00``, ``0.00E+00``, ``# ?/?``."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import attrs

from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.texts.locales import Locale
from formbridge.testing.google.texts.patterns import Piece, Section, Token

EXACT = Context(prec=800)
"""Enough digits for any double."""

THOUSAND = 3
LARGEST_PARTS = (9, 99, 999, 9999)


@behaves("digits, thousands, percentages, scaling commas, exponents and fractions", DOCUMENTED)
def number_text(section: Section, number: float, locale: Locale) -> str:
    """Return the size of a number as the section writes it; the sign is the caller's matter."""
    value = abs(Decimal(repr(number)))
    value = value.scaleb(2 * sum(token.piece is Piece.PERCENT for token in section.tokens), EXACT)
    layout = _layout(section.tokens)
    value = value.scaleb(-THOUSAND * layout.scaling, EXACT)
    if section.has(Piece.SLASH) and not layout.decimals and (text := _fraction(section, value)):
        return text
    if section.has(Piece.EXPONENT):
        return _scientific(layout, value, locale)
    return _written(layout, value, locale)


@attrs.frozen(kw_only=True)
class Layout:
    """Where digits stand: before the point (``whole``), behind it, and behind E (``power``)."""

    whole: tuple[Token, ...]
    decimals: tuple[Token, ...]
    power: tuple[Token, ...]
    has_point: bool
    grouped: bool
    scaling: int
    exponent: str


def _layout(tokens: Sequence[Token]) -> Layout:
    parts: list[list[Token]] = [[], [], []]
    at, scaling, grouped, exponent = 0, 0, False, ""
    commas = 0
    for token in tokens:
        if token.piece is Piece.COMMA:
            commas += 1
            continue
        if token.piece is Piece.DIGIT and commas:
            grouped, commas = True, 0
        if token.piece is Piece.POINT and not at:
            at = 1
        elif token.piece is Piece.EXPONENT:
            at, exponent = 2, token.text
        else:
            kept = token if token.piece is Piece.DIGIT else Token(Piece.LITERAL, token.text)
            parts[at].append(kept)
    if any(token.piece is Piece.DIGIT for token in tokens):
        scaling = commas
    return Layout(
        whole=tuple(parts[0]),
        decimals=tuple(parts[1]),
        power=tuple(parts[2]),
        has_point=any(token.piece is Piece.POINT for token in tokens),
        grouped=grouped,
        scaling=scaling,
        exponent=exponent,
    )


def _count(tokens: Sequence[Token]) -> int:
    return sum(token.piece is Piece.DIGIT for token in tokens)


def _written(layout: Layout, value: Decimal, locale: Locale) -> str:
    places = _count(layout.decimals)
    whole, _, decimals = f"{_rounded(value, places):f}".partition(".")
    behind = _behind(layout.decimals, decimals)
    point = locale.decimal if layout.has_point else ""
    before = _before(layout.whole, whole.lstrip("0"), locale.group if layout.grouped else "")
    return before + point + behind


def _rounded(value: Decimal, places: int) -> Decimal:
    unit = Decimal(1).scaleb(-places, EXACT)
    return value.quantize(unit, rounding=ROUND_HALF_UP, context=EXACT)


def _before(tokens: Sequence[Token], digits: str, group: str) -> str:
    """Write digits from the right; those that have no place of their own stand before the first."""
    result: list[str] = []
    written = 0
    first = next((at for at, token in enumerate(tokens) if token.piece is Piece.DIGIT), 0)

    def put(digit: str) -> None:
        nonlocal written
        if group and written and written % THOUSAND == 0 and digit != " ":
            result.append(group)
        result.append(digit)
        written += 1

    for at in range(len(tokens) - 1, -1, -1):
        token = tokens[at]
        if token.piece is not Piece.DIGIT:
            result.append(token.text)
            continue
        if digits:
            put(digits[-1])
            digits = digits[:-1]
        elif token.text != "#":
            put("0" if token.text == "0" else " ")
        while at == first and digits:
            put(digits[-1])
            digits = digits[:-1]
    if digits and not _count(tokens):
        result.append(digits[::-1])
    return "".join(reversed(result))


def _behind(tokens: Sequence[Token], digits: str) -> str:
    needed = len(digits.rstrip("0"))
    result: list[str] = []
    at = 0
    for token in tokens:
        if token.piece is not Piece.DIGIT:
            result.append(token.text)
            continue
        if at < needed or token.text == "0":
            result.append(digits[at])
        elif token.text == "?":
            result.append(" ")
        at += 1
    return "".join(result)


def _scientific(layout: Layout, value: Decimal, locale: Locale) -> str:
    width = max(1, _count(layout.whole))
    exponent = value.adjusted() if value else 0
    exponent -= exponent % width if width > 1 else 0
    places = _count(layout.decimals)
    mantissa = value.scaleb(-exponent, EXACT)
    rounded = _rounded(mantissa, places)
    if rounded >= Decimal(10) ** width:
        exponent += width
        rounded = rounded.scaleb(-width, EXACT)
    sign = "-" if exponent < 0 else "+" if layout.exponent.endswith("+") else ""
    power = _before(layout.power, str(abs(exponent)) if exponent else "", "")
    return _written(layout, rounded, locale) + f"{layout.exponent[0]}{sign}{power}"


def _fraction(section: Section, value: Decimal) -> str:
    """Return a number as a fraction, with its whole part where the pattern has a place for it."""
    tokens = section.tokens
    slash = next(at for at, token in enumerate(tokens) if token.piece is Piece.SLASH)
    after = _run(tokens, slash + 1, 1)
    before = _run(tokens, slash - 1, -1)
    if not (after and before):
        return ""
    largest = LARGEST_PARTS[min(after, len(LARGEST_PARTS)) - 1]
    near = Fraction(value).limit_denominator(largest)
    has_whole = _count(tokens[: slash - before]) > 0
    whole, part = divmod(near, 1) if has_whole else (0, near)
    if has_whole and not part:
        return str(whole)
    text = f"{part.numerator}/{part.denominator}"
    return f"{whole} {text}" if has_whole and whole else text


def _run(tokens: Sequence[Token], at: int, step: int) -> int:
    count = 0
    while 0 <= at < len(tokens) and tokens[at].piece is Piece.DIGIT:
        count += 1
        at += step
    return count
