"""What formulas give: values, Google's errors with their words, and an end to all of it."""

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.formulas import Results
from formbridge.testing.google.formulas.references import moved
from formbridge.testing.google.formulas.tokens import tokens
from formbridge.testing.google.grid.book import Book, NamedRange, fresh_book
from formbridge.testing.google.grid.cell import Cell, ErrorValue, Value, cell_of
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

NOVEMBER = 1_700_000_000_000_000
"""14 November 2023, 22:13:20 UTC, in microseconds."""

CIRCULAR = (
    "Circular dependency detected. To resolve with iterative calculation, see File > Settings."
)


WRONG_NUMBER = (
    "Wrong number of arguments to VLOOKUP. Expected between 3 and 4 arguments, but got 2 arguments."
)
NO_NUMBER = (
    "Function ADD parameter 1 expects number values. "
    "But 'a' is a text and cannot be coerced to a number."
)


def example() -> tuple[Book, Sheet]:
    """Return a spreadsheet of two tabs: A1:B3 is 1 a, 2 b, 3 c; another tab has 7 in A1."""
    book = fresh_book("id", "Book")
    sheet = book.sheets[0]
    sheet.rows.replace(0, [(1.0, "a"), (2.0, "b"), (3.0, "c"), ("x", True)])
    book.sheets.append(Sheet(id=5, title="My tab"))
    book.sheets[1].put(0, 0, 7.0)
    book.named["n"] = NamedRange(
        id="n", name="Sums", range=GridRange(top=0, bottom=3, left=0, right=1)
    )
    return book, sheet


def result(formula: str, *, row: int = 20, column: int = 3) -> Value:
    """Return what a formula gives in a cell of the example."""
    book, sheet = example()
    sheet.put(row, column, Cell(formula=formula))
    return Results(book, now=NOVEMBER).value(sheet, row, column)


