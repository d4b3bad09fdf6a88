"""Members on real Kafka come, go, hang and wake up while tables are written slowly."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from confluent_kafka import Producer

from formbridge.publishing import batched
from tests.clusters.fixtures import Kafka
from tests.faults.kafka_drill import Process, Road, member, troubles, wait_for, wrong
from tests.faults.log import Log
from tests.faults.test_kafka_sigkill import SHORT_SESSION

LONGEST_PAUSE = 30.0
"""Seconds in which the whole group may commit nothing while members come and go."""
STORM = {"classic": 1, "consumer": 2}


@attrs.define(eq=False)
class Team:
    """Members of one group; they leave by SIGTERM, as in a deploy, and by SIGKILL, in turn."""

    road: Road
    slow: float
    opened: ExitStack
    all: list[Process] = attrs.field(factory=list)
    asked: list[Process] = attrs.field(factory=list)
    killed: list[Process] = attrs.field(factory=list)

    def join(self) -> None:
        """Let one more come."""
        process = self.opened.enter_context(member(self.road, slow=self.slow, batch=200))
        self.all.append(process)

    def leave(self, number: int) -> None:
        """Let one of those that stay go."""
        process = self.staying[number % len(self.staying)]
        kill = len(self.killed) <= len(self.asked)
        (self.killed if kill else self.asked).append(process)
        process.child.send_signal(signal.SIGKILL if kill else signal.SIGTERM)

    @property
    def staying(self) -> list[Process]:
        """Those that are there, and were not told to go."""
        return [it for it in self.all if it not in (*self.asked, *self.killed)]

    def left_in_order(self) -> bool:
        """Whether all that were asked to leave did, and well."""
        return all(it.child.poll() == 0 and it.lines("closed") for it in self.asked)

    def commits(self) -> list[float]:
        """Return when anybody committed."""
        return sorted(at for it in self.all for at, _ in it.lines("committed"))


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """What ends every member in the end."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.drill
@pytest.mark.parametrize("protocol", STORM)
def test_a_storm_of_rebalances_loses_nothing_and_never_stops(
    tmp_path: Path, kafka: Kafka, opened: ExitStack, protocol: str, *, long_run: bool
) -> None:
    """Every two seconds one joins or leaves, while each write of tables takes its time."""
    seconds, slow = (60, 5.0) if long_run else (12, 1.0)
    road = Road.to(
        tmp_path,
        bootstrap=kafka.bootstrap,
        **{"group.protocol": protocol}
        | (
            {"session.timeout.ms": 2_000, "heartbeat.interval.ms": 400}
            if protocol == "classic"
            else {}
        ),
    )
    log = Log(count=20_000 if long_run else 4_000, forms=40)
    road.publish(log)
    team, chance = Team(road, slow, opened), random.Random(5)  # noqa: S311 - moments, no secrets
    team.join()
    team.join()
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        time.sleep(2)
        if len(team.staying) < 2 or (len(team.staying) < 4 and chance.random() < 0.5):
            team.join()
        else:
            team.leave(chance.randrange(4))
    patience = 900 if long_run else 280  # the rest of 100 writes of 5 seconds, by two or three
    wait_for("the storm's rest is carried", lambda: road.lag() == 0, *team.all, patience=patience)
    wait_for("who was asked to leave has left", team.left_in_order, *team.asked)
    times = [begun, *team.commits()]
    pause = max(later - earlier for earlier, later in pairwise(times))
    polled = sum(it.numbers("polled") for it in team.all)
    print(
        f"\n{protocol}: {len(team.all)} joined in {seconds} seconds, {len(team.asked)} left and "
        f"{len(team.killed)} were killed, writes of {slow:.0f} s; {polled} records polled of "
        f"{log.count}; the longest pause between two commits was {pause:.1f} s"
    )
    assert min(len(team.asked), len(team.killed)) > 0
    assert troubles(team.all) == []
    assert wrong(road, log) == []
    assert pause <= LONGEST_PAUSE


