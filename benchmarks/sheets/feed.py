"""FormBridge's sink over HTTP, fed with payloads as a log would hand them over."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

import attrs

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.drive.locating import Locator
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.adapters.system.clock import SystemClock
from formbridge.compose import open_decoding
from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Written
from formbridge.table_sink import TableSink

PLENTY = 1_000_000
LATER = 10**15
LOGGED_AT = 1_772_438_400_000_000


@attrs.frozen(kw_only=True)
class Spent:
    """What one flush took, in seconds: in all, and of this process's processor.

    What is not of this process's is the emulator's, and the way there and back. ``moved`` counts
    the bytes of all bodies, as the emulator saw them.
    """

    wall: float
    own: float
    moved: int


@attrs.define(eq=False)
class Feed:
    """A sink without a bridge: one flush a call."""

    sink: TableSink
    store: SheetsTables
    endpoint: str
    _offset: int = 0

    def flush(self, payloads: Sequence[bytes]) -> Spent:
        """Decode, plan and write one batch; all of it must be written."""
        start = self._offset
        self._offset += len(payloads)
        deliveries = [
            Delivery("responses", 0, offset, b"", value, (), LOGGED_AT + offset)
            for offset, value in enumerate(payloads, start)
        ]
        last = self._calls()["last"]
        began, worked = time.perf_counter(), time.process_time()
        plan = self.sink.plan(deliveries)
        for outcome in self.sink.write(list(plan.parts.values())):
            if not isinstance(outcome, Written) or outcome.failures:
                raise AssertionError(outcome)
        wall, own = time.perf_counter() - began, time.process_time() - worked
        notes = self._calls(last)["calls"]
        moved = sum(note["sent"] + note["received"] for note in notes)
        return Spent(wall=wall, own=own, moved=moved)

    def _calls(self, since: int = LATER) -> dict[str, Any]:
        """Return the emulator's log of calls after that one."""
        with urlopen(f"{self.endpoint}/_emulator/calls?since={since}") as answer:  # noqa: S310 - on this machine
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def feed(endpoint: str) -> Iterator[Feed]:
    """Open a sink at an emulator without quotas; calls go out as fast as they can."""
    settings = SheetsSettings(
        endpoint=endpoint, reads_per_minute=PLENTY, writes_per_minute=PLENTY, timeout=300
    )
    clock = SystemClock()
    client = SheetsClient.of(settings, clock=clock)
    store = SheetsTables(client, Locator(client, settings, clock=clock), settings, clock=clock)
    sink = TableSink(store=store, read=open_decoding())
    try:
        yield Feed(sink, store, endpoint)
    finally:
        sink.close()
