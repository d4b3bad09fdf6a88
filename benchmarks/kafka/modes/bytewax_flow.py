"""Bytewax: its Kafka source, and a sink that makes each batch durable.

It keeps its place in a recovery store of its own instead of Kafka's commits.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bytewax import operators
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import cluster_main

from benchmarks.hand_loop import HandLoop
from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import BATCH, TUNED, hand_loop_of

EPOCH = timedelta(seconds=1)
"""So often the place is kept; its default is ten seconds."""


class Files(StatelessSinkPartition[KafkaSourceMessage[bytes, bytes]]):
    """Appends batches to a file per form."""

    def __init__(self, loop: HandLoop, watch: Stopwatch) -> None:
        """Begin without files."""
        self.loop, self.watch = loop, watch

    def write_batch(self, items: list[KafkaSourceMessage[bytes, bytes]]) -> None:
        """Append a batch, and make it durable."""
        self.watch.start()
        self.loop.write([item.value for item in items])
        self.watch.lap(len(items))

    def close(self) -> None:
        """Close the files."""
        self.loop.close()


class Folder(DynamicSink[KafkaSourceMessage[bytes, bytes]]):
    """A folder of files, written by one worker."""

    def __init__(self, files: Callable[[], Files]) -> None:
        """Take what opens the files."""
        self.files = files

    def build(self, _step: str, _worker: int, _workers: int) -> Files:
        """Open the files."""
        return self.files()


def flow(job: Job, watch: Stopwatch) -> None:
    """Run the dataflow until the topic's end."""
    source = KafkaSource(
        [job.bootstrap], [job.topic], tail=False, batch_size=BATCH, add_config=dict(TUNED)
    )
    it = Dataflow("responses")
    read = operators.input("read", it, source)
    operators.output("write", read, Folder(lambda: Files(hand_loop_of(job), watch)))
    store = Path(job.folder) / "recovery"
    store.mkdir()
    init_db_dir(store, 1)
    recovery = RecoveryConfig(str(store))
    cluster_main(it, [], 0, epoch_interval=EPOCH, recovery_config=recovery)
    watch.lap(0)
