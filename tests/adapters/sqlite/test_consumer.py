"""What only this consumer promises: fair shares, a cheap wait, and nothing lost by an error."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.sqlite.consumer import SqliteConsumer, shares
from formbridge.domain.errors import BrokerBroken
from formbridge.domain.records import Record
from formbridge.testing.clock import FakeClock

waiting = st.dictionaries(st.integers(0, 15), st.integers(1, 100), max_size=8)


@pytest.fixture
def clock() -> FakeClock:
    """Time of the test."""
    return FakeClock()


@pytest.fixture
def log(tmp_path: Path, clock: FakeClock) -> SqliteBroker:
    """A log that does not wait for locks."""
    return SqliteBroker(tmp_path / "log.db", clock=clock, busy_timeout=0.01)


@pytest.fixture
def consumer(log: SqliteBroker) -> Iterator[SqliteConsumer]:
    """The only member of a group, with a hundred records before it."""
    publisher = log.publisher()
    publisher.publish([Record(key=b"form-%d" % n, value=b"%d" % n) for n in range(100)])
    publisher.close()
    consumer = log.consumer(group="sink")
    yield consumer
    consumer.close()


@given(waiting=waiting, limit=st.integers(0, 300), turn=st.integers(0, 20))
def test_a_limit_is_used_up_and_shared_out(waiting: dict[int, int], limit: int, turn: int) -> None:
    """Nothing is left unused, and only who has less gets less than the others."""
    given_out = shares(waiting, limit, turn=turn)
    assert sum(given_out.values()) == min(limit, sum(waiting.values()))
    for partition, most in waiting.items():
        share = given_out.get(partition, 0)
        assert share <= most
        assert share == most or share + 1 >= max(given_out.values(), default=0)


def test_every_partition_gets_its_turn() -> None:
    """A limit below the number of partitions starves none."""
    served = [next(iter(shares({0: 9, 1: 9, 2: 9}, 1, turn=turn))) for turn in range(3)]
    assert sorted(served) == [0, 1, 2]


def test_an_idle_poll_takes_no_lock(
    consumer: SqliteConsumer, log: SqliteBroker, clock: FakeClock
) -> None:
    """A waiting sink never stands in a publisher's way."""
    assert len(consumer.poll(500, timeout=0).deliveries) == 100
    publisher = log.publisher()
    with publisher._database.write():  # noqa: SLF001 - hold the write lock
        for _ in range(20):
            assert consumer.poll(500, timeout=0.01).deliveries == []
    publisher.close()
    assert clock.monotonic() < 1


def test_a_waiting_poll_looks_again_within_25_milliseconds(
    consumer: SqliteConsumer, clock: FakeClock
) -> None:
    """The latency at low traffic, and an upper bound on the work of waiting."""
    consumer.poll(500, timeout=0)
    clock.slept.clear()
    consumer.poll(500, timeout=1.0)
    assert max(clock.slept) <= 0.025
    assert len(clock.slept) <= 50


def test_an_error_in_the_middle_of_a_poll_loses_nothing(
    consumer: SqliteConsumer, tmp_path: Path
) -> None:
    """What was read of other partitions before the error comes with the next poll."""
    consumer.poll(1, timeout=0)
    with closing(sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as other:
        other.execute("ALTER TABLE log_1_2 RENAME TO hidden")
        for _ in range(4):  # another partition is read first each time
            with pytest.raises(BrokerBroken):
                consumer.poll(500, timeout=0)
        other.execute("ALTER TABLE hidden RENAME TO log_1_2")
    assert len(consumer.poll(500, timeout=0).deliveries) == 99


def test_a_member_writes_only_a_few_times_in_a_lease(
    consumer: SqliteConsumer, log: SqliteBroker
) -> None:
    """Heartbeats cost the disk nothing worth mentioning: three in 60 seconds."""
    consumer.poll(500, timeout=0)
    watcher = log.consumer(group="another")
    version = "PRAGMA data_version"
    changes = {watcher._database.integer(version)}  # noqa: SLF001 - count foreign commits
    for _ in range(60):
        consumer.poll(500, timeout=1.0)
        changes.add(watcher._database.integer(version))  # noqa: SLF001 - as above
    watcher.close()
    assert len(changes) <= 5
