"""What writing costs in calls, how it is split, and what becomes of a call that nobody answered."""

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import attrs
import pytest

from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.domain.identity import TableKey
from formbridge.domain.responses import Operation, Response
from formbridge.domain.tables import Applied, TableGone, TableNotNow
from formbridge.testing.builders import a_response
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.cell import value_of
from formbridge.testing.google.trouble.faults import Fault, Kind
from formbridge.testing.table_driver import Desk
from formbridge.testing.table_versions import at
from tests.adapters.sheets.seen import Tab
from tests.adapters.sheets.stores import open_store
from tests.contracts.sheets_driver import SheetsDriver

READS, WRITES = "sheets.read", "sheets.write"


@attrs.define(eq=False, kw_only=True)
class TunedDriver(SheetsDriver):
    """A driver whose stores have other settings; ``remembered`` as ``SheetsTables`` has it."""

    tuned: Mapping[str, Any] = attrs.field(factory=dict)
    stores: list[SheetsTables] = attrs.field(factory=list)

    @property
    def settings(self) -> SheetsSettings:
        """Those of the suite, and what the test says."""
        return attrs.evolve(super().settings, **self.tuned)

    def open(self) -> SheetsTables:
        """Return a store, and remember it."""
        self.stores.append(open_store(self.settings, clock=self.clock, google=self.google))
        return self.stores[-1]

    @property
    def store(self) -> SheetsTables:
        """The store that was opened last."""
        return self.stores[-1]

    def calls(self, act: Callable[[], object]) -> dict[str, int]:
        """Return how many calls of each kind something takes, sign-in aside."""
        before = dict(self.store.client.calls)
        act()
        now = self.store.client.calls
        made = {kind: now[kind] - before.get(kind, 0) for kind in now if kind != "token"}
        return {kind: count for kind, count in made.items() if count}


@pytest.fixture
def driver(tmp_path: Path) -> TunedDriver:
    """A Google with nothing in it."""
    return TunedDriver(folder=tmp_path)


def some(begin: int, end: int, **answers: str | int) -> list[Response]:
    """Return responses ``r<begin>`` to before ``r<end>``."""
    return [a_response(f"r{n}", answers={"a": f"a{n}", **answers}) for n in range(begin, end)]


def test_new_rows_cost_one_write_and_no_read(driver: TunedDriver) -> None:
    """Also the second time, and however many there are."""
    desk = Desk.of(driver)
    desk.write(*some(0, 2))
    assert driver.calls(lambda: desk.write(*some(2, 300))) == {WRITES: 1}
    assert driver.calls(lambda: desk.write(*some(300, 301))) == {WRITES: 1}


def test_updates_cost_one_read_more_and_removals_two(driver: TunedDriver) -> None:
    """One look where they stand, and one at the columns, since a row that goes is copied whole."""
    desk = Desk.of(driver)
    desk.write(*some(0, 9))
    batch = [
        a_response("r1", answers={"a": "edited"}, updated_at=at(9)),
        a_response("r5", operation=Operation.DELETE, updated_at=at(9)),
        *some(9, 20),
    ]
    assert driver.calls(lambda: desk.write(*batch)) == {READS: 2, WRITES: 1}
    later = a_response("r7", answers={"a": "edited"}, updated_at=at(10))
    assert driver.calls(lambda: desk.write(later)) == {READS: 1, WRITES: 1}


def test_what_is_the_same_costs_one_write_and_nothing_when_it_is_the_very_same(
    driver: TunedDriver,
) -> None:
    """A later copy only moves the revision on, which needs no look at the row."""
    desk = Desk.of(driver)
    desk.write(a_response("r1"))
    assert driver.calls(lambda: desk.write(a_response("r1", updated_at=at(9)))) == {WRITES: 1}
    desk.offset = 0
    assert driver.calls(lambda: desk.write(a_response("r1"))) == {}


