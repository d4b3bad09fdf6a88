"""The tab "Questions" names columns, costs few calls, and is never a reason to stop."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import attrs
import pytest

from formbridge.adapters.sheets.questions.catalog import SheetsCatalog
from formbridge.domain.answers import Kind
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock
from formbridge.domain.questions import Question
from formbridge.testing.google import Fault
from formbridge.testing.google.trouble.faults import Kind as Trouble
from tests.adapters.sheets.question_tabs import TAB, Tabs

CLUB = TableKey(form_id="club")
Row = Mapping[str, object]


@attrs.define(eq=False)
class PutBack(Clock):
    """A clock that somebody puts back, by so many microseconds."""

    clock: Clock
    back: int = 0

    def now(self) -> int:
        """Return the time of day that it shows."""
        return self.clock.now() - self.back

    def monotonic(self) -> float:
        """Return what nobody can put back."""
        return self.clock.monotonic()

    def sleep(self, seconds: float, /) -> None:
        """Wait."""
        self.clock.sleep(seconds)


@pytest.fixture
def tabs() -> Iterator[Tabs]:
    """No spreadsheet yet."""
    tabs = Tabs()
    yield tabs
    tabs.close()


def q(question: str, title: str, **more: object) -> Row:
    """Return a row of a tab."""
    return {"Question ID": question, "Title": title, **more}


def questions(catalog: SheetsCatalog, table: TableKey = CLUB) -> Mapping[str, Question]:
    """Return what is known of a table's questions."""
    mapping = catalog.mapping(table)
    return {} if mapping is None else mapping.questions


def title(catalog: SheetsCatalog, table: TableKey = CLUB, question: str = "q1") -> str:
    """Return what a question is called, "" if nothing is known of it."""
    found = questions(catalog, table).get(question)
    return "" if found is None else found.title


def many(tabs: Tabs, count: int) -> list[TableKey]:
    """Return so many tables, each with a tab that calls q1 ``Name``."""
    tables = [TableKey(form_id=f"form{number}") for number in range(count)]
    for table in tables:
        tabs.write(table, [q("q1", "Name")])
    tabs.clock.advance(3600)
    return tables


def passes(tabs: Tabs, catalog: SheetsCatalog, tables: list[TableKey], seconds: int) -> None:
    """Let a bridge ask for its tables every second."""
    for _ in range(seconds):
        tabs.clock.advance(1)
        catalog.version()
        for table in tables:
            catalog.mapping(table)


def calls(tabs: Tabs, kind: str) -> int:
    """Return how many calls of a kind the last client made."""
    return tabs.clients[-1].calls[kind]


# --- what the rows say ---------------------------------------------------------------------------


def test_headers_are_found_however_they_are_written_and_wherever_they_stand(tabs: Tabs) -> None:
    """People put a heading above them, and move columns; their own columns are options."""
    tabs.write(
        CLUB,
        [
            {"Please correct": None, "the titles": None, " ": None, "  ": None, "   ": None},
            {
                "Please correct": "My-Notes",
                "the titles": "TITLE ",
                " ": "type",
                "  ": "question id",
                "   ": "Order",
            },
            {
                "Please correct": "short",
                "the titles": " Full name ",
                " ": "Text",
                "  ": "q1",
                "   ": 2.5,
            },
        ],
    )
    assert questions(tabs.catalog()) == {
        "q1": Question(
            id="q1",
            title="Full name",
            order=2.5,
            kind=Kind.TEXT,
            options={"my_notes": "short"},
        )
    }
    assert tabs.warnings == []


def test_an_id_that_is_a_number_is_its_digits(tabs: Tabs) -> None:
    """However the cell shows it; and an order is its number."""
    tabs.write(CLUB, [{"Question ID": 1234567, "Title": "Age", "Order": 1}])
    book = tabs.books[CLUB]
    area = {"sheetId": tabs.sheet(CLUB).id, "startRowIndex": 1}
    shown = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"}}}
    format_ = {"range": area, "cell": shown, "fields": "userEnteredFormat"}
    tabs.person.do(book, {"repeatCell": format_})
    assert questions(tabs.catalog()) == {"1234567": Question(id="1234567", title="Age", order=1)}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (q("", "Nobody"), "has no Question ID"),
        (q("q2", "Age", Type="colour"), "kind 'colour' is unknown"),
        (q("q2", "Age", Order="second"), "order is not a number"),
        (q("q1", "Other"), "describes question 'q1' otherwise than row 2"),
    ],
)
def test_a_row_that_is_wrong_is_left_out_and_told_once(tabs: Tabs, bad: Row, sentence: str) -> None:
    """With its tab and its number; all other rows count."""
    tabs.write(CLUB, [q("q1", "Name", Type="text", Order=1), bad, q("q3", "Town")])
    catalog = tabs.catalog()
    for _ in range(3):
        assert [it.title for it in questions(catalog).values()] == ["Name", "Town"]
        tabs.clock.advance(61)
    (told,) = tabs.warnings
    assert told.startswith("tab 'Questions' of form 'club', row 3: ")
    assert sentence in told


