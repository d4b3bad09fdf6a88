"""Quix Streams: a streaming dataframe, and a sink that its checkpoints flush before they commit."""

from pathlib import Path

from quixstreams import Application
from quixstreams.sinks.base import BaseSink

from benchmarks.hand_loop import HandLoop
from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import TUNED, hand_loop_of

CHECKPOINT = 20_000
"""Records from checkpoint to checkpoint: what FormBridge takes at once. Its default, five seconds,
would be one checkpoint for the whole run."""


class Folder(BaseSink):
    """Gathers records, and appends them to a file per form at each checkpoint."""

    def __init__(self, loop: HandLoop, watch: Stopwatch) -> None:
        """Begin with nothing gathered."""
        super().__init__()
        self.loop, self.watch = loop, watch
        self.gathered: list[bytes] = []

    def add(self, value: bytes, *_place: object, **_named: object) -> None:
        """Gather a record."""
        self.watch.start()
        self.gathered.append(value)

    def flush(self) -> None:
        """Append what was gathered, and make it durable; the offsets are committed next."""
        self.loop.write(self.gathered)
        self.watch.lap(len(self.gathered))
        self.gathered = []


def application(job: Job, watch: Stopwatch) -> None:
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
    topic = app.topic(job.topic, value_deserializer="bytes", key_deserializer="bytes")
    app.dataframe(topic).sink(Folder(loop, watch))
    app.run(count=job.records)
    loop.close()