def test_a_new_question_rides_along(driver: TunedDriver) -> None:
    """One look at the columns, since a person may have one of that name, and one write."""
    desk = Desk.of(driver)
    desk.write(*some(0, 2))
    assert driver.calls(lambda: desk.write(*some(2, 4, b=1))) == {READS: 1, WRITES: 1}


def test_a_table_is_opened_by_three_reads(driver: TunedDriver) -> None:
    """Whatever its length, up to 50,000 rows; and then no more while nothing surprises."""
    desk = Desk.of(driver)
    desk.write(*some(0, 400))
    desk.restart(close=False)
    calls = driver.calls(lambda: [desk.store.open(desk.table) for _ in range(5)])
    assert calls[READS] == 3
    assert WRITES not in calls


def test_the_tab_of_questions_comes_with_the_first_rows(driver: TunedDriver) -> None:
    """In the same call, so that none is forgotten by a process that dies; and only once."""
    driver.tuned = {"questions_tab": True}
    desk = Desk.of(driver)
    assert driver.calls(lambda: desk.write(*some(0, 2, b=1)))[WRITES] == 1
    (book,) = driver.books(desk.table)
    titles = [sheet.title for sheet in driver.google.books[book].sheets]
    assert titles == ["Responses", "FormBridge states", "FormBridge undo", "Questions"]
    ids = driver.store.client.values(book, ["Questions!A1:A3"])
    assert ids == [[["Question ID", "a", "b"]]]
    desk.restart(close=False)
    assert desk.write(*some(2, 4, b=1)) == Applied()


def test_a_large_payload_is_split(driver: TunedDriver) -> None:
    """Every call stays below what was set, and all rows arrive once, in order."""
    driver.tuned = {"largest_payload": 20_000}
    desk = Desk.of(driver)
    long = [a_response(f"r{n}", answers={"a": "é" * 500, "b": "x" * 900}) for n in range(40)]
    calls = driver.calls(lambda: desk.write(*long))
    assert 5 <= calls[WRITES] <= 8
    sizes = [note.sent for note in driver.google.troubles.log.since() if note.use == "write"]
    assert max(sizes) < 2 * 20_000  # the fence and the setup come on top
    assert [row[0] for row in desk.read()[1:]] == [f"r{n}" for n in range(40)]


def test_rows_that_are_written_over_are_split_by_what_their_copies_cost_as_well(
    driver: TunedDriver,
) -> None:
    """A row of a few bytes costs two thousand, as it is copied to the tab of undo before."""
    driver.tuned = {"largest_payload": 60_000}
    desk = Desk.of(driver)
    desk.write(*some(0, 90))
    before = driver.google.troubles.log.last
    later = [a_response(f"r{n}", answers={"a": "b"}, updated_at=at(9)) for n in range(0, 90, 2)]
    assert desk.write(*later) == Applied()
    sizes = [note.sent for note in driver.google.troubles.log.since(before) if note.use == "write"]
    assert len(sizes) == 2
    assert max(sizes) < 65_000  # the fence comes on top
    assert all(desk.rows()[f"r{n}"]["a"] == "b" for n in range(0, 90, 2))


def test_many_marks_and_removals_are_split_too(driver: TunedDriver) -> None:
    """A replay of all that is unchanged, and a form whose responses are all withdrawn."""
    driver.tuned = {"largest_payload": 20_000}
    desk = Desk.of(driver)
    desk.write(*some(0, 200))
    again = [a_response(f"r{n}", answers={"a": f"a{n}"}, updated_at=at(9)) for n in range(150)]
    gone = [
        a_response(f"r{n}", operation=Operation.DELETE, updated_at=at(10))
        for n in range(40, 200, 2)
    ]
    driver.google.troubles.log.clear()
    calls = driver.calls(lambda: desk.write(*again, *gone))
    assert calls[READS] == 2
    assert calls[WRITES] > 5
    sizes = [note.sent for note in driver.google.troubles.log.since() if note.use == "write"]
    assert max(sizes) < 2 * 20_000
    desk.restart(close=False)
    kept = [f"r{n}" for n in range(200) if n < 40 or n % 2]
    assert [row[0] for row in desk.read()[1:]] == kept
    assert desk.write(a_response("r3", answers={"a": "old"}, updated_at=at(8))) == Applied()
    assert desk.rows()["r3"]["a"] == "a3"


