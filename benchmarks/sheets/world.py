"""A bridge, a log in memory and the emulator in one process, with a clock that is not waited for.

Real gspread and google-auth, the emulator without a socket. The clock moves by what calls take
(the emulator's latency, where it is on), by what is waited for, and by the CPU seconds of
FormBridge's own work between calls; the emulator's own work takes no time on it.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from urllib.parse import quote

import attrs
from requests import PreparedRequest, Response

from benchmarks.workload import payload
from formbridge.adapters.memory.broker import MemoryBroker
from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.drive.locating import Locator
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.bridge import Bridge, BridgeSettings
from formbridge.compose import open_dead_letters, open_decoding
from formbridge.domain.events import Event, Polled
from formbridge.domain.ports import Sink
from formbridge.domain.records import Delivery, Record
from formbridge.domain.sinks import Outcome, Part, Plan, Written
from formbridge.logs import Log
from formbridge.table_sink import TableSink
from formbridge.testing.clock import FakeClock
from formbridge.testing.google import Google, Request
from tests.adapters.sheets.in_process import ENDPOINT, InProcess

TESTER = {"authorization": "Bearer test-token"}
IDS = "Responses%21B2%3AB"
"""Where the ids stand in a spreadsheet that we made."""
MICRO = 1e6
SHORTLY = 0.05
"""A bridge with nothing to do is looked at again so many seconds before something happens."""


class Time(FakeClock):
    """Time that passes by sleeping; what was planned happens when it is due."""

    def __init__(self) -> None:
        """Begin with nothing planned."""
        super().__init__()
        self._due: deque[tuple[float, Callable[[], None]]] = deque()

    def plan(self, events: Iterable[tuple[float, Callable[[], None]]]) -> None:
        """Let these things happen at their times, in seconds from now, which never go back."""
        now = self.monotonic()
        self._due.extend((now + seconds, act) for seconds, act in events)

    @property
    def next_due(self) -> float | None:
        """When the next thing will happen; None if nothing is planned."""
        return self._due[0][0] if self._due else None

    def advance(self, seconds: float, /) -> None:
        """Let time pass, and in it happen what is due."""
        end = self.monotonic() + seconds
        while self._due and self._due[0][0] <= end:
            at, act = self._due.popleft()
            super().advance(at - self.monotonic())
            act()
        super().advance(end - self.monotonic())


class Working(InProcess):
    """Carries requests to the emulator; what was worked before one is charged to the clock."""

    def __init__(self, google: Google, clock: Time) -> None:
        """Begin now."""
        super().__init__(google, clock)
        self._time = clock
        self._since = time.thread_time()

    def begin(self) -> None:
        """Count work from now on: what was before was waiting."""
        self._since = time.thread_time()

    def send(self, request: PreparedRequest, *args: object, **kwargs: object) -> Response:
        """Charge what was worked, then make the call."""
        self._time.advance(time.thread_time() - self._since)
        try:
            return super().send(request, *args, **kwargs)  # type: ignore[arg-type]  # as it came
        finally:
            self.begin()


@attrs.define(eq=False)
class Watched(Sink):
    """A table sink, and what it said when: the least that had to be written, and how late it was.

    ``floor`` counts tables with something to write, once for each flush. ``late`` holds for each
    delivery the seconds from when the log took it until its table was said to be written.
    """

    sink: Sink
    clock: Time
    floor: int = 0
    late: list[float] = attrs.field(factory=list)

    @property
    def idempotent(self) -> bool:
        """As the sink."""
        return self.sink.idempotent

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """As the sink."""
        return self.sink.plan(deliveries)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Look at the clock when the sink says that a part is written."""
        waiting = {part.key: part for part in parts}
        for outcome in self.sink.write(parts):
            if isinstance(outcome, Written):
                if outcome.failures:
                    raise AssertionError(outcome)
                self._note(outcome, waiting[outcome.key])
            yield outcome

    def _note(self, written: Written, part: Part) -> None:
        self.floor += written.changed > 0
        now = self.clock.now()
        self.late += [(now - each.time) / MICRO for each in part.deliveries]

    def idle(self) -> None:
        """As the sink."""
        self.sink.idle()

    def close(self) -> None:
        """As the sink."""
        self.sink.close()


