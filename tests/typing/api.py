"""Public names, used as a user uses them: type-checked by `make types`, never run.

A change of a signature that breaks somebody's code breaks this file first. `assert_type` says which
types a caller may count on. Users' own adapters inherit from nothing: they fit a port by its shape.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import assert_type

import formbridge
from formbridge.adapters.sheets.settings import Fence, SheetsSettings
from formbridge.bridge import Bridge, BridgeSettings
from formbridge.catalogs import share, shared, withdraw
from formbridge.compose import (
    group_of,
    open_bridge,
    open_catalog,
    open_consumer,
    open_dead_letters,
    open_decoding,
    open_format,
    open_groups,
    open_intake,
    open_ledger,
    open_log,
    open_publisher,
    open_reader,
    open_sink,
    open_table_store,
    system_clock,
)
from formbridge.decoding import Decoding
from formbridge.domain.answers import Answer
from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.errors import FormBridgeError, Reject, TryLater
from formbridge.domain.events import Event
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import (
    AsyncPublisher,
    Clock,
    Consumer,
    DeadLetters,
    Groups,
    Hook,
    Ledger,
    Publisher,
    QuestionCatalog,
    Reader,
    Sink,
    TableStore,
)
from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.records import Batch, Delivery, Record, Span
from formbridge.domain.responses import Response
from formbridge.domain.sinks import NotNow, Outcome, Part, Plan, Written
from formbridge.domain.tables import Snapshot, TableChanges, WriteOutcome
from formbridge.formats import Format, load_format, shipped_formats
from formbridge.host import Host, Report
from formbridge.intake import Intake, Receipt
from formbridge.logs import Log
from formbridge.replay import Replayed, replay

assert_type(formbridge.__version__, str)


# --- a service that takes responses in ------------------------------------------------------------


def take_in(payload: bytes, headers: Mapping[str, str]) -> tuple[Receipt, ...]:
    """Accept one payload, with as little and with as much as a service may say."""
    intake = open_intake("sqlite:log.db", format=Path("backend.toml"), source="shop")
    assert_type(intake, Intake)
    with closing(intake.publisher):
        assert_type(intake.accept(payload), tuple[Receipt, ...])
        return intake.accept(
            payload, content_type="application/json", headers=headers, route="/forms/club"
        )


# --- a service that carries them on ---------------------------------------------------------------


def send_receipts(responses: Sequence[Response]) -> None:
    """Be a sink by being a function."""
    for response in responses:
        assert_type(response.answers, tuple[Answer, ...])
        assert_type(response.idempotency_key, str)
        if not response.answers:
            raise Reject({response.idempotency_key: "nothing was answered"})
    raise TryLater("the mail server is away", seconds=30.0)


def tell(event: Event) -> None:
    """Be a hook by being a function."""
    assert isinstance(event, object)


def carry_to_tables() -> None:
    """Run a bridge to tables until there is nothing left."""
    with open_bridge(
        broker="sqlite:log.db",
        sink="csv:out",
        questions={"club": {"q1": "Your name", "q2": Question(id="q2", title="Age")}},
    ) as bridge:
        assert_type(bridge, Bridge)
        bridge.run_until_idle()


def carry_to_spreadsheets(clock: Clock) -> None:
    """Say more of Google Sheets than its address does."""
    forms = SheetsSettings(
        folder="Forms",
        credentials=["robot.json", Path("second.json")],
        share_with=("ada@example.com", "group:team@example.com"),
        spreadsheets={"club": "https://docs.google.com/spreadsheets/d/1aBcDe/edit"},
        registry="ids.json",
        fence=Fence.NAMED_RANGE,
    )
    open_bridge(broker="sqlite:log.db", sink=forms).close()
    open_bridge(broker="sqlite:log.db", sink="sheets:Forms", clock=clock).close()
    assert_type(open_table_store(forms, clock=clock), TableStore)
    assert_type(group_of(forms), str)


def tell_every_process_what_questions_are_called() -> None:
    """Keep titles in a topic, and open them for a bridge."""
    topic, options = "kafka://localhost:9092/questions", {"client.id": "club"}
    assert_type(
        share(["a.csv", Path("b.toml")], to=topic, options=options),
        Mapping[str, Mapping[str, Question]],
    )
    assert_type(shared(topic, clock=system_clock()), Mapping[str, FormMapping])
    withdraw(["club"], to=topic)
    titles = assert_type(open_catalog(topic, options=options), QuestionCatalog | None)
    open_bridge(broker="sqlite:log.db", sink="csv:out", questions=titles).close()
    open_bridge(broker="sqlite:log.db", sink="csv:out", questions=topic).close()


def carry_to_a_function(stop: Callable[[], bool]) -> None:
    """Run a bridge to a function until somebody says stop."""
    with open_bridge(
        broker=open_log("memory:"),
        sink=send_receipts,
        group="receipts",
        formats=["typeform", Path("backend.toml")],
        ledger="calls.db",
        settings=BridgeSettings(),
        hook=tell,
    ) as bridge:
        bridge.run(stop)


def carry_in_one_process() -> tuple[Report, ...]:
    """Run several bridges together."""
    host = Host(
        bridges={
            "tables": lambda: open_bridge(broker="sqlite:log.db", sink="csv:out"),
            "receipts": lambda: open_bridge(
                broker="sqlite:log.db", sink=send_receipts, group="receipts"
            ),
        }
    )
    return assert_type(host.run(), tuple[Report, ...])


# --- what a person repairs ------------------------------------------------------------------------


def repair(sink: Sink) -> Replayed:
    """Look at what was not delivered, discard one, replay the others."""
    with closing(open_dead_letters("sqlite:log.db")) as letters:
        waiting: list[DeadLetter] = list(letters.unresolved(group="csv"))
        letters.resolve(waiting[:1], Resolution.DISCARDED)
        return assert_type(replay(waiting[1:], dead_letters=letters, sink=sink), Replayed)


# --- the parts, opened one by one -----------------------------------------------------------------


def parts(log: Log, folder: Path) -> None:
    """Open each part by its function, and count on its port."""
    clock = assert_type(system_clock(), Clock)
    assert_type(open_publisher(log, clock=clock), Publisher)
    assert_type(open_consumer(log, group="g"), Consumer)
    assert_type(open_reader(log), Reader)
    assert_type(open_groups(log), Groups)
    assert_type(open_dead_letters(log), DeadLetters)
    assert_type(open_table_store("csv:out"), TableStore)
    assert_type(open_catalog([folder / "questions.csv"]), QuestionCatalog | None)
    assert_type(open_ledger(folder / "calls.db"), Ledger)
    assert_type(open_format("native"), Format)
    read = assert_type(open_decoding("native", folder / "backend.toml"), Decoding)
    assert_type(open_sink(send_receipts, read=read), Sink)
    assert_type(group_of("csv:out"), str)
    assert_type(load_format("typeform").name, str)
    names: Iterable[str] = shipped_formats()
    del names


# --- adapters of a user: they fit a port by their shape alone -------------------------------------


class MyPublisher:
    """A log of one's own, to publish to."""

    def publish(self, records: Sequence[Record], /) -> None:
        """Keep them."""

    def close(self) -> None:
        """Let go."""