@pytest.mark.parametrize("kind", [Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.LATE, Kind.HTML])
@pytest.mark.parametrize("in_place", [False, True], ids=["added", "in place"])
def test_a_call_that_nobody_answered_is_looked_for_by_its_token(
    driver: TunedDriver, kind: Kind, *, in_place: bool
) -> None:
    """One small read tells; nothing is written twice, also when it lands after the next one."""
    desk = Desk.of(driver)
    desk.write(*some(0, 3))
    batch = some(3, 5)
    if in_place:
        batch.append(a_response("r1", answers={"a": "edited"}, updated_at=at(9)))
    late = {"after_calls": 3} if kind is Kind.LATE else {}
    driver.google.troubles.add(Fault(kind=kind, use="write", **late))
    outcome = desk.store.write({desk.table: desk.plan(*batch)})[desk.table]
    assert isinstance(outcome, TableNotNow)
    calls = driver.calls(lambda: desk.write(*batch))
    assert calls[READS] <= 5
    for n in range(5, 9):
        assert desk.write(*some(n, n + 1)) == Applied()
    assert [row[0] for row in desk.read()[1:]] == [f"r{n}" for n in range(9)]
    assert desk.rows()["r1"]["a"] == ("edited" if in_place else "a1")


def test_waits_grow_while_nobody_answers(driver: TunedDriver) -> None:
    """From a second to half a minute; a success begins anew."""
    desk = Desk.of(driver)
    desk.write(*some(0, 1))
    driver.google.troubles.add(Fault(kind=Kind.CUT_BEFORE, use="write", times=7))
    waits = []
    for _ in range(7):
        outcome = desk.store.write({desk.table: desk.plan(*some(1, 2))})[desk.table]
        assert isinstance(outcome, TableNotNow)
        waits.append(outcome.seconds)
    assert waits == [1, 2, 4, 8, 16, 32, 32]
    assert desk.write(*some(1, 2)) == Applied()


def test_a_second_writer_is_refused_and_reads_again(driver: TunedDriver) -> None:
    """Neither loses a row to the other, and the one that was faster pays nothing."""
    one, two = Desk.of(driver), Desk.of(driver)
    two.offset = 1000
    one.write(*some(0, 2))
    two.write(*some(2, 4))
    one.write(*some(4, 6))
    two.write(a_response("r0", answers={"a": "two"}, updated_at=at(9)))
    one.write(a_response("r3", answers={"a": "one"}, updated_at=at(9)))
    assert [row[3] for row in one.read()[1:]] == ["two", "a1", "a2", "one", "a4", "a5"]


def test_a_full_spreadsheet_goes_on_in_another_one(driver: TunedDriver) -> None:
    """The next has a number; rows of the first are still edited, removed and found there."""
    driver.tuned = {"most_cells": 1_000}
    desk = Desk.of(driver)
    for begin in range(0, 300, 20):
        desk.write(*some(begin, begin + 20))
    names = sorted(file.name for file in driver.google.drive.all.values() if "form" in file.name)
    assert names == ["form", "form (2)"]
    desk.restart()
    desk.write(
        a_response("r1", answers={"a": "edited", "new": "q"}, updated_at=at(9)),
        a_response("r2", operation=Operation.DELETE, updated_at=at(9)),
        a_response("r299", answers={"a": "edited"}, updated_at=at(9)),
        *some(300, 301),
    )
    first, second = (Tab.of(driver.google, book).read() for book in driver.books(desk.table))
    ids = [row[0] for row in (*first[1:], *second[1:])]
    assert ids == [f"r{n}" for n in range(301) if n != 2]
    assert next(row for row in first if row[0] == "r1")[3:] == ["edited", "q"]
    assert next(row for row in second if row[0] == "r299")[3] == "edited"


