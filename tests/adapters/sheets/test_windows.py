"""Somebody acts between our look at the rows and our write: what was written over comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.responses import Operation, Response
from formbridge.domain.tables import MANAGED
from formbridge.testing.builders import a_response
from formbridge.testing.google.trouble.faults import Fault, Kind
from formbridge.testing.table_driver import Desk, Person
from formbridge.testing.table_versions import at
from tests.contracts.sheets_driver import SheetsDriver

LOOK, WRITE = 1, 2
"""The calls of a write in place, in their order."""


@pytest.fixture
def driver(tmp_path: Path) -> SheetsDriver:
    """A Google with nothing in it."""
    return SheetsDriver(folder=tmp_path)


@pytest.fixture
def desk(driver: SheetsDriver) -> Desk:
    """Three rows, a column of Ada's with a note at each, and a row of hers."""
    desk = Desk.of(driver)
    desk.write(*(a_response(f"r{n}", answers={"a": f"a{n}", "b": n}) for n in (1, 2, 3)))
    desk.person.insert_column("Notes", 4)
    for n in (1, 2, 3):
        desk.person.type(f"r{n}", "Notes", f"note {n}")
    desk.person.insert_row({"a": "zzz", "Notes": "hers"}, 1)
    desk.write(a_response("r4", answers={"a": "a4", "b": 4}))
    return desk


def acting(driver: SheetsDriver, *acts: tuple[int, Callable[[Person], object]]) -> None:
    """Let Ada act before the n-th of the calls that follow."""
    person = driver.person(Desk.of(driver).table)
    calls = 0

    def between() -> None:
        nonlocal calls
        calls += 1
        for number, act in acts:
            if number == calls:
                act(person)

    driver.google.troubles.between = between


def upside_down(person: Person) -> None:
    """Turn the table upside down, people's rows with it."""
    person.sort("a", descending=True)


def rightly(desk: Desk, **expected: str) -> None:
    """See that every answer and every note stands in its row, and hers is untouched."""
    desk.driver.google.troubles.between = None  # type: ignore[attr-defined]  # of this driver
    rows = desk.rows()
    assert {key: row["a"] for key, row in rows.items() if key} == expected
    for key, row in rows.items():
        assert row["Notes"] == (None if key == "r4" else f"note {key[1:]}" if key else "hers"), key
    assert rows[None]["a"] == "zzz"
    assert [row["b"] for row in rows.values() if row["b"] is not None]


@pytest.mark.parametrize("dies", [False, True], ids=["lives", "dies"])
def test_a_sort_between_look_and_write_costs_no_row(
    driver: SheetsDriver, desk: Desk, *, dies: bool
) -> None:
    """What was written over is restored, by this process or, when it dies, by the next one."""
    acting(driver, (WRITE, upside_down))
    if dies:
        driver.google.troubles.add(Fault(kind=Kind.CUT_AFTER, use="write"))
        desk.store.write({desk.table: desk.plan(edited("r1"), edited("r4"))})
        driver.google.troubles.between = None
        desk.restart(close=False)
    desk.write(edited("r1"), edited("r4"))
    rightly(desk, r1="edited", r2="a2", r3="a3", r4="edited")


def test_a_sort_while_rows_are_restored_costs_no_row(driver: SheetsDriver, desk: Desk) -> None:
    """Restoring is a write in place as well, and is watched in the same way."""
    # The look, the write, three reads of everything, the restoration, three reads, …
    acting(driver, (WRITE, upside_down), (6, lambda it: it.sort("b")), (10, upside_down))
    desk.write(edited("r1"), edited("r2"))
    rightly(desk, r1="edited", r2="edited", r3="a3", r4="a4")


def test_a_row_that_was_removed_by_mistake_comes_back_whole(
    driver: SheetsDriver, desk: Desk
) -> None:
    """With what people wrote beside it; and the right one goes."""
    acting(driver, (WRITE, upside_down))
    desk.write(a_response("r2", operation=Operation.DELETE, updated_at=at(9)))
    rightly(desk, r1="a1", r3="a3", r4="a4")


