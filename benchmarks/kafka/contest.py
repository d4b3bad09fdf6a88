"""Who takes part, at which size."""

from collections.abc import Sequence
from pathlib import Path

import attrs

from benchmarks.kafka.runs import Mode

RAW = "`consume(2000)`, nothing done"
HAND = "the hand-written loop"
LARGE = "the same loop, 20,000 a batch as FormBridge"
OURS = "FormBridge"
AIOKAFKA = "bare aiokafka, `getmany(1000)`"
SOURCE = " as a mere source of bytes for the hand-written loop"
CALLS = "confluent-kafka's producer, flushed after each 1,000"
STREAM = "confluent-kafka's producer, flushed at the end"


@attrs.frozen(kw_only=True)
class Sizes:
    """Records a run, and rounds. Slow modes are sampled: ``single`` and ``frames``."""

    records: int
    single: int
    frames: int
    published: int
    rounds: int


FULL = Sizes(records=200_000, single=6_000, frames=600, published=100_000, rounds=5)
SMALL = Sizes(records=10_000, single=200, frames=50, published=5_000, rounds=1)


def ours(sizes: Sizes) -> Sequence[Mode]:
    """Return what runs in this environment: the limit, the hand-written loop, FormBridge."""
    count = sizes.records
    return (
        Mode(
            title=RAW,
            loop="bare_client:raw",
            records=count,
            writes=False,
            commits=False,
        ),
        Mode(title=HAND, loop="bare_client:hand_loop", records=count),
        Mode(title=LARGE, loop="bare_client:large_batches", records=count),
        Mode(title=OURS, loop="ours:bridge", records=count),
    )


def peers(sizes: Sizes, *, python: Path) -> Sequence[Mode]:
    """Return what one would take instead, run by the Python of its own environment."""
    count, single, frames = sizes.records, sizes.single, sizes.frames

    def peer(title: str, loop: str, records: int, *, commits: bool = True) -> Mode:
        return Mode(title=title, loop=loop, records=records, python=python, commits=commits)

    return (
        peer(AIOKAFKA, "aiokafka_loop:getmany", count),
        peer("Bytewax", "bytewax_flow:flow", count, commits=False),
        peer("Quix Streams", "quix_app:application", count),
        peer("FastStream, batches of 500", "faststream_app:batches", count),
        peer("Bytewax" + SOURCE, "bytewax_flow:source_only", count, commits=False),
        peer("Quix Streams" + SOURCE, "quix_app:source_only", count),
        peer("FastStream, batches of 500" + SOURCE, "faststream_app:source_only", count),
        peer(f"FastStream, one by one (of {single:,})", "faststream_app:one_by_one", single),
        peer(f"a pandas frame for each (of {frames:,})", "pandas_frames:frames", frames),
    )


def publishers(sizes: Sizes) -> Sequence[Mode]:
    """Return who publishes."""
    count = sizes.published
    loops = {
        CALLS: "publishing:bare_calls",
        OURS: "publishing:ours",
        STREAM: "publishing:bare_stream",
    }
    return [
        Mode(title=title, loop=loop, records=count, publishes=True) for title, loop in loops.items()
    ]
