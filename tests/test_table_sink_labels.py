"""When the sink relabels what stands there already."""

import pytest

from formbridge.adapters.memory.catalog import MemoryCatalog
from formbridge.adapters.memory.tables import MemoryTables
from formbridge.domain.errors import (
    StoreBroken,
    StoreDenied,
    StoreUnavailable,
    TableBusy,
    TableUnavailable,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.sinks import Written
from formbridge.domain.tables import (
    Stale,
    TableNotNow,
    WriteOutcome,
)
from formbridge.table_sink import TableSink
from formbridge.testing.builders import a_delivery, a_response
from tests.tables import Arrivals, ScriptedTables, write


def labelling(store: ScriptedTables) -> tuple[TableSink, MemoryCatalog]:
    """Return a sink whose catalog calls the question ``First``."""
    catalog = MemoryCatalog({"form": {"q1": "First"}}, version=1)
    return TableSink(store=store, read=Arrivals().read, catalog=catalog), catalog


def headers(store: MemoryTables) -> list[str]:
    """Return the question headers of the table."""
    return [it.header for it in store.open(TableKey(form_id="form")).columns]


def test_a_mapping_that_comes_later_relabels_when_idle() -> None:
    """At the first idle pass, and again when the catalog changes; not in between."""
    store = ScriptedTables()
    write(store, a_response("r1"))
    sink, catalog = labelling(store)
    sink.idle()
    assert headers(store) == ["First"]
    before = store.opened
    sink.idle()
    assert (len(store.writes), store.opened) == (2, before)
    catalog.replace({"form": {"q1": "Second"}}, version=2)
    sink.idle()
    assert headers(store) == ["Second"]


@pytest.mark.parametrize(
    "error",
    [
        TableBusy("locked", seconds=1.0),
        TableUnavailable("gone"),
        StoreUnavailable("full"),
        StoreBroken("damaged"),
    ],
)
def test_a_table_that_was_busy_is_relabelled_later(error: Exception) -> None:
    """The other tables are relabelled now, and idle does not fail."""
    store = ScriptedTables()
    write(store, a_response("r1"), a_response("r1", form_id="other"))
    catalog = MemoryCatalog({"form": {"q1": "Mine"}, "other": {"q1": "Theirs"}}, version=1)
    sink = TableSink(store=store, read=Arrivals().read, catalog=catalog)
    store.broken["form"] = error
    sink.idle()
    store.broken.clear()
    assert headers(store) == ["q1"]
    assert store.open(TableKey(form_id="other")).columns[0].header == "Theirs"
    sink.idle()
    assert headers(store) == ["Mine"]


def test_a_store_that_lets_nobody_in_is_told_while_idle_too() -> None:
    """A person hears of it at once, and not with the next response."""
    store = ScriptedTables()
    write(store, a_response("r1"))
    sink, _ = labelling(store)
    store.broken["form"] = StoreDenied("the key was revoked")
    with pytest.raises(StoreDenied, match="revoked"):
        sink.idle()


@pytest.mark.parametrize(
    "answer", [Stale(), TableNotNow(seconds=1.0, reason="busy"), StoreUnavailable("full")]
)
def test_labels_that_could_not_be_written_are_written_later(
    answer: WriteOutcome | Exception,
) -> None:
    """Whatever the store answered but applied."""
    store = ScriptedTables()
    write(store, a_response("r1"))
    sink, _ = labelling(store)
    store.script = [answer]
    sink.idle()
    assert headers(store) == ["q1"]
    sink.idle()
    assert headers(store) == ["First"]


def test_a_catalog_applies_to_new_tables_at_once() -> None:
    """The first response stands under the question's own words."""
    store = ScriptedTables()
    arrivals = Arrivals({0: [a_response("r1")]})
    catalog = MemoryCatalog({"form": {"q1": "First"}}, version=1)
    sink = TableSink(store=store, read=arrivals.read, catalog=catalog)
    plan = sink.plan([a_delivery(offset=0)])
    assert list(sink.write(list(plan.parts.values()))) == [Written(key="form", changed=1)]
    assert headers(store) == ["First"]
