"""Bytewax: its Kafka source, a step that decodes, and a sink that makes each batch durable.

It keeps its place in a recovery store of its own instead of Kafka's commits. The last mode has no
step between source and sink, and hands the bytes to the hand-written loop.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from bytewax import operators
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import cluster_main

from benchmarks.hand_loop import Body, HandLoop
from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import BATCH, TUNED, hand_loop_of

Take = Callable[[HandLoop, Any], None]
parsed = msgspec.json.Decoder().decode
EPOCH = timedelta(seconds=1)
"""So often the place is kept; its default is ten seconds."""


class Files(StatelessSinkPartition[Any]):
    """Takes batches to a file per form."""

    def __init__(self, loop: HandLoop, watch: Stopwatch, *, take: Take) -> None:
        """Begin without files."""
        self.loop, self.watch, self.take = loop, watch, take

    def write_batch(self, items: list[Any]) -> None:
        """Append a batch, and make it durable."""
        self.watch.start()
        self.take(self.loop, items)
        self.watch.lap(len(items))

    def close(self) -> None:
        """Close the files."""
        self.loop.close()


class Folder(DynamicSink[Any]):
    """A folder of files, written by one worker."""

    def __init__(self, files: Callable[[], Files]) -> None:
        """Take what opens the files."""
        self.files = files

    def build(self, _step: str, _worker: int, _workers: int) -> Files:
        """Open the files."""
        return self.files()


def flow(job: Job, watch: Stopwatch) -> None:
    """Decode in a step of the dataflow, and write what it decoded."""
    _run(job, watch, decode=True, take=HandLoop.append)


def source_only(job: Job, watch: Stopwatch) -> None:
    """Take messages, for a loop that Bytewax knows nothing of."""
    _run(job, watch, decode=False, take=_write)


def _write(loop: HandLoop, messages: Sequence[KafkaSourceMessage[bytes, bytes]]) -> None:
    loop.write([message.value for message in messages])


def _decoded(message: KafkaSourceMessage[bytes, bytes]) -> Body:
    body: Body = parsed(message.value)
    return body


def _run(job: Job, watch: Stopwatch, *, decode: bool, take: Take) -> None:
    """Run the dataflow until the topic's end."""
    source = KafkaSource(
        [job.bootstrap], [job.topic], tail=False, batch_size=BATCH, add_config=dict(TUNED)
    )
    it = Dataflow("responses")
    read = operators.input("read", it, source)
    bodies = operators.map("decode", read, _decoded) if decode else read
    operators.output("write", bodies, Folder(lambda: Files(hand_loop_of(job), watch, take=take)))
    store = Path(job.folder) / "recovery"
    store.mkdir()
    init_db_dir(store, 1)
    recovery = RecoveryConfig(str(store))
    cluster_main(it, [], 0, epoch_interval=EPOCH, recovery_config=recovery)
    watch.lap(0)
