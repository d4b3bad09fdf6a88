"""Records that are at the edge of what Kafka carries: names that are no text, and sizes."""

import random
from contextlib import closing
from pathlib import Path

import pytest

from formbridge.compose import open_bridge, open_dead_letters, open_publisher
from formbridge.domain.errors import BadInput
from formbridge.domain.records import Record
from formbridge.testing.builders import a_payload
from tests.clusters.fixtures import Kafka
from tests.faults.kafka_drill import Road
from tests.faults.kafka_foreign import produce
from tests.faults.log import Log
from tests.faults.results import differences
from tests.faults.test_sigkill import carry

MEGABYTES = 5_000_000
LARGEST = 10_485_000
"""Almost the 10 MiB that a topic takes by default; what a letter adds does not fit beside it."""


def noise(size: int) -> bytes:
    """Return bytes that no compression makes smaller, and no format reads."""
    return random.Random(size).randbytes(size)  # noqa: S311 - made up, no secret


def carried(road: Road) -> list[bytes]:
    """Carry what is there to tables; return what became a dead letter."""
    with open_bridge(broker=road.log, sink=f"csv:{road.tables}", group=road.group) as bridge:
        bridge.run_until_idle()
    with closing(open_dead_letters(road.log)) as kept:
        return [it.delivery.value or b"" for it in kept.unresolved(group=road.group)]


@pytest.mark.drill
def test_a_header_whose_name_is_no_text_stops_nobody(kafka: Kafka, tmp_path: Path) -> None:
    """Among many good ones it is carried, and only that header is gone: no process dies of it."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    log = Log(count=3_000, forms=6)
    road.publish(log)  # so many that Python has found short ways by then
    form, event = 0, log.rounds - 1
    value, key = log.payload(form, event), b"form-0"
    header = (b"\xff\xfe caf\xe9", b"1")
    produce(kafka.bootstrap, road.log.topic, key=key, value=value, header=header)
    road.publish(log)
    records = carry(road.broker, road.tables, group=road.group)
    print(f"\n{records} records carried, of which one had a header whose name is no text")
    assert records == 2 * log.count + 1
    assert differences(road.tables, log) == []
    assert road.lag() == 0


@pytest.mark.drill
def test_five_megabytes_pass_both_ways(kafka: Kafka, tmp_path: Path) -> None:
    """Published here, a response of that size stands in its cell; noise becomes a dead letter."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    answer = noise(MEGABYTES // 2).hex()
    with closing(open_publisher(road.log)) as publisher:
        publisher.publish(
            [
                Record(key=b"form", value=a_payload("before")),
                Record(key=b"form", value=a_payload("large", answers={"q1": answer})),
                Record(key=b"form", value=noise(MEGABYTES)),
                Record(key=b"form", value=a_payload("after")),
            ]
        )
    letters = carried(road)
    rows = (road.tables / "form.csv").read_text().splitlines()[1:]
    print(f"\n{len(answer)} bytes in a cell, {[len(it) for it in letters]} in a dead letter")
    assert [row.partition(",")[0] for row in rows] == ["before", "large", "after"]
    assert answer in rows[1]
    assert letters == [noise(MEGABYTES)]
    assert road.lag() == 0


@pytest.mark.drill
@pytest.mark.xfail(
    raises=BadInput,
    strict=True,
    reason="a letter is larger than its record, and its topic takes no more than that of responses",
)
def test_the_largest_record_that_can_be_published_can_be_buried(
    kafka: Kafka, tmp_path: Path
) -> None:
    """Whatever the topic takes must fit the dead letters, or one record stops the bridge."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    with closing(open_publisher(road.log)) as publisher:
        publisher.publish([Record(key=b"form", value=noise(LARGEST))])
    assert carried(road) == [noise(LARGEST)]