@pytest.mark.parametrize("restarted", [False, True])
def test_nothing_of_a_removed_response_stays_in_a_hidden_tab(
    driver: TunedDriver, *, restarted: bool
) -> None:
    """Neither its row nor earlier answers, though other writes came before the sink was idle."""
    desk = Desk.of(driver)
    desk.write(*some(0, 5, a="first answer"))
    desk.write(*(each._replace(updated_at=at(9)) for each in some(0, 5, a="second answer")))
    desk.write(a_response("r4", operation=Operation.DELETE, updated_at=at(10)))
    desk.write(a_response("r1", answers={"a": "third answer"}, updated_at=at(11)))
    desk.write(*some(5, 6, a="fourth answer", b="new question"))
    if restarted:
        desk.restart(close=False)
        desk.plan()
    desk.store.tidy()
    (book,) = driver.books(desk.table)
    (undo,) = (it for it in driver.google.books[book].sheets if it.title == "FormBridge undo")
    spots = product(range(undo.row_count), range(undo.column_count))
    cells = [value for spot in spots if (value := value_of(undo.content(*spot)))]
    assert cells == []
    assert driver.calls(desk.store.tidy) == {}


def test_long_texts_are_cut_with_a_mark_and_said(driver: TunedDriver) -> None:
    """By the response's id, without the text; the neighbours arrive whole."""
    said: list[str] = []
    store = driver.open()
    store.warn = said.append
    desk = Desk(driver, store, TableKey(form_id="form"))
    desk.write(a_response("r1", answers={"a": "y" * 60_000}), a_response("r2"))
    cell = desk.rows()["r1"]["a"]
    assert isinstance(cell, str)
    assert len(cell) == 50_000
    assert cell.endswith("the log]")
    assert len(said) == 1
    assert "'r1'" in said[0]
    assert "yyy" not in said[0]


def test_tables_that_are_not_used_are_dropped_from_memory(driver: TunedDriver) -> None:
    """The oldest first; they are read again when they are needed, and nothing is written twice."""
    store = driver.open()
    store.remembered = 15
    desks = [Desk(driver, store, TableKey(form_id=f"form-{n}")) for n in range(4)]
    for desk in desks:
        desk.write(*some(0, 10))
    assert sum(desk.table in store.opened for desk in desks) == 2
    for desk in desks:
        desk.offset = 0
        desk.write(*some(0, 11))
        assert len(desk.read()) == 12


def test_a_spreadsheet_in_the_trash_takes_nothing_more(driver: TunedDriver) -> None:
    """Google would let us write to it for thirty days, and then all would be gone."""
    desk = Desk.of(driver)
    desk.write(*some(0, 1))
    (book,) = driver.books(desk.table)
    put_into_trash(driver.google, book, trashed=True)
    driver.clock.advance(61)
    with pytest.raises(Exception, match="trash"):
        desk.plan(*some(1, 2))
    put_into_trash(driver.google, book, trashed=False)
    assert desk.write(*some(1, 2)) == Applied()


def put_into_trash(google: Google, book: str, *, trashed: bool) -> None:
    """Put a file into the trash, or take it out."""
    google.drive.all[book] = attrs.evolve(google.drive.all[book], trashed=trashed)


def test_what_google_refuses_for_ever_is_said_once_it_is_clear(driver: TunedDriver) -> None:
    """A protected header, say: not at the first refusal, which may be somebody else's doing."""
    desk = Desk.of(driver)
    desk.write(*some(0, 1))
    driver.google.troubles.add(Fault(kind=Kind.ERROR, status=400, use="write", times=None))
    outcomes = []
    for _ in range(3):
        changes = desk.plan(*some(1, 2))
        outcomes.append(desk.store.write({desk.table: changes})[desk.table])
    assert isinstance(outcomes[-1], TableGone)
    assert "protected" in outcomes[-1].reason
    driver.google.troubles.clear()
    assert desk.write(*some(1, 2)) == Applied()