def test_a_mistake_that_comes_back_is_told_again(tabs: Tabs) -> None:
    """Each time anew, once it was mended in between."""
    tabs.write(CLUB, [q("q1", "Name"), q("q2", "Age", Type="text")])
    catalog, book = tabs.catalog(), tabs.books[CLUB]
    for text in ("colour", "number", "colour"):
        catalog.mapping(CLUB)
        tabs.clock.advance(61)
        tabs.person.type(book, TAB, "C3", text)
        catalog.mapping(CLUB)
    assert len(tabs.warnings) == 2


def test_a_title_that_is_a_formula_s_error_is_no_title(tabs: Tabs) -> None:
    """A header ``#DIV/0!`` would help nobody; a formula that works is read as it shows."""
    tabs.write(CLUB, [q("q1", ""), q("q2", "")])
    tabs.person.type(tabs.books[CLUB], TAB, "B2", '="Full"&" name"')
    tabs.person.type(tabs.books[CLUB], TAB, "B3", "=1/0")
    assert {it.id: it.title for it in questions(tabs.catalog()).values()} == {"q1": "Full name"}
    assert "row 3: title is a formula's error" in tabs.warnings[0]


def test_what_people_write_beside_and_below_is_no_mistake(tabs: Tabs) -> None:
    """Blank rows, remarks in their own columns, and rows of another form's mapping."""
    tabs.write(
        CLUB,
        [
            q("q1", "Name", form_id="club"),
            {},
            {"Remark": "ask Ada"},
            q("q1", "Item", form_id="shop"),
        ],
    )
    assert title(tabs.catalog()) == "Name"
    assert tabs.warnings == []


def test_the_same_row_twice_is_one(tabs: Tabs) -> None:
    """And of two rows, one of which has no title, the other counts."""
    tabs.write(CLUB, [q("q1", "Name"), q("q1", "Name"), q("q2", ""), q("q2", "Age")])
    assert [it.title for it in questions(tabs.catalog()).values()] == ["Name", "Age"]
    assert tabs.warnings == []


def test_the_tab_s_name_may_have_other_capitals(tabs: Tabs) -> None:
    """People write as they like."""
    tabs.write(CLUB, [q("q1", "Name")], tab=" QUESTIONS")
    assert title(tabs.catalog()) == "Name"


def test_a_tab_that_is_made_later_is_found_within_a_minute(tabs: Tabs) -> None:
    """A blank one says nothing, and is no mistake."""
    book, catalog = tabs.book(CLUB), tabs.catalog()
    assert catalog.mapping(CLUB) is None
    tabs.person.add_tab(book, TAB)
    passes(tabs, catalog, [CLUB], 60)
    assert (catalog.mapping(CLUB), tabs.warnings) == (None, [])
    tabs.write(CLUB, [q("q1", "Name")])
    passes(tabs, catalog, [CLUB], 60)
    assert title(catalog) == "Name"


def test_a_tab_without_headers_is_told_once_and_keeps_what_was_known(tabs: Tabs) -> None:
    """Somebody cut them out, to paste them elsewhere."""
    tabs.write(CLUB, [q("q1", "Name")])
    catalog = tabs.catalog()
    catalog.mapping(CLUB)
    tabs.person.clear_cells(tabs.books[CLUB], TAB, "A1:B1")
    passes(tabs, catalog, [CLUB], 200)
    assert title(catalog) == "Name"
    (told,) = tabs.warnings
    assert told.startswith("tab 'Questions' of form 'club': has no headers Question ID and Title")
    assert told.endswith("The last good titles stay in use.")


# --- versions ------------------------------------------------------------------------------------


def test_versions_are_times_as_those_of_mapping_files(tabs: Tabs) -> None:
    """In nanoseconds, of when the content was first seen: both may label one table."""
    tabs.write(CLUB, [q("q1", "Name")])
    catalog = tabs.catalog()
    tabs.clock.advance(5)
    before = tabs.clock.now() * 1000
    mapping = catalog.mapping(CLUB)
    assert mapping is not None
    assert before <= mapping.version <= tabs.clock.now() * 1000


def test_our_own_writes_are_no_change(tabs: Tabs) -> None:
    """They move the file's time, and so cause a read; what is said stays the same."""
    tabs.write(CLUB, [q("q1", "Name")])
    catalog = tabs.catalog()
    before = catalog.mapping(CLUB), catalog.version()
    reads = calls(tabs, "sheets.read")
    for row in range(1, 5):
        tabs.person.type(tabs.books[CLUB], "Sheet1", f"A{row}", "an answer")
        passes(tabs, catalog, [CLUB], 30)
    assert calls(tabs, "sheets.read") > reads
    assert (catalog.mapping(CLUB), catalog.version()) == before


