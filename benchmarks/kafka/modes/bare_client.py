"""confluent-kafka by hand: the limit of the client, and the loop that all are compared with."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, Message

from benchmarks.hand_loop import HandLoop
from benchmarks.kafka.job import Job, Stopwatch
from formbridge.adapters.csv.disk import Disk

BATCH = 2_000
LARGE = 20_000
"""What FormBridge takes at once by default."""
TUNED = {"fetch.queue.backoff.ms": 10, "queued.max.messages.kbytes": 16_384}
"""With librdkafka's defaults a fast consumer stalls for a second whenever its queue was full."""


def raw(job: Job, watch: Stopwatch) -> None:
    """Do nothing with the records, and commit nothing."""
    consumer = subscribed(job)
    while not watch.done:
        messages = consumer.consume(BATCH, timeout=1.0)
        if messages:
            watch.start()
            watch.lap(len(messages))
    consumer.close()


def hand_loop(job: Job, watch: Stopwatch) -> None:
    """Write 2,000, make them durable, commit them."""
    _hand_loop(job, watch, batch=BATCH)


def large_batches(job: Job, watch: Stopwatch) -> None:
    """Do the same with as large batches as FormBridge's: fewer writes to each of many files."""
    _hand_loop(job, watch, batch=LARGE)


def _hand_loop(job: Job, watch: Stopwatch, *, batch: int) -> None:
    consumer, loop = subscribed(job), hand_loop_of(job)
    while not watch.done:
        messages = consumer.consume(batch, timeout=1.0)
        if messages:
            watch.start()
            loop.write(values(messages))
            consumer.commit(asynchronous=False)
            watch.lap(len(messages))
    loop.close()
    consumer.close()


def subscribed(job: Job) -> Consumer:
    """Return a new member of the job's group, which reads from the beginning."""
    consumer = Consumer(
        {
            "bootstrap.servers": job.bootstrap,
            "group.id": job.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            **TUNED,
        }
    )
    consumer.subscribe([job.topic])
    return consumer


def values(messages: Sequence[Message]) -> list[bytes]:
    """Return what the messages hold; raise if one of them is an error."""
    for message in messages:
        if message.error() is not None:
            raise KafkaException(message.error())
    return [message.value() for message in messages]


def hand_loop_of(job: Job) -> HandLoop:
    """Return what appends to the job's folder, and makes each batch durable by one sync."""
    return HandLoop(Path(job.folder), sync=sync_of(job))


def sync_of(job: Job) -> Callable[[], None]:
    """Return what makes everything in the job's folder durable, as FormBridge does it."""
    return partial(Disk().sync, [job.folder], [])
