"""Publishing to the SQLite log, beside bare ``sqlite3`` that inserts the same rows as durably.

Both write the same rows in batches, one transaction each, in WAL mode with synchronous=FULL. The
bare one has its rows ready: offset, time, key, value, and the headers as one blob. Rounds are
interleaved, and a ratio is that of the two in one round.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from benchmarks.findings import Findings
from benchmarks.workload import payloads
from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.sqlite.headers import encoded
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.records import Record

BATCHES = (100, 500, 2000)


def with_headers(values: Iterable[bytes]) -> list[Record]:
    """Return 1 KB records with the eight headers that an intake gives them."""
    return [
        Record(key=b"form-%04d" % (number % 500), value=value, headers=_headers(number))
        for number, value in enumerate(values)
    ]


def _headers(number: int) -> tuple[tuple[str, bytes], ...]:
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"%032x" % number),
        ("ce_source", b"formbridge:"),
        ("ce_type", b"formbridge.response.v1"),
        ("ce_time", b"2026-03-02T08:00:00+00:00"),
        ("ce_subject", b"response-%09d" % number),
        ("content-type", b"application/json"),
        ("formbridge-format", b"native"),
    )


def bare(path: Path, rows: list[tuple[object, ...]], *, batch: int) -> float:
    """Insert the rows with nothing around it; return the seconds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE log (offset INTEGER PRIMARY KEY, time INTEGER NOT NULL, key BLOB,"
            " value BLOB, headers BLOB)"
        )
        begin = time.perf_counter()
        for start in range(0, len(rows), batch):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO log VALUES (?, ?, ?, ?, ?)", rows[start : start + batch]
            )
            connection.execute("COMMIT")
        return time.perf_counter() - begin


def published(broker: SqliteBroker, log: list[Record], *, batch: int) -> float:
    """Publish the records; return the seconds."""
    with closing(broker.publisher()) as publisher:
        begin = time.perf_counter()
        for start in range(0, len(log), batch):
            publisher.publish(log[start : start + batch])
        return time.perf_counter() - begin


def polled(broker: SqliteBroker, count: int) -> float:
    """Poll the records in batches of 1,000 as a new group; return the seconds."""
    with closing(broker.consumer(group="benchmark")) as consumer:
        consumer.hold(0)  # join
        begin, seen = time.perf_counter(), 0
        while seen < count:
            seen += len(consumer.poll(1000, timeout=1.0).deliveries)
        return time.perf_counter() - begin


def compare(*, batch: int, count: int, rounds: int) -> list[Figure]:
    """Measure one size of batches."""
    log = with_headers(payloads(count))
    rows: list[tuple[object, ...]] = [
        (offset, offset, it.key, it.value, encoded(it.headers)) for offset, it in enumerate(log)
    ]
    ratios, polls = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            theirs = bare(Path(folder) / "bare.db", rows, batch=batch)
            broker = SqliteBroker(Path(folder) / "log.db", clock=SystemClock())
            ratios.append(theirs / published(broker, log, batch=batch))
            polls.append(polled(broker, count) / count * 1_000_000)
    name = f"SQLite log, publishing in batches of {batch:,}, as a share of bare executemany"
    note = f"{rounds} rounds of {count:,}: " + ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return [
        Figure(name=name, value=median(ratios), unit="", bar=0.5, note=note),
        Figure(
            name=f"SQLite log, polling after batches of {batch:,}",
            value=median(polls),
            unit="µs a record",
            note="in batches of 1,000, with eight headers each",
        ),
    ]


def measure(*, small: bool) -> Findings:
    """Measure everything of this page; ``small`` only shows that it runs."""
    count, rounds = (2_000, 1) if small else (40_000, 7)
    figures = [
        each for batch in BATCHES for each in compare(batch=batch, count=count, rounds=rounds)
    ]
    return Findings(figures=figures)
