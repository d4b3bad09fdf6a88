"""Rows that a table can never take."""

from formbridge.domain.sinks import NotNow, Written
from formbridge.domain.tables import (
    Refused,
)
from formbridge.testing.builders import a_response
from tests.tables import ScriptedTables, write


def test_refused_rows_fail_and_their_neighbours_are_written() -> None:
    """With the store's reason; all versions of that response fail."""
    store = ScriptedTables(Refused(reasons={"r2": "a cell is too long"}))
    (outcome,) = write(
        store, a_response("r1"), a_response("r2"), a_response("r3"), a_response("r2")
    )
    assert isinstance(outcome, Written)
    assert [(it.delivery.offset, it.reason) for it in outcome.failures] == [
        (1, "a cell is too long"),
        (3, "a cell is too long"),
    ]
    assert (outcome.changed, store.ids()) == (2, ["r1", "r3"])


def test_a_table_of_which_every_row_is_refused_is_written_all_the_same() -> None:
    """There is nothing left to write: the failures are the whole outcome."""
    store = ScriptedTables(Refused(reasons={"r1": "too long"}))
    (outcome,) = write(store, a_response("r1"))
    assert isinstance(outcome, Written)
    assert ([it.reason for it in outcome.failures], outcome.changed) == (["too long"], 0)
    assert len(store.writes) == 1


def test_a_store_that_refuses_one_row_at_a_time_comes_to_an_end() -> None:
    """Ten bad rows are ten failures, not a table that waits for ever."""
    refusals = [Refused(reasons={f"r{number}": "too long"}) for number in range(10)]
    store = ScriptedTables(*refusals)
    (outcome,) = write(store, *[a_response(f"r{number}") for number in range(11)])
    assert isinstance(outcome, Written)
    assert (len(outcome.failures), store.ids()) == (10, ["r10"])


def test_a_refusal_of_rows_that_nobody_offered_does_not_go_on_for_ever() -> None:
    """A store that is wrong about what it refuses makes its table wait."""
    store = ScriptedTables(*[Refused(reasons={"somebody": "?"})] * 99)
    (outcome,) = write(store, a_response("r1"))
    assert isinstance(outcome, NotNow)
    assert len(store.writes) <= 10
