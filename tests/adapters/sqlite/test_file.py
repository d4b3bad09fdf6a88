"""The file: made, recognised, migrated or refused; never a traceback for what a person did."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.sqlite.database import File
from formbridge.adapters.sqlite.ledger import LEDGER, SqliteLedger
from formbridge.adapters.sqlite.topics import LOG
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.errors import (
    BadAddress,
    BadSetting,
    BrokerBroken,
    BrokerUnavailable,
    NewerVersion,
)
from formbridge.domain.records import Record

RECORD = Record(key=b"form", value=b"{}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log will be."""
    return tmp_path / "log.db"


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def broker(path: Path, *, busy_timeout: float = 0.05) -> SqliteBroker:
    """Return a broker that does not wait long."""
    return SqliteBroker(path, clock=SystemClock(), busy_timeout=busy_timeout)


def publish(path: Path, *records: Record) -> None:
    """Open, publish and close."""
    with closing(broker(path).publisher()) as publisher:
        publisher.publish(records)


def test_a_log_is_one_file_when_nobody_uses_it(path: Path) -> None:
    """The WAL and its index are folded in by the last to close."""
    publish(path, RECORD)
    assert [it.name for it in path.parent.iterdir()] == ["log.db"]


def test_a_log_that_is_just_being_made_is_not_taken_for_a_foreign_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mark, version and tables are read in one state of the file, also while another makes it."""
    log = File(path=path, schema=LOG, clock=SystemClock(), busy_timeout=0.05)
    connect, others = sqlite3.connect, [log]

    class Interrupted(sqlite3.Connection):
        def execute(self, sql: str, parameters: Sequence[object] = (), /) -> sqlite3.Cursor:  # type: ignore[override]  # as it is called here
            if sql == "PRAGMA user_version" and others:
                with suppress(BrokerUnavailable):
                    others.pop().open().close()
            return super().execute(sql, parameters)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr(sqlite3, "connect", partial(connect, factory=Interrupted))
    log.open().close()
    assert not others


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """A mistyped path makes no folder somewhere."""
    with pytest.raises(BadAddress, match=r"no folder .*missing"):
        publish(tmp_path / "missing" / "log.db", RECORD)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """Naming the folder instead of the file is a usual slip."""
    with pytest.raises(BrokerUnavailable, match="cannot be opened"):
        publish(tmp_path, RECORD)


def test_a_file_of_something_else_is_refused(path: Path) -> None:
    """Text is not a database, and stays as it is."""
    path.write_text("Response ID,Submitted at\n" * 100, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(BrokerBroken, match="not a SQLite database"):
        publish(path, RECORD)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_refused(path: Path, raw: sqlite3.Connection) -> None:
    """Nothing is written into somebody's own database."""
    raw.execute("CREATE TABLE customers (name TEXT)")
    with pytest.raises(BrokerBroken, match="no FormBridge log"):
        publish(path, RECORD)
    assert raw.execute("SELECT name FROM sqlite_schema").fetchall() == [("customers",)]


def test_a_newer_version_is_refused(path: Path) -> None:
    """An older program must not write what it does not understand."""
    publish(path, RECORD)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=2")
    with pytest.raises(NewerVersion, match=r"version 2.*upgrade"):
        publish(path, RECORD)


def test_an_older_version_is_migrated_step_by_step(path: Path) -> None:
    """Each version has the statements that lead to the next, applied in one transaction."""
    publish(path, RECORD)
    later = attrs.evolve(
        LOG,
        version=3,
        migrations={
            1: ["ALTER TABLE topics ADD COLUMN note TEXT"],
            2: ["UPDATE topics SET note = 'migrated'"],
        },
    )
    with closing(File(path=path, schema=later, clock=SystemClock()).open()) as database:
        assert database.rows("SELECT name, note FROM topics") == [("responses", "migrated")]
        assert database.integer("PRAGMA user_version") == 3


def test_a_ledger_is_no_log(path: Path) -> None:
    """Two kinds of files are told apart by their mark."""
    with closing(SqliteLedger(File(path=path, schema=LEDGER, clock=SystemClock()).open())):
        pass
    with pytest.raises(BrokerBroken, match="no FormBridge log"):
        publish(path, RECORD)


def test_a_damaged_file_is_called_damaged(path: Path) -> None:
    """A disk that lost pages: the reader says so and what to do."""
    publish(path, *[Record(key=b"%d" % n, value=os.urandom(3000)) for n in range(200)])
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 2))
    with closing(broker(path).reader()) as reader, pytest.raises(BrokerBroken, match=r"log\.db"):
        list(reader.read())


def test_a_log_that_is_locked_for_long_is_unavailable(path: Path) -> None:
    """Somebody's tool holds the write lock: later it works."""
    with closing(broker(path).publisher()) as publisher:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(BrokerUnavailable, match="locked"):
                publisher.publish([RECORD])
        publisher.publish([RECORD])
    with closing(broker(path).reader()) as reader:
        assert len(list(reader.read())) == 1


def test_a_full_disk_takes_all_of_a_call_or_nothing(path: Path) -> None:
    """After space was made the same call works, and nothing is there twice."""
    with closing(broker(path).publisher()) as publisher:
        publisher.publish([RECORD])
        full = publisher._database.connection  # noqa: SLF001 - the only way to a small disk
        pages = full.execute("PRAGMA page_count").fetchone()[0]
        full.execute(f"PRAGMA max_page_count={pages + 4}")
        large = [Record(key=b"form", value=os.urandom(20_000)) for _ in range(10)]
        with pytest.raises(BrokerUnavailable, match="disk"):
            publisher.publish(large)
        full.execute("PRAGMA max_page_count=1000000")
        publisher.publish(large)
    with closing(broker(path).reader()) as reader:
        assert len(list(reader.read())) == 11


def test_a_topic_has_a_partition_at_least(path: Path) -> None:
    """A setting out of its bounds says its name."""
    with pytest.raises(BadSetting, match="partitions"):
        SqliteBroker(path, clock=SystemClock(), partitions=0)


def test_a_topic_keeps_its_partitions(path: Path) -> None:
    """A later setting does not move the keys of a topic that exists."""
    publish(path, *[Record(key=b"%d" % n, value=b"") for n in range(50)])
    wider = SqliteBroker(path, clock=SystemClock(), partitions=16)
    with closing(wider.publisher()) as publisher:
        publisher.publish([Record(key=b"%d" % n, value=b"") for n in range(50)])
    with closing(wider.reader()) as reader:
        places = {(it.key, it.partition) for it in reader.read()}
    assert len(places) == 50
    assert {partition for _, partition in places} == {0, 1, 2, 3}


def test_an_offset_is_never_used_again(path: Path) -> None:
    """Also if somebody deletes the end of a partition by hand."""
    publish(path, RECORD, RECORD, RECORD)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for partition in range(4):
            connection.execute(f"DELETE FROM log_1_{partition} WHERE offset > 0")  # noqa: S608 - own name
    publish(path, RECORD)
    with closing(broker(path).reader()) as reader:
        assert [it.offset for it in reader.read()] == [0, 3]


def test_times_grow_within_a_partition(path: Path) -> None:
    """No two records of a partition share a moment, even within one call."""
    publish(path, *[RECORD] * 50)
    publish(path, *[RECORD] * 50)
    with closing(broker(path).reader()) as reader:
        times = [it.time for it in reader.read()]
    assert len(set(times)) == 100
    assert times == sorted(times)
