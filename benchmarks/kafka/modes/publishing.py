"""Publishing acknowledged records: FormBridge's publisher, and confluent-kafka's own producer.

Both have the same settings, the same eight headers, and a delivery callback for each record.
"""

from pathlib import Path

from confluent_kafka import Producer

from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.producing import send
from benchmarks.sqlite_publish import with_headers
from formbridge import open_log
from formbridge.adapters.kafka.settings import COMMON, PRODUCER
from formbridge.domain.records import Record

CALL = 1_000
"""Records a call: durable when it returns."""


def ours(job: Job, watch: Stopwatch) -> None:
    """Publish in calls of 1,000."""
    log = open_log(f"kafka://{job.bootstrap}/{job.topic}")
    publisher, records = log.broker.publisher(topic=log.topic), _records(job)
    publisher.publish(records[:1])  # connects; it counts as a record, not as time
    watch.records = 1
    for start in range(1, len(records), CALL):
        batch = records[start : start + CALL]
        watch.start()
        publisher.publish(batch)
        watch.lap(len(batch))
    publisher.close()


def bare_calls(job: Job, watch: Stopwatch) -> None:
    """Flush after each 1,000: the same promise as ours."""
    _bare(job, watch, call=CALL)


def bare_stream(job: Job, watch: Stopwatch) -> None:
    """Flush once at the end: nobody knows before which records are durable."""
    _bare(job, watch, call=job.records)


def _bare(job: Job, watch: Stopwatch, *, call: int) -> None:
    records = [(it.key, it.value, list(it.headers)) for it in _records(job)]
    producer = Producer(
        {
            "bootstrap.servers": job.bootstrap,
            **COMMON,
            **PRODUCER,
            "enable.idempotence": True,
            "acks": "all",
        }
    )
    send(producer, job.topic, records[:1])  # as in ours
    watch.records = 1
    for start in range(1, len(records), call):
        batch = records[start : start + call]
        watch.start()
        send(producer, job.topic, batch)
        watch.lap(len(batch))


def _records(job: Job) -> list[Record]:
    values = Path(job.source).read_bytes().splitlines()[: job.records]
    return with_headers(values)
