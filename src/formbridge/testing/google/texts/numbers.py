"""Numbers as people type them: thousands, decimals, percentages, money, exponents, fractions."""

import math
import re
from functools import cache

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.texts.locales import BLANK, NARROW_BLANK, Locale

CURRENCIES = ("CHF", "zł", "Kč", "kr", "R$", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₴")
"""Signs of currencies, the longest first."""

FRACTION = re.compile(r"([+-]?)(\d{1,9}) +(\d{1,4})/(\d{1,4})")
HUNDRED = 100
DECIMALS = ".00"


@attrs.frozen
class Number:
    """A number that was typed, with the type and the pattern of the format that comes of it."""

    value: float
    type: str = ""
    pattern: str = ""


@attrs.frozen(kw_only=True)
class _Forms:
    """How numbers look in one locale."""

    plain: re.Pattern[str]
    grouped: re.Pattern[str]


@cache
def _forms(locale: Locale) -> _Forms:
    point = re.escape(locale.decimal)
    groups = {locale.group, " ", BLANK, NARROW_BLANK} if locale.group.isspace() else {locale.group}
    group = "[" + "".join(map(re.escape, sorted(groups))) + "]"
    power = r"(?:[eE](?P<power>[+-]?\d{1,4}))?"
    return _Forms(
        plain=re.compile(rf"(?P<whole>[0-9]*)(?:(?P<point>{point})(?P<part>[0-9]*))?{power}"),
        grouped=re.compile(
            rf"(?P<whole>[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)"
            rf"(?:(?P<point>{point})(?P<part>[0-9]*))?(?P<power>(?!))?"
        ),
    )


@behaves("12, 1,234.5, -7, +7, .5, 1e3, 50%, $5, 5 €, 1 1/2 and (5) are numbers", SEEN)
@behaves("leading zeros go; a plus before digits goes", SEEN, "sheets.md 2.8")
def number_in(text: str, locale: Locale) -> Number | None:
    """Return the number that somebody typed; None if it is none."""
    body = text.strip()
    if not body or not any("0" <= letter <= "9" for letter in body):
        return None
    if found := FRACTION.fullmatch(body):
        return _fraction(found)
    negative = body.startswith("(") and body.endswith(")")
    if negative:
        body = body[1:-1].strip()
        if body[:1] in {"-", "+"}:
            return None
    found_number = _signed(body, locale)
    if found_number is None or not negative:
        return found_number
    return attrs.evolve(found_number, value=-found_number.value)


def _signed(body: str, locale: Locale) -> Number | None:
    sign, body = _sign(body)
    currency, body = _currency(body)
    if currency and not sign:
        sign, body = _sign(body)
    percent = body.endswith("%") or body.startswith("%")
    body = body.strip("%").strip() if percent and body.count("%") == 1 else body
    if percent and currency:
        return None
    found = _digits(body, locale)
    if found is None:
        return None
    value, grouped, fraction, power = found
    value = -value if sign == "-" else value
    if percent:
        return Number(_hundredth(value), "PERCENT", f"0{DECIMALS if fraction else ''}%")
    number = f"#,##0{DECIMALS if fraction else ''}"
    if currency:
        return Number(value, "CURRENCY", locale.amount(number, currency))
    if power:
        return Number(value, "SCIENTIFIC", "0.00E+00")
    return Number(value, "NUMBER", number) if grouped else Number(value)


def _sign(body: str) -> tuple[str, str]:
    return (body[0], body[1:].lstrip()) if body[:1] in {"-", "+"} else ("", body)


@behaves("a currency's sign stands before or behind its number", ASSUMED)
def _currency(body: str) -> tuple[str, str]:
    for sign in CURRENCIES:
        if body.startswith(sign):
            return sign, body[len(sign) :].strip()
        if body.endswith(sign):
            return sign, body[: -len(sign)].strip()
    return "", body


def _digits(body: str, locale: Locale) -> tuple[float, bool, bool, bool] | None:
    """Return the value, and whether there are groups, decimals and an exponent."""
    forms = _forms(locale)
    grouped = forms.grouped.fullmatch(body)
    found = grouped or forms.plain.fullmatch(body)
    if found is None or not (found["whole"] or found["part"]):
        return None
    whole = "".join(letter for letter in found["whole"] if letter.isdigit())
    value = float(f"{whole or 0}.{found['part'] or 0}e{found['power'] or 0}")
    if math.isinf(value):
        return None
    return value, grouped is not None, bool(found["part"]), bool(found["power"])


def _hundredth(value: float) -> float:
    """Return a percentage as a number, without the noise of binary division."""
    return float(f"{value / HUNDRED:.15g}")


@behaves("a whole number, a blank and a fraction are a number", DOCUMENTED, "format # ?/?")
def _fraction(found: re.Match[str]) -> Number | None:
    sign, whole, above, below = found.groups()
    if not int(below):
        return None
    value = int(whole) + int(above) / int(below)
    marks = "?" * max(1, len(below))
    return Number(-value if sign == "-" else value, "NUMBER", f"# {marks}/{marks}")
