"""What the rounds say: a table of everybody, and the figures that have bars."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.figure import Figure
from benchmarks.kafka.contest import AIOKAFKA, CALLS, HAND, LARGE, OURS, RAW, SOURCE, STREAM
from benchmarks.kafka.job import Report

INDEX = 168e-6
"""MB of memory that CSV tables take for each response, by design: the first page measures it."""

Reports = Mapping[str, Sequence[Report]]


def table(found: Reports, *, beside: str) -> str:
    """Return everybody's medians; shares are those of two neighbours in one round."""
    rounds = len(found[beside])
    head = (
        f"| medians of {rounds} rounds | records/s | of {beside} | CPU µs a record | memory, MB |",
        "|---|---|---|---|---|",
    )
    rows = [_row(title, reports, found[beside]) for title, reports in found.items()]
    return "\n".join([*head, *rows])


def consuming(found: Reports) -> Iterator[Figure]:
    """Yield FormBridge's speed, beside the hand-written loop and over each peer."""
    share = "FormBridge, as a share of the rate of "
    yield _compared(share + HAND, found[OURS], found[HAND], bar=0.55)
    yield _compared(share + LARGE, found[OURS], found[LARGE], bar=None)
    for title in found:
        if title not in (RAW, HAND, LARGE, OURS):
            bar = None if title == AIOKAFKA or title.endswith(SOURCE) else 1.0
            yield _compared(f"FormBridge over {title}", found[OURS], found[title], bar=bar)


def memory(reports: Sequence[Report]) -> Iterator[Figure]:
    """Yield how much memory FormBridge took, and whether it stays."""
    name = "FormBridge's memory, the most in a run"
    yield Figure(name=name, value=median(it.peak for it in reports), unit="MB")
    index = median(it.records for it in reports) * 0.75 * INDEX
    yield Figure(
        name="its growth from a quarter of the run to the end",
        value=median(it.late - it.early for it in reports),
        unit="MB",
        note=f"{index:.0f} MB of it are the tables' index, which grows by design",
    )


def publishing(found: Reports) -> Iterator[Figure]:
    """Yield FormBridge's speed beside the SDK's own producer."""
    for title, bar in {CALLS: 0.8, STREAM: None}.items():
        name = f"publishing in calls of 1,000, as a share of {title}"
        yield _compared(name, found[OURS], found[title], bar=bar)


def _row(title: str, reports: Sequence[Report], others: Sequence[Report]) -> str:
    rate, share = median(it.rate for it in reports), median(_ratios(reports, others))
    cpu, most = median(it.micro for it in reports), median(it.peak for it in reports)
    return f"| {title} | {rate:,.0f} | {share:.3g} | {cpu:.1f} | {most:.0f} |"


def _compared(
    name: str, ours: Sequence[Report], others: Sequence[Report], *, bar: float | None
) -> Figure:
    shares = _ratios(ours, others)
    note = f"{len(shares)} rounds: " + ", ".join(f"{share:.3g}" for share in shares)
    return Figure(name=name, value=median(shares), unit="", bar=bar, note=note)


def _ratios(one: Sequence[Report], other: Sequence[Report]) -> list[float]:
    """Return how many times as fast one was, round by round."""
    return [mine.rate / theirs.rate for mine, theirs in zip(one, other, strict=True)]
