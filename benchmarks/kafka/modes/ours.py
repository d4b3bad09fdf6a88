"""FormBridge with its default settings, as ``formbridge run --until-idle`` puts it together."""

from functools import partial

import attrs

from benchmarks.kafka.job import Job, Stopwatch
from formbridge import open_bridge
from formbridge.domain.events import Committed, Event, Polled


@attrs.define(eq=False)
class Laps:
    """Turns what a bridge tells into laps: what was polled counts when it is committed."""

    watch: Stopwatch
    polled: int = 0

    def take(self, event: Event) -> None:
        """Take what the bridge tells."""
        match event:
            case Polled(records=records):
                self.watch.start()
                self.polled += records
            case Committed():
                self.watch.lap(self.polled)
                self.polled = 0


def bridge(job: Job, watch: Stopwatch) -> None:
    """Carry the topic to a folder of CSV files."""
    address = f"kafka://{job.bootstrap}/{job.topic}"
    opened = partial(open_bridge, broker=address, sink=f"csv:{job.folder}", group=job.group)
    with opened(hook=Laps(watch).take) as it:
        it.run_until_idle()
