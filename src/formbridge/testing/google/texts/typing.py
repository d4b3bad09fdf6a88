"""What an entry becomes when it is typed into a cell, or stored as it is."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import invalid
from formbridge.testing.google.grid.book import TEXT_LIMIT
from formbridge.testing.google.grid.cell import Cell, Content, Value, content_of
from formbridge.testing.google.texts.dates import moment_in
from formbridge.testing.google.texts.locales import Locale, locale_of
from formbridge.testing.google.texts.numbers import number_in

Entry = None | bool | int | float | str
"""What JSON gives for one cell."""

TOO_LONG = f"Your input contains more than the maximum of {TEXT_LIMIT} characters in a single cell."
LONGEST = 60
"""Characters of a date with names at most."""

DROPPED = frozenset({"textFormatRuns", "chipRuns"})
"""What belongs to a text and goes with it."""


@attrs.frozen(kw_only=True)
class Typed:
    """What an entry is: a value or a formula, and the number format that comes of it."""

    value: Value = None
    formula: str = ""
    format: Mapping[str, str] | None = None


@behaves("RAW keeps texts, numbers and truth as they are; an empty text clears", RECORDED)
def raw(entry: Entry) -> Value:
    """Return what an entry is that nobody parses."""
    if isinstance(entry, str):
        return _short(entry) or None
    return entry if entry is None or isinstance(entry, bool) else _number(entry)


@behaves("a text of more than 50,000 characters is refused", SEEN)
def _short(text: str) -> str:
    if len(text) > TEXT_LIMIT // 2 and len(text.encode("utf-16-le", "surrogatepass")) > (
        2 * TEXT_LIMIT
    ):
        raise invalid(TOO_LONG)
    return text


def _number(entry: float) -> float:
    try:
        value = float(entry)
    except OverflowError as error:
        raise invalid(f"Invalid value: {str(entry)[:40]}") from error
    if not math.isfinite(value):
        raise invalid(f"Invalid value: {value}")
    return value


@attrs.frozen(kw_only=True)
class Typist:
    """Types entries as a person does, in a locale, on a day."""

    locale: Locale
    today: date

    @classmethod
    def of(cls, locale_name: str, today: date) -> "Typist":
        """Return who types in a locale (``en_US``)."""
        return cls(locale=locale_of(locale_name), today=today)

    @behaves("numbers and truth of JSON are themselves, texts are parsed", RECORDED)
    def typed(self, entry: Entry) -> Typed:
        """Return what an entry becomes in a cell without a format."""
        if not isinstance(entry, str):
            return Typed(value=raw(entry))
        text = _short(entry)
        if not text:
            return Typed()
        if text.startswith("'"):
            return self.apostrophe(text)
        return self._formula(text) or self._parsed(text) or Typed(value=text)

    @behaves("an apostrophe makes a text of anything and is not part of it", DOCUMENTED)
    def apostrophe(self, text: str) -> Typed:
        """Return the text behind an apostrophe."""
        return Typed(value=text[1:] or None)

    @behaves("= begins a formula, + too where no number follows", SEEN)
    @behaves("a sign of equality or a plus alone is text", ASSUMED)
    def _formula(self, text: str) -> Typed | None:
        if len(text.strip()) < 2:
            return None
        if text.startswith("="):
            return Typed(formula=text)
        if text.startswith("+") and self._parsed(text) is None:
            return Typed(formula=f"={text}")
        return None

    def _parsed(self, text: str) -> Typed | None:
        if text[0].isalpha():
            if (truth := self._truth(text)) is not None:
                return Typed(value=truth)
            if len(text) > LONGEST or text.isalpha():
                return None
        found = number_in(text, self.locale) or moment_in(text, self.locale, self.today)
        if found is None:
            return None
        if not found.type:
            return Typed(value=found.value)
        return Typed(value=found.value, format={"type": found.type, "pattern": found.pattern})

    @behaves("TRUE and FALSE are truth in any capitals, in the locale's words too", SEEN)
    def _truth(self, text: str) -> bool | None:
        word = text.strip().upper()
        if word in {"TRUE", self.locale.true}:
            return True
        return False if word in {"FALSE", self.locale.false} else None

    @behaves("what is typed into a cell of plain text stays text", DOCUMENTED)
    @behaves(
        "an entry brings its number format where the cell has none or one of another type", ASSUMED
    )
    def content(self, entry: Entry, old: Content) -> Content:
        """Return what stands in a cell once an entry was typed into it."""
        if old is None:
            typed = self.typed(entry)
            if typed.format is None and not typed.formula:
                return typed.value
            return Cell(value=typed.value, formula=typed.formula, format=_looks(None, typed))
        if _is_text(old) and isinstance(entry, str):
            return replaced(old, Typed(value=_short(entry) or None))
        return replaced(old, self.typed(entry))


@behaves("what is written keeps the cell's format, note and rules", RECORDED)
def replaced(old: Content, typed: Typed) -> Content:
    """Return a cell's content with another value or formula."""
    if not isinstance(old, Cell):
        return content_of(
            Cell(value=typed.value, formula=typed.formula, format=_looks(None, typed))
        )
    more = {name: value for name, value in old.more.items() if name not in DROPPED}
    cell = attrs.evolve(
        old,
        value=typed.value,
        formula=typed.formula,
        format=_looks(old.format, typed),
        more=more,
    )
    return content_of(cell)


def _looks(old: Mapping[str, Any] | None, typed: Typed) -> Mapping[str, Any] | None:
    if typed.format is None:
        return old
    if old and (old.get("numberFormat") or {}).get("type") == typed.format["type"]:
        return old
    return {**(old or {}), "numberFormat": typed.format}


def _is_text(old: Content) -> bool:
    if not isinstance(old, Cell) or not old.format:
        return False
    return (old.format.get("numberFormat") or {}).get("type") == "TEXT"
