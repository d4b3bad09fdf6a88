"""Number formats, and what is shown without one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.grid.cell import Cell, ErrorValue
from formbridge.testing.google.texts.general import general
from formbridge.testing.google.texts.locales import locale_of
from formbridge.testing.google.texts.rendering import Shower, formatted, is_moment

US = Shower(locale=locale_of("en_US"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1 / 1024, "0.0009765625"),
        (1 / 3, "0.3333333333"),
        (100 / 3, "33.33333333"),
        (3.14159265358979, "3.141592654"),
        (0.1 + 0.2, "0.3"),
        (123456789012345.0, "123456789012345"),
        (1e15, "1E+15"),
        (1234567890123456.0, "1.23457E+15"),
        (-0.5, "-0.5"),
        (1e-10, "1E-10"),
    ],
)
def test_automatic(number: float, text: str) -> None:
    """Without a format ten digits are shown, and an exponent where there are too many."""
    assert general(number) == text


@pytest.mark.parametrize(
    ("number", "pattern", "text"),
    [
        (2000000.01, "#,##0.00", "2,000,000.01"),
        (0.105, "0.00%", "10.50%"),
        (1000, "0.00E+00", "1.00E+03"),
        (999999, "0.00E+00", "1.00E+06"),
        (-5, '"$"#,##0.00', "-$5.00"),
        (-5, '"$"#,##0.00;("$"#,##0.00)', "($5.00)"),
        (0, '#,##0;-#,##0;"zero"', "zero"),
        (1234567, '#,##0,"K"', "1,235K"),
        (5551234567, "(###) ###-####", "(555) 123-4567"),
        (7, "000", "007"),
        (12, "0.##", "12."),
        (1.5, "# ?/?", "1 1/2"),
        (0.5, "# ?/?", "1/2"),
        (-0.004, "0.00", "0.00"),
        (1e300, "0", "1" + "0" * 300),
        (50, '[<100]"low";[>=100]"high"', "low"),
        (5, "[Red]0.0", "5.0"),
        (5, "[$CHF-807] 0.00", "CHF 5.00"),
        (43831, "yyyy-mm-dd", "2020-01-01"),
        (43831.52083333333, "m/d/yyyy h:mm:ss", "1/1/2020 12:30:00"),
        (0.52083333333, "h:mm am/pm", "12:30 PM"),
        (43831, "ddd, mmmm d, yy", "Wed, January 1, 20"),
        (43831, "dddd mmm mmmmm", "Wednesday Jan J"),
        (1.0625, "[h]:mm:ss", "25:30:00"),
        (0.5, "[mm]:ss", "720:00"),
        (43831.00001, "hh:mm:ss.000", "00:00:00.864"),
        (0.9999999999, "h:mm:ss", "0:00:00"),
        (7, "General", "7"),
        (7, "@", "7"),
        (7, '"x"', "x"),
        (7, ";;", "7"),
    ],
)
def test_patterns(number: float, pattern: str, text: str) -> None:
    """Patterns mean what Google's guide to formats says."""
    assert US.text(float(number), {"type": "NUMBER", "pattern": pattern}) == (
        "" if pattern == ";;" else text
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("NUMBER", "43,831.50"),
        ("PERCENT", "4383150.00%"),
        ("CURRENCY", "$43,831.50"),
        ("DATE", "1/1/2020"),
        ("TIME", "12:00:00 PM"),
        ("DATE_TIME", "1/1/2020 12:00:00"),
        ("SCIENTIFIC", "4.38E+04"),
        ("TEXT", "43831.5"),
    ],
)
def test_types_without_a_pattern(kind: str, text: str) -> None:
    """A format that names only its type has the locale's usual pattern."""
    assert US.text(43831.5, {"type": kind}) == text


def test_what_is_no_number() -> None:
    """Texts, truth and errors are shown under any format; a text may stand in a frame."""
    assert US.text("x", {"type": "NUMBER"}) == "x"
    assert US.text("x", {"type": "TEXT", "pattern": '0;0;0;"<"@">"'}) == "<x>"
    assert US.text(value=True, number_format={"type": "DATE"}) == "TRUE"
    assert US.text(ErrorValue("DIVIDE_BY_ZERO"), {}) == "#DIV/0!"
    assert US.text(None, {"type": "DATE"}) == ""


def test_formulas_bring_a_format() -> None:
    """What TODAY gives is a date, without a format and with one of the cell's own."""
    assert formatted(Cell(formula="=TODAY()"), 43831.0) == "1/1/2020"
    assert formatted(Cell(formula="=TODAY()+1"), 43831.0) == "43831"
    chosen = {"numberFormat": {"type": "NUMBER", "pattern": "0"}}
    assert formatted(Cell(formula="=TODAY()", format=chosen), 43831.0) == "43831"


def test_moments() -> None:
    """Dates are known by their type, or by a pattern that writes one."""
    assert is_moment({"type": "DATE"})
    assert is_moment({"type": "NUMBER", "pattern": "yyyy"})
    assert not is_moment({"type": "NUMBER", "pattern": '"yyyy" 0'})


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?.,%E+-/ymdhs[]<>=;"\\_*@ax$ :', max_size=12),
    st.sampled_from(["en_US", "de_DE", "fr_FR"]),
)
def test_any_pattern(number: float, pattern: str, locale: str) -> None:
    """Any number is shown by any pattern, whatever it means."""
    shower = Shower(locale=locale_of(locale))
    assert isinstance(shower.text(number, {"type": "NUMBER", "pattern": pattern}), str)


@given(st.floats(-1e14, 1e14))
def test_automatic_is_near(number: float) -> None:
    """What is shown automatically is the number, as far as ten digits go."""
    assert float(general(number)) == pytest.approx(number, rel=1e-9, abs=1e-14)
