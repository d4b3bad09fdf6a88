"""Laws of a table store: what is written is there, once, and as it was."""

import pytest

from formbridge.domain.answers import Kind, Value
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.responses import Operation, Response, Shape
from formbridge.domain.tables import MANAGED, Applied, Refused
from formbridge.testing.builders import SUBMITTED_AT, a_response
from formbridge.testing.table_driver import Desk, TableDriver
from formbridge.testing.table_versions import at

TEXTS = [
    "plain",
    "Zoë 日本語 👩‍🚀 ﷽",
    "two\nlines",
    "carriage\rreturn",
    "both\r\nof them\r\n",
    'she said "no", twice; or not',
    '""',
    "'quoted'",
    "=1+1",
    "+31 20 123 45 67",
    "-5",
    "@someone",
    "\tindented",
    "\rreturned",
    "\nbroken",
    "'=already",
    "''''+deep",
    "\uff1d1",
    "0031",
    "007",
    " spaces around ",
    "1,5;2\t3",
    "9" * 19,
    "TRUE",
    "null",
    "2026-03-02",
    "x" * 50_000,
    "nul\0inside",
    "half \ud800 of a pair",
]
NUMBERS: list[Value] = [0, -1, 1.5, -0.25, 1e300, 2**53 + 1, 9_223_372_036_854_775_807, 0.1 + 0.2]
FORM_IDS = [
    "form",
    "Form",
    "FORM",
    "a/b",
    "a_b",
    "a b",
    "../up",
    "..",
    ".hidden",
    "con",
    "\u00e9",
    "e\u0301",
]
FORM_IDS += ["", " ", "👩‍🚀" * 100, "x" * 300, "x" * 301, "a:b", "a\0b", "tail.", "new\nline"]


