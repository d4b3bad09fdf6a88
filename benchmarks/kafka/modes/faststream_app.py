"""FastStream with its confluent broker: batches, and one record at a time.

Without FastDepends and with a decoder that leaves the bytes alone, as one would set it for speed.
"""

import asyncio

from faststream import AckPolicy
from faststream.confluent import KafkaBroker, KafkaMessage

from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import TUNED, hand_loop_of

BATCH = 500


def batches(job: Job, watch: Stopwatch) -> None:
    """Take 500 at a time: write them, make them durable; FastStream commits them then."""
    asyncio.run(_serve(job, watch, batch=True))


def one_by_one(job: Job, watch: Stopwatch) -> None:
    """Take one at a time, with the same promise: durable before the commit of each."""
    asyncio.run(_serve(job, watch, batch=False))


async def _serve(job: Job, watch: Stopwatch, *, batch: bool) -> None:
    loop, done = hand_loop_of(job), asyncio.Event()
    broker = KafkaBroker(job.bootstrap, apply_types=False, logger=None, config=dict(TUNED))

    @broker.subscriber(
        job.topic,
        group_id=job.group,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.ACK,
        decoder=_bytes,
        batch=batch,
        max_records=BATCH if batch else None,
    )
    async def handle(body: bytes | list[bytes]) -> None:
        values = body if isinstance(body, list) else [body]
        watch.start()
        loop.write(values)
        watch.lap(len(values))
        if watch.done:
            done.set()

    await broker.start()
    await done.wait()
    await broker.stop()
    loop.close()


async def _bytes(message: KafkaMessage) -> bytes | list[bytes]:
    return message.body
