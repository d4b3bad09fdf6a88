"""How a service puts it together: a few lines, any log, any sink, and mistakes told at once."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from formbridge import compose
from formbridge.adapters.memory.catalog import MemoryCatalog
from formbridge.adapters.memory.tables import MemoryTables
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.bridge import Bridge
from formbridge.compose import Log, LogName, open_bridge, open_intake, open_log
from formbridge.domain.dead_letters import Resolution
from formbridge.domain.errors import (
    BadAddress,
    BadDescription,
    BadMapping,
    BadSetting,
    Reject,
    StoreDenied,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.responses import Response
from formbridge.table_sink import TableSink
from formbridge.testing.clock import FakeClock
from formbridge.testing.fakes import ScriptedSink
from formbridge.testing.google import Google, serve
from formbridge.testing.google.grid.cell import value_of
from formbridge.testing.google.person import Person


def payload(response_id: str, value: object = 1, form_id: str = "f") -> bytes:
    """Return a response in the native format."""
    answers = [{"question_id": "q", "value": value}]
    response = {
        "form_id": form_id,
        "response_id": response_id,
        "submitted_at": "2026-03-02T08:00:00Z",
        "answers": answers,
    }
    return json.dumps(response).encode()


def accept(log: LogName, *payloads: bytes) -> None:
    """Publish the payloads."""
    intake = open_intake(log)
    for each in payloads:
        intake.accept(each)
    intake.publisher.close()


def rows(path: Path) -> list[list[str]]:
    """Return a CSV file's lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_service_is_wired_in_a_few_lines(tmp_path: Path) -> None:
    """Payloads in, a table out, under the titles that a dict gives."""
    broker = f"sqlite:{tmp_path}/log.db"
    accept(broker, payload("1"), payload("2"))
    with open_bridge(
        broker=broker, sink=f"csv:{tmp_path}/out", questions={"f": {"q": "How many?"}}
    ) as bridge:
        bridge.run_until_idle()
    table = rows(tmp_path / "out" / "f.csv")
    assert table[0] == ["Response ID", "Submitted at", "Updated at", "How many?"]
    assert [row[0] for row in table[1:]] == ["1", "2"]


def test_a_log_in_memory_is_handed_on() -> None:
    """All that is opened from one log sees the same records."""
    log = open_log("memory:")
    accept(log, payload("1"))
    sink = ScriptedSink()
    with open_bridge(broker=log, sink=sink, group="test") as bridge:
        bridge.run_until_idle()
    assert len(sink.written) == 1
    assert len(list(compose.open_reader(log).read())) == 1


def test_a_log_in_memory_by_address_is_refused_where_it_would_be_lost() -> None:
    """Two openings of memory: are two logs: nobody would find what was published."""
    with pytest.raises(BadAddress, match="open_log"):
        open_intake("memory:")


def test_a_function_is_a_sink_with_a_group_and_a_ledger(tmp_path: Path) -> None:
    """Another run with the same ledger calls nothing again, whatever the log delivers."""
    log = open_log("memory:")
    accept(log, payload("1"), payload("2"))
    seen: list[str] = []

    def handle(responses: Sequence[Response]) -> None:
        seen.extend(response.response_id for response in responses)

    for group in ("receipts", "again"):
        with open_bridge(
            broker=log, sink=handle, group=group, ledger=tmp_path / "calls.db"
        ) as bridge:
            bridge.run_until_idle()
    assert sorted(seen) == ["1", "2"]


def test_a_function_without_a_group_is_refused() -> None:
    """Nothing else could name its place in the log."""
    with pytest.raises(BadSetting, match="group"):
        open_bridge(broker=open_log("memory:"), sink=print)


def test_what_a_sink_rejects_is_kept_beside_the_log() -> None:
    """Dead letters are opened from the same log, and end by a resolution."""
    log = open_log("memory:")
    accept(log, payload("1"))

    def refuse(responses: Sequence[Response]) -> None:
        raise Reject({response.idempotency_key: "too few" for response in responses})

    with open_bridge(broker=log, sink=refuse, group="rules") as bridge:
        bridge.run_until_idle()
    kept = compose.open_dead_letters(log)
    (letter,) = kept.unresolved(group="rules")
    assert letter.reason == "too few"
    kept.resolve([letter], Resolution.DISCARDED)
    assert list(kept.unresolved()) == []
    kept.close()


def test_a_cluster_is_named_without_being_asked() -> None:
    """Opening a log does no I/O, so a service starts while its cluster is away."""
    log = open_log("kafka://one:9092,two:9092/forms", options={"client.id": "forms"})
    assert (log.topic, log.dead_letters.topic) == ("forms", "forms.dead-letters")


def test_options_of_kafka_are_refused_elsewhere() -> None:
    """An option without an effect would be trusted."""
    with pytest.raises(BadSetting, match=r"'linger\.ms' is for kafka: brokers"):
        open_log("sqlite:log.db", options={"linger.ms": 5})


