"""What entries become, as a person's and as they are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.cell import Cell, cell_of
from formbridge.testing.google.texts.rendering import formatted
from formbridge.testing.google.texts.typing import Entry, Typist, raw, replaced

TODAY = date(2026, 11, 26)
HERE = Typist.of("en_US", TODAY)


def shown(text: str, locale: str = "en_US") -> tuple[object, str, str]:
    """Return the value of a typed text, the type of its format, and what a person sees."""
    cell = cell_of(Typist.of(locale, TODAY).content(text, None))
    number_format = (cell.format or {}).get("numberFormat") or {}
    return cell.value, str(number_format.get("type", "")), formatted(cell, cell.value, locale)


@pytest.mark.parametrize(
    ("text", "value", "kind", "seen"),
    [
        ("0042", 42.0, "", "42"),
        ("2,000,000.01", 2000000.01, "NUMBER", "2,000,000.01"),
        ("1,234", 1234.0, "NUMBER", "1,234"),
        ("+4912345", 4912345.0, "", "4912345"),
        (" 12 ", 12.0, "", "12"),
        (".5", 0.5, "", "0.5"),
        ("1 1/2", 1.5, "NUMBER", "1 1/2"),
        ("$5.5", 5.5, "CURRENCY", "$5.50"),
        ("-$5", -5.0, "CURRENCY", "-$5"),
        ("($5)", -5.0, "CURRENCY", "-$5"),
        ("10%", 0.1, "PERCENT", "10%"),
        ("10.5%", 0.105, "PERCENT", "10.50%"),
        ("1e3", 1000.0, "SCIENTIFIC", "1.00E+03"),
        ("2020-01-01", 43831.0, "DATE", "2020-01-01"),
        ("1/2/2020", 43832.0, "DATE", "1/2/2020"),
        ("1-2", 46024.0, "DATE", "1-2"),
        ("Jan 1, 2020", 43831.0, "DATE", "Jan 1, 2020"),
        ("1-Jan-2020", 43831.0, "DATE", "1-Jan-2020"),
        ("12:30", 0.5208333333333334, "TIME", "12:30"),
        ("2:30 PM", 0.6041666666666666, "TIME", "2:30 PM"),
        ("25:30:00", 1.0625, "TIME", "25:30:00"),
        ("2020-01-01 12:30", 43831.520833333336, "DATE_TIME", "2020-01-01 12:30:00"),
        ("true", True, "", "TRUE"),
        ("'123", "123", "", "123"),
    ],
)
def test_entries_with_a_meaning(text: str, value: object, kind: str, seen: str) -> None:
    """Numbers, money, percentages, moments and truth are understood, and keep their looks."""
    assert shown(text) == (value, kind, seen)


@pytest.mark.parametrize(
    "text",
    [
        "1,23",
        "13/01/2020",
        "2020-02-30",
        "3_1_0",
        "-foo",
        "-",
        "+",
        "=",
        "%",
        "1.2.3",
        "1e999",
        "A",
    ],
)
def test_entries_that_are_text(text: str) -> None:
    """What is none of these is text, and shown as it is."""
    assert shown(text) == (text, "", text)


@pytest.mark.parametrize(
    ("locale", "text", "value", "seen"),
    [
        ("de_DE", "1.234,5", 1234.5, "1.234,50"),
        ("de_DE", "0,5", 0.5, "0,5"),
        ("de_DE", "1.5.2020", 43952.0, "1.5.2020"),
        ("de_DE", "5 €", 5.0, "5 €"),
        ("de_DE", "WAHR", True, "WAHR"),
        ("de_DE", "1. Januar 2020", 43831.0, "1. Januar 2020"),
        ("en_GB", "13/01/2020", 43843.0, "13/01/2020"),
        ("en_GB", "£5", 5.0, "£5"),
        ("fr_FR", "1 janvier 2020", 43831.0, "1 janvier 2020"),
        ("fr_FR", "12,5 €", 12.5, "12,50 €"),
        ("xx_XX", "1,234", 1234.0, "1,234"),
    ],
)
def test_locales(locale: str, text: str, value: object, seen: str) -> None:
    """Each locale has its signs, its order of dates, its money and its words."""
    found = shown(text, locale)
    assert (found[0], found[2].replace("\u00a0", " ")) == (value, seen)


@pytest.mark.parametrize(
    ("text", "formula"), [("=1+1", "=1+1"), ("= 1 / 1024", "= 1 / 1024"), ("+A1", "=+A1")]
)
def test_formulas(text: str, formula: str) -> None:
    """A sign of equality begins a formula, and so does a plus without a number."""
    assert HERE.typed(text).formula == formula


def test_cells_of_plain_text_take_everything_as_text() -> None:
    """A cell whose format is plain text keeps digits and formulas as they were typed."""
    cell = Cell(format={"numberFormat": {"type": "TEXT"}})
    assert cell_of(HERE.content("007", cell)).value == "007"
    assert cell_of(HERE.content("=1+1", cell)).value == "=1+1"


def test_what_a_cell_has_stays() -> None:
    """Format, note and rules of a cell outlive its value; what belongs to its text does not."""
    old = Cell(value="x", note="n", more={"textFormatRuns": [], "dataValidation": {"a": 1}})
    new = cell_of(replaced(old, HERE.typed("5%")))
    assert (new.note, new.more) == ("n", {"dataValidation": {"a": 1}})
    assert new.format == {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}


def test_too_long() -> None:
    """A text of more than 50,000 characters is refused, one of as many is not."""
    assert raw("x" * 50_000) == "x" * 50_000
    with pytest.raises(ApiError, match="more than the maximum of 50000 characters"):
        raw("x" * 50_001)
    with pytest.raises(ApiError, match="more than the maximum of 50000 characters"):
        HERE.typed("x" * 50_001)


entries = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.text(alphabet="0123456789.,-+/:%$eE ()'=€", max_size=12),
    st.dates(date(1000, 1, 1)).map(str),
)


@given(entries, st.sampled_from(["en_US", "en_GB", "de_DE", "fr_FR", "ja_JP"]))
def test_any_entry(entry: Entry, locale: str) -> None:
    """Any entry becomes something that can be shown; typing it twice is typing it once."""
    typist = Typist.of(locale, TODAY)
    once = typist.content(entry, None)
    assert typist.content(entry, once) == once
    cell = cell_of(once)
    assert isinstance(formatted(once, cell.value, locale), str)


@given(st.text(max_size=12) | st.text(alphabet="0123456789.,-+/:%$eE ()=", max_size=12))
def test_what_stands_in_a_formula_bar_is_stable(text: str) -> None:
    """A value that is typed again as the formula bar shows it is the same value."""
    first = HERE.typed(text)
    again = HERE.typed(first.formula or first.value)  # type: ignore[arg-type]  # no errors here
    if not (isinstance(first.value, str) and text.startswith("'")):
        assert (again.value, again.formula) == (first.value, first.formula)
