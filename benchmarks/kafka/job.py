"""What a measured process is told, and what it reports. Loaded in both environments."""

import json
import resource
import time
from pathlib import Path

import attrs

from benchmarks.memory import peak, resident

SAMPLES = 20
"""So often a run looks at its memory."""


@attrs.frozen(kw_only=True)
class Job:
    """Take the ``records`` of a topic into tables in ``folder``, or publish those in ``source``.

    ``group`` is new. The report is written to the file ``report``.
    """

    bootstrap: str
    topic: str
    group: str
    records: int
    folder: str
    source: str
    report: str

    def text(self) -> str:
        """Return it for a command line."""
        return json.dumps(attrs.asdict(self))

    @staticmethod
    def read(text: str) -> "Job":
        """Return what ``text`` was made from."""
        return Job(**json.loads(text))


@attrs.frozen(kw_only=True)
class Report:
    """One run: seconds from its first records to its last commit, CPU seconds of all threads.

    ``peak`` is the most memory that the process had; ``early`` what it had after a quarter of the
    records, ``late`` at the end: resident, in MB.
    """

    records: int
    seconds: float
    cpu: float
    peak: float
    early: float
    late: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds

    @property
    def micro(self) -> float:
        """Microseconds of CPU a record."""
        return self.cpu / self.records * 1e6

    def write(self, path: str) -> None:
        """Write it to a file."""
        Path(path).write_text(json.dumps(attrs.asdict(self)), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> "Report":
        """Return what was written to that file."""
        return Report(**json.loads(path.read_text(encoding="utf-8")))


@attrs.define(eq=False, kw_only=True)
class Stopwatch:
    """Measures one run of so many ``expected`` records."""

    expected: int
    records: int = 0
    _began: float = 0.0
    _ended: float = 0.0
    _cpu_before: float = 0.0
    _cpu_after: float = 0.0
    _memory: list[tuple[int, float]] = attrs.field(factory=list)

    @property
    def done(self) -> bool:
        """Whether all that is expected has come."""
        return self.records >= self.expected

    def start(self) -> None:
        """Begin with the first records; a later call does nothing."""
        if not self._began:
            self._cpu_before, self._began = _cpu(), time.perf_counter()

    def lap(self, records: int) -> None:
        """Say that so many more records are committed."""
        self.records += records
        self._ended, self._cpu_after = time.perf_counter(), _cpu()
        if self.records * SAMPLES >= self.expected * (len(self._memory) + 1):
            self._memory.append((self.records, resident()))

    def report(self) -> Report:
        """Return what was measured."""
        early = [memory for records, memory in self._memory if records * 4 >= self.expected]
        return Report(
            records=self.records,
            seconds=self._ended - self._began,
            cpu=self._cpu_after - self._cpu_before,
            peak=peak(),
            early=early[0],
            late=early[-1],
        )


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
