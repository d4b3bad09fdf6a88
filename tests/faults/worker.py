"""A process of the drill: a publisher or a bridge with the real adapters, until it is killed.

It says on its standard output what it does, one line each, so that the driver knows where it is.
"""

import argparse
import sqlite3
import sys
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

import attrs

from formbridge.adapters.csv import folding
from formbridge.bridge import Bridge, BridgeSettings
from formbridge.compose import (
    group_of,
    open_consumer,
    open_dead_letters,
    open_decoding,
    open_intake,
    system_clock,
)
from formbridge.domain.envelope import Envelope
from formbridge.domain.events import Committed, Event, PartWritten, Polled, Retrying, Stopped
from formbridge.publishing import batched
from formbridge.table_sink import TableSink
from tests.faults.log import Log
from tests.faults.points import DyingConnection, DyingDisk, DyingTables, Fate

JOURNAL = 2000  # bytes: folded at this, and not at a size that no table of a drill has


def often() -> None:
    """Let journals be folded, and side files written anew, in each life and not in each week."""
    folding.worth_folding = lambda table: table.journal_size > JOURNAL
    folding.worth_compacting = lambda table: len(table.index) % 2 == 1


def say(*words: object) -> None:
    """Tell the driver, in one write: a kill leaves no half of a line."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def publish(options: argparse.Namespace, fate: Fate) -> None:
    """Publish this publisher's part of the log, from batch ``begin`` on."""
    log = Log(count=options.count, forms=options.forms)
    events = log.events(publisher=options.publisher, publishers=options.publishers)
    mine = islice(events, options.begin * options.batch, None)
    intake = open_intake(f"sqlite:{options.log}")
    with closing(intake.publisher):
        fate.working = True
        for number, batch in enumerate(batched(mine, options.batch), options.begin):
            now = intake.clock.now()
            intake.accept_all([Envelope(log.payload(*it), received_at=now) for it in batch])
            say("acked", number)
    say("closed")


@attrs.define(eq=False)
class Watch:
    """Tells what a bridge does; ends it after so many passes with records, or when it is idle."""

    fate: Fate
    passes: int
    brought: bool = True

    def __call__(self, event: Event) -> None:
        """Tell an event."""
        match event:
            case Polled(records=records):
                self.fate.working = self.brought = True
                self.passes -= 1
                say("polled", records)
            case Committed():
                say("committed")
            case PartWritten() | Retrying() | Stopped(error=""):
                pass  # a log that is locked for long on a busy disk is no trouble
            case _:
                say("trouble", event)

    def is_over(self) -> bool:
        """Return whether it was enough; asked between two passes."""
        brought, self.brought = self.brought, False
        if not brought:
            say("idle")
        return self.passes <= 0 or not brought


def run(options: argparse.Namespace, fate: Fate) -> None:
    """Carry what is in the log to the tables."""
    often()
    log = f"sqlite:{options.log}"
    tables = DyingTables(options.tables, disk=DyingDisk(fate=fate))
    watch = Watch(fate, options.passes)
    bridge = Bridge(
        consumer=open_consumer(log, group=group_of(f"csv:{options.tables}")),
        sink=TableSink(store=tables, read=open_decoding()),
        dead_letters=open_dead_letters(log),
        clock=system_clock(),
        settings=BridgeSettings(batch=options.batch, poll_timeout=0.1),
        hook=watch,
    )
    with bridge:
        bridge.run(watch.is_over)
    say("closed")


def parse() -> argparse.Namespace:
    """Return what the driver wants."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--point", default="")
    parser.add_argument("--nth", type=int, default=1)
    roles = parser.add_subparsers(required=True)
    publisher = roles.add_parser("publish")
    publisher.set_defaults(work=publish)
    for number in ("count", "forms", "publisher", "publishers", "begin"):
        publisher.add_argument(f"--{number}", type=int, required=True)
    bridge = roles.add_parser("run")
    bridge.set_defaults(work=run)
    bridge.add_argument("--tables", type=Path, required=True)
    bridge.add_argument("--passes", type=int, required=True)
    return parser.parse_args()


def main() -> None:
    """Live."""
    options = parse()
    fate = DyingConnection.fate = Fate(options.point, options.nth)
    sqlite3.connect = partial(sqlite3.connect, factory=DyingConnection)  # type: ignore[assignment]  # this process's own
    options.work(options, fate)


if __name__ == "__main__":
    main()
