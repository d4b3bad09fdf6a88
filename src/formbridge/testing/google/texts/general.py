"""Numbers as text without a format of their own: what Google calls automatic."""

from decimal import ROUND_HALF_UP, Decimal

from formbridge.testing.google.behaviour import ASSUMED, RECORDED, SEEN, behaves

DIGITS = 10
"""Significant digits that are shown of a number with a fraction."""

WHOLE = 1e15
"""From here on whole numbers are shown with an exponent."""

TINY = 1e-9
"""Below this, numbers are shown with an exponent."""

EXPONENT_DIGITS = 6
JSON_WHOLE = 1e21


@behaves("ten significant digits of a number, no zeros behind the last", RECORDED, "1/1024")
@behaves("whole numbers in full up to fifteen digits, then 1.23457E+15", SEEN)
@behaves("numbers below a thousand millionth have an exponent", ASSUMED)
def general(number: float) -> str:
    """Return a number as an automatic format shows it, with a point."""
    if number.is_integer() and -WHOLE < number < WHOLE:
        return str(int(number))
    size = abs(number)
    if size >= WHOLE or size < TINY:
        return scientific(number)
    text = f"{rounded(Decimal(repr(number)), _places(size)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _places(size: float) -> int:
    """Return how many digits behind the point leave ten that count."""
    exponent = Decimal(repr(size)).adjusted()
    return max(0, DIGITS - 1 - exponent)


def scientific(number: float) -> str:
    """Return a number with an exponent and as few digits as it needs, six at most."""
    mantissa, _, exponent = f"{number:.{EXPONENT_DIGITS - 1}E}".partition("E")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    sign = "-" if exponent.startswith("-") else "+"
    return f"{mantissa}E{sign}{exponent[1:].zfill(2)}"


def rounded(number: Decimal, places: int) -> Decimal:
    """Return a number rounded as people do: a half goes up."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def json_number(number: float) -> float:
    """Return a number as JSON prints it: without a fraction where it has none."""
    return int(number) if number.is_integer() and abs(number) < JSON_WHOLE else number