def error(formula: str) -> tuple[str, str]:
    """Return the kind and the words of the error that a formula gives."""
    found = result(formula)
    assert isinstance(found, ErrorValue), found
    return found.type, found.message


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("= 1 / 1024", 0.0009765625),
        ("=-2^2", 4.0),
        ("=2+3*4%", 2.12),
        ("=2^3^2", 64.0),
        ("=1=1", True),
        ('="A"="a"', True),
        ('="b">"A"', True),
        ('="x">5', True),
        ('="a"&1&TRUE', "a1TRUE"),
        ("=A1+A2*2", 5.0),
        ("='My tab'!A1+$A$1", 8.0),
        ("=sum(A1:B3)", 6.0),
        ("=SUM(A:A)", 6.0),
        ("=SUM(A2:A)", 5.0),
        ("=SUM(2:3)", 5.0),
        ("=SUM(A1,)", 1.0),
        ("=SUM(Sums)", 6.0),
        ("=SUM({1,2;3,4})", 10.0),
        ("=COUNT(A1:B4)", 3.0),
        ("=COUNTA(A1:B4)", 8.0),
        ("=COUNTBLANK(A1:A6)", 2.0),
        ("=AVERAGE(A1:A3)", 2.0),
        ("=MAX(A1:A3)-MIN(A1:A3)", 2.0),
        ("=ROUND(2.345,2)", 2.35),
        ("=ROUND(-2.5)", -3.0),
        ("=ROUNDDOWN(-2.59,1)", -2.5),
        ("=MOD(-3,2)", 1.0),
        ('=IF(A1>3,1/0,"no")', "no"),
        ("=IF(A1,)", None),
        ("=AND(TRUE,1,A1:A3)", True),
        ("=NOT(OR(FALSE,0))", True),
        ('=IFERROR(1/0,"bad")', "bad"),
        ('=IFNA(NA(),"none")', "none"),
        ('=IFS(FALSE,1,TRUE,"yes")', "yes"),
        ('=SWITCH(2,1,"one",2,"two")', "two"),
        ('=CHOOSE(2,1/0,"b")', "b"),
        ('=CONCATENATE("a",1,A1:A2)', "a112"),
        ('=TEXTJOIN("-",TRUE,"a","",B1:B2)', "a-a-b"),
        ('=LEFT("hello",2)&RIGHT("hello",2)&MID("hello",2,2)', "heloel"),
        ('=LEN(TRIM("  a   b "))', 3.0),
        ('=UPPER("ab")&PROPER("john o\'neil")', "ABJohn O'Neil"),
        ('=SUBSTITUTE("aaa","a","b",2)', "aba"),
        ('=FIND("l","hello")', 3.0),
        ('=VALUE("50%")+"1"', 1.5),
        ('=TEXT(1234.5,"#,##0.00")', "1,234.50"),
        ('=TEXT(DATE(2020,1,2),"yyyy-mm-dd")', "2020-01-02"),
        ("=DATE(2023,3,19)", 45004.0),
        ("=DATE(2023,14,1)-DATE(2024,2,1)", 0.0),
        ("=TODAY()", 45244.0),
        ("=YEAR(NOW())&HOUR(NOW())", "202322"),
        ("=WEEKDAY(DATE(2023,3,19))", 1.0),
        ("=EOMONTH(DATE(2024,1,31),1)-DATE(2024,2,29)", 0.0),
        ('=DATEDIF(DATE(2020,2,29),DATE(2021,3,1),"Y")', 1.0),
        ("=VLOOKUP(2,A1:B3,2,FALSE)", "b"),
        ("=VLOOKUP(2.5,A1:B3,2)", "b"),
        ('=INDEX(A1:A3,MATCH("C",B1:B3,0))', 3.0),
        ('=XLOOKUP("z",B1:B3,A1:A3,"none")', "none"),
        ('=COUNTIF(A1:A3,">1")&COUNTIF(B1:B3,"?")', "23"),
        ('=SUMIF(B1:B3,"<>b",A1:A3)', 4.0),
        ('=SUMIFS(A1:A3,A1:A3,">1",B1:B3,"c")', 3.0),
        ("=SUMPRODUCT(A1:A3,A1:A3)", 14.0),
        ("=ROW()&COLUMN(C4)&ROWS(A2:A)", "213999"),
        ("=ISBLANK(IF(,,))", True),
        ('=ISBLANK(A9)&ISBLANK("")', "TRUEFALSE"),
        ('=HYPERLINK("https://example.org","click")', "click"),
        ('=IMAGE("https://example.org/a.png")', None),
        ("=UNIQUE(B1:B3)", "a"),
        ("=ARRAYFORMULA(A1:A3*2)", 2.0),
    ],
)
def test_values(formula: str, value: Value) -> None:
    """Operators, references and the usual functions."""
    found = result(formula)
    assert found == (pytest.approx(value) if isinstance(value, float) else value)
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("formula", "kind", "message"),
    [
        ("=1/0", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
        ("=Foo(1)", "NAME", "Unknown function: 'Foo'."),
        ("=foo", "NAME", "Unknown range name: 'FOO'."),
        ("=1+", "ERROR", "Formula parse error."),
        ("=(((1", "ERROR", "Formula parse error."),
        ("=A1:Z1 A30:Z30", "ERROR", "Formula parse error."),
        ("=1e999", "ERROR", "Formula parse error."),
        ("=NA()", "N_A", ""),
        ("=#REF!+1", "REF", "Reference does not exist."),
        ("=ZZ1", "REF", "Reference does not exist."),
        ("=Missing!A1", "REF", "Unresolved sheet name 'Missing'."),
        ("=VLOOKUP(9,A1:B3,2,FALSE)", "N_A", "Did not find value '9' in VLOOKUP evaluation."),
        (
            "=VLOOKUP(9,A1)",
            "N_A",
            WRONG_NUMBER,
        ),
        (
            '="a"+1',
            "VALUE",
            NO_NUMBER,
        ),
        (
            "=SQRT(-1)",
            "NUM",
            "Function SQRT parameter 1 value is negative. It should be positive or zero.",
        ),
        ("=A1:A3", "VALUE", "An array value could not be found."),
        (
            '=IMPORTXML("https://example.org","//a")',
            "N_A",
            "Could not fetch url: https://example.org",
        ),
        ("=D21", "REF", CIRCULAR),
        (
            '=REPT("x",1000000000)',
            "VALUE",
            "Text result of REPT is longer than the limit of 32000 characters.",
        ),
    ],
)
def test_errors(formula: str, kind: str, message: str) -> None:
    """Each kind of error, in Google's words."""
    assert error(formula) == (kind, message)


