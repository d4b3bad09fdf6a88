"""FastStream with its confluent broker: batches, and one record at a time.

Its handlers take bodies that FastStream decoded, as they do in its tutorial; without FastDepends'
validation. The last mode keeps it from decoding, and hands the bytes to the hand-written loop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from faststream import AckPolicy
from faststream.confluent import KafkaBroker, KafkaMessage

from benchmarks.hand_loop import HandLoop
from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import TUNED, hand_loop_of

BATCH = 500


def batches(job: Job, watch: Stopwatch) -> None:
    """Take 500 at a time: write them, make them durable; FastStream commits them then."""
    asyncio.run(_serve(job, watch, take=HandLoop.append, batch=True))


def one_by_one(job: Job, watch: Stopwatch) -> None:
    """Take one at a time, with the same promise: durable before the commit of each."""
    asyncio.run(_serve(job, watch, take=HandLoop.append, batch=False))


def source_only(job: Job, watch: Stopwatch) -> None:
    """Take 500 payloads at a time as bytes, for a loop that FastStream knows nothing of."""
    asyncio.run(_serve(job, watch, take=HandLoop.write, batch=True, decoder=_bytes))


async def _serve(
    job: Job,
    watch: Stopwatch,
    *,
    take: Callable[[HandLoop, Any], None],
    batch: bool,
    decoder: Callable[[KafkaMessage], Awaitable[Any]] | None = None,
) -> None:
    loop, done = hand_loop_of(job), asyncio.Event()
    broker = KafkaBroker(job.bootstrap, apply_types=False, logger=None, config=dict(TUNED))

    @broker.subscriber(
        job.topic,
        group_id=job.group,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.ACK,
        decoder=decoder,
        batch=batch,
        max_records=BATCH if batch else None,
    )
    async def handle(body: Any) -> None:  # noqa: ANN401 - FastStream decides
        bodies = body if batch else [body]
        watch.start()
        take(loop, bodies)
        watch.lap(len(bodies))
        if watch.done:
            done.set()

    await broker.start()
    await done.wait()
    await broker.stop()
    loop.close()


async def _bytes(message: KafkaMessage) -> bytes | list[bytes]:
    return message.body