@attrs.define(eq=False, kw_only=True)
class World:
    """Everything; ``publish`` payloads, then let the ``bridge`` work."""

    clock: Time
    google: Google
    store: SheetsTables
    watched: Watched
    bridge: Bridge
    log: Log
    _published: int = 0

    def publish(self, payloads: Iterable[bytes]) -> None:
        """Publish payloads as they are, each under its form."""
        records = [Record(key=form_of(each), value=each) for each in payloads]
        self._published += len(records)
        self.log.broker.publisher(topic=self.log.topic).publish(records)

    def work(self) -> None:
        """Let the bridge make passes until nothing is planned and everything is written."""
        while (due := self.clock.next_due) is not None:
            if len(self.watched.late) == self._published:  # it would only poll until then
                self.clock.advance(due - self.clock.monotonic() - SHORTLY)
            self.bridge.step()
        self.bridge.run_until_idle()

    def forget(self) -> None:
        """Count from zero again: what was before was preparation."""
        self.store.client.calls.clear()
        self.watched.floor = 0
        self.watched.late.clear()
        self._published = 0

    def rows(self) -> int:
        """Return how many different responses all spreadsheets hold; raise if one is twice."""
        total = 0
        self.google.troubles.quotas.on = False
        for book in self.google.books:
            path = f"/v4/spreadsheets/{quote(book)}/values/{IDS}?majorDimension=COLUMNS"
            answer = self.google.answer(Request.of("GET", path, headers=TESTER))
            ids = json.loads(answer.body)["values"][0]
            if len(set(ids)) != len(ids):
                message = f"{len(ids) - len(set(ids))} responses stand twice"
                raise AssertionError(message)
            total += len(ids)
        return total


def expect(it: World, log: Sequence[bytes], *, known: int = 0) -> None:
    """Raise unless each response of the log is there once, and no call was refused.

    ``known`` is how many responses the one form had before; the log may change them.
    """
    names = {payload[: payload.index(b'"submitted_at"')] for payload in log}
    names |= {name_of(number) for number in range(known)}
    refused = it.google.troubles.log.counters()["status"].get("429", 0)
    found = {"rows": it.rows(), "refused calls": refused}
    if found != {"rows": len(names), "refused calls": 0}:
        message = f"{found} instead of {len(names)} rows"
        raise AssertionError(message)


def name_of(number: int) -> bytes:
    """Return how a payload of the first form begins."""
    start = payload(0, number, chance=Random(0))
    return start[: start.index(b'"submitted_at"')]


def form_of(payload: bytes) -> bytes:
    """Return the form id of a made-up payload."""
    return str(json.loads(payload)["form_id"]).encode()


@contextmanager
def world(
    *, settings: BridgeSettings, quotas: bool = True, latency: bool = False, seed: int = 1
) -> Iterator[World]:
    """Yield a fresh one. With ``quotas`` the emulator refuses what Google would."""
    clock = Time()
    google = Google(clock=clock, seed=seed)
    google.troubles.quotas.on = quotas
    google.troubles.latency.on = latency
    transport = Working(google, clock)
    sheets = SheetsSettings(endpoint=ENDPOINT)
    client = SheetsClient.of(sheets, clock=clock, transport=transport)
    store = SheetsTables(client, Locator(client, sheets, clock=clock), sheets, clock=clock)
    watched = Watched(TableSink(store=store, read=open_decoding()), clock)
    log = Log(broker=MemoryBroker(clock=clock), topic="responses")

    def hear(event: Event) -> None:
        if isinstance(event, Polled):
            transport.begin()

    with Bridge(
        consumer=log.broker.consumer(topic=log.topic, group="bench"),
        sink=watched,
        dead_letters=open_dead_letters(log),
        clock=clock,
        settings=settings,
        hook=hear,
    ) as bridge:
        yield World(
            clock=clock, google=google, store=store, watched=watched, bridge=bridge, log=log
        )
