"""A Google, a person at a spreadsheet, a log, and writers that die, are late and race."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import TypeVar

import attrs

from formbridge.adapters.memory.catalog import MemoryCatalog
from formbridge.adapters.sheets.drive.naming import TABLE_MARK, digest_of
from formbridge.adapters.sheets.settings import Fence, SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.domain.identity import TableKey
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.domain.sinks import NotNow, Outcome, Unavailable, Written
from formbridge.table_sink import TableSink
from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.person import Person
from formbridge.testing.google.trouble.faults import Fault
from tests.adapters.sheets.in_process import ENDPOINT
from tests.adapters.sheets.proof.editing import Editor
from tests.adapters.sheets.proof.truth import Truth
from tests.adapters.sheets.proof.view import UNDO_TAB, View
from tests.adapters.sheets.seen import spreadsheets
from tests.adapters.sheets.stores import open_store
from tests.taps import Death

T = TypeVar("T")
TABLE = TableKey(form_id="form")
PATIENCE = 400.0
"""Seconds after which nothing that was sent before can be under way, and every quota is fresh."""
ROUNDS = 60
"""How often a writer may be put off when all is well."""


@attrs.define(eq=False)
class Wire:
    """Carries calls to Google; processes die in it, before a call or behind its effect."""

    google: Google
    counted: Counter[str]
    calls: int = 0
    writes: int = 0
    deaths: dict[int, bool] = attrs.field(factory=dict)
    deaths_by_write: dict[int, bool] = attrs.field(factory=dict)
    before_write: Callable[[], object] = lambda: None

    def handle(self, request: Request) -> Answer:
        """Make a call."""
        self.calls += 1
        behind = self.deaths.pop(self.calls, None)
        if request.path.endswith(":batchUpdate"):
            self.writes += 1
            behind = self.deaths_by_write.pop(self.writes, behind)
            self.before_write()
        if behind is False:
            raise Death
        answer = self.google.handle(request)
        self.counted["API calls"] += 1
        if answer.status == 200 and b'"copyPaste"' in request.body:
            self.counted["heals from the undo tab"] += _restored(request.body)
        if behind:
            raise Death
        return answer


def _restored(body: bytes) -> int:
    """Return whether a batch copies anything back from the tab of undo."""
    pastes = [each["copyPaste"] for each in json.loads(body)["requests"] if "copyPaste" in each]
    return int(any(each["source"].get("sheetId") == UNDO_TAB for each in pastes))


@attrs.define(eq=False)
class Writer:
    """A process: what it knows is gone when it dies."""

    world: "World"
    sink: TableSink | None = None
    store: SheetsTables | None = None
    busy: bool = False

    def deliver(self, begin: int, end: int) -> bool:
        """Write this part of the log; return whether all of it is durable."""
        part = self.world.truth.log[begin:end]
        if not part:
            return True
        with self.world.truth.delivering(response.response_id for response, _ in part):
            outcomes = self._lived(lambda sink: _written(sink, [at for _, at in part]))
        if outcomes is None:
            return False
        for outcome in outcomes:
            self._note(outcome)
        return all(isinstance(outcome, Written) for outcome in outcomes)

    def idle(self) -> None:
        """Do what can wait."""
        self._lived(lambda sink: sink.idle())

    def drop(self) -> None:
        """Die between two calls."""
        self.sink = self.store = None

    def _lived(self, act: Callable[[TableSink], T]) -> T | None:
        """Return what came of it, or None for a death."""
        if self.sink is None:
            self.world.before_a_start()
            self.store = self.world.open()
            self.sink = TableSink(
                store=self.store, read=self.world.read, catalog=self.world.catalog
            )
        self.busy = True
        try:
            return act(self.sink)
        except Death:
            self.world.counted["crashes"] += 1
            self.drop()
            return None
        finally:
            self.busy = False

    def _note(self, outcome: Outcome) -> None:
        match outcome:
            case Written(failures=failures):
                assert not failures, failures
            case NotNow(seconds=seconds):
                self.world.counted["put off"] += 1
                self.world.wait = max(self.world.wait, seconds)
            case Unavailable(reason=reason):
                raise AssertionError(f"the table was parked: {reason}")


def _written(sink: TableSink, deliveries: Sequence[Delivery]) -> list[Outcome]:
    plan = sink.plan(deliveries)
    assert not plan.failures
    return list(sink.write(list(plan.parts.values())))


Act = Callable[[], object]


class World:
    """Everything of one run."""

    def __init__(self, **settings: object) -> None:
        """Begin with an empty Drive and an empty log. ``settings`` are those of the sink."""
        self.counted: Counter[str] = Counter(runs=1)
        self.clock = FakeClock()
        self.google = Google(clock=self.clock, seed=1)
        self.wire = Wire(self.google, self.counted)
        self.truth = Truth()
        self.catalog = MemoryCatalog({}, version=1)
        self.settings = SheetsSettings(
            endpoint=ENDPOINT,
            reads_per_minute=10_000,
            writes_per_minute=10_000,
            **settings,  # type: ignore[arg-type]  # a test's own
        )
        self.writers = [Writer(self), Writer(self)]
        self.committed = 0
        self.wait = 0.0
        self.agenda: list[tuple[int, Act]] = []
        self.before_writes: list[tuple[int, Act]] = []
        hands = Person(self.google, self.google.tokens.accounts["tester@example.com"])
        self.editor = Editor(hands, self.truth, count(1))
        self.order: dict[str, list[str]] = {}
        self.hidden: dict[str, set[str]] = {}
        self.filtered: dict[str, bool] = {}
        self.google.troubles.between = self._between
        self.wire.before_write = self._before_write

    def before_a_start(self) -> None:
        """Without a fence, a process must not be started while a call of a dead one may land."""
        if self.settings.fence is Fence.WAIT:
            self.clock.advance(PATIENCE)
            self.google.troubles.settle()

    def open(self) -> SheetsTables:
        """Return a store of a new process."""
        return open_store(self.settings, clock=self.clock, google=self.wire)  # type: ignore[arg-type]  # has its `handle`

    def read(self, delivery: Delivery) -> Sequence[Response]:
        """Decode: look it up."""
        return [self.truth.log[delivery.offset][0]]

    @property
    def books(self) -> list[str]:
        """The spreadsheets of the table that have a header."""
        found = spreadsheets(self.google, {TABLE_MARK: digest_of(TABLE)})
        return [book for book in found if View(self.google, book).ready]

    # --- what happens -----------------------------------------------------------------------------

    def later(self, when: int, act: Act) -> None:
        """Do something before the call of that number from now on.

        0 is at once; -1 just before the next call that writes cells, -2 before the one after it.
        """
        if when > 0:
            self.agenda.append((self.wire.calls + when, act))
        elif when < 0:
            self.before_writes.append((self.wire.writes - when, act))
        else:
            act()

    def deliver(self, who: int, *, back: int = 0, most: int = 5) -> None:
        """Let a writer write what is not acknowledged yet, from so many responses before it on."""
        begin = max(0, self.committed - back)
        end = min(len(self.truth.log), self.committed + most)
        writers = self.writers[:1] if self.settings.fence is Fence.WAIT else self.writers
        free = [writer for writer in writers if not writer.busy]
        if not free:
            return
        if free[who % len(free)].deliver(begin, end):
            self.committed = max(self.committed, end)
        if len(free) == len(writers) and not len(self.google.troubles.late):
            self.truth.stable = self.committed

    def person(self, name: str, which: int, numbers: tuple[int, int, int]) -> None:
        """Let the person do something at one of the spreadsheets."""
        books = self.books
        if not books:
            return
        book = books[which % len(books)]
        self.look(book)
        if self.editor.act(name, View(self.google, book), numbers):
            self.counted[f"person: {name}"] += 1
        self.look(book, edited=True)

    def trouble(self, fault: Fault) -> None:
        """Arm a fault."""
        self.google.troubles.add(fault)

    def crash(self, when: int, *, behind: bool) -> None:
        """Let whoever makes that call (see ``later``) die before it, or behind its effect."""
        if when > 0:
            self.wire.deaths[self.wire.calls + when] = behind
        else:
            self.wire.deaths_by_write[self.wire.writes - when] = behind

    def retitle(self, question: str, title: str) -> None:
        """Call a question otherwise in the mapping."""
        self.truth.mapped[question] = title
        self.truth.titles.setdefault(question, {question}).add(title)
        version = self.catalog.version() + 1
        self.catalog.replace({"form": dict(self.truth.mapped)}, version=version)

    def look(self, book: str, *, edited: bool = False) -> None:
        """See that the sink left columns where they were; remember how they are now."""
        view = View(self.google, book)
        columns, hidden = view.columns, view.hidden
        if not edited and book in self.order:
            before = self.order[book]
            assert [each for each in columns if each in before] == before, (before, columns)
            new = [columns.index(each) for each in columns if each not in before]
            ours = [columns.index(each) for each in before if not each.startswith("own:")]
            assert not new or min(new) > max(ours), (before, columns)
            assert hidden == self.hidden[book], (self.hidden[book], hidden)
            assert (view.sheet.filter is not None) == self.filtered[book], "filter"
        self.order[book], self.hidden[book] = columns, hidden
        self.filtered[book] = view.sheet.filter is not None

    def _between(self) -> None:
        """Do what is due before the call that is about to be made."""
        due, self.agenda = _due(self.agenda, self.wire.calls)
        for act in due:
            act()

    def _before_write(self) -> None:
        """Do what is due before the write that is about to be made."""
        due, self.before_writes = _due(self.before_writes, self.wire.writes)
        for act in due:
            act()

    # --- how it ends ------------------------------------------------------------------------------

    def settle(self) -> None:
        """End all trouble, let what is under way arrive, and restart everybody."""
        troubles = self.google.troubles
        self.agenda.clear()
        self.before_writes.clear()
        self.wire.deaths.clear()
        self.wire.deaths_by_write.clear()
        self.counted.update(
            {f"fault: {name}": n for name, n in troubles.log.counted.get("fault", {}).items()}
        )
        troubles.clear()
        troubles.between = None
        for writer in self.writers:
            writer.drop()
        self.clock.advance(PATIENCE)

    def late(self) -> None:
        """Let arrive what is still under way, and know nothing of it."""
        troubles = self.google.troubles
        troubles.late.settle(10**9, float("inf"))
        self.writers[0].drop()

    def drain(self, who: int = 0) -> None:
        """Deliver everything that is not acknowledged, until all of it is."""
        for _ in range(ROUNDS):
            if self.committed >= len(self.truth.log):
                self.writers[who].idle()
                return
            self.wait = 0.0
            self.deliver(who)
            self.clock.advance(self.wait)
        raise AssertionError("the sink never comes to an end")


def _due(agenda: list[tuple[int, Act]], now: int) -> tuple[list[Act], list[tuple[int, Act]]]:
    """Return what is due, and what is not yet."""
    return [act for at, act in agenda if at <= now], [each for each in agenda if each[0] > now]
