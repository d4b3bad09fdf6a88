"""Three brokers, of which one or two are killed under load: nothing acknowledged is lost."""

import threading
import time
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path

import attrs
import pytest

from formbridge.compose import open_publisher, open_reader
from formbridge.domain.errors import BrokerUnavailable
from formbridge.domain.ports import Publisher
from formbridge.domain.records import Record
from formbridge.testing.builders import a_payload
from tests.clusters.cluster import Cluster
from tests.faults.kafka_drill import Road, member, troubles, wait_for

FORMS = 20
AT_ONCE = 50


@attrs.define(eq=False)
class Load:
    """Publishes until it is stopped; notes what was acknowledged and what raised."""

    publisher: Publisher
    acknowledged: list[int] = attrs.field(factory=list)
    raised: list[int] = attrs.field(factory=list)
    longest: float = 0.0
    _stopping: threading.Event = attrs.field(factory=threading.Event)
    _numbers: "count[int]" = attrs.field(factory=count)

    def run(self) -> None:
        """Publish batch after batch, each of new responses."""
        while not self._stopping.is_set():
            self.publish()

    def publish(self) -> None:
        """Publish one batch."""
        numbers = [next(self._numbers) for _ in range(AT_ONCE)]
        begun = time.monotonic()
        try:
            self.publisher.publish([_record(number) for number in numbers])
            self.acknowledged += numbers
        except BrokerUnavailable:
            self.raised += numbers
        self.longest = max(self.longest, time.monotonic() - begun)

    def has(self, number: int) -> bool:
        """Whether so many were acknowledged."""
        return len(self.acknowledged) >= number

    def stop(self) -> None:
        """End after the batch that is under way."""
        self._stopping.set()


def _record(number: int) -> Record:
    form = f"form-{number % FORMS}"
    return Record(key=form.encode(), value=a_payload(f"r{number}", form_id=form))


def rows(road: Road) -> list[str]:
    """Return the response ids that stand in the tables."""
    return [
        line.partition(",")[0]
        for path in road.tables.glob("*.csv")
        for line in path.read_text(encoding="utf-8").splitlines()[1:]
    ]


@pytest.mark.drill
def test_brokers_die_one_after_the_other_and_nothing_acknowledged_is_lost(
    tmp_path: Path, three_nodes: Cluster, *, long_run: bool
) -> None:
    """With three replicas, of which two must have a record; each response is there once."""
    road = Road.to(tmp_path, bootstrap=three_nodes.bootstrap)
    load = Load(open_publisher(road.log))
    seconds = 20.0 if long_run else 2.0
    publishing = threading.Thread(target=load.run)
    with closing(load.publisher), member(road) as reading:
        publishing.start()
        for node in three_nodes.nodes[:2]:
            time.sleep(seconds)
            more = len(load.acknowledged) + AT_ONCE
            node.kill()
            wait_for("publishing goes on", partial(load.has, more), reading)
            time.sleep(seconds)
            node.start()
        time.sleep(seconds)
        load.stop()
        publishing.join()
        wait_for("all is carried", lambda: road.lag() == 0, reading)
    with closing(open_reader(road.log)) as reader:
        logged = sum(1 for _ in reader.read())
    found = rows(road)
    print(
        f"\n{len(load.acknowledged)} acknowledged, {len(load.raised)} raised, {logged} in the "
        f"topic, {len(found)} in the tables; the longest publication took {load.longest:.1f} s"
    )
    assert troubles([reading]) == []
    assert len(found) == len(set(found))
    assert {f"r{number}" for number in load.acknowledged} <= set(found)
    assert set(found) <= {f"r{number}" for number in (*load.acknowledged, *load.raised)}


@pytest.mark.drill
def test_with_two_of_three_brokers_gone_publishing_raises_in_time(
    tmp_path: Path, three_nodes: Cluster
) -> None:
    """The sender hears that it is not stored; what was acknowledged is there when they return."""
    road = Road.to(tmp_path, bootstrap=three_nodes.bootstrap, **{"delivery.timeout.ms": 4_000})
    load = Load(open_publisher(road.log))
    with closing(load.publisher):
        load.publish()
        assert load.raised == []
        for node in three_nodes.nodes[1:]:
            node.kill()
        begun = time.monotonic()
        load.publish()
        took = time.monotonic() - begun
        assert len(load.raised) == AT_ONCE
        for node in three_nodes.nodes[1:]:
            node.launch()
        for node in three_nodes.nodes[1:]:
            node.await_ready({1, 2, 3})
        load.publish()
    with closing(open_reader(road.log)) as reader:
        found = [it.value for it in reader.read()]
    print(f"\nraised after {took:.1f} s; {len(found)} in the topic, {len(load.acknowledged)} sure")
    assert took < 15
    assert {_record(number).value for number in load.acknowledged} <= set(found)
