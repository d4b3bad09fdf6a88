"""The sink that keeps tables, over a store that answers as a test says."""

from collections.abc import Mapping

import pytest

from formbridge.adapters.memory.tables import MemoryTables
from formbridge.domain.errors import (
    StoreBroken,
    StoreDenied,
    StoreUnavailable,
    TableBusy,
    TableUnavailable,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.sinks import NotNow, Outcome, Unavailable, Written
from formbridge.domain.tables import (
    Stale,
    TableChanges,
    TableGone,
    TableNotNow,
    WriteOutcome,
)
from formbridge.table_sink import TableSink
from formbridge.testing.builders import a_response
from tests.tables import Arrivals, ScriptedTables, write


def test_what_was_written_twice_changes_once() -> None:
    """The second outcome says that nothing changed."""
    store = MemoryTables()
    (first,) = write(store, a_response("r1"), a_response("r2"))
    (second,) = write(store, a_response("r1"), a_response("r2"))
    assert (first, second) == (Written(key="form", changed=2), Written(key="form", changed=0))


def test_nothing_to_change_is_no_write() -> None:
    """A repeated batch does not touch the store."""
    store = ScriptedTables()
    for _ in range(2):
        write(store, a_response("r1"))
    assert store.writes == [["form"]]


def test_as_many_tables_go_into_a_write_as_the_store_likes() -> None:
    """Each table is in one write, and answered for once."""
    store = ScriptedTables(at_once=2)
    outcomes = write(store, *[a_response(form_id=form) for form in "abcde"])
    assert store.writes == [["a", "b"], ["c", "d"], ["e"]]
    assert [it.key for it in outcomes] == list("abcde")


def test_a_stale_table_is_planned_again() -> None:
    """Somebody changed it in between: the second plan stands on what is there now."""
    store = ScriptedTables(Stale())
    assert write(store, a_response("r1")) == [Written(key="form", changed=1)]
    assert (len(store.writes), store.ids()) == (2, ["r1"])


def test_a_table_that_changes_all_the_time_waits() -> None:
    """After five attempts it is not now; nothing of it is called written."""
    store = ScriptedTables(*[Stale()] * 9)
    (outcome,) = write(store, a_response("r1"))
    assert isinstance(outcome, NotNow)
    assert (len(store.writes), store.ids()) == (5, [])


def test_only_the_stale_table_is_planned_again() -> None:
    """The others of the same write are done."""

    class OneStale(ScriptedTables):
        def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
            results = dict(super().write({k: v for k, v in changes.items() if k.form_id != "a"}))
            return {**results, **{k: Stale() for k in changes if k.form_id == "a"}}

    store = OneStale()
    outcomes = write(store, a_response(form_id="a"), a_response(form_id="b"))
    assert {type(it) for it in outcomes if it.key == "b"} == {Written}
    assert {type(it) for it in outcomes if it.key == "a"} == {NotNow}
    assert store.writes[0] == ["b"]
    assert len(outcomes) == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (TableNotNow(seconds=7.0, reason="busy"), NotNow(key="form", seconds=7.0, reason="busy")),
        (TableGone(reason="in the bin"), Unavailable(key="form", reason="in the bin")),
        (
            StoreUnavailable("the disk is full", seconds=3.0),
            NotNow(key="form", seconds=3.0, reason="the disk is full"),
        ),
    ],
)
def test_what_a_store_answers_reaches_the_bridge(
    answer: WriteOutcome | Exception, outcome: Outcome
) -> None:
    """With its seconds and its reason; and the next write goes as usual."""
    store = ScriptedTables(answer)
    assert write(store, a_response("r1")) == [outcome]
    assert write(store, a_response("r1")) == [Written(key="form", changed=1)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TableBusy("locked", seconds=2.0), NotNow(key="a", seconds=2.0, reason="locked")),
        (StoreUnavailable("gone", seconds=4.0), NotNow(key="a", seconds=4.0, reason="gone")),
        (TableUnavailable("not ours"), Unavailable(key="a", reason="not ours")),
        (StoreBroken("damaged"), Unavailable(key="a", reason="damaged")),
    ],
)
def test_a_table_that_cannot_be_opened_stops_itself_only(
    error: Exception, outcome: Outcome
) -> None:
    """Its neighbours in the same write are written."""
    store = ScriptedTables()
    store.broken["a"] = error
    outcomes = write(store, a_response("r1", form_id="a"), a_response("r2", form_id="b"))
    assert outcomes == [outcome, Written(key="b", changed=1)]
    assert store.ids("b") == ["r2"]


@pytest.mark.parametrize("moment", ["open", "write"])
def test_a_store_that_lets_nobody_in_is_no_tables_trouble(moment: str) -> None:
    """It goes through to the bridge: parking table after table would bury the log."""
    denied = StoreDenied("the key was revoked; make another one")
    store = ScriptedTables(*([denied] if moment == "write" else []))
    if moment == "open":
        store.broken["form"] = denied
    with pytest.raises(StoreDenied, match="revoked"):
        write(store, a_response("r1"))


def test_a_table_that_a_store_does_not_answer_for_is_not_called_written() -> None:
    """Silence is no success."""

    class Silent(ScriptedTables):
        def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
            self.writes.append([table.form_id for table in changes])
            return {}

    (outcome,) = write(Silent(), a_response("r1"))
    assert isinstance(outcome, NotNow)


def test_a_record_with_responses_for_two_tables_waits_for_the_one_that_is_busy() -> None:
    """The other table has its response; the record's part for the busy one is offered again."""
    store = ScriptedTables()
    store.broken["b"] = TableBusy("locked", seconds=2.0)
    both = [a_response("r1", form_id="a"), a_response("r1", form_id="b")]
    outcomes = write(store, both)
    assert outcomes == [
        NotNow(key="b", seconds=2.0, reason="locked"),
        Written(key="a", changed=1),
    ]
    store.broken.clear()
    assert write(store, both) == [Written(key="a", changed=0), Written(key="b", changed=1)]


def test_forms_of_two_sources_are_two_tables() -> None:
    """Also when their names look alike."""
    store = MemoryTables()
    outcomes = write(
        store,
        a_response("r1", form_id="b", source="a"),
        a_response("r2", form_id="a/b"),
        a_response("r3", form_id="b"),
    )
    assert len({it.key for it in outcomes}) == 3
    assert {table: sorted(sheet.known) for table, sheet in store.sheets.items()} == {
        TableKey(form_id="b", source="a"): ["r1"],
        TableKey(form_id="a/b"): ["r2"],
        TableKey(form_id="b"): ["r3"],
    }


def test_closing_closes_the_store() -> None:
    """And idle lets it tidy up."""
    store = ScriptedTables()
    sink = TableSink(store=store, read=Arrivals().read)
    sink.idle()
    sink.close()
    assert (store.tidied, store.closed, sink.idempotent) == (1, 1, True)
