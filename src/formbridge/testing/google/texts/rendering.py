"""How a cell is shown: by its number format, in the locale of its spreadsheet."""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.grid.cell import Cell, Content, ErrorValue, Value
from formbridge.testing.google.texts.general import general
from formbridge.testing.google.texts.locales import Locale, locale_of
from formbridge.testing.google.texts.moments import Moment, in_calendar, moment_of
from formbridge.testing.google.texts.numerals import number_text
from formbridge.testing.google.texts.patterns import Piece, Section, Token, sections

ERRORS: Mapping[str, str] = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}
NOON = 12
CENTURY = 100
ONE_CALL = re.compile(r"=\s*([A-Za-z_]+)\((?:[^()]|\([^()]*\))*\)\s*")
BY_FUNCTION: Mapping[str, str] = {
    "TODAY": "DATE",
    "DATE": "DATE",
    "EDATE": "DATE",
    "EOMONTH": "DATE",
    "WORKDAY": "DATE",
    "TO_DATE": "DATE",
    "NOW": "DATE_TIME",
    "TIME": "TIME",
    "TO_PERCENT": "PERCENT",
    "TO_DOLLARS": "CURRENCY",
}
MOMENTS = frozenset({"DATE", "TIME", "DATE_TIME"})


def error_text(error: ErrorValue) -> str:
    """Return an error as a cell shows it."""
    return ERRORS.get(error.type, "#ERROR!")


@behaves("a format without a pattern has the usual one of its type and of the locale", DOCUMENTED)
def pattern_of(number_format: Mapping[str, Any], locale: Locale) -> str:
    """Return the pattern of a number format; nothing for the automatic one."""
    if pattern := number_format.get("pattern"):
        return str(pattern)
    kind = number_format.get("type")
    usual = {
        "TEXT": "@",
        "NUMBER": "#,##0.00",
        "PERCENT": "0.00%",
        "CURRENCY": locale.amount("#,##0.00"),
        "DATE": locale.date,
        "TIME": locale.time,
        "DATE_TIME": f"{locale.date} h:mm:ss",
        "SCIENTIFIC": "0.00E+00",
    }
    return usual.get(str(kind), "")


def number_format_of(content: Content) -> Mapping[str, Any]:
    """Return the number format of a cell; an empty one if it has none."""
    if not isinstance(content, Cell):
        return {}
    chosen_format = (content.format or {}).get("numberFormat")
    return chosen_format or (implied(content.formula) if content.formula else {})


@behaves("a formula that is one call of TODAY, DATE, NOW, TIME… is shown as a moment", ASSUMED)
def implied(formula: str) -> Mapping[str, Any]:
    """Return the number format that the outermost function of a formula brings."""
    found = ONE_CALL.fullmatch(formula)
    kind = BY_FUNCTION.get(found[1].upper()) if found else None
    return {"type": kind} if kind else {}


def is_moment(number_format: Mapping[str, Any]) -> bool:
    """Whether a format shows numbers as dates, times or durations."""
    if number_format.get("type") in MOMENTS:
        return True
    return bool(pattern := number_format.get("pattern")) and sections(str(pattern))[0].is_date


def formatted(content: Content, value: Value, locale_name: str = "en_US") -> str:
    """Return the text that a person sees in a cell of this content, whose value is given."""
    if isinstance(value, str) and not isinstance(content, Cell):
        return value
    return Shower(locale=locale_of(locale_name)).text(value, number_format_of(content))


