"""New questions get a row in the tab "Questions", and nothing that people wrote is touched."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import attrs
import pytest

from formbridge.adapters.sheets.questions.catalog import SheetsCatalog
from formbridge.adapters.sheets.questions.question_rows import QUESTIONS, missing, new_tab
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.domain.answers import Kind
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import Question
from formbridge.domain.responses import Shape
from formbridge.domain.sinks import Written
from formbridge.domain.tables import Column, LabelSource
from formbridge.table_sink import TableSink
from formbridge.testing.builders import SUBMITTED_AT, a_delivery, a_response
from formbridge.testing.clock import START
from formbridge.testing.google import Fault
from formbridge.testing.google.grid.cell import cell_of
from formbridge.testing.google.trouble.faults import Kind as Trouble
from tests.adapters.sheets.in_process import ENDPOINT, opened
from tests.adapters.sheets.question_tabs import TAB, Tabs
from tests.adapters.sheets.stores import open_store
from tests.tables import Arrivals

CLUB = TableKey(form_id="club")


@pytest.fixture
def tabs() -> Iterator[Tabs]:
    """No spreadsheet yet."""
    tabs = Tabs()
    yield tabs
    tabs.close()


def column(
    question: str,
    title: str = "",
    *,
    kind: Kind = Kind.TEXT,
    source: LabelSource = LabelSource.PAYLOAD,
) -> Column:
    """Return a column of a table, as it is after a write."""
    label = title or question
    return Column(
        question_id=question, title=label, label=label, header=label, kind=kind, source=source
    )


NAME, AGE = column("q1", "Name"), column("q2", "Age", kind=Kind.NUMBER)


def offered(tabs: Tabs, *columns: Column, new: int | None = None) -> SheetsCatalog:
    """Offer columns, and let a bridge go on for a minute; return the catalog."""
    catalog = tabs.catalog()
    catalog.mapping(CLUB)
    offer(tabs, catalog, *columns, new=new)
    return catalog


def offer(tabs: Tabs, catalog: SheetsCatalog, *columns: Column, new: int | None = None) -> None:
    """Offer columns, and let a bridge go on for a minute."""
    catalog.offer(CLUB, columns, new=len(columns) if new is None else new)
    for _ in range(60):
        tabs.clock.advance(1)
        catalog.version()


def known(tabs: Tabs, catalog: SheetsCatalog) -> list[tuple[str, str]]:
    """Return what is known of the questions a minute later: ids and titles."""
    for _ in range(60):
        tabs.clock.advance(1)
        catalog.version()
    mapping = catalog.mapping(CLUB)
    return [] if mapping is None else [(it.id, it.title) for it in mapping.questions.values()]


def seen(tabs: Tabs) -> list[list[object]]:
    """Return what a person sees of the tab: what is not hidden."""
    sheet = tabs.sheet(CLUB)
    hidden = {place for place, size in sheet.column_sizes.items() if size.get("hiddenByUser")}
    return [
        [value for place, value in enumerate(row) if place not in hidden] for row in tabs.rows(CLUB)
    ]


# --- a tab of our own ----------------------------------------------------------------------------


def test_a_tab_is_made_that_lists_all_questions(tabs: Tabs) -> None:
    """Their ids, their titles as they are known, and their kinds."""
    tabs.book(CLUB)
    untitled = column("q3", source=LabelSource.QUESTION_ID, kind=Kind.UNKNOWN)
    offered(tabs, NAME, AGE, untitled, new=1)
    assert seen(tabs) == [
        ["Question ID", "Title", "Order", "Type"],
        ["q1", "Name", None, "text"],
        ["q2", "Age", None, "number"],
        ["q3"],
    ]
    assert tabs.sheet(CLUB).grid["frozenRowCount"] == 1
    assert tabs.warnings == []


def test_a_row_that_nobody_corrected_says_nothing(tabs: Tabs) -> None:
    """Or the titles of payloads, which follow the form, would stop at what they were once."""
    tabs.book(CLUB)
    catalog = offered(tabs, NAME, AGE)
    assert known(tabs, catalog) == [("q1", ""), ("q2", "")]
    tabs.person.type(tabs.books[CLUB], TAB, "B2", "Full name")
    assert known(tabs, catalog) == [("q1", "Full name"), ("q2", "")]
    tabs.person.type(tabs.books[CLUB], TAB, "B2", "Name")
    assert known(tabs, catalog) == [("q1", ""), ("q2", "")]


def test_rows_are_told_from_corrections_wherever_people_sort_them(tabs: Tabs) -> None:
    """Also if a sort leaves the hidden column where it was."""
    tabs.book(CLUB)
    catalog = offered(tabs, NAME, AGE, column("q3", "Town"))
    tabs.person.type(tabs.books[CLUB], TAB, "B4", "Home")
    tabs.person.sort_range(tabs.books[CLUB], TAB, "A2:D4", "B")
    assert known(tabs, catalog) == [("q2", ""), ("q3", "Home"), ("q1", "")]


def test_what_people_type_into_ids_and_titles_stays_as_they_typed_it(tabs: Tabs) -> None:
    """The columns are text: no leading zero is lost, no date made, and no formula run."""
    tabs.book(CLUB)
    catalog = offered(tabs, NAME)
    for at, text in {"A3": "007", "B3": "1-2", "A4": "q4", "B4": "=1+1"}.items():
        tabs.person.type(tabs.books[CLUB], TAB, at, text)
    assert known(tabs, catalog) == [("q1", ""), ("007", "1-2"), ("q4", "=1+1")]


def test_no_title_is_executed(tabs: Tabs) -> None:
    """It came with a payload."""
    tabs.book(CLUB)
    offered(tabs, column("=1+1", "=HYPERLINK(1)"))
    cells = [cell_of(tabs.sheet(CLUB).content(1, place)) for place in (0, 1)]
    assert [(it.value, it.formula) for it in cells] == [("=1+1", ""), ("=HYPERLINK(1)", "")]


def test_the_tab_may_come_with_the_spreadsheet_in_one_call(tabs: Tabs) -> None:
    """Then it costs no call; and no look at it finds anything to add."""
    book = tabs.book(CLUB)
    client = opened(tabs.google, tabs.clock)
    title = {"updateSpreadsheetProperties": {"properties": {"title": "Club"}, "fields": "title"}}
    client.change(book, [title, *new_tab([NAME, AGE])])
    client.close()
    assert tabs.sheet(CLUB).id == QUESTIONS
    before = tabs.rows(CLUB)
    catalog = offered(tabs, NAME, AGE)
    assert tabs.rows(CLUB) == before
    assert known(tabs, catalog) == [("q1", ""), ("q2", "")]
    assert tabs.clients[-1].calls["sheets.write"] == 0


def test_a_tab_that_somebody_deleted_comes_back_with_the_next_question_only(tabs: Tabs) -> None:
    """Not by itself."""
    tabs.book(CLUB)
    catalog = offered(tabs, NAME)
    tabs.delete(CLUB)
    assert known(tabs, catalog) == []
    offer(tabs, catalog, NAME, new=0)
    assert tabs.google.books[tabs.books[CLUB]].titled(TAB) is None
    offer(tabs, catalog, NAME, AGE, new=1)
    assert [row[0] for row in seen(tabs)] == ["Question ID", "q1", "q2"]


# --- a tab of theirs -----------------------------------------------------------------------------

THEIRS = [
    {"Remark": "ask Ada", "Title": "Full name", "Who": "x", "Question ID": "q1"},
    {"Remark": "=1", "Title": "Town", "Who": None, "Question ID": "q9"},
]


def test_rows_are_added_below_and_nothing_else_is_touched(tabs: Tabs) -> None:
    """In a tab that somebody made, with columns of their own."""
    tabs.write(CLUB, THEIRS)
    before = tabs.rows(CLUB)
    catalog = offered(tabs, NAME, AGE)
    after = tabs.rows(CLUB)
    assert [row[:4] for row in after[:3]] == before
    assert [row[:4] for row in after[3:]] == [[None, "Age", None, "q2"]]
    assert [row[:4] for row in seen(tabs)] == [row[:4] for row in after]
    assert all(len(row) <= 4 for row in seen(tabs))
    assert known(tabs, catalog) == [("q1", "Full name"), ("q9", "Town"), ("q2", "")]


def test_a_row_that_says_nothing_is_a_row_all_the_same(tabs: Tabs) -> None:
    """Its mistake is theirs to mend; a second row would be one more."""
    tabs.write(CLUB, [{"Question ID": "q1", "Title": "Name", "Type": "colour"}])
    before = tabs.rows(CLUB)
    offered(tabs, NAME)
    assert tabs.rows(CLUB) == before


def test_a_blank_tab_gets_headers_and_rows(tabs: Tabs) -> None:
    """Somebody made it and left the rest to us."""
    tabs.person.add_tab(tabs.book(CLUB), TAB)
    catalog = offered(tabs, NAME)
    assert [row[:4] for row in tabs.rows(CLUB)] == [
        ["Question ID", "Title", "Order", "Type"],
        ["q1", "Name", None, "text"],
    ]
    assert known(tabs, catalog) == [("q1", "")]


def test_a_tab_without_headers_gets_no_rows(tabs: Tabs) -> None:
    """It is something else of that name."""
    tabs.write(CLUB, [{"What": "to ask", "Whom": "Ada"}])
    before = tabs.rows(CLUB)
    offered(tabs, NAME)
    assert tabs.rows(CLUB) == before


def test_new_questions_are_added_while_a_row_deleted_by_people_stays_away(tabs: Tabs) -> None:
    """Whoever deletes a row does not want it."""
    tabs.book(CLUB)
    catalog = offered(tabs, NAME)
    tabs.person.delete_rows(tabs.books[CLUB], TAB, 2)
    offer(tabs, catalog, NAME, AGE, new=1)
    assert [row[0] for row in seen(tabs)] == ["Question ID", "q2"]


# --- somebody else at the same time --------------------------------------------------------------


def before_the_write(tabs: Tabs, act: Callable[[], object]) -> list[bool]:
    """Let a person act once, between our read and our write; the list tells whether they did."""
    acted: list[bool] = []
    calls = tabs.clients[-1].calls
    before = calls["sheets.write"]

    def between() -> None:
        if not acted and calls["sheets.write"] > before:
            acted.append(True)
            act()

    tabs.google.troubles.between = between
    return acted


@pytest.mark.parametrize("ours", [True, False], ids=["our tab", "their tab"])
def test_columns_that_move_at_the_last_moment_refuse_the_write(tabs: Tabs, ours: bool) -> None:  # noqa: FBT001
    """And then the row comes into the right ones."""
    if ours:
        tabs.book(CLUB)
        catalog = offered(tabs, NAME)
    else:
        tabs.write(CLUB, [{"Question ID": "q1", "Title": "Full name", "Type": None}])
        catalog = offered(tabs, NAME, AGE)
    more = column("q5", "Town")
    book = tabs.books[CLUB]
    acted = before_the_write(tabs, lambda: tabs.person.move_columns(book, TAB, "A", "C"))
    offer(tabs, catalog, NAME, AGE, more, new=1)
    assert acted
    assert known(tabs, catalog)[-1] == ("q5", "")
    header, *_, last = tabs.rows(CLUB)
    assert (last[header.index("Question ID")], last[header.index("Title")]) == ("q5", "Town")


def test_a_tab_that_somebody_makes_at_the_last_moment_is_theirs(tabs: Tabs) -> None:
    """Ours is refused, and rows are added to it."""
    tabs.book(CLUB)
    catalog = tabs.catalog()
    catalog.mapping(CLUB)
    acted = before_the_write(tabs, lambda: tabs.write(CLUB, THEIRS))
    offer(tabs, catalog, NAME, AGE)
    assert acted
    assert [row[3] for row in tabs.rows(CLUB)] == ["Question ID", "q1", "q9", "q2"]


@pytest.mark.parametrize("kind", [Trouble.CUT_AFTER, Trouble.CUT_BEFORE, Trouble.LATE])
@pytest.mark.parametrize("ours", [True, False], ids=["our tab", "their tab"])
def test_an_answer_that_is_lost_doubles_no_row(tabs: Tabs, kind: Trouble, ours: bool) -> None:  # noqa: FBT001
    """Before each try the tab is read; what comes late afterwards says the same twice at most."""
    if ours:
        tabs.book(CLUB)
    else:
        tabs.write(CLUB, THEIRS)
    catalog = tabs.catalog()
    catalog.mapping(CLUB)
    tabs.google.troubles.add(Fault(kind=kind, use="write", after_seconds=5))
    offer(tabs, catalog, NAME, AGE)
    assert known(tabs, catalog)[-1] == ("q2", "")
    ids = [row[0 if ours else 3] for row in tabs.rows(CLUB)]
    assert ids.count("q2") == 1
    assert ids.count("q1") == 1


def test_what_google_always_refuses_is_told_and_given_up(tabs: Tabs) -> None:
    """The titles in it count on."""
    tabs.write(CLUB, THEIRS)
    catalog = tabs.catalog()
    catalog.mapping(CLUB)
    tabs.google.troubles.add(Fault(kind=Trouble.ERROR, status=400, use="write", times=None))
    offer(tabs, catalog, NAME, AGE)
    for _ in range(5):
        assert known(tabs, catalog) == [("q1", "Full name"), ("q9", "Town")]
    assert tabs.clients[-1].calls["sheets.write"] == 3
    (told,) = tabs.warnings
    assert told.endswith("New questions get no row in the tab of questions.")


# --- which questions -----------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "  ", "q\0", "\ud800", "q" * 10_001])
def test_an_id_that_no_cell_can_hold_gets_no_row(question: str) -> None:
    """A row of a shortened id would be that of another question."""
    assert missing(None, [column(question, "Name"), NAME]) == [NAME]


def test_a_question_s_row_is_read_back_as_it_was_offered(tabs: Tabs) -> None:
    """In any script, with any spaces, and as long as titles come."""
    odd = [
        column(" q 7 ", "Größe  ☃"),
        column("8" * 30, "t" * 9_000),
        column("a=b", "'quoted'"),
        column("0012", "12"),
    ]
    tabs.book(CLUB)
    catalog = offered(tabs, *odd)
    assert known(tabs, catalog) == [("q 7", ""), ("8" * 30, ""), ("a=b", ""), ("0012", "")]
    offer(tabs, catalog, *odd)
    assert len(tabs.rows(CLUB)) == 1 + len(odd)
    mapping = catalog.mapping(CLUB)
    assert mapping is not None
    assert mapping.questions["0012"] == Question(id="0012", title="", kind=Kind.TEXT)


# --- with the tables -----------------------------------------------------------------------------


@attrs.define(eq=False)
class Bridge:
    """Responses on their way into a spreadsheet, whose tab of questions names its columns."""

    tabs: Tabs
    store: SheetsTables
    catalog: SheetsCatalog
    sink: TableSink
    arrivals: Arrivals = attrs.field(factory=Arrivals)

    @classmethod
    def of(cls, tabs: Tabs, **spreadsheets: str) -> "Bridge":
        """Return one over the folder ``Forms``, and these spreadsheets by form."""
        settings = SheetsSettings(endpoint=ENDPOINT, folder="Forms", spreadsheets=spreadsheets)
        store = open_store(settings, clock=tabs.clock, google=tabs.google)
        catalog = SheetsCatalog(store.client, store.locator.find, clock=tabs.clock)
        arrivals = Arrivals()
        sink = TableSink(store=store, read=arrivals.read, catalog=catalog)
        return cls(tabs, store, catalog, sink, arrivals)

    def write(self, response_id: str, **titles: str) -> None:
        """Write a response to questions of these titles."""
        shape = Shape(
            question_ids=tuple(titles),
            titles=tuple(titles.values()),
            kinds=(Kind.TEXT,) * len(titles),
        )
        at = SUBMITTED_AT + timedelta(microseconds=self.tabs.clock.now() - START)
        response = a_response(response_id, form_id="club", submitted_at=at)
        response = response._replace(shape=shape, values=["yes"] * len(titles))
        before = self.columns()
        self.arrivals.responses[len(self.arrivals.responses)] = [response]
        plan = self.sink.plan([a_delivery(offset=len(self.arrivals.responses) - 1)])
        outcomes = list(self.sink.write(list(plan.parts.values())))
        assert [type(it) for it in outcomes] == [Written]
        new = len(self.columns()) - len(before)
        self.catalog.offer(CLUB, self.columns(), new=new)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns as they stand."""
        return self.store.open(CLUB).columns

    def headers(self) -> list[str]:
        """Return the headers a minute later."""
        for _ in range(60):
            self.tabs.clock.advance(1)
            self.sink.idle()
        (self.tabs.books[CLUB],) = self.store.locator.find(CLUB)
        return [str(value) for value in self.tabs.rows(CLUB, "Responses")[0][4:]]


