"""Members on real Kafka are killed with SIGKILL while they work; another one takes over at once."""

import random
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import attrs
import pytest

from tests.clusters.fixtures import Kafka
from tests.faults.kafka_drill import Road, member, wait_for
from tests.faults.lives import RANDOM, Chronicle, Life, live
from tests.faults.log import Log
from tests.faults.results import differences
from tests.faults.test_sigkill import carry

PROMISED = 10.0
"""Seconds within which a killed member is replaced, with our default options."""
SHORT_SESSION = {"session.timeout.ms": 1_500, "heartbeat.interval.ms": 300}
SOON = 0.2
"""Seconds in which a batch is surely under way."""
TRIES = 3
"""Lives for each kill that counts, at the most."""


@attrs.frozen(kw_only=True)
class Size:
    """How much: the log, kills, and the options of members."""

    log: Log
    kills: int
    options: dict[str, object]


SHORT = Size(log=Log(count=16_000, forms=40), kills=6, options=dict(SHORT_SESSION))
LONG = Size(log=Log(count=500_000, forms=500), kills=50, options={})


def nth(wanted: int) -> Callable[[str], bool]:
    """Return the moment of the n-th poll."""
    numbers = count(1)
    return lambda line: line.startswith("polled") and next(numbers) == wanted


@pytest.mark.drill
def test_every_response_is_there_once_after_kills(
    tmp_path: Path, kafka: Kafka, *, long_run: bool
) -> None:
    """Each once, its latest revision, every cell equal, no other rows."""
    size = LONG if long_run else SHORT
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap, **size.options)
    road.publish(size.log)
    published, chance = time.monotonic(), random.Random(11)  # noqa: S311 - moments, no secrets
    chronicle, killed = Chronicle(), 0
    batch = size.log.count // (4 * size.kills)  # so that something is left for the last one
    while killed < size.kills:
        assert len(chronicle.lives) < TRIES * size.kills, chronicle
        life = Life(role="member", aim=RANDOM)
        live(
            life,
            road.command(batch=batch),
            kill=nth(chance.choice((1, 2))),
            after=chance.random() * SOON,
        )
        assert life.records or road.lag(), "all was carried before the last kill"
        killed += chronicle.take(life).counts
    told = time.monotonic() - published
    carried = carry(road.broker, road.tables, group=road.group)
    polled = carried + sum(life.records for life in chronicle.lives)
    records = road.records()
    print(
        f"\n{killed} kills of working members in {len(chronicle.lives)} lives, "
        f"{told:.0f} seconds;\n"
        f"{records} records in the topic, {polled} polled, of which {polled - records} again, "
        f"{carried} after the last kill",
        flush=True,
    )
    assert records == size.log.count
    assert differences(road.tables, size.log) == []
    assert road.lag() == 0


@pytest.mark.drill
@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_a_killed_member_is_replaced(tmp_path: Path, kafka: Kafka, protocol: str) -> None:
    """With our defaults; in the new protocol the broker decides, three seconds in these tests."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap, **{"group.protocol": protocol})
    log = Log(count=600, forms=60)
    with member(road) as one, member(road) as other:
        road.publish(log)
        wait_for("both read", lambda: one.numbers("polled") + other.numbers("polled") >= 600, one)
        wait_for("all is committed", lambda: road.lag() == 0, one, other)
        wait_for("both have a share", lambda: _share(road, log, one, other), one, other)
        before = other.numbers("polled")
        one.child.kill()
        killed = time.monotonic()
        road.publish(log)
        wait_for("the other reads all", lambda: other.numbers("polled") - before >= 600, other)
        took = other.lines("polled")[-1][0] - killed
    print(f"\n{protocol}: the partitions of a killed member were read on after {took:.1f} seconds")
    assert took <= PROMISED
    assert differences(road.tables, log) == []


def _share(road: Road, log: Log, *members: object) -> bool:
    """Publish once more; return whether each member read some of it."""
    counts = [it.numbers("polled") for it in members]  # type: ignore[attr-defined]  # processes
    road.publish(log)
    time.sleep(1.5)
    found = [it.numbers("polled") for it in members]  # type: ignore[attr-defined]  # as above
    return all(now > then for now, then in zip(found, counts, strict=True))