@pytest.mark.drill
def test_partitions_change_hands_in_the_middle_of_a_write(
    tmp_path: Path, kafka: Kafka, opened: ExitStack
) -> None:
    """What the first member still writes is written again by the second, to the same rows."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    log = Log(count=1_200, forms=30)
    road.publish(log)
    first = opened.enter_context(member(road, slow=6, batch=300))
    wait_for("a write is under way", lambda: first.lines("writing"), first)
    second = opened.enter_context(member(road, batch=300))
    wait_for("all is carried", lambda: road.lag() == 0, first, second)
    lost = first.lines("lost")
    print(f"\nhanded over in the middle of a write: {[line for _, line in lost]}")
    assert lost
    assert second.numbers("polled") > 0
    assert troubles([first, second]) == []
    assert wrong(road, log) == []


@pytest.mark.drill
def test_a_member_that_hangs_in_a_write_and_wakes_up_does_no_harm(
    tmp_path: Path, kafka: Kafka, opened: ExitStack
) -> None:
    """It was given up, others wrote newer versions; its late write and commit change nothing."""
    road = Road.to(
        tmp_path,
        bootstrap=kafka.bootstrap,
        **SHORT_SESSION,
    )
    log = Log(count=2_400, forms=30)
    half = log.rounds // 2
    road.publish(log, ((form, event) for form, event in log.events() if event < half))
    zombie = opened.enter_context(member(road, slow=2, batch=400))
    wait_for("a write is under way", lambda: zombie.lines("writing"), zombie)
    os.kill(zombie.child.pid, signal.SIGSTOP)
    other = opened.enter_context(member(road, batch=400))
    wait_for("the other carries the first half", lambda: road.lag() == 0, other)
    later = ((form, event) for form, event in log.events() if event >= half)
    road.publish(log, later)  # among them later versions of what the zombie is about to write
    wait_for("and the second half", lambda: road.lag() == 0, other)
    before = zombie.numbers("polled") + other.numbers("polled")
    os.kill(zombie.child.pid, signal.SIGCONT)
    wait_for("the zombie ends its write", lambda: zombie.lines("written"), zombie, other)
    wait_for("the zombie hears of it", lambda: zombie.lines("lost"), zombie, other)
    wait_for("it is a member again", lambda: other.lines("lost"), zombie, other)
    again = zombie.numbers("polled") + other.numbers("polled") - before
    print(
        f"\nthe zombie wrote {zombie.numbers('polled')} records late, then it "
        f"{zombie.lines('lost')[0][1]}; the other had carried {other.numbers('polled')}; "
        f"{again} were read again afterwards"
    )
    assert zombie.lines("committed") == []
    assert again == 0  # no offset went back
    assert road.lag() == 0
    assert troubles([zombie, other]) == []
    assert wrong(road, log) == []


@pytest.mark.drill
def test_one_form_that_a_foreign_producer_spread_over_partitions_has_one_writer_at_a_time(
    tmp_path: Path, kafka: Kafka, opened: ExitStack
) -> None:
    """Two members write the same tables: each response once, its latest version."""
    road = Road.to(tmp_path, bootstrap=kafka.bootstrap)
    road.log.broker.reader(topic=road.log.topic).close()  # makes the topic
    log = Log(count=4_000, forms=8)
    first = opened.enter_context(member(road, batch=200))
    second = opened.enter_context(member(road, batch=200))
    wait_for("both are there", lambda: first.lines("idle") and second.lines("idle"), first, second)
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    dated = [it for it in log.events() if it[0] % 2 == 0]  # these forms say when they were edited
    for batch in batched(dated, 40):
        for form, event in batch:
            key = b"%d" % event  # whatever it likes, but the form
            producer.produce(road.log.topic, log.payload(form, event), key)
        producer.flush(30)
        time.sleep(0.1)  # for as long as both take to share the partitions, and longer
    wait_for("all is carried", lambda: road.lag() == 0, first, second)
    print(f"\nmembers polled {first.numbers('polled')} and {second.numbers('polled')} of 4 forms")
    assert min(first.numbers("polled"), second.numbers("polled")) > 0
    assert troubles([first, second]) == []
    absent = [f"form-{form}.csv: there is no such table" for form in (1, 3, 5, 7)]
    assert wrong(road, log, but=absent) == []
