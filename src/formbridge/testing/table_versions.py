"""Laws of a table store: of several versions the latest stands there, whoever wrote it when."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations

import pytest

from formbridge.domain.responses import Operation, Status
from formbridge.domain.tables import Stale
from formbridge.testing.builders import SUBMITTED_AT, a_response
from formbridge.testing.table_driver import Desk, TableDriver


def at(hour: int) -> datetime:
    """Return that hour of the day on which everything in this suite happens."""
    return SUBMITTED_AT.replace(hour=hour)


class VersionLaws:
    """Edits and deletions, in any order, across restarts, by two writers."""

    @pytest.mark.parametrize("restart", [False, True])
    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_the_latest_revision_stands_there_whatever_the_order(
        self, driver: TableDriver, order: Sequence[int], *, restart: bool
    ) -> None:
        """An older revision never overwrites a newer one, also not after a restart."""
        desk = Desk.of(driver)
        versions = [
            a_response(answers={"q1": "draft"}, updated_at=at(23), status=Status.PARTIAL),
            a_response(answers={"q1": "early", "q2": "gone"}, updated_at=at(9)),
            a_response(answers={"q1": "late"}, updated_at=at(10)),
        ]
        for number in order:
            desk.write(versions[number])
            if restart:
                desk.restart()
        row = desk.rows()[driver.shown("r1")]
        assert row["q1"] == driver.shown("late")
        assert row.get("q2", driver.shown(None)) == driver.shown(None)
        assert row["Updated at"] == driver.shown(at(10))

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_a_deletion_counts_by_its_revision(
        self, driver: TableDriver, order: Sequence[int]
    ) -> None:
        """An older version does not come back, a newer one does; in any order, across restarts."""
        desk = Desk.of(driver)
        versions = [
            a_response(answers={"q1": "first"}, updated_at=at(9)),
            a_response(operation=Operation.DELETE, updated_at=at(10)),
            a_response(answers={"q1": "again"}, updated_at=at(11)),
        ]
        desk.write(a_response("other"))
        for number in order:
            desk.write(versions[number])
            desk.restart()
        assert desk.rows()[driver.shown("r1")]["q1"] == driver.shown("again")
        assert set(desk.rows()) == {driver.shown("other"), driver.shown("r1")}

    def test_a_deleted_response_is_gone_and_stays_away(self, driver: TableDriver) -> None:
        """Its row leaves, and the version that it deleted does not bring it back."""
        desk = Desk.of(driver)
        desk.write(a_response("r1"), a_response("r2"))
        desk.write(a_response("r1", operation=Operation.DELETE, updated_at=at(10)))
        desk.write(a_response("r3", operation=Operation.DELETE, updated_at=at(10)))
        assert set(desk.rows()) == {driver.shown("r2")}
        desk.restart()
        desk.write(a_response("r1"), a_response("r3"))
        assert set(desk.rows()) == {driver.shown("r2")}

    def test_a_response_may_go_and_come_back_at_once(self, driver: TableDriver) -> None:
        """Deleting and adding between two looks leaves one row."""
        desk = Desk.of(driver)
        desk.write(a_response("r1", answers={"q1": "old", "q2": "old"}))
        desk.write(a_response("r1", operation=Operation.DELETE, updated_at=at(10)))
        desk.write(a_response("r1", answers={"q1": "new"}, updated_at=at(11)))
        desk.write(a_response("r2", answers={"q3": "wider"}))
        desk.restart(close=False)
        rows = desk.rows()
        assert len(desk.read()) == 3
        assert rows[driver.shown("r1")]["q1"] == driver.shown("new")
        assert rows[driver.shown("r1")]["q2"] == driver.shown(None)

    def test_a_response_twice_in_a_batch_is_one_row(self, driver: TableDriver) -> None:
        """The later one wins."""
        desk = Desk.of(driver)
        desk.write(
            a_response(answers={"q1": "late"}, updated_at=at(10)),
            a_response(answers={"q1": "early"}, updated_at=at(9)),
        )
        assert len(desk.read()) == 2
        assert desk.rows()[driver.shown("r1")]["q1"] == driver.shown("late")

    def test_a_merge_adds_to_a_row(self, driver: TableDriver) -> None:
        """It overwrites what it names and leaves the rest; an older one fills blanks only."""
        desk = Desk.of(driver)
        desk.write(a_response(answers={"a": "1", "b": "2"}, updated_at=at(10)))
        merge = Operation.MERGE
        desk.write(a_response(answers={"b": "3", "c": "4"}, operation=merge, updated_at=at(11)))
        desk.write(a_response(answers={"d": "5"}, operation=merge, updated_at=at(12)))
        desk.restart(close=False)
        desk.write(a_response(answers={"a": "no", "e": "6"}, operation=merge, updated_at=at(9)))
        row = desk.rows()[driver.shown("r1")]
        assert [row[header] for header in "abcde"] == list(map(driver.shown, "13456"))

    def test_an_unchanged_response_raises_the_bar(self, driver: TableDriver) -> None:
        """A later copy changes nothing that is seen, and yet an edit between the two is too old."""
        desk = Desk.of(driver)
        desk.write(a_response(answers={"q1": "same"}))
        desk.write(a_response(answers={"q1": "same"}, updated_at=at(12)))
        desk.restart()
        desk.write(a_response(answers={"q1": "between"}, updated_at=at(10)))
        assert desk.rows()[driver.shown("r1")]["q1"] == driver.shown("same")

    def test_what_was_planned_before_another_write_is_stale(self, driver: TableDriver) -> None:
        """A snapshot ends with the next write: what was planned on it changes nothing."""
        desk = Desk.of(driver)
        desk.write(a_response("r1"))
        late = desk.plan(a_response("r2"))
        desk.write(a_response("r3"))
        assert desk.store.write({desk.table: late}) == {desk.table: Stale()}
        assert set(desk.rows()) == {driver.shown("r1"), driver.shown("r3")}

    def test_two_writers_take_turns(self, driver: TableDriver) -> None:
        """Two stores over one place see each other's rows, edits, columns and deletions."""
        one, two = Desk.of(driver), Desk.of(driver)
        two.offset = 1000
        one.write(a_response("r1"), a_response("r2"))
        two.write(a_response("r1", answers={"q1": "two"}, updated_at=at(9)), a_response("r3"))
        one.write(a_response("r3", answers={"q2": "one"}, updated_at=at(10)))
        two.write(a_response("r2", operation=Operation.DELETE, updated_at=at(9)))
        one.write(a_response("r2"), a_response("r1", answers={"q1": "old"}))
        two.store.tidy()
        rows = one.rows()
        assert set(rows) == {driver.shown("r1"), driver.shown("r3")}
        assert rows[driver.shown("r1")]["q1"] == driver.shown("two")
        assert rows[driver.shown("r3")]["q2"] == driver.shown("one")
        assert len(one.read()) == 3

    def test_the_newest_edit_is_remembered(self, driver: TableDriver) -> None:
        """``newest`` is the latest time of any response, across a restart."""
        desk = Desk.of(driver)
        desk.write(a_response("r1", updated_at=at(12)), a_response("r2", updated_at=at(9)))
        expected = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()) * 1_000_000
        for _ in range(2):
            assert desk.store.open(desk.table).newest == expected
            desk.restart()
