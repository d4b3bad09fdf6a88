"""Several bridges in one process, on real threads and real time."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import attrs
import pytest

from formbridge.adapters.memory.broker import MemoryBroker
from formbridge.adapters.system.clock import SystemClock
from formbridge.bridge import Bridge, BridgeSettings
from formbridge.domain.errors import BadSetting, StoreBroken
from formbridge.domain.records import Record
from formbridge.domain.sinks import Outcome, Part, Written
from formbridge.host import Host, Report, State
from formbridge.testing.fakes import ScriptedSink
from tests.taps import KeptLetters

SETTINGS = BridgeSettings(poll_timeout=0.02)


@attrs.define(eq=False)
class Fleet:
    """One log, and a function that opens a bridge of any group over it."""

    broker: MemoryBroker = attrs.field(factory=lambda: MemoryBroker(clock=SystemClock()))
    sinks: dict[str, ScriptedSink] = attrs.field(factory=dict)

    def publish(self, *keys: str) -> None:
        """Publish a record for each key."""
        records = [Record(key=key.encode(), value=b"{}") for key in keys]
        self.broker.publisher().publish(records)

    def opener(self, name: str, sink: ScriptedSink | None = None) -> Callable[[], Bridge]:
        """Return what opens the bridge of that group."""
        self.sinks[name] = ScriptedSink() if sink is None else sink

        def open_bridge() -> Bridge:
            return Bridge(
                consumer=self.broker.consumer(group=name),
                sink=self.sinks[name],
                dead_letters=KeptLetters(),
                clock=SystemClock(),
                settings=SETTINGS,
            )

        return open_bridge

    def written(self, name: str) -> int:
        """Return how much the sink of that group has."""
        return len(self.sinks[name].written)


@attrs.define(eq=False, kw_only=True)
class SlowSink(ScriptedSink):
    """Writes for as long as the test wants."""

    writing: threading.Event = attrs.field(factory=threading.Event)
    finish: threading.Event = attrs.field(factory=threading.Event)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Wait in each part."""
        for part in parts:
            self.writing.set()
            self.finish.wait(10)
            yield Written(key=part.key)


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def test_all_bridges_read_the_whole_log_and_end_when_idle() -> None:
    """Each for its own group; the report has one line for each, in their order."""
    fleet = Fleet()
    fleet.publish(*"abcdefgh")
    bridges = {name: fleet.opener(name) for name in ("sheet", "receipts")}
    reports = Host(bridges=bridges, until_idle=True).run()
    assert reports == (
        Report(name="sheet", state=State.ENDED),
        Report(name="receipts", state=State.ENDED),
    )
    assert (fleet.written("sheet"), fleet.written("receipts")) == (8, 8)
    assert all(sink.closed for sink in fleet.sinks.values())


def test_a_bridge_that_fails_for_good_ends_alone() -> None:
    """It says why; the others go on until they are stopped."""
    fleet = Fleet()

    def fail(_: Part) -> Outcome:
        raise StoreBroken("the index is damaged")

    broken = fleet.opener("broken", ScriptedSink(script=[fail]))
    host = Host(bridges={"broken": broken, "sheet": fleet.opener("sheet")})
    host.start()
    fleet.publish("a")
    wait_for(lambda: host.report()[0].state is State.FAILED)
    fleet.publish("b", "c")
    wait_for(lambda: fleet.written("sheet") == 3)
    assert host.running
    assert host.stop()
    assert host.report() == (
        Report(name="broken", state=State.FAILED, error="the index is damaged"),
        Report(name="sheet", state=State.ENDED),
    )


def test_a_bridge_that_cannot_be_opened_is_reported() -> None:
    """A wrong setting shows in its line, and stops nobody else."""

    def refuse() -> Bridge:
        raise BadSetting("batch must be greater than 0")

    fleet = Fleet()
    reports = Host(bridges={"wrong": refuse, "sheet": fleet.opener("sheet")}, until_idle=True).run()
    assert [(it.state, it.error) for it in reports] == [
        (State.FAILED, "batch must be greater than 0"),
        (State.ENDED, ""),
    ]