def test_a_range_where_one_value_is_wanted_is_that_of_the_row() -> None:
    """Without ARRAYFORMULA an operator takes what stands in the formula's own row."""
    assert result("=A1:A3*10", row=1) == 20.0
    assert result("=A1:A3", row=2) == 3.0


@pytest.mark.parametrize("formula", ["=STDEV(A1:A3)", "=PERCENTILE(A1:A3,1)/3", "=RANK(3,A1:A3)"])
def test_the_library_serves_where_nothing_here_does(formula: str) -> None:
    """Statistics and finance come from the package, and give plain values."""
    assert result(formula) == 1.0


def test_the_library_is_imported_when_it_is_needed_only() -> None:
    """A formula that this emulator computes itself costs no seconds."""
    code = (
        "import sys\n"
        "from formbridge.testing.google.formulas import Results\n"
        "from formbridge.testing.google.grid.book import fresh_book\n"
        "from formbridge.testing.google.grid.cell import Cell\n"
        "book = fresh_book('id', 'Book')\n"
        "book.sheets[0].put(0, 0, Cell(formula='=SUM(1,2)/VLOOKUP(1,{1,2},2)'))\n"
        "assert Results(book).value(book.sheets[0], 0, 0) == 1.5\n"
        "assert not {'formulas', 'numpy', 'schedula'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_long_chain_is_computed_and_a_long_circle_is_seen() -> None:
    """Thousands of cells that each need the one above end no stack."""
    book, sheet = example()
    sheet.row_count = 3_001
    sheet.put(0, 3, 1.0)
    for row in range(1, 3_000):
        sheet.put(row, 3, Cell(formula=f"=D{row}+1"))
    assert Results(book).value(sheet, 2_999, 3) == 3_000.0
    sheet.put(0, 3, Cell(formula="=D3000"))
    for row in (0, 1_500, 2_999):
        assert Results(book).value(sheet, row, 3) == ErrorValue("REF", CIRCULAR)


def test_long_and_deep_formulas_end() -> None:
    """A thousand operators are computed, a thousand parentheses are no formula."""
    assert result("=" + "+".join(["1"] * 5_000)) == 5_000.0
    assert error("=" + "(" * 5_000 + "1" + ")" * 5_000) == ("ERROR", "Formula parse error.")
    assert error("=" + "IF(1," * 5_000)[0] == "ERROR"


def test_work_is_bounded() -> None:
    """Many ranges of millions of cells are not counted to their end, empty ones cost nothing."""
    book, sheet = example()
    sheet.row_count, sheet.column_count = 300_000, 30
    sheet.put(0, 3, Cell(formula="=SUM(A1:C300000)+COUNTBLANK(A:C)"))
    assert Results(book).value(sheet, 0, 3) == 6.0 + 900_000 - 8
    sheet.rows.replace(0, [(1.0, 1.0, 1.0)] * 300_000)
    sheet.put(0, 4, Cell(formula="=" + "+".join(["SUM(A:C)"] * 10)))
    assert Results(book).value(sheet, 0, 4) == ErrorValue(
        "ERROR", "Calculation limit was reached while computing this formula."
    )


def test_results_are_remembered_until_something_changes() -> None:
    """Another look finds them, a change of any cell or name drops them; chance is not kept."""
    book, sheet = example()
    sheet.put(0, 3, Cell(formula="=A1*2"))
    first = Results(book)
    assert first.value(sheet, 0, 3) == 2.0
    assert Results(book).shared is first.shared
    sheet.put(0, 0, 5.0)
    assert Results(book).value(sheet, 0, 3) == 10.0
    clone = book.clone()
    clone.sheets[0].put(0, 0, 6.0)
    assert Results(clone).value(clone.sheets[0], 0, 3) == 12.0
    assert Results(book).value(sheet, 0, 3) == 10.0
    sheet.put(1, 3, Cell(formula="=RAND()+D3"))
    sheet.put(2, 3, Cell(formula="=TODAY()"))
    assert Results(book, now=NOVEMBER).value(sheet, 2, 3) == 45244.0
    assert Results(book, now=0).value(sheet, 2, 3) == 25569.0
    dice = Results(book, chance=Random(1)).value(sheet, 1, 3)  # noqa: S311 - no secret
    assert dice != Results(book, chance=Random(2)).value(sheet, 1, 3)  # noqa: S311 - no secret


def test_today_is_that_of_the_time_zone() -> None:
    """Where the day begins earlier, it is tomorrow already."""
    book, sheet = example()
    book.time_zone = "Asia/Tokyo"
    sheet.put(0, 3, Cell(formula="=TODAY()"))
    assert Results(book, now=NOVEMBER).value(sheet, 0, 3) == 45245.0


def test_a_formula_moves_as_if_copied() -> None:
    """Texts in it stay, quoted tabs stay, what is fixed stays, what leaves the tab is lost."""
    formula = "=A1+$B2&\"A1\"&'A1'!C$3&SUM(A:A,2:2)&LOG10(1)&Table!D4:E"
    assert moved(formula, 2, 1) == ("=B3+$B4&\"A1\"&'A1'!D$3&SUM(B:B,4:4)&LOG10(1)&Table!E6:F")
    assert moved("=A1+B2", -1, 0) == "=#REF!+B1"


WORDS = """
A1 $B$2 A:B 1:2 'T t'!A1 Sheet1!A1:B SUM( IF( XLOOKUP( RAND() ( ) , ; { } + - * / ^ & % = <> <=
"a" \"\"\"\" #REF! #N/A TRUE 1 .5 1e3 $ ! : ' \\ é 9999999 ZZZ1 LAMBDA(
"""
PIECES = st.lists(st.one_of(st.sampled_from(WORDS.split()), st.text(max_size=3)), max_size=12)


@given(PIECES)
def test_whatever_is_written_gives_a_value(pieces: list[str]) -> None:
    """Nothing raises; the words of a formula are all of it; moving back and forth is harmless."""
    formula = "=" + "".join(pieces)
    found = result(formula)
    assert found is None or isinstance(found, bool | float | str | ErrorValue)
    assert "".join(token.text for token in tokens(formula)) == formula
    assert isinstance(moved(formula, 3, 2), str)


@pytest.mark.parametrize(
    ("formula", "look"),
    [
        ("=DATE(2023,3,19)", {"type": "DATE"}),
        ("=NOW()", {"type": "DATE_TIME"}),
        ("=TODAY()+7", {"type": "DATE"}),
        ("=TODAY()-DATE(2020,1,1)", None),
        ("=E1*2", {"type": "CURRENCY"}),
        ("=SUM(E1:E9)", {"type": "CURRENCY"}),
        ("=IF(A1,F1,0)", {"type": "DATE"}),
        ("=1+1", None),
        ("=D21", None),
        ("=(", None),
    ],
)
def test_results_bring_their_number_format(formula: str, look: Body | None) -> None:
    """A date looks like one, in a cell that refers to it too; a format of one's own stays."""
    book, sheet = example()
    sheet.put(0, 4, Cell(value=1.0, format={"numberFormat": {"type": "CURRENCY"}}))
    sheet.put(0, 5, Cell(formula="=TODAY()"))
    sheet.put(20, 3, Cell(formula=formula))
    found = Results(book).seen(sheet.content(20, 3), sheet, 20, 3)
    assert isinstance(found, Cell)
    assert (found.format or {}).get("numberFormat") == look
    sheet.put(20, 3, Cell(formula=formula, format={"numberFormat": {"type": "TEXT"}}))
    own = sheet.content(20, 3)
    assert Results(book).seen(own, sheet, 20, 3) is not None
    assert cell_of(Results(book).seen(own, sheet, 20, 3)).format == cell_of(own).format
