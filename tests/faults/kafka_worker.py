"""A process of the Kafka drills: a member that carries a topic to CSV tables, until it is killed.

It says on its standard output what it does, one line each. ``--slow`` lets each write of tables
take that many seconds, in the middle of which the driver may do what it likes. SIGTERM lets it
leave in order, after the pass that is under way.
"""

import argparse
import json
import signal
from pathlib import Path
from time import sleep

import attrs

from formbridge.adapters.csv import tables as csv_tables
from formbridge.adapters.csv.tables import CsvTables
from formbridge.bridge import Bridge, BridgeSettings
from formbridge.compose import (
    open_consumer,
    open_dead_letters,
    open_decoding,
    open_log,
    system_clock,
)
from formbridge.domain.events import (
    Committed,
    Event,
    PartDeferred,
    PartitionsLost,
    PartWritten,
    Polled,
    Retrying,
    Stopped,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.tables import TableChanges, WriteOutcome
from formbridge.table_sink import TableSink
from tests.faults.worker import say


class SlowTables(CsvTables):
    """Tables whose writes take their time: half of it before anything is written."""

    seconds = 0.0

    def write(self, changes: TableChanges, /) -> "dict[TableKey, WriteOutcome]":
        """Write, slowly."""
        if changes and self.seconds:
            say("writing", len(changes))
            sleep(self.seconds / 2)
        outcomes = dict(super().write(changes))
        if changes and self.seconds:
            sleep(self.seconds / 2)
            say("written")
        return outcomes


@attrs.define(eq=False)
class Watch:
    """Tells what a bridge does, and ends it when it is asked to."""

    brought: bool = True
    asked: bool = False

    def __call__(self, event: Event) -> None:
        """Tell an event."""
        match event:
            case Polled(records=records):
                self.brought = True
                say("polled", records)
            case Committed(offsets=offsets):
                say("committed", json.dumps(dict(offsets)))
            case PartitionsLost(partitions=partitions):
                say("lost", *sorted(partitions))
            case PartWritten() | Retrying() | Stopped(error="") | PartDeferred():
                pass
            case _:
                say("trouble", event)

    def is_over(self) -> bool:
        """Return whether it was enough; asked between two passes."""
        brought, self.brought = self.brought, False
        if not brought:
            say("idle")
        return self.asked

    def ask(self, *_: object) -> None:
        """Let the pass that is under way be the last: what a signal does."""
        self.asked = True


def main() -> None:
    """Carry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--options", type=json.loads, default={})
    parser.add_argument("--batch", type=int, default=BridgeSettings().batch)
    parser.add_argument("--slow", type=float, default=0.0)
    options = parser.parse_args()
    csv_tables.LOOK_AROUND = 1.0  # a drill has no ten seconds for what others left
    log = open_log(options.broker, options=options.options)
    tables = SlowTables(options.tables, quiet=1.0)
    tables.seconds = options.slow
    watch = Watch()
    signal.signal(signal.SIGTERM, watch.ask)
    bridge = Bridge(
        consumer=open_consumer(log, group=options.group),
        sink=TableSink(store=tables, read=open_decoding()),
        dead_letters=open_dead_letters(log),
        clock=system_clock(),
        settings=BridgeSettings(batch=options.batch, poll_timeout=0.2),
        hook=watch,
    )
    with bridge:
        bridge.run(watch.is_over)
    say("closed")


if __name__ == "__main__":
    main()
