"""One measured process: ``python -m benchmarks.kafka.child MODULE:FUNCTION JOB``."""

import importlib
import sys

from benchmarks.collector import calm
from benchmarks.kafka.job import Job, Stopwatch


def main(loop: str, text: str) -> None:
    """Run a loop of ``modes`` and write its report."""
    module, _, function = loop.partition(":")
    run = getattr(importlib.import_module(f"benchmarks.kafka.modes.{module}"), function)
    job = Job.read(text)
    watch = Stopwatch(expected=job.records)
    calm()
    run(job, watch)
    watch.report().write(job.report)


if __name__ == "__main__":
    main(*sys.argv[1:])
