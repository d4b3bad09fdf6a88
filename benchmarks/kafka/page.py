"""The page: one broker, topics that are filled once, rounds of everybody, and what they say."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.findings import Findings, NotMeasured
from benchmarks.kafka import contest, figures
from benchmarks.kafka.contest import CALLS, FULL, HAND, OURS, SMALL, Sizes
from benchmarks.kafka.peers import python
from benchmarks.kafka.runs import Stage
from benchmarks.workload import payloads
from tests.clusters.cluster import Cluster
from tests.clusters.jars import KafkaUnavailable
from tests.clusters.node import BENCHMARK


def measure(*, small: bool) -> Findings:
    """Measure everything of this page; ``small`` only shows that it runs."""
    if find_spec("formbridge.adapters.kafka") is None:
        return Findings(missing=["all of it: FormBridge has no adapter for Kafka yet"])
    sizes, missing = SMALL if small else FULL, []
    modes = [*contest.ours(sizes)]
    try:
        modes += contest.peers(sizes, python=python())
    except NotMeasured as reason:
        missing.append(str(reason))
    try:
        with staged(sizes) as stage:
            stage.fill([mode.records for mode in modes])
            consumed = stage.rounds(modes, count=sizes.rounds)
            published = stage.rounds(contest.publishers(sizes), count=sizes.rounds)
    except KafkaUnavailable as reason:
        return Findings(missing=[*missing, f"all of it: {reason}"])
    return Findings(
        table="\n\n".join(
            [figures.table(consumed, beside=HAND), figures.table(published, beside=CALLS)]
        ),
        figures=[
            *figures.consuming(consumed),
            *figures.memory(consumed[OURS]),
            *figures.publishing(published),
        ],
        missing=missing,
    )


@contextmanager
def staged(sizes: Sizes) -> Iterator[Stage]:
    """Start one broker, and make the payloads."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with Cluster.started(folder / "kafka", jvm=BENCHMARK) as cluster:
            source = folder / "payloads"
            count = max(sizes.records, sizes.published)
            source.write_bytes(b"".join(value + b"\n" for value in payloads(count)))
            yield Stage(bootstrap=cluster.bootstrap, source=source)