def test_a_clock_that_went_back_orders_changes_all_the_same(tabs: Tabs) -> None:
    """Within a process: the next version is greater, whatever the time."""
    tabs.write(CLUB, [q("q1", "Name")])
    clock = PutBack(tabs.clock)
    catalog = tabs.catalog(clock=clock)
    before = catalog.mapping(CLUB)
    clock.back = 86_400_000_000
    tabs.person.type(tabs.books[CLUB], TAB, "B2", "Full name")
    passes(tabs, catalog, [CLUB], 61)
    after = catalog.mapping(CLUB)
    assert before is not None
    assert after is not None
    assert after.questions["q1"].title == "Full name"
    assert after.version > before.version


# --- what it costs -------------------------------------------------------------------------------


def test_asking_is_free_between_two_looks(tabs: Tabs) -> None:
    """A bridge asks for each table and batch."""
    tabs.write(CLUB, [q("q1", "Name")])
    catalog = tabs.catalog()
    catalog.mapping(CLUB)
    before = dict(tabs.clients[-1].calls)
    for _ in range(1000):
        catalog.version()
        catalog.mapping(CLUB)
    assert tabs.clients[-1].calls["sheets.read"] == before["sheets.read"] == 1
    assert tabs.clients[-1].calls["drive.list"] == 1


def test_a_correction_is_known_within_half_a_minute_where_drive_is_quick(tabs: Tabs) -> None:
    """One that did not change is looked at every 45 s only, in case Drive is late."""
    tables = many(tabs, 5)
    catalog = tabs.catalog()
    passes(tabs, catalog, tables, 1)
    reads = calls(tabs, "sheets.read")
    passes(tabs, catalog, tables, 600)
    assert calls(tabs, "sheets.read") - reads <= 5 * 600 / 45
    tabs.person.type(tabs.books[tables[3]], TAB, "B2", "Full name")
    passes(tabs, catalog, tables, 31)
    assert title(catalog, tables[3]) == "Full name"


@pytest.mark.parametrize("lag", [0, 180])
def test_up_to_fifteen_tables_follow_within_a_minute_however_late_drive_is(
    tabs: Tabs, lag: int
) -> None:
    """Drive was seen to be three minutes late with changes in spreadsheets."""
    tables = many(tabs, 15)
    tabs.google.troubles.lag.seconds = lag
    catalog = tabs.catalog()
    passes(tabs, catalog, tables, 120)
    for table in tables:
        tabs.person.type(tabs.books[table], TAB, "B2", "Full name")
    passes(tabs, catalog, tables, 60)
    assert {title(catalog, table) for table in tables} == {"Full name"}


def test_reads_stay_within_their_share_and_every_table_comes_round(tabs: Tabs) -> None:
    """Of sixty tables, also while half of them change all the time."""
    tables = many(tabs, 60)
    catalog = tabs.catalog()
    times: list[float] = []
    client = tabs.clients[-1]
    client.observe = lambda call: (
        times.append(tabs.clock.monotonic()) if "read" in call.kind else None
    )
    for minute in range(10):
        for table in tables[:30]:
            tabs.person.type(tabs.books[table], "Sheet1", f"A{minute + 1}", "an answer")
        passes(tabs, catalog, tables, 60)
    for table in tables:
        tabs.person.type(tabs.books[table], TAB, "B2", "Full name")
    tabs.google.troubles.lag.seconds = 3600
    passes(tabs, catalog, tables, 420)
    assert {title(catalog, table) for table in tables} == {"Full name"}
    assert len(times) >= 200
    assert all(late - early > 60 for early, late in zip(times, times[20:], strict=False))


def test_of_many_tables_the_changed_one_comes_first(tabs: Tabs) -> None:
    """A correction in one of a hundred spreadsheets is known within a minute or so."""
    tables = many(tabs, 100)
    catalog = tabs.catalog()
    passes(tabs, catalog, tables, 600)
    tabs.person.type(tabs.books[tables[41]], TAB, "B2", "Full name")
    passes(tabs, catalog, tables, 75)
    assert title(catalog, tables[41]) == "Full name"


def test_the_first_read_of_a_table_is_no_change_of_version(tabs: Tabs) -> None:
    """Nobody was told otherwise before; else every start would look at all tables again."""
    tables = many(tabs, 3)
    catalog = tabs.catalog()
    version = catalog.version()
    passes(tabs, catalog, tables, 5)
    assert catalog.version() == version