def test_an_error_that_nobody_expected_is_reported_by_its_class() -> None:
    """Its text may hold an answer."""

    def leak(_: Part) -> Outcome:
        raise ValueError("alice@example.org")

    fleet = Fleet()
    fleet.publish("a")
    sink = ScriptedSink(script=[leak])
    (report,) = Host(bridges={"sheet": fleet.opener("sheet", sink)}, until_idle=True).run()
    assert (report.state, report.error) == (State.FAILED, "unexpected ValueError")
    assert sink.closed


def test_a_stop_lets_the_pass_end_and_loses_nothing() -> None:
    """What was being written is written, committed, and the group is left."""
    fleet = Fleet()
    sink = SlowSink()
    host = Host(bridges={"sheet": fleet.opener("sheet", sink)}, patience=10)
    fleet.publish("a")
    host.start()
    assert sink.writing.wait(10)
    threading.Timer(0.1, sink.finish.set).start()
    assert host.stop()
    assert sum(fleet.broker.committed(group="sheet").values()) == 1
    assert host.report() == (Report(name="sheet", state=State.ENDED),)
    fleet.broker.groups().reset("sheet", to="end")  # refused while the group has members


def test_a_stop_is_bounded_by_patience() -> None:
    """A bridge that hangs in a write does not keep the process: what it reads comes again."""
    fleet = Fleet()
    sink = SlowSink()
    host = Host(bridges={"sheet": fleet.opener("sheet", sink)}, patience=0.2)
    fleet.publish("a")
    host.start()
    assert sink.writing.wait(10)
    begin = time.monotonic()
    assert not host.stop()
    assert time.monotonic() - begin >= 0.2
    assert host.report()[0].state is State.RUNNING
    assert fleet.broker.committed(group="sheet") == {}
    sink.finish.set()
    wait_for(lambda: not host.running)


def test_one_slow_bridge_among_many_has_all_the_patience() -> None:
    """The others end at once and leave their time to it."""
    fleet = Fleet()
    sink = SlowSink()
    bridges: dict[str, Callable[[], Bridge]] = {"slow": fleet.opener("slow", sink)}
    bridges |= {f"quick-{number}": fleet.opener(f"quick-{number}") for number in range(9)}
    host = Host(bridges=bridges, patience=3)
    fleet.publish("a")
    host.start()
    assert sink.writing.wait(10)
    threading.Timer(0.6, sink.finish.set).start()  # twice a tenth of the patience
    assert host.stop()
    assert {it.state for it in host.report()} == {State.ENDED}


def test_bridges_that_were_not_started_are_not_reported() -> None:
    """A stop before the start is nothing."""
    host = Host(bridges={"sheet": Fleet().opener("sheet")})
    assert host.stop()
    assert (host.running, host.report()) == (False, ())


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_after_a_run_the_signals_are_as_they_were(which: signal.Signals) -> None:
    """A host is a guest in its process."""
    before = signal.getsignal(which)
    Host(bridges={"sheet": Fleet().opener("sheet")}, until_idle=True).run()
    assert signal.getsignal(which) is before


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run(which: signal.Signals) -> None:
    """The bridge finishes its pass, leaves its group and is closed; no patience runs out."""
    fleet = Fleet()

    def ask(part: Part) -> Outcome:
        signal.pthread_kill(threading.main_thread().ident or 0, which)
        return Written(key=part.key)

    sink = ScriptedSink(script=[ask])
    fleet.publish("a")
    (report,) = Host(bridges={"sheet": fleet.opener("sheet", sink)}, patience=60).run()
    assert report == Report(name="sheet", state=State.ENDED)
    assert (fleet.written("sheet"), sink.closed) == (1, True)
    assert sum(fleet.broker.committed(group="sheet").values()) == 1


def test_a_signal_ends_a_run_in_which_a_bridge_hangs() -> None:
    """Within the patience, without it."""
    fleet = Fleet()
    sink = SlowSink()
    fleet.publish("a")
    host = Host(bridges={"sheet": fleet.opener("sheet", sink)}, patience=0.3)

    def kill() -> None:
        sink.writing.wait(10)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)

    threading.Thread(target=kill).start()
    (report,) = host.run()
    assert report.state is State.RUNNING
    sink.finish.set()
    wait_for(lambda: not host.running)
