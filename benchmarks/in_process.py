"""JSON bytes → CSV line on disk, in one process: FormBridge beside a hand-written loop.

Both read the same bytes in the same batches and sync once a batch; rounds are interleaved, and a
ratio is that of the two in one round.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from types import ModuleType

import attrs

from benchmarks.collector import calm
from benchmarks.figure import Figure
from benchmarks.findings import Findings
from benchmarks.hand_loop import HandLoop
from benchmarks.workload import payload, payloads
from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.tables import CsvTables
from formbridge.bridge import BridgeSettings
from formbridge.decoding import Decoding
from formbridge.domain.identity import TableKey
from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Written
from formbridge.formats import load_format
from formbridge.table_sink import TableSink

BATCH = BridgeSettings().batch
CHUNK = 5_000
LOGGED_AT = 1_772_438_400_000_000


class TimedDisk(Disk):
    """A disk that adds up how long it waited to be durable."""

    waited = 0.0

    def sync(self, folders: Iterable[str], files: Iterable[str]) -> None:
        """Sync, and add up."""
        begin = time.perf_counter()
        super().sync(folders, files)
        TimedDisk.waited += time.perf_counter() - begin


class Line:
    """FormBridge's sink, fed with payloads as a log would hand them over.

    ``spent`` adds up the seconds of each stage.
    """

    def __init__(self, folder: Path) -> None:
        """Open a table sink on a folder."""
        self.store = CsvTables(folder, disk=TimedDisk())
        self.sink = TableSink(store=self.store, read=Decoding(load_format("native")))
        self.offset = 0
        self.spent: Counter[str] = Counter()

    def write(self, payloads: Sequence[bytes]) -> None:
        """Deliver one batch; all of it must be written."""
        start = self.offset
        self.offset += len(payloads)
        deliveries = [
            Delivery("responses", 0, offset, b"", value, (), LOGGED_AT + offset)
            for offset, value in enumerate(payloads, start)
        ]
        begin = time.perf_counter()
        plan = self.sink.plan(deliveries)
        planned = time.perf_counter()
        waited = TimedDisk.waited
        for outcome in self.sink.write(list(plan.parts.values())):
            if not isinstance(outcome, Written) or outcome.failures:
                raise AssertionError(outcome)
        self.spent["decode and prepare"] += planned - begin
        self.spent["sync"] += TimedDisk.waited - waited
        self.spent["plan and write"] += time.perf_counter() - planned - TimedDisk.waited + waited

    def close(self) -> None:
        """Close the sink."""
        self.sink.close()


def batches(items: Sequence[bytes], size: int = BATCH) -> Iterator[Sequence[bytes]]:
    """Cut a log into batches."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def seconds(write: Callable[[Sequence[bytes]], None], items: Sequence[bytes]) -> float:
    """Return how long it takes to write these payloads in batches."""
    calm()
    begin = time.perf_counter()
    for batch in batches(items):
        write(batch)
    return time.perf_counter() - begin


def additions(*, count: int, rounds: int) -> list[Figure]:
    """Measure additions of 500 forms against the hand-written loop."""
    log = list(payloads(count))
    ratios, ours, theirs = [], [], []
    spent: Counter[str] = Counter()
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            hand = HandLoop(Path(folder), sync=lambda folder=folder: Disk().sync([folder], []))
            theirs.append(seconds(hand.write, log) / count)
            hand.close()
        with tempfile.TemporaryDirectory() as folder:
            line = Line(Path(folder))
            ours.append(seconds(line.write, log) / count)
            spent += line.spent
            line.close()
        ratios.append(theirs[-1] / ours[-1])
    micro = 1e6
    return [
        Figure(name="the hand-written loop", value=median(theirs) * micro, unit="µs a response"),
        Figure(name="FormBridge, additions", value=median(ours) * micro, unit="µs a response"),
        Figure(
            name="FormBridge, as a share of the hand-written loop's rate",
            value=median(ratios),
            unit="",
            bar=0.5,
            note=f"{rounds} rounds of {count:,}: " + ", ".join(f"{it:.2f}" for it in ratios),
        ),
        *(
            Figure(
                name=f"of which {stage}", value=took / count / rounds * micro, unit="µs a response"
            )
            for stage, took in spent.items()
        ),
    ]