def test_a_correction_relabels_its_column_and_others_follow_the_form(tabs: Tabs) -> None:
    """The whole way, within a minute: added, corrected, retitled by the form, taken back."""
    bridge = Bridge.of(tabs)
    with closing(bridge.store):
        bridge.write("r1", q1="Name", q2="Age")
        assert bridge.headers() == ["Name", "Age"]
        assert seen(tabs)[1:] == [["q1", "Name", None, "text"], ["q2", "Age", None, "text"]]
        tabs.person.type(tabs.books[CLUB], TAB, "B2", "Full name")
        assert bridge.headers() == ["Full name", "Age"]
        bridge.write("r2", q1="Your name", q2="Your age", q3="Town")
        assert bridge.headers() == ["Full name", "Your age", "Town"]
        assert seen(tabs)[3] == ["q3", "Town", None, "text"]
        tabs.person.type(tabs.books[CLUB], TAB, "B3", "Years")
        assert bridge.headers() == ["Full name", "Years", "Town"]


def test_a_tab_that_was_filled_in_beforehand_lays_out_the_table(tabs: Tabs) -> None:
    """Its titles and its order, from the first row on; and it stays as it is."""
    tabs.write(
        CLUB,
        [
            {"Question ID": "q2", "Title": "Years", "Order": 2},
            {"Question ID": "q1", "Title": "Full name", "Order": 1},
        ],
    )
    before = tabs.rows(CLUB)
    bridge = Bridge.of(tabs, club=tabs.books[CLUB])
    with closing(bridge.store):
        bridge.write("r1", q2="Age", q1="Name")
        assert [column.header for column in bridge.columns()] == ["Full name", "Years"]
        assert bridge.headers() == ["Full name", "Years"]
    assert tabs.rows(CLUB) == before
