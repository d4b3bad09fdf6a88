"""A loop over bare aiokafka: no librdkafka, the same work."""

import asyncio

from aiokafka import AIOKafkaConsumer

from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import hand_loop_of

BATCH = 1_000


def getmany(job: Job, watch: Stopwatch) -> None:
    """Write a batch of at most 1,000, make it durable, commit it."""
    asyncio.run(_getmany(job, watch))


async def _getmany(job: Job, watch: Stopwatch) -> None:
    loop = hand_loop_of(job)
    consumer = AIOKafkaConsumer(
        job.topic,
        bootstrap_servers=job.bootstrap,
        group_id=job.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    while not watch.done:
        found = await consumer.getmany(timeout_ms=1_000, max_records=BATCH)
        batch = [record.value for records in found.values() for record in records]
        if batch:
            watch.start()
            loop.write(batch)
            await consumer.commit()
            watch.lap(len(batch))
    await consumer.stop()
    loop.close()
