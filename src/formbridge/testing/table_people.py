"""Laws of a table store: people edit between any two calls, and nothing of theirs is lost."""

import pytest

from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.tables import MANAGED, Applied, Stale
from formbridge.testing.builders import a_response
from formbridge.testing.table_driver import Desk, TableDriver
from formbridge.testing.table_versions import at

either_way = pytest.mark.parametrize("restart", [False, True], ids=["running", "restarted"])


def _desk(driver: TableDriver) -> Desk:
    """Return a desk with two rows of three answers."""
    desk = Desk.of(driver)
    desk.write(
        a_response("r1", answers={"a": "a1", "b": "b1", "c": "c1"}),
        a_response("r2", answers={"a": "a2", "b": "b2", "c": "c2"}),
    )
    return desk


def _go_on(desk: Desk, *, restart: bool) -> None:
    """Edit the first response, add a third one, and delete none."""
    if restart:
        desk.restart(close=False)
    outcome = desk.write(
        a_response("r1", answers={"a": "a9", "b": "b9", "c": "c9"}, updated_at=at(9)),
        a_response("r3", answers={"a": "a3", "b": "b3", "c": "c3"}),
    )
    assert outcome == Applied()


class PeopleLaws:
    """Somebody moves, renames, sorts, inserts, deletes, copies and types."""

    @either_way
    def test_a_moved_column_is_followed(self, driver: TableDriver, *, restart: bool) -> None:
        """It stays where it was put, and its answers go there."""
        desk = _desk(driver)
        desk.person.move_column("c", 0)
        desk.person.move_column("Response ID", 4)
        _go_on(desk, restart=restart)
        assert desk.read()[0] == ["c", "Submitted at", "Updated at", "a", "Response ID", "b"]
        _expect(desk, a="a", b="b", c="c")

    @either_way
    def test_a_renamed_header_stays(self, driver: TableDriver, *, restart: bool) -> None:
        """It stands also against a later mapping, and the column stays the question's."""
        desk = _desk(driver)
        desk.person.rename("b", "Better")
        _go_on(desk, restart=restart)
        questions = {each: Question(id=each, title=f"The {each}") for each in "abc"}
        desk.write(mapping=FormMapping(form_id="form", questions=questions, version=3))
        assert desk.read()[0] == [*MANAGED, "The a", "Better", "The c"]
        desk.restart()
        _expect(desk, a="The a", b="Better", c="The c")

    @either_way
    def test_a_renamed_header_may_move_later(self, driver: TableDriver, *, restart: bool) -> None:
        """Once we have seen the new header, it is how the column is found."""
        desk = _desk(driver)
        desk.person.rename("b", "Better")
        desk.store.open(desk.table)
        desk.person.move_column("Better", 5)
        _go_on(desk, restart=restart)
        _expect(desk, a="a", b="Better", c="c")

    @either_way
    def test_a_column_that_is_renamed_and_moved_at_once_is_followed(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """Its identity is neither its header nor its place."""
        desk = _desk(driver)
        desk.person.rename("a", "Other")
        desk.driver.person(desk.table).move_column("Other", 5)
        _go_on(desk, restart=restart)
        assert desk.read()[0] == [*MANAGED, "b", "c", "Other"]
        _expect(desk, a="Other", b="b", c="c")

    @either_way
    def test_sorted_rows_are_found(self, driver: TableDriver, *, restart: bool) -> None:
        """An edit reaches its own row, wherever it stands."""
        desk = _desk(driver)
        desk.person.sort("a", descending=True)
        _go_on(desk, restart=restart)
        ids = [row[0] for row in desk.read()[1:]]
        assert ids == list(map(driver.shown, ["r2", "r1", "r3"]))
        _expect(desk, a="a", b="b", c="c")

    @either_way
    def test_a_column_of_theirs_is_left_alone(self, driver: TableDriver, *, restart: bool) -> None:
        """What they noted beside our answers survives edits, new rows and new columns."""
        desk = _desk(driver)
        desk.person.insert_column("Notes", 4)
        desk.person.type("r1", "Notes", "call back, soon")
        _go_on(desk, restart=restart)
        assert list(desk.store.open(desk.table).foreign_headers) == ["Notes"]
        desk.write(a_response("r4", answers={"d": "d4"}))
        assert desk.read()[0] == [*MANAGED, "a", "Notes", "b", "c", "d"]
        assert desk.rows()[driver.shown("r1")]["Notes"] == driver.shown("call back, soon")
        _expect(desk, a="a", b="b", c="c")

    @either_way
    def test_a_question_is_not_called_like_their_column(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """A new question of that title gets another header, and theirs stays theirs."""
        desk = _desk(driver)
        desk.person.insert_column("d", 6)
        desk.person.type("r1", "d", "theirs")
        if restart:
            desk.restart(close=False)
        desk.write(a_response("r4", answers={"d": "ours"}))
        assert desk.read()[0] == [*MANAGED, "a", "b", "c", "d", "d (2)"]
        rows = desk.rows()
        assert rows[driver.shown("r1")]["d"] == driver.shown("theirs")
        assert rows[driver.shown("r4")]["d (2)"] == driver.shown("ours")

    @either_way
    def test_a_row_of_theirs_is_left_alone(self, driver: TableDriver, *, restart: bool) -> None:
        """A line without a response id is nobody's business but theirs."""
        desk = _desk(driver)
        desk.person.insert_row({"a": "subtotal", "b": "7"}, 1)
        _go_on(desk, restart=restart)
        desk.write(a_response("r4", answers={"d": "d4"}))
        row = desk.read()[2]
        assert row[3:] == list(map(driver.shown, ["subtotal", "7", None, None]))
        _expect(desk, a="a", b="b", c="c")

    @either_way
    def test_a_deleted_row_stays_away_until_it_is_delivered_again(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """Nothing of ours brings it back; a delivery does."""
        desk = _desk(driver)
        desk.person.delete_row("r1")
        if restart:
            desk.restart(close=False)
        desk.write(a_response("r3"))
        assert set(desk.rows()) == {driver.shown("r2"), driver.shown("r3")}
        desk.write(a_response("r1", answers={"a": "again"}))
        assert desk.rows()[driver.shown("r1")]["a"] == driver.shown("again")

    @either_way
    def test_an_edit_of_a_row_that_is_deleted_before_it_arrives_is_not_lost(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """The response that a person removed is unknown, and so its edit is a new row."""
        desk = _desk(driver)
        desk.person.delete_row("r1")
        _go_on(desk, restart=restart)
        _expect(desk, a="a", b="b", c="c")

    @either_way
    def test_what_they_type_stays_until_the_response_is_edited(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """A redelivery of the same leaves it alone; a later revision replaces it."""
        desk = _desk(driver)
        desk.person.type("r1", "a", "corrected")
        if restart:
            desk.restart(close=False)
        desk.write(a_response("r1", answers={"a": "a1", "b": "b1", "c": "c1"}))
        assert desk.rows()[driver.shown("r1")]["a"] == driver.shown("corrected")
        _go_on(desk, restart=False)
        _expect(desk, a="a", b="b", c="c")

    @either_way
    def test_of_a_copied_row_the_first_is_ours(self, driver: TableDriver, *, restart: bool) -> None:
        """The copy keeps what it says."""
        desk = _desk(driver)
        desk.person.copy_row("r1")
        _go_on(desk, restart=restart)
        copies = [row for row in desk.read()[1:] if row[0] == driver.shown("r1")]
        assert [row[3] for row in copies] == list(map(driver.shown, ["a9", "a1"]))

    @either_way
    def test_a_deleted_column_comes_back_on_the_right(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """When its question is answered again; nothing goes into a neighbour's column."""
        desk = _desk(driver)
        desk.person.delete_column("b")
        _go_on(desk, restart=restart)
        assert desk.read()[0] == [*MANAGED, "a", "c", "b"]
        rows = desk.rows()
        assert rows[driver.shown("r2")]["b"] == driver.shown(None)
        assert rows[driver.shown("r3")]["b"] == driver.shown("b3")
        assert rows[driver.shown("r2")]["c"] == driver.shown("c2")

    def test_an_edit_between_plan_and_write_is_noticed(self, driver: TableDriver) -> None:
        """What was planned before somebody moved a column is stale, and nothing was written."""
        desk = _desk(driver)
        desk.store.tidy()
        changes = desk.plan(a_response("r3"))
        driver.person(desk.table).move_column("c", 3)
        assert desk.store.write({desk.table: changes}) == {desk.table: Stale()}
        assert len(desk.read()) == 3

    @either_way
    def test_an_edit_waiting_for_its_row_survives_people(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """Sorting, inserting and renaming do not part an edit from its row and column."""
        desk = _desk(driver)
        desk.write(a_response("r1", answers={"a": "a9", "b": "b9", "c": "c9"}, updated_at=at(9)))
        person = driver.person(desk.table)
        person.sort("Response ID", descending=True)
        person.insert_column("Notes", 0)
        person.move_column("c", 1)
        if restart:
            desk.restart(close=False)
        desk.write(a_response("r3", answers={"a": "a3", "b": "b3", "c": "c3"}))
        _expect(desk, a="a", b="b", c="c")


def _expect(desk: Desk, **headers: str) -> None:
    """See that every answer stands under its header, as ``_go_on`` left it."""
    rows, show = desk.rows(), desk.driver.shown
    for response_id, digit in (("r1", "9"), ("r2", "2"), ("r3", "3")):
        row = rows[show(response_id)]
        for question, header in headers.items():
            assert row[header] == show(f"{question}{digit}"), (response_id, header)
