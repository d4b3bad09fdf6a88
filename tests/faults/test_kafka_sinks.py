"""Sinks and records in trouble on real Kafka: outages, a failing neighbour, poison."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from confluent_kafka import Producer

from formbridge.bridge import Bridge, BridgeSettings
from formbridge.compose import open_bridge, open_dead_letters, open_publisher
from formbridge.domain.errors import BadInput, FloodLimitReached
from formbridge.domain.events import Buried, PartitionsLost, PartWritten
from formbridge.domain.flood import FloodLimit
from formbridge.domain.records import Record
from formbridge.domain.sinks import NotNow, Outcome, Part
from formbridge.formats import description_text
from formbridge.replay import replay
from formbridge.testing.builders import a_payload
from formbridge.testing.fakes import RecordingHook, ScriptedSink
from tests.clusters.fixtures import Kafka
from tests.faults.kafka_drill import Road, wait_for
from tests.faults.log import Log
from tests.faults.results import differences

PATIENCE = 60.0


@attrs.define(eq=False)
class Outage(ScriptedSink):
    """Takes nothing until ``over`` is set."""

    over: threading.Event = attrs.field(factory=threading.Event, kw_only=True)
    refused: int = attrs.field(init=False, default=0)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Say not now, or take them."""
        if self.over.is_set():
            yield from super().write(parts)
            return
        for part in parts:
            self.refused += 1
            yield NotNow(key=part.key, seconds=0.2, reason="the sink is away")


@attrs.define(eq=False)
class Runner:
    """A bridge in a thread of its own."""

    open: Callable[[], Bridge]
    stopping: threading.Event = attrs.field(factory=threading.Event)
    errors: list[BaseException] = attrs.field(factory=list)
    thread: threading.Thread = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Start."""
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            with self.open() as bridge:
                bridge.run(self.stopping.is_set)
        except Exception as error:  # noqa: BLE001 - told by the test
            self.errors.append(error)

    def stop(self) -> None:
        """End it."""
        self.stopping.set()
        self.thread.join(PATIENCE)


@pytest.mark.drill
@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_a_member_whose_sink_is_away_for_long_is_never_evicted(
    kafka: Kafka, tmp_path: Path, protocol: str, *, long_run: bool
) -> None:
    """An outage of several poll intervals, in which the backlog is full and the bridge holds."""
    outage = 120.0 if long_run else 20.0
    options: dict[str, object] = {"group.protocol": protocol, "max.poll.interval.ms": 6_000}
    options |= {"session.timeout.ms": 3_000} if protocol == "classic" else {}
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap, **options)
    log = Log(count=1_000, forms=20)
    road.publish(log)
    sink, hook = Outage(), RecordingHook()
    settings = BridgeSettings(batch=100, backlog=200)
    runner = Runner(
        lambda: open_bridge(
            broker=road.log, sink=sink, group=road.group, settings=settings, hook=hook
        )
    )
    time.sleep(outage)
    refused = sink.refused
    sink.over.set()
    wait_for("everything is taken", lambda: len(sink.written) >= log.count)
    wait_for("and committed", lambda: road.lag() == 0)
    runner.stop()
    print(
        f"\n{protocol}: away for {outage:.0f} s, refused {refused} times, poll interval 6 s, "
        f"{len(hook.of(PartitionsLost))} partitions lost, {len(sink.written)} records written"
    )
    assert runner.errors == []
    assert hook.of(PartitionsLost) == []
    assert len(sink.written) == log.count


@pytest.mark.drill
def test_a_sink_does_not_notice_that_its_neighbour_fails(
    kafka: Kafka, tmp_path: Path, *, long_run: bool
) -> None:
    """Each has its own place in the log; the failing one has everything when it is back."""
    outage = 300.0 if long_run else 8.0
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    log = Log(count=2_000, forms=20)
    failing, well = Outage(), ScriptedSink()
    hooks = RecordingHook(), RecordingHook()

    def runner(sink: ScriptedSink, name: str, hook: RecordingHook) -> Runner:
        group = f"{name}-of-{road.group}"
        return Runner(lambda: open_bridge(broker=road.log, sink=sink, group=group, hook=hook))

    runners = [runner(failing, "failing", hooks[0]), runner(well, "well", hooks[1])]
    begun, longest = time.monotonic(), 0.0
    rounds = 0
    while time.monotonic() - begun < outage:
        published = time.monotonic()
        road.publish(log)
        rounds += 1
        wait_for("the other takes it", lambda: len(well.written) >= rounds * log.count)  # noqa: B023 - it is called in this round
        longest = max(longest, time.monotonic() - published)
        time.sleep(0.5)
    assert failing.written == []
    failing.over.set()
    wait_for("the one that failed has it", lambda: len(failing.written) >= rounds * log.count)
    for it in runners:
        it.stop()
    print(
        f"\n{rounds} times {log.count} records in {outage:.0f} s, each taken by the one within "
        f"{longest:.1f} s while the other was away; then that one took {len(failing.written)}"
    )
    assert [it.errors for it in runners] == [[], []]
    assert hooks[1].of(PartitionsLost) == []
    assert len(well.written) == len(failing.written) == rounds * log.count


@pytest.mark.drill
def test_poison_stops_nobody_and_is_kept(kafka: Kafka, tmp_path: Path) -> None:
    """Between good records: no JSON, a null value, no key, null headers, five megabytes of both."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    large = "x" * 5_000_000
    with closing(open_publisher(road.log)) as publisher:
        publisher.publish([Record(key=b"form", value=a_payload("before"))])
    producer = Producer({"bootstrap.servers": kafka.bootstrap, "message.max.bytes": 20_000_000})
    topic = road.log.topic
    producer.produce(topic, b"poison", key=b"form")
    producer.produce(topic, None, key=b"form")
    producer.produce(topic, a_payload("without key"))
    producer.produce(topic, a_payload("null header"), key=b"form", headers=[("a", None)])
    producer.produce(topic, a_payload("large", answers={"q1": large}), key=b"form")
    producer.produce(topic, b"[" + b"0," * 2_500_000, key=b"form")
    producer.produce(topic, a_payload("after"), key=b"form")
    assert producer.flush(30) == 0
    hook = RecordingHook()
    with open_bridge(
        broker=road.log, sink=f"csv:{road.tables}", group=road.group, hook=hook
    ) as bridge:
        bridge.run_until_idle()
    written = sum(it.records for it in hook.of(PartWritten))  # type: ignore[attr-defined]  # its own
    buried = sum(it.records for it in hook.of(Buried))  # type: ignore[attr-defined]  # its own
    with closing(open_dead_letters(road.log)) as kept:
        letters = list(kept.unresolved(group=road.group))
    sizes = sorted(len(it.delivery.value or b"") for it in letters)
    print(f"\n{written} records written, {buried} buried, of {sizes} bytes")
    assert (written, buried, len(letters)) == (5, 3, 3)
    assert sizes == [0, 6, 5_000_001]
    rows = (road.tables / "form.csv").read_text().splitlines()[1:]
    assert {row.partition(",")[0] for row in rows} == {
        "before",
        "without key",
        "null header",
        "large",
        "after",
    }
    assert road.lag() == 0


