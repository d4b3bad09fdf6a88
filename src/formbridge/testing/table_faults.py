"""Laws of a table store: what goes wrong behind it is told in our words, and costs no row."""

import pytest

from formbridge.domain.errors import StoreError, TableBusy
from formbridge.domain.tables import Applied, TableGone, TableNotNow, WriteOutcome
from formbridge.testing.builders import a_response
from formbridge.testing.table_driver import Desk, Fault, TableDriver
from formbridge.testing.table_versions import at


class FaultLaws:
    """Throttled, broken, timed out."""

    def test_throttling_says_how_long(self, driver: TableDriver) -> None:
        """A table that is busy is answered with seconds, and takes the rows afterwards."""
        desk = Desk.of(driver)
        desk.write(a_response("r1"))
        with driver.fault(Fault.THROTTLED):
            assert _seconds(desk) > 0
        assert desk.write(a_response("r2")) == Applied()
        assert set(desk.rows()) == {driver.shown("r1"), driver.shown("r2")}

    @pytest.mark.parametrize("known", [False, True])
    def test_no_foreign_error_escapes(self, driver: TableDriver, *, known: bool) -> None:
        """Whatever the SDK raises becomes an error of ours or an outcome; later all is well."""
        desk = Desk.of(driver)
        if known:
            desk.write(a_response("r1"))
        with driver.fault(Fault.BROKEN):
            try:
                outcome = desk.write(a_response("r2"))
            except StoreError as error:
                assert str(error)  # noqa: PT017 - an outcome is as good
            else:
                assert isinstance(outcome, (TableNotNow, TableGone))
        assert desk.write(a_response("r1"), a_response("r2")) == Applied()
        assert set(desk.rows()) == {driver.shown("r1"), driver.shown("r2")}

    def test_a_write_that_landed_and_failed_is_not_done_twice(self, driver: TableDriver) -> None:
        """The rows are offered again, to this store and to the next, and stand there once."""
        desk = Desk.of(driver)
        desk.write(a_response("r1"))
        batch = [a_response("r1", answers={"q1": "no"}, updated_at=at(9)), a_response("r2")]
        with driver.fault(Fault.TIMED_OUT):
            try:
                desk.write(*batch)
            except StoreError as error:
                assert str(error)  # noqa: PT017 - an outcome is as good
        desk.write(*batch)
        desk.restart(close=False)
        desk.write(*batch)
        assert [row[0] for row in desk.read()[1:]] == [driver.shown("r1"), driver.shown("r2")]
        assert desk.rows()[driver.shown("r1")]["q1"] == driver.shown("no")


def _seconds(desk: Desk) -> float:
    try:
        outcome: WriteOutcome = desk.write(a_response("r2"))
    except StoreError as error:
        return error.seconds if isinstance(error, TableBusy) else getattr(error, "seconds", 0.0)
    return outcome.seconds if isinstance(outcome, TableNotNow) else 0.0