class MyConsumer:
    """A log of one's own, to read from."""

    @property
    def topic(self) -> str:
        """Name it."""
        return "responses"

    @property
    def group(self) -> str:
        """Name the group."""
        return "mine"

    def poll(self, limit: int, /, *, timeout: float) -> Batch:
        """Read."""
        raise NotImplementedError(limit, timeout)

    def commit(self, offsets: Mapping[int, int], /) -> None:
        """Remember."""

    def hold(self, seconds: float, /) -> frozenset[int]:
        """Wait."""
        return frozenset({int(seconds)})

    def spans(self) -> Mapping[int, Span]:
        """Say how far it is."""
        return {}

    def close(self) -> None:
        """Leave."""


class MySink:
    """A sink of one's own."""

    @property
    def idempotent(self) -> bool:
        """Say whether twice is once."""
        return True

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Keep all in one part."""
        return Plan(parts={"all": Part(key="all", deliveries=list(deliveries), items=[])})

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Write the first, ask for time for the others."""
        for number, part in enumerate(parts):
            late = NotNow(key=part.key, seconds=1.0, reason="busy")
            yield late if number else Written(key=part.key, changed=1)

    def idle(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Let go."""


class MyTables:
    """A table store of one's own."""

    @property
    def tables_per_write(self) -> int | None:
        """Take all."""
        return None

    def open(self, table: TableKey, /) -> Snapshot:
        """Look."""
        raise NotImplementedError(table)

    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Write."""
        raise NotImplementedError(changes)

    def known(self) -> Iterable[TableKey]:
        """Know nothing."""
        return ()

    def tidy(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Let go."""


class MyCatalog:
    """A source of titles of one's own."""

    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Know none."""
        assert_type(table, TableKey)
        return None

    def version(self) -> int:
        """Never change."""
        return 1


class MyAsyncPublisher(MyPublisher):
    """Waits without a thread."""

    async def publish_async(self, records: Sequence[Record], /) -> None:
        """Take them."""


async def take_in_async(intake: Intake, payload: bytes) -> None:
    """Accept a payload in a host that has an event loop."""
    publisher: AsyncPublisher = MyAsyncPublisher()
    await publisher.publish_async([])
    assert_type(await intake.accept_async(payload), tuple[Receipt, ...])


def with_my_own(letters: DeadLetters, clock: Clock) -> Bridge:
    """Put a bridge together from one's own adapters, which inherit from nothing."""
    publisher: Publisher = MyPublisher()
    store: TableStore = MyTables()
    catalog: QuestionCatalog = MyCatalog()
    hook: Hook = tell
    Intake(publisher=publisher, format=load_format("native"), clock=clock)
    try:
        open_sink(MySink(), read=open_decoding(), catalog=catalog)
    except FormBridgeError as error:
        assert_type(error.retryable, bool)
    store.close()
    consumer: Consumer = MyConsumer()
    return Bridge(sink=MySink(), consumer=consumer, dead_letters=letters, clock=clock, hook=hook)