@pytest.mark.drill
def test_a_record_above_the_bound_of_the_topic_is_refused_at_the_publisher(
    kafka: Kafka, tmp_path: Path
) -> None:
    """With the remedy; what fits is published after it."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap, **{"compression.type": "none"})
    with closing(open_publisher(road.log)) as publisher:
        with pytest.raises(BadInput, match=r"max\.message\.bytes"):
            publisher.publish([Record(key=b"form", value=bytes(11_000_000))])
        publisher.publish([Record(key=b"form", value=a_payload("r1"))])
    assert road.records() == 1


@pytest.mark.drill
def test_a_thousand_poison_records_stop_the_bridge_until_the_cause_is_mended(
    kafka: Kafka, tmp_path: Path
) -> None:
    """Above the limit nothing is buried or committed; with the right format all is carried.

    The first polls may bring as few as the limit allows: those are dead letters, and replayed.
    """
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    log = Log(count=1_000, forms=10)
    foreign = tmp_path / "foreign.toml"
    foreign.write_text(description_text("native").replace('"form_id"', '"formId"'), "utf-8")
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    road.log.broker.reader(topic=road.log.topic).close()
    for form, event in log.events():
        payload = log.payload(form, event).replace(b'"form_id"', b'"formId"')
        producer.produce(road.log.topic, payload, key=b"%d" % form)
    producer.flush(30)
    hook = RecordingHook()
    with (
        pytest.raises(FloodLimitReached, match="nothing was buried"),
        open_bridge(
            broker=road.log, sink=f"csv:{road.tables}", group=road.group, hook=hook
        ) as bridge,
    ):
        bridge.run_until_idle()
    lag = road.lag()
    buried = sum(it.records for it in hook.of(Buried))  # type: ignore[attr-defined]  # its own
    print(f"\nstopped by the flood limit: {buried} buried, {lag} of {log.count} not committed")
    assert buried <= FloodLimit().failures
    assert lag == log.count - buried
    with (
        open_bridge(
            broker=road.log, sink=f"csv:{road.tables}", group=road.group, format=foreign
        ) as bridge,
        closing(open_dead_letters(road.log)) as kept,
    ):
        bridge.run_until_idle()
        letters = list(kept.unresolved(group=road.group))
        assert len(letters) == buried
        assert not replay(letters, sink=bridge.sink, dead_letters=kept).reasons
    assert differences(road.tables, log) == []
    assert road.lag() == 0