def test_a_table_whose_first_read_had_to_wait_is_a_change_then(tabs: Tabs) -> None:
    """Its columns were headed by the payload's titles meanwhile."""
    tables = many(tabs, 3)
    catalog = tabs.catalog(reads=1)
    assert [title(catalog, table) for table in tables] == ["Name", "", ""]
    version = catalog.version()
    passes(tabs, catalog, tables, 200)
    assert {title(catalog, table) for table in tables} == {"Name"}
    assert catalog.version() == version + 2
    assert tabs.warnings == []


# --- when Google is in the way -------------------------------------------------------------------


def test_a_spreadsheet_out_of_reach_keeps_its_titles_and_is_told_once(tabs: Tabs) -> None:
    """And costs the others nothing; once it is back, it counts again."""
    first, second = many(tabs, 2)
    catalog = tabs.catalog()
    passes(tabs, catalog, [first, second], 1)
    lost = Fault(kind=Trouble.ERROR, status=404, file=tabs.books[first], times=None)
    tabs.google.troubles.add(lost)
    tabs.person.type(tabs.books[first], TAB, "B2", "Full name")
    tabs.person.type(tabs.books[second], TAB, "B2", "Item")
    passes(tabs, catalog, [first, second], 300)
    assert (title(catalog, first), title(catalog, second)) == ("Name", "Item")
    (told,) = tabs.warnings
    assert tabs.books[first] in told
    tabs.google.troubles.clear()
    passes(tabs, catalog, [first, second], 61)
    assert title(catalog, first) == "Full name"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=Trouble.ERROR, status=503, use="read", times=None),
        Fault(kind=Trouble.CUT_BEFORE, times=None),
        Fault(kind=Trouble.HTML, times=None),
        Fault(kind=Trouble.REVOKE),
    ],
    ids=["503", "cut", "page", "revoked"],
)
def test_when_nothing_works_it_is_told_once_and_seldom_asked(tabs: Tabs, fault: Fault) -> None:
    """Of all tables: each try may cost a time-out, and the bridge waits for it."""
    tables = many(tabs, 10)
    catalog = tabs.catalog()
    passes(tabs, catalog, tables, 1)
    tabs.google.troubles.add(fault)
    before = calls(tabs, "sheets.read")
    passes(tabs, catalog, tables, 300)
    assert {title(catalog, table) for table in tables} == {"Name"}
    assert calls(tabs, "sheets.read") - before <= 300 / 30
    assert len(tabs.warnings) == 1
    tabs.google.troubles.clear()
    tabs.person.type(tabs.books[tables[7]], TAB, "B2", "Full name")
    passes(tabs, catalog, tables, 120)
    assert title(catalog, tables[7]) == "Full name"


def test_throttling_is_waited_out_in_silence(tabs: Tabs) -> None:
    """It is no mistake of anybody's."""
    tabs.write(CLUB, [q("q1", "Name")])
    catalog = tabs.catalog()
    catalog.mapping(CLUB)
    busy = Fault(kind=Trouble.ERROR, status=429, use="read", times=None, lasts=90)
    tabs.google.troubles.add(busy)
    tabs.person.type(tabs.books[CLUB], TAB, "B2", "Full name")
    passes(tabs, catalog, [CLUB], 240)
    assert title(catalog) == "Full name"
    assert tabs.warnings == []


def test_without_drive_s_word_the_tabs_come_round(tabs: Tabs) -> None:
    """Drive is only a hint; that it fails is told by those who need it."""
    tables = many(tabs, 5)
    catalog = tabs.catalog()
    passes(tabs, catalog, tables, 1)
    tabs.google.troubles.add(Fault(kind=Trouble.ERROR, method="drive.*", times=None))
    tabs.person.type(tabs.books[tables[2]], TAB, "B2", "Full name")
    passes(tabs, catalog, tables, 65)
    assert title(catalog, tables[2]) == "Full name"
    assert tabs.warnings == []


def test_a_table_without_a_spreadsheet_has_no_mapping(tabs: Tabs) -> None:
    """Until it has one; it is not searched for at every batch."""
    catalog = tabs.catalog()
    passes(tabs, catalog, [CLUB], 40)
    assert catalog.mapping(CLUB) is None
    assert tabs.asked == [CLUB]
    tabs.write(CLUB, [q("q1", "Name")])
    passes(tabs, catalog, [CLUB], 60)
    assert title(catalog) == "Name"


def test_versions_only_grow(tabs: Tabs) -> None:
    """Also where a tab goes and comes back."""
    tabs.write(CLUB, [q("q1", "Name")])
    catalog = tabs.catalog()
    seen = [catalog.mapping(CLUB)]
    for rows in ([], [q("q1", "Name")], [q("q1", "Full name")]):
        tabs.write(CLUB, rows) if rows else tabs.delete(CLUB)
        passes(tabs, catalog, [CLUB], 61)
        seen.append(catalog.mapping(CLUB))
    versions = [it.version for it in seen if it is not None]
    assert len(versions) == 3
    assert all(early < late for early, late in pairwise(versions))