def test_spreadsheets_are_named_by_an_address_or_by_their_settings(tmp_path: Path) -> None:
    """The settings say more; the place in the log is that of the address."""
    with serve() as google:
        forms = SheetsSettings(folder="Forms", endpoint=google.url, registry=tmp_path / "ids.json")
        broker = f"sqlite:{tmp_path}/log.db"
        accept(broker, payload("1"), payload("2"))
        with open_bridge(broker=broker, sink=forms) as bridge:
            bridge.run_until_idle()
            group = bridge.consumer.group
        books = {book.title: book for book in google.google.books.values()}
    assert list(books) == ["f"]
    assert group == compose.group_of(forms) == compose.group_of("sheets:Forms")


def test_new_questions_get_a_row_in_the_tab_of_a_spreadsheet() -> None:
    """Where people may correct what they are called."""
    clock = FakeClock()
    with serve(Google(clock=clock)) as google:
        log = open_log("memory:", clock=clock)
        accept(log, payload("1"))
        forms = SheetsSettings(endpoint=google.url, questions_tab=True)
        with open_bridge(broker=log, sink=forms, clock=clock) as bridge:
            bridge.run_until_idle()
            _idle(bridge, clock)
        (book,) = google.google.books.values()
    (tab,) = [sheet for sheet in book.sheets if sheet.title == "Questions"]
    assert value_of(tab.content(1, 0)) == "q"


def test_people_correct_in_the_tab_what_a_file_says() -> None:
    """A minute later the column is called so, and the others as the file says."""
    clock = FakeClock()
    with serve(Google(clock=clock)) as google:
        log = open_log("memory:", clock=clock)
        accept(log, payload("1"))
        forms = SheetsSettings(endpoint=google.url, questions_tab=True)
        titles = {"f": {"q": "How many?", "p": "Which?"}}
        with open_bridge(broker=log, sink=forms, questions=titles, clock=clock) as bridge:
            bridge.run_until_idle()
            _idle(bridge, clock)
            (key,) = google.google.books
            person = Person(google.google, google.google.tokens.accounts["tester@example.com"])
            person.type(key, "Questions", "B2", "How many rooms?")
            _idle(bridge, clock)
        (table,) = [it for it in google.google.books[key].sheets if it.title == "Responses"]
    assert [value_of(table.content(0, place)) for place in (4, 5)] == ["How many rooms?", "Which?"]


def _idle(bridge: Bridge, clock: FakeClock) -> None:
    for _ in range(60):
        clock.advance(1)
        bridge.sink.idle()


def test_spreadsheets_that_cannot_be_written_are_refused_when_they_are_opened() -> None:
    """By whichever function opens them, and nothing is left open."""
    with serve() as google:
        google.google.apis_off.add("sheets")
        forms = SheetsSettings(endpoint=google.url)
        with pytest.raises(StoreDenied, match=r"Sheets API.*enable it"):
            compose.open_table_store(forms)
        with pytest.raises(StoreDenied, match=r"Sheets API.*enable it"):
            open_bridge(broker=open_log("memory:"), sink=forms)


def test_a_file_in_place_of_the_folder_is_refused_at_the_start(tmp_path: Path) -> None:
    """Waiting would not help: a person named the wrong place."""
    (tmp_path / "out").write_text("")
    for folder in ("out", "out/below"):
        with pytest.raises(BadAddress, match="is a file, not a folder"):
            compose.open_table_store(f"csv:{tmp_path / folder}")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"format": "absent"}, BadDescription),
        ({"formats": ["absent.toml"]}, BadDescription),
        ({"questions": ["absent.csv"]}, BadMapping),
        ({"questions": "absent.csv"}, BadMapping),
        ({"questions": {"f": {"": "x"}}}, BadMapping),
    ],
)
def test_a_mistake_is_told_when_the_bridge_is_opened(
    options: dict[str, object],
    error: type[Exception],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And not when the first response comes."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error):
        open_bridge(broker="sqlite:log.db", sink="csv:out", **options)  # type: ignore[arg-type]  # a wrong one on purpose


def test_a_catalog_of_ones_own_is_used_as_it_is() -> None:
    """Anything that has the port's methods will do."""
    catalog = MemoryCatalog({"f": {"q": "How many?"}}, version=1)
    assert compose.open_catalog(catalog) is catalog
    assert compose.open_catalog(()) is None


def test_a_store_of_ones_own_makes_a_sink() -> None:
    """``TableSink`` over any store is a sink like another."""
    log = open_log("memory:")
    accept(log, payload("1"))
    store = MemoryTables()
    sink = TableSink(store=store, read=compose.open_decoding())
    with open_bridge(broker=log, sink=sink, group="mine") as bridge:
        bridge.run_until_idle()
        assert list(store.known()) == [TableKey(form_id="f")]


def test_a_group_begins_again_after_a_reset() -> None:
    """The places of groups are opened from the same log."""
    log = open_log("memory:")
    accept(log, payload("1"))
    for _ in range(2):
        consumer = compose.open_consumer(log, group="g")
        assert len(consumer.poll(10, timeout=0).deliveries) == 1
        consumer.commit({partition: span.end for partition, span in consumer.spans().items()})
        consumer.close()
        compose.open_groups(log).reset("g", to="beginning")


def test_logs_on_one_broker_are_told_apart_by_topic() -> None:
    """A topic of another name is another log."""
    log = open_log("memory:")
    other = Log(broker=log.broker, topic="other")
    accept(other, payload("1"))
    assert list(compose.open_reader(log).read()) == []
    assert len(list(compose.open_reader(other).read())) == 1