def flat(*, most: int) -> list[Figure]:
    """Measure the cost of an addition as one table grows."""
    chance = random.Random(3)
    marks = [mark for mark in (10_000, 100_000, 300_000, 1_000_000) if mark <= most]
    figures, cost = [], {}
    with tempfile.TemporaryDirectory() as folder:
        line = Line(Path(folder))
        number = 0
        while number < most:
            log = [payload(0, number + index, chance=chance) for index in range(CHUNK)]
            number += len(log)
            cost[number] = seconds(line.write, log) / len(log) * 1e6
        table = line.store.open(TableKey(form_id="form-0000"))
        index = memory_of(table) / number
        line.close()
    for mark in marks:
        near = [value for at, value in cost.items() if 0.7 * mark <= at <= 1.6 * mark]
        figures.append(
            Figure(name=f"an addition at {mark:,} rows", value=median(near), unit="µs a response")
        )
    figures.append(
        Figure(
            name=f"the cost at {marks[-1]:,} rows over that at {marks[0]:,}",
            value=figures[-1].value / figures[0].value,
            unit="",
            bar=1.25,
            higher=False,
            note="flat, when rows are only added",
        )
    )
    figures.append(
        Figure(name="memory of a table's index", value=index, unit="MB per million responses")
    )
    return figures


def edits(*, rows: int, tables: int, count: int, rounds: int) -> list[Figure]:
    """Measure one edit in ten, in tables that hold ``rows`` already, against additions alone."""
    ratios = []
    for _ in range(rounds):
        rates = []
        for share in (0.0, 0.1):
            with tempfile.TemporaryDirectory() as folder:
                line = Line(Path(folder))
                chance = random.Random(5)
                for form in range(tables):
                    for batch in batches([payload(form, it, chance=chance) for it in range(rows)]):
                        line.write(batch)
                log = list(payloads(count, forms=tables, edits=share, known=rows))
                rates.append(count / seconds(line.write, log))
                line.close()
        ratios.append(rates[1] / rates[0])
    return [
        Figure(
            name=f"one edit in ten at {rows:,} rows a table, as a share of additions alone",
            value=median(ratios),
            unit="",
            bar=0.5,
            note=f"{tables} tables, {count:,} responses, {rounds} rounds",
        )
    ]


def memory_of(thing: object) -> int:
    """Return the bytes of an object and of all that only it leads to, each counted once."""
    seen: set[int] = set()
    waiting, total = [thing], 0
    while waiting:
        it = waiting.pop()
        if id(it) in seen or isinstance(it, type | ModuleType | Disk):
            continue
        seen.add(id(it))
        total += sys.getsizeof(it)
        if isinstance(it, dict):
            waiting += [*it.keys(), *it.values()]
        elif isinstance(it, list | tuple | set | frozenset):
            waiting += it
        elif attrs.has(type(it)):
            waiting += [getattr(it, field.name) for field in attrs.fields(type(it))]
    return total


def measure(*, small: bool) -> Findings:
    """Measure everything of this page; ``small`` only shows that it runs."""
    if small:
        figures = [
            *additions(count=10_000, rounds=1),
            *flat(most=20_000),
            *edits(rows=100, tables=10, count=5_000, rounds=1),
        ]
    else:
        figures = [
            *additions(count=300_000, rounds=5),
            *flat(most=1_000_000),
            *edits(rows=1_000, tables=100, count=50_000, rounds=3),
            *edits(rows=100_000, tables=2, count=50_000, rounds=3),
        ]
    return Findings(figures=figures)