@attrs.frozen(kw_only=True)
class Shower:
    """Shows values as one locale does."""

    locale: Locale

    @behaves("a blank is an empty text, truth is written in capitals", RECORDED)
    @behaves("truth and errors keep their names whatever the format", SEEN)
    def text(self, value: Value, number_format: Mapping[str, Any]) -> str:
        """Return a value as a number format shows it."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.locale.true if value else self.locale.false
        if isinstance(value, ErrorValue):
            return error_text(value)
        pattern = pattern_of(number_format, self.locale) if number_format else ""
        if isinstance(value, str):
            return self._words(value, pattern) if "@" in pattern else value
        return self._by_pattern(value, pattern) if pattern else self.general(value)

    def _by_pattern(self, number: float, pattern: str) -> str:
        try:
            return self._number(number, pattern)
        except ArithmeticError:  # larger, once scaled, than any number that is shown
            return self.general(number)

    def general(self, number: float) -> str:
        """Return a number as an automatic format shows it."""
        text = general(number)
        return text if self.locale.decimal == "." else text.replace(".", self.locale.decimal)

    def _words(self, text: str, pattern: str) -> str:
        section = sections(pattern)[-1]
        if not section.has(Piece.TEXT):
            return text
        return "".join(
            text if token.piece is Piece.TEXT else token.text for token in section.tokens
        )

    def _number(self, number: float, pattern: str) -> str:
        section, signed = chosen(sections(pattern), number)
        if section.is_date:
            return self._moment(section, number) if number >= 0 or in_calendar(number) else ""
        if section.has(Piece.TEXT, Piece.GENERAL):
            return self._around(section, number, signed=signed)
        if not section.tokens:
            return ""
        if section.is_number:
            text = number_text(section, number, self.locale)
            zero = not any(letter in "123456789" for letter in text)
        else:
            text, zero = "".join(token.text for token in section.tokens), False
        return f"-{text}" if signed and number < 0 and not zero else text

    def _around(self, section: Section, number: float, *, signed: bool) -> str:
        shown = self.general(number if signed else abs(number))
        return "".join(
            shown if token.piece in {Piece.TEXT, Piece.GENERAL} else token.text
            for token in section.tokens
        )

    def _moment(self, section: Section, number: float) -> str:
        tokens = section.tokens
        decimals = max(
            (len(token.text) for token in tokens if token.piece is Piece.FRACTION), default=0
        )
        if section.has(Piece.ELAPSED):
            return self._elapsed(tokens, number)
        if not in_calendar(number):
            return self.general(number)
        moment = moment_of(number, decimals=min(decimals, 3))
        half = section.has(Piece.HALF)
        return "".join(self._part(token, moment, half=half) for token in tokens)

    def _part(self, token: Token, moment: Moment, *, half: bool) -> str:
        if token.piece is Piece.HALF:
            letters = "AM" if moment.hour < NOON else "PM"
            return letters if len(token.text) > 3 else letters[0]
        if token.piece is Piece.FRACTION:
            digits = f"{moment.fraction:.{len(token.text)}f}"[2:]
            return self.locale.decimal + digits
        if token.piece is not Piece.DATE:
            return token.text
        return self._date_part(token.text.lower(), moment, half=half)

    def _date_part(self, code: str, moment: Moment, *, half: bool) -> str:
        letter, width = code[0], len(code)
        if letter == "y":
            year = moment.day.year
            return f"{year % CENTURY:02d}" if width in {1, 2} else f"{year:04d}"
        if letter == "m":
            return self._month(moment.day.month, width)
        if letter == "d":
            return self._day(moment, width)
        hour = (moment.hour % NOON or NOON) if half else moment.hour
        number = {"h": hour, "n": moment.minute, "s": moment.second}[letter]
        return f"{number:02d}" if width > 1 else str(number)

    def _month(self, month: int, width: int) -> str:
        names, short = self.locale.months, self.locale.short_months
        by_width = {1: str(month), 2: f"{month:02d}", 3: short[month - 1], 5: names[month - 1][:1]}
        return by_width.get(width, names[month - 1])

    def _day(self, moment: Moment, width: int) -> str:
        day, weekday = moment.day.day, moment.day.weekday()
        by_width = {1: str(day), 2: f"{day:02d}", 3: self.locale.short_days[weekday]}
        return by_width.get(width, self.locale.days[weekday])

    @behaves("hours, minutes or seconds in brackets count what has gone by", DOCUMENTED)
    def _elapsed(self, tokens: tuple[Token, ...], number: float) -> str:
        seconds = round(abs(number) * 86_400)
        largest = {"h": 3600, "m": 60, "s": 1}
        result: list[str] = []
        for token in tokens:
            letter, width = token.text[:1].lower(), len(token.text)
            if token.piece is Piece.ELAPSED:
                result.append(str(seconds // largest[letter]).zfill(width))
            elif token.piece is Piece.DATE and letter in {"h", "n", "s"}:
                part = {"h": seconds // 3600 % 24, "n": seconds // 60 % 60, "s": seconds % 60}
                result.append(str(part[letter]).zfill(width))
            elif token.piece is not Piece.DATE:
                result.append(token.text)
        return ("-" if number < 0 and seconds else "") + "".join(result)


def chosen(parts: tuple[Section, ...], number: float) -> tuple[Section, bool]:
    """Return the section for a number, and whether a minus has to be written before it."""
    if any(part.condition for part in parts):
        for part in parts:
            if part.condition is None or _meets(number, part.condition):
                return part, True
        return parts[-1], True
    if number < 0 and len(parts) > 1:
        return parts[1], False
    if number == 0 and len(parts) > 2:
        return parts[2], False
    return parts[0], True


def _meets(number: float, condition: tuple[str, float]) -> bool:
    sign, bound = condition
    results = {
        "<": number < bound,
        ">": number > bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }
    return results[sign]
