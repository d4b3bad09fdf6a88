"""Numbers as they were written: a float where it holds every digit, else a Decimal."""

from decimal import Decimal

_ALWAYS_EXACT = 16  # characters: a point and 15 digits, which every double holds


def exact_number(text: str) -> float | Decimal:
    """Return the number in a JSON text; raise ArithmeticError for an exponent beyond all bounds."""
    value = float(text)
    if len(text) <= _ALWAYS_EXACT and "e" not in text and "E" not in text:
        return value
    exact = Decimal(text)
    return value if Decimal(repr(value)) == exact else exact
