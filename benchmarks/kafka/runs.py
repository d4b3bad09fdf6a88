"""Runs of modes: each in a fresh process, as a fresh group, in interleaved rounds, and checked."""

import itertools
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from benchmarks.kafka import topics
from benchmarks.kafka.job import Job, Report
from benchmarks.kafka.peers import ROOT

PATIENCE = 300.0
"""Seconds after which a run is taken for stuck."""
NUMBERS = itertools.count(1)


@attrs.frozen(kw_only=True)
class Mode:
    """One loop, ``MODULE:FUNCTION`` of ``modes``, and what must be true after it.

    ``python`` runs it. It takes ``records`` of a topic into files (``writes``) and commits them
    (``commits``), or it ``publishes`` so many.
    """

    title: str
    loop: str
    records: int
    python: Path = Path(sys.executable)
    writes: bool = True
    commits: bool = True
    publishes: bool = False


@attrs.frozen(kw_only=True)
class Stage:
    """One broker with its topics; ``source`` holds the payloads, one a line."""

    bootstrap: str
    source: Path

    def topic(self, records: int) -> str:
        """Return the name of the topic that holds so many records."""
        return f"responses-{records}"

    def fill(self, sizes: Sequence[int]) -> None:
        """Make a topic for each size."""
        values = self.source.read_bytes().splitlines()
        for size in sorted(set(sizes)):
            topics.fill(self.bootstrap, self.topic(size), values[:size])

    def rounds(self, modes: Sequence[Mode], *, count: int) -> Mapping[str, list[Report]]:
        """Run every mode ``count`` times, in turns that begin with another mode each time."""
        found: dict[str, list[Report]] = defaultdict(list)
        for number in range(count):
            first = number % len(modes)
            for mode in (*modes[first:], *modes[:first]):
                report = self.run(mode)
                found[mode.title].append(report)
                print(
                    f"round {number + 1}: {mode.title}: {report.rate:,.0f}/s,"
                    f" {report.micro:.1f} µs, {report.peak:.0f} MB",
                    file=sys.stderr,
                    flush=True,
                )
        return found

    def run(self, mode: Mode) -> Report:
        """Run a mode once, and check that nothing was dropped."""
        name = f"{mode.loop.replace(':', '-')}-{next(NUMBERS)}"
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "tables"
            folder.mkdir()
            job = Job(
                bootstrap=self.bootstrap,
                topic=name if mode.publishes else self.topic(mode.records),
                group=name,
                records=mode.records,
                folder=str(folder),
                source=str(self.source),
                report=str(Path(place) / "report.json"),
            )
            if mode.publishes:
                topics.make(self.bootstrap, name)
            report = _measured(mode, job, log=Path(place) / "log")
            self._check(mode, job)
        if mode.publishes:
            topics.remove(self.bootstrap, name)
        return report

    def _check(self, mode: Mode, job: Job) -> None:
        """Raise unless exactly the expected is there."""
        found = {}
        if mode.publishes:
            found["published"] = topics.length(self.bootstrap, job.topic)
        else:
            if mode.writes:
                found["rows"] = _rows(Path(job.folder))
            if mode.commits:
                found["committed"] = topics.committed(self.bootstrap, job.topic, job.group)
        wrong = {name: number for name, number in found.items() if number != mode.records}
        if wrong:
            message = f"{mode.title}: {wrong} instead of {mode.records}"
            raise AssertionError(message)


def _measured(mode: Mode, job: Job, *, log: Path) -> Report:
    os.sync()  # what others left to write is not this run's
    with log.open("wb") as file:
        run = subprocess.run(  # noqa: S603 - our own program
            [mode.python, "-m", "benchmarks.kafka.child", mode.loop, job.text()],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
    if run.returncode:
        message = f"{mode.title} ended with {run.returncode}:\n{log.read_text()[-4000:]}"
        raise AssertionError(message)
    return Report.load(Path(job.report))


def _rows(folder: Path) -> int:
    """Return how many rows stand in all tables; no made-up answer has a line break."""
    return sum(path.read_bytes().count(b"\n") - 1 for path in folder.glob("*.csv"))