class RowLaws:
    """What is inserted, in any shape, is there."""

    def test_an_empty_call_writes_nothing(self, driver: TableDriver) -> None:
        """Nothing to write is nothing done, and looking at a table does not create it."""
        desk = Desk.of(driver)
        snapshot = desk.store.open(desk.table)
        assert not snapshot.exists
        assert list(snapshot.columns) == []
        assert snapshot.find("r1") is None
        assert desk.store.write({}) == {}
        assert desk.read() == []
        assert list(desk.store.known()) == []

    def test_what_is_inserted_stands_there(self, driver: TableDriver) -> None:
        """The managed columns come first, then the questions, as a person sees them."""
        desk = Desk.of(driver)
        edited = a_response("r1", answers={"q1": "yes", "q2": 7}, updated_at=at(9))
        assert desk.write(edited, a_response("r2", answers={"q2": None})) == Applied()
        show = driver.shown
        assert desk.read() == [
            [*MANAGED, "q1", "q2"],
            [show("r1"), show(SUBMITTED_AT), show(at(9)), show("yes"), show(7)],
            [show("r2"), show(SUBMITTED_AT), show(None), show(None), show(None)],
        ]

    def test_writing_twice_is_writing_once(self, driver: TableDriver) -> None:
        """A batch that comes again, also after a restart, leaves the table as it is."""
        desk = Desk.of(driver)
        batch = [a_response("r1"), a_response("r2", answers={"q1": "no", "q2": ""})]
        desk.write(*batch)
        before = desk.read()
        desk.write(*batch)
        desk.restart()
        desk.write(*batch)
        assert desk.read() == before

    def test_a_redelivery_costs_no_write(self, driver: TableDriver) -> None:
        """The very same record again plans nothing, before and after a restart."""
        desk = Desk.of(driver)
        desk.write(a_response("r1"))
        for _ in range(2):
            assert desk.plan(a_response("r1"), offset=0).empty
            desk.restart()

    def test_a_new_question_stands_on_the_right(self, driver: TableDriver) -> None:
        """Columns keep their order; rows that were there have a blank."""
        desk = Desk.of(driver)
        desk.write(a_response("r1", answers={"b": 1}))
        desk.write(a_response("r2", answers={"a": 2, "b": 3}))
        desk.restart()
        desk.write(a_response("r3", answers={"0": 4}))
        assert desk.read()[0] == [*MANAGED, "b", "a", "0"]
        rows = desk.rows()
        assert [rows[driver.shown(each)]["a"] for each in ("r1", "r2", "r3")] == [
            driver.shown(None),
            driver.shown(2),
            driver.shown(None),
        ]

    @pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
    def test_a_text_survives_or_is_refused_alone(self, driver: TableDriver, text: str) -> None:
        """Not a character of it changes, in a new row and in an edited one; neighbours arrive."""
        desk = Desk.of(driver)
        good, odd = a_response("good"), a_response("odd", answers={"q1": "x", text: text})
        assert desk.write(good, odd) == Applied()
        rows = desk.rows()
        assert driver.shown("good") in rows
        if "odd" in desk.refused:
            assert text not in desk.refused["odd"] or len(text) < 3
            return
        header = desk.store.open(desk.table).columns[-1].header
        assert rows[driver.shown("odd")][driver.shown(header)] == driver.shown(text)
        desk.write(a_response("good", answers={"q1": text}, updated_at=at(9)))
        assert desk.rows()[driver.shown("good")]["q1"] == driver.shown(text)
        desk.restart()
        assert desk.store.open(desk.table).find("odd") is not None

    @pytest.mark.parametrize("number", NUMBERS)
    def test_a_number_survives(self, driver: TableDriver, number: Value) -> None:
        """Digit by digit."""
        desk = Desk.of(driver)
        desk.write(a_response(answers={"q1": number}))
        assert desk.rows()[driver.shown("r1")]["q1"] == driver.shown(number)  # type: ignore[arg-type]  # a number

    def test_no_nothing_false_and_zero_are_four_things(self, driver: TableDriver) -> None:
        """``false``, 0, the empty text and "not answered" differ, for people and for merges."""
        desk = Desk.of(driver)
        answers: dict[str, Value] = {"a": False, "b": 0, "c": "", "d": None}
        desk.write(a_response(answers=answers))
        row = desk.rows()[driver.shown("r1")]
        assert len({repr(row[header]) for header in answers}) == 4
        for _ in range(2):
            snapshot = desk.store.open(desk.table)
            stored = snapshot.find("r1")
            assert stored is not None
            assert stored.place is not None
            assert snapshot.answered(stored.place) == {"a", "b", "c"}
            desk.restart()

    def test_two_tables_are_written_at_once(self, driver: TableDriver) -> None:
        """One call, one outcome for each; also for the same form of two sources."""
        store = driver.open()
        tables = [TableKey(form_id="one"), TableKey(form_id="one", source="eu")]
        changes = {
            table: Desk(driver, store, table).plan(a_response(f"r{number}"))
            for number, table in enumerate(tables)
        }
        assert store.write(changes) == dict.fromkeys(tables, Applied())
        store.tidy()
        assert [driver.read(table)[1][0] for table in tables] == ["r0", "r1"]
        assert set(store.known()) == set(tables)
        assert set(driver.open().known()) == set(tables)

    def test_any_form_id_has_a_table_of_its_own(self, driver: TableDriver) -> None:
        """However it is spelled: no two share a table, and none escapes."""
        store = driver.open()
        tables = [TableKey(form_id=form_id) for form_id in FORM_IDS]
        for number, table in enumerate(tables):
            assert Desk(driver, store, table).write(a_response(f"r{number}")) == Applied()
        store.close()
        for number, table in enumerate(tables):
            assert [row[0] for row in driver.read(table)[1:]] == [driver.shown(f"r{number}")]
        assert set(driver.open().known()) == set(tables)

    def test_a_mapping_relabels_what_is_there(self, driver: TableDriver) -> None:
        """Headers change, columns and cells stay; also when nothing else is written."""
        desk = Desk.of(driver)
        desk.write(a_response("r1", answers={"q1": "a", "q2": "b"}))
        questions = {
            "q1": Question(id="q1", title="Your name"),
            "q2": Question(id="q2", title="Age"),
        }
        mapping = FormMapping(form_id="form", questions=questions, version=1)
        desk.write(mapping=mapping)
        assert desk.read()[0] == [*MANAGED, "Your name", "Age"]
        desk.restart()
        desk.write(a_response("r1", answers={"q2": "c"}, updated_at=at(9)), mapping=mapping)
        row = desk.rows()[driver.shown("r1")]
        assert (row["Your name"], row["Age"]) == (driver.shown(None), driver.shown("c"))

    def test_a_question_that_was_mapped_without_a_kind_gets_that_of_its_first_answer(
        self, driver: TableDriver
    ) -> None:
        """Its column is there before; a header that somebody wrote stays."""
        desk = Desk.of(driver)
        questions = {each: Question(id=each, title=each.upper()) for each in ("q1", "day")}
        mapping = FormMapping(form_id="form", questions=questions, version=1)
        desk.write(a_response("r1"), mapping=mapping)
        desk.person.rename("DAY", "When?")
        dated = Shape(question_ids=("day",), titles=(None,), kinds=(Kind.DATE,))
        later = a_response("r2")._replace(shape=dated, values=["2026-03-02"])
        assert desk.write(later, mapping=mapping) == Applied()
        desk.restart()
        kinds = {it.header: it.kind for it in desk.store.open(desk.table).columns}
        assert kinds == {"Q1": Kind.UNKNOWN, "When?": Kind.DATE}
        assert desk.read()[0] == [*MANAGED, "Q1", "When?"]
        assert desk.rows()[driver.shown("r2")]["When?"] != driver.shown(None)
        assert desk.plan(later, mapping=mapping, offset=1).empty

    def test_what_was_written_survives_a_store_that_is_not_closed(
        self, driver: TableDriver
    ) -> None:
        """Applied means durable: rows, edits and deletions are there for the next store."""
        desk = Desk.of(driver)
        desk.write(a_response("r1"), a_response("r2"))
        desk.write(a_response("r1", answers={"q1": "edited"}, updated_at=at(9)))
        desk.write(a_response("r2", operation=Operation.DELETE, updated_at=at(9)))
        desk.restart(close=False)
        rows = desk.rows()
        assert set(rows) == {driver.shown("r1")}
        assert rows[driver.shown("r1")]["q1"] == driver.shown("edited")

    def test_many_rows_arrive_in_order(self, driver: TableDriver) -> None:
        """A few hundred responses in batches, each tenth edited."""
        desk = Desk.of(driver)
        for begin in range(0, 300, 50):
            desk.write(*(_numbered(number) for number in range(begin, begin + 50)))
            edits = range(begin, begin + 50, 10)
            desk.write(*(_numbered(number, edited=True) for number in edits))
        grid = desk.read()
        assert [row[0] for row in grid[1:]] == [driver.shown(f"r{n}") for n in range(300)]
        words = ["edited" if number % 10 == 0 else "first" for number in range(300)]
        assert [row[3] for row in grid[1:]] == list(map(driver.shown, words))

    def test_tidying_and_closing_may_be_repeated(self, driver: TableDriver) -> None:
        """Neither does harm the second time."""
        desk = Desk.of(driver)
        desk.write(a_response("r1"))
        for _ in range(2):
            desk.store.tidy()
        before = desk.read()
        for _ in range(2):
            desk.store.close()
        assert driver.read(desk.table) == before

    def test_a_refusal_names_rows_and_writes_nothing(self, driver: TableDriver) -> None:
        """A store that refuses a row says which, without its answer, and leaves the table alone."""
        desk = Desk.of(driver)
        odd = a_response("odd", answers={"q1": "secret \ud800"})
        changes = desk.plan(a_response("good"), odd)
        outcome = desk.store.write({desk.table: changes})[desk.table]
        if isinstance(outcome, Refused):
            assert set(outcome.reasons) == {"odd"}
            assert "secret" not in outcome.reasons["odd"]
            assert desk.read() == []
        else:
            assert outcome == Applied()


def _numbered(number: int, *, edited: bool = False) -> Response:
    if edited:
        return a_response(f"r{number}", answers={"q1": "edited"}, updated_at=at(9))
    return a_response(f"r{number}", answers={"q1": "first"})