def test_a_row_of_theirs_that_was_removed_by_mistake_comes_back(
    driver: SheetsDriver, desk: Desk
) -> None:
    """A row without a response id is restored like any other."""
    acting(driver, (WRITE, lambda it: it.sort("Notes")))  # hers goes first
    desk.write(a_response("r1", operation=Operation.DELETE, updated_at=at(9)))
    rightly(desk, r2="a2", r3="a3", r4="a4")


def test_a_header_that_is_renamed_in_that_moment_stays(driver: SheetsDriver, desk: Desk) -> None:
    """The person's header wins over ours, also in the half second before it is written."""
    questions = {each: Question(id=each, title=f"The {each}") for each in "ab"}
    mapping = FormMapping(form_id="form", questions=questions, version=1)
    acting(driver, (WRITE, lambda it: it.rename("a", "Hers")))
    desk.write(mapping=mapping)
    driver.google.troubles.between = None
    desk.restart(close=False)
    desk.write(edited("r1"), mapping=mapping)
    assert desk.read()[0] == [*MANAGED, "Hers", "Notes", "The b"]
    assert desk.rows()["r1"]["Hers"] == "edited"


@pytest.mark.parametrize("moved", ["inserted", "deleted", "moved"])
def test_no_answer_goes_into_a_column_that_came_in_between(
    driver: SheetsDriver, desk: Desk, moved: str
) -> None:
    """A write is refused whole when any column is not where it was; without a read before it."""
    acts: dict[str, Callable[[Person], object]] = {
        "inserted": lambda it: it.insert_column("More", 3),
        "deleted": lambda it: it.delete_column("b"),
        "moved": lambda it: it.move_column("b", 0),
    }
    acting(driver, (1, acts[moved]))
    desk.write(a_response("r5", answers={"a": "a5", "b": 5}))
    driver.google.troubles.between = None
    row = desk.rows()["r5"]
    assert (row["a"], row["b"], row["Notes"]) == ("a5", 5, None)
    assert row.get("More") is None


@pytest.mark.parametrize("dies", [False, True], ids=["lives", "dies"])
@pytest.mark.parametrize("response", ["new", "known"])
def test_a_column_that_took_the_very_place_of_ours_is_given_back(
    driver: SheetsDriver, desk: Desk, response: str, *, dies: bool
) -> None:
    """Long before the write, which nothing refuses: a person deleted ours, and inserted theirs."""
    person = desk.person
    person.delete_column("b")
    person.insert_column("Mine", 5)
    for n in (1, 2, 3):
        person.type(f"r{n}", "Mine", f"mine {n}")
    batch = [a_response("r5", answers={"a": "a5", "b": 5})]
    if response == "known":
        batch = [edited("r1")]
    if dies:
        driver.google.troubles.add(Fault(kind=Kind.CUT_AFTER, use="write"))
        desk.store.write({desk.table: desk.plan(*batch)})
        desk.restart(close=False)
    desk.write(*batch)
    assert desk.read()[0] == [*MANAGED, "a", "Notes", "Mine", "b"]
    rows = desk.rows()
    assert [rows[f"r{n}"]["Mine"] for n in (1, 2, 3)] == ["mine 1", "mine 2", "mine 3"]
    if response == "known":
        assert (rows["r1"]["a"], rows["r1"]["b"]) == ("edited", 1)
    else:
        assert (rows["r5"]["a"], rows["r5"]["b"], rows["r5"]["Mine"]) == ("a5", 5, None)
    desk.write(a_response("r6", answers={"a": "a6", "b": 6}))
    assert desk.rows()["r6"]["b"] == 6


def edited(response_id: str) -> Response:
    """Return a later version of a response."""
    number = int(response_id[1:])
    return a_response(response_id, answers={"a": "edited", "b": number}, updated_at=at(9))
