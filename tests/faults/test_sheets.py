"""Responses go through Kafka into spreadsheets, while calls go wrong and the program is killed.

The program is ``formbridge run`` as people run it, killed with SIGKILL at random moments. Google is
the emulator, in a process of its own; one call in ten goes wrong.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import attrs
import pytest

from formbridge.compose import open_intake
from formbridge.domain.envelope import Envelope
from formbridge.intake import Intake
from formbridge.publishing import batched
from tests.clusters.fixtures import Kafka
from tests.faults.kafka_drill import Road
from tests.faults.lives import KILLED
from tests.faults.sheets_drill import (
    FAULTS,
    Emulator,
    await_writes,
    differences,
    emulator,
    program,
    told,
)
from tests.faults.sheets_log import Forms, Tables, real_payloads, real_tables

SHORT_SESSION = {"session.timeout.ms": 1_500, "heartbeat.interval.ms": 300}
SOON = 0.3
"""Seconds after the call to write that was waited for in which a process dies."""
SLICES = 4
"""In how many steps at most the responses of one life are published, while it lives."""
LEAST = 0.07
"""The share of calls that must have gone wrong, for a run to count."""


@attrs.frozen(kw_only=True)
class Size:
    """How much: made-up forms, real responses of each form, kills, and which calls go wrong.

    ``writes``: after how many of its last calls to write a process may die. An answer to a
    ``files.create`` that was lost costs half a minute of looking for the file.
    """

    forms: Forms
    real: int | None
    kills: int
    writes: Sequence[int]
    faulty: Sequence[str]


QUICK = ("sheets.*", "drive.files.list", "drive.files.get")
ALL = 1_000_000
"""So many that no further one comes."""
SHORT = Size(forms=Forms(count=1_500, forms=6), real=150, kills=3, writes=(1, 2, 3), faulty=QUICK)
LONG = Size(
    forms=Forms(count=20_000, forms=60), real=None, kills=40, writes=(1, 5, 15, ALL), faulty=("*",)
)


@attrs.define(eq=False)
class Drill:
    """One run: what is published, to whom it goes, and what was counted."""

    google: Emulator
    road: Road
    folder: Path
    size: Size
    chance: random.Random
    kills: int = 0
    in_a_call: int = 0

    @property
    def words(self) -> list[str]:
        """What the program is told."""
        options = self.folder / "client.properties"
        options.write_text("".join(f"{name}={it}\n" for name, it in self.road.options.items()))
        return [
            *("--broker", self.road.broker, "--broker-options", str(options)),
            *("--sink", "sheets:FormBridge", "--endpoint", self.google.url),
            *("--sheets-option", "reads_per_minute=100000"),
            *("--sheets-option", "writes_per_minute=100000"),
            *("--group", self.road.group, "--state", str(self.folder / "state")),
        ]

    def live(self, payloads: Sequence[bytes], intake: Intake) -> None:
        """Let a process carry what is published meanwhile; kill it after one of its calls."""
        slices = list(batched(payloads, len(payloads) // SLICES + 1))
        last = self.chance.randrange(len(slices))
        with program(self.folder, *self.words) as child:
            for some in slices[:last]:
                self.publish(some, intake)
                await_writes(self.google, child, self.folder)
            self.publish([it for some in slices[last:] for it in some], intake)
            count = self.chance.choice(self.size.writes)
            await_writes(self.google, child, self.folder, count=count)
            time.sleep(self.chance.random() * SOON)
            assert child.poll() is None, "it ended before it was killed"
            moment = time.time()
            child.kill()
        assert child.returncode == KILLED
        self.kills += 1
        self.in_a_call += self.google.under_way(moment)

    def finish(self) -> int:
        """Let a process carry all that is left; return how many records that was."""
        with program(self.folder, *self.words, "--until-idle", "--json") as child:
            said, _ = child.communicate(timeout=900)
        assert child.returncode == 0, told(self.folder)
        (bridge,) = json.loads(said)
        assert bridge["dead_letters"] == 0
        records: int = bridge["records"]
        return records

    def publish(self, payloads: Sequence[bytes], intake: Intake) -> None:
        """Publish them in their order."""
        now = intake.clock.now()
        intake.accept_all([Envelope(payload, received_at=now) for payload in payloads])


def carry(
    folder: Path, kafka: Kafka, payloads: Sequence[bytes], expected: Tables, size: Size
) -> None:
    """Carry the payloads through kills and faults; compare what stands there; tell what it took."""
    road = Road.to(folder, bootstrap=kafka.bootstrap, **SHORT_SESSION)
    begun = time.monotonic()
    with emulator() as google:
        google.slow(median=0.05, p95=0.15)
        for method in size.faulty:
            google.arm(method)
        drill = Drill(google, road, folder, size, random.Random(6))  # noqa: S311 - moments, no secrets
        intake = open_intake(road.log)
        with closing(intake.publisher):
            *parts, rest = batched(payloads, len(payloads) // (size.kills + 1) + 1)
            for some in parts:
                drill.live(some, intake)
            drill.publish(rest, intake)
        last = drill.finish()
        seconds, counters = time.monotonic() - begun, google.counters()
        google.calm()
        found = differences(google, expected)
    rows = sum(len(table.rows) for table in expected.values())
    _tell(drill, counters, f"{len(payloads)} payloads, {rows} rows of {len(expected)} forms")
    print(f"{last} records read after the last kill; {seconds:.0f} seconds", flush=True)
    assert found == []
    assert road.lag() == 0
    _check_trouble(counters)


def _tell(drill: Drill, counters: dict[str, Counter[str]], what: str) -> None:
    calls, faults = counters["method"], counters["fault"]
    print(f"\n{what}; {drill.kills} kills, {drill.in_a_call} of them in the middle of a call")
    for name, count in sorted(calls.items()):
        print(f"{count:6} {name}")
    struck = ", ".join(f"{count} {name}" for name, count in sorted(faults.items()))
    print(f"of {calls.total()} calls went wrong: {struck}")


def _check_trouble(counters: dict[str, Counter[str]]) -> None:
    """Let no run count in which there was none."""
    calls, faults = counters["method"], counters["fault"]
    assert set(FAULTS) <= set(faults), faults
    assert LEAST * calls.total() <= faults.total() - faults["landed late"], faults


@pytest.mark.drill
@pytest.mark.timeout(1_200)
def test_every_response_is_in_its_sheet_once(
    tmp_path: Path, kafka: Kafka, *, long_run: bool
) -> None:
    """Each once, as its latest revision says, every cell of its type under its own question."""
    size = LONG if long_run else SHORT
    carry(tmp_path, kafka, list(size.forms.payloads()), size.forms.tables(), size)


@pytest.mark.drill
@pytest.mark.timeout(1_200)
def test_real_responses_are_in_their_sheets_once(
    tmp_path: Path, kafka: Kafka, shared: Path, *, long_run: bool
) -> None:
    """The answers of people, with what they left out."""
    size = LONG if long_run else SHORT
    payloads = real_payloads(shared / "data", most=size.real)
    carry(tmp_path, kafka, payloads, real_tables(payloads), size)
