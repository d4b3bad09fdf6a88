"""What the Kafka drills have in common: a topic that is filled, members, and how it ended."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import attrs

from formbridge.compose import open_intake, open_log, open_reader
from formbridge.domain.envelope import Envelope
from formbridge.logs import Log as Topic
from formbridge.publishing import batched
from tests.conftest import REPOSITORY
from tests.faults.log import Log
from tests.faults.results import differences

WORKER = "tests.faults.kafka_worker"
GROUP = "tables"
AT_ONCE = 2000
LOGGED = "kafka://"
"""How a warning begins that a broker is out of reach: librdkafka goes on by itself."""
PATIENCE = 120.0


@attrs.frozen(kw_only=True)
class Road:
    """A topic of a drill, the group that reads it, and the folder of its tables."""

    broker: str
    group: str
    tables: Path
    options: dict[str, object] = attrs.field(factory=dict)

    @classmethod
    def to(cls, folder: Path, *, bootstrap: str, **options: object) -> "Road":
        """Name a new topic; ``options`` are those of its clients, and of how it is made."""
        number = uuid4().hex
        return cls(
            broker=f"kafka://{bootstrap}/responses-{number}",
            group=f"{GROUP}-{number}",
            tables=folder / "tables",
            options=options,
        )

    @property
    def log(self) -> Topic:
        """The topic."""
        return open_log(self.broker, options=self.options)

    def publish(self, log: Log, events: Iterable[tuple[int, int]] | None = None) -> None:
        """Publish a made-up log or these events of it, each form in its order."""
        intake = open_intake(self.log)
        with closing(intake.publisher):
            for batch in batched(log.events() if events is None else events, AT_ONCE):
                now = intake.clock.now()
                intake.accept_all([Envelope(log.payload(*it), received_at=now) for it in batch])

    def command(self, **more: object) -> list[str]:
        """Return the command of a member."""
        named = {
            "broker": self.broker,
            "group": self.group,
            "tables": self.tables,
            "options": json.dumps(self.options),
            **more,
        }
        words = [str(word) for name, value in named.items() for word in (f"--{name}", value)]
        return [WORKER, *words]

    def records(self) -> int:
        """Return how many records the topic holds."""
        with closing(open_reader(self.log)) as reader:
            return sum(1 for _ in reader.read())

    def lag(self) -> int:
        """Return how many records the group has not committed."""
        consumer = self.log.broker.consumer(topic=self.log.topic, group=self.group)
        with closing(consumer):
            return sum(span.lag for span in consumer.spans().values())


@attrs.define(eq=False)
class Process:
    """A member at work; ``told`` are its lines, with the time at which each came."""

    child: "subprocess.Popen[str]"
    told: list[tuple[float, str]] = attrs.field(factory=list)

    def lines(self, word: str) -> list[tuple[float, str]]:
        """Return the lines that begin with this word."""
        return [it for it in self.told if it[1].split()[0] == word]

    def numbers(self, word: str) -> int:
        """Return the sum of what stands behind this word."""
        return sum(int(line.split()[1]) for _, line in self.lines(word))

    def listen(self) -> None:
        """Take its lines, until it is gone."""
        assert self.child.stdout is not None
        for line in self.child.stdout:
            if line.endswith("\n") and line.strip():
                self.told.append((time.monotonic(), line.rstrip("\n")))


@contextmanager
def member(road: Road, **more: object) -> Iterator[Process]:
    """Start a member, and kill it in the end."""
    with subprocess.Popen(
        [sys.executable, "-m", *road.command(**more)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        process = Process(child)
        listener = threading.Thread(target=process.listen, daemon=True)
        listener.start()
        try:
            yield process
        finally:
            child.kill()
            child.wait()
            listener.join(5)


def wait_for(
    what: str, done: Callable[[], object], *members: Process, patience: float = PATIENCE
) -> None:
    """Wait until something is so; what the members said is told if it never is."""
    until = time.monotonic() + patience
    while not done():
        story = "\n".join(line for it in members for _, line in it.told[-30:])
        assert time.monotonic() < until, f"waited in vain: {what}\n{story}"
        time.sleep(0.05)


def wrong(road: Road, log: Log, *, but: Sequence[str] = (), patience: float = 30.0) -> list[str]:
    """Return what is wrong in the tables, once edits that others left have had time to show."""
    until = time.monotonic() + patience
    while True:
        found = [it for it in differences(road.tables, log) if it not in but]
        if not found or time.monotonic() >= until:
            return found
        time.sleep(0.5)


def troubles(members: Sequence[Process]) -> list[str]:
    """Return what no member should have said."""
    known = ("polled", "committed", "idle", "lost", "writing", "written", "closed", LOGGED)
    return [line for it in members for _, line in it.told if not line.startswith(known)]
