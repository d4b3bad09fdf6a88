"""Quix Streams: a dataframe of JSON, and a sink that checkpoints flush before they commit.

The last mode lets it deserialise nothing, and hands the bytes to the hand-written loop.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from quixstreams import Application
from quixstreams.sinks.base import BaseSink

from benchmarks.hand_loop import HandLoop
from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import TUNED, hand_loop_of

Take = Callable[[HandLoop, Any], None]
CHECKPOINT = 20_000
"""Records from checkpoint to checkpoint: what FormBridge takes at once. Its default, five seconds,
would be one checkpoint for the whole run."""


class Folder(BaseSink):
    """Gathers values, and takes them to a file per form at each checkpoint."""

    def __init__(self, loop: HandLoop, watch: Stopwatch, *, take: Take) -> None:
        """Begin with nothing gathered."""
        super().__init__()
        self.loop, self.watch, self.take = loop, watch, take
        self.gathered: list[object] = []

    def add(self, value: object, *_place: object, **_named: object) -> None:
        """Gather a value."""
        self.watch.start()
        self.gathered.append(value)

    def flush(self) -> None:
        """Append what was gathered, and make it durable; the offsets are committed next."""
        self.take(self.loop, self.gathered)
        self.watch.lap(len(self.gathered))
        self.gathered = []


def application(job: Job, watch: Stopwatch) -> None:
    """Let it read JSON, and write what it read."""
    _run(job, watch, deserializer="json", take=HandLoop.append)


def source_only(job: Job, watch: Stopwatch) -> None:
    """Take bytes, for a loop that Quix Streams knows nothing of."""
    _run(job, watch, deserializer="bytes", take=HandLoop.write)


def _run(job: Job, watch: Stopwatch, *, deserializer: str, take: Take) -> None:
    """Run the application until as many records came as there are."""
    app = Application(
        broker_address=job.bootstrap,
        consumer_group=job.group,
        auto_offset_reset="earliest",
        commit_every=CHECKPOINT,
        consumer_extra_config=dict(TUNED),
        state_dir=Path(job.folder) / "state",
        loglevel="WARNING",
    )
    loop = hand_loop_of(job)
    topic = app.topic(job.topic, value_deserializer=deserializer, key_deserializer="bytes")
    app.dataframe(topic).sink(Folder(loop, watch, take=take))
    app.run(count=job.records)
    loop.close()
