"""librdkafka's mock cluster: brokers without Java, which fail on command.

It is not Kafka: it keeps the last 5 MB of a partition and nothing on disk, delivers aborted
records, does not apply offsets that are part of a transaction, and does not serve an AdminClient:
topics are made here. In the classic protocol, after the last member of a group has left, the next
one waits for the session time-out less a second.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from threading import Lock

import attrs

REPOSITORY = Path(__file__).resolve().parents[2]


class ApiKey(IntEnum):
    """The kinds of requests in Kafka's protocol."""

    PRODUCE = 0
    FETCH = 1
    LIST_OFFSETS = 2
    METADATA = 3
    OFFSET_COMMIT = 8
    OFFSET_FETCH = 9
    FIND_COORDINATOR = 10
    JOIN_GROUP = 11
    HEARTBEAT = 12
    LEAVE_GROUP = 13
    SYNC_GROUP = 14
    INIT_PRODUCER_ID = 22
    ADD_PARTITIONS_TO_TXN = 24
    ADD_OFFSETS_TO_TXN = 25
    END_TXN = 26
    TXN_OFFSET_COMMIT = 28
    CONSUMER_GROUP_HEARTBEAT = 68


@attrs.define(eq=False, kw_only=True)
class MockCluster:
    """Brokers, numbered from 1, in a process of their own. Errors are codes of `KafkaError`.

    May be used from several threads. What it is told to fail it fails for all its clients.
    """

    bootstrap: str
    _process: "subprocess.Popen[str]"
    _lock: Lock = attrs.field(factory=Lock)

    @classmethod
    @contextmanager
    def started(cls, *, brokers: int = 1) -> "Iterator[MockCluster]":
        """Start so many brokers; end them at the end, or when this process is gone."""
        with subprocess.Popen(
            [sys.executable, "-m", "tests.clusters.mock_process", str(brokers)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield cls(bootstrap=_line(process), process=process)
            finally:
                process.kill()

    def create_topic(self, name: str, *, partitions: int) -> None:
        """Make a topic of which each broker has a copy."""
        self._tell("create_topic", name, partitions)

    def fail(self, api_key: ApiKey, *errors: int) -> None:
        """Answer the next requests of a kind with these errors, one each; _TRANSPORT hangs up."""
        self._tell("fail", api_key, errors)

    def heal(self, api_key: ApiKey) -> None:
        """Forget the errors that no request has met yet."""
        self._tell("heal", api_key)

    def fail_topic(self, name: str, error: int) -> None:
        """Answer who asks what a topic is with this error; 0 ends it."""
        self._tell("fail_topic", name, error)

    def broker_down(self, number: int) -> None:
        """Close the connections of a broker, and take no others. It stays the leader it was."""
        self._tell("broker_down", number)

    def broker_up(self, number: int) -> None:
        """Let a broker take connections again."""
        self._tell("broker_up", number)

    def delay(self, number: int, *, seconds: float) -> None:
        """Let each answer of a broker take so long; 0 ends it."""
        self._tell("delay", number, round(seconds * 1000))

    def lead(self, topic: str, *, partition: int, number: int) -> None:
        """Make a broker the leader of a partition."""
        self._tell("lead", topic, partition, number)

    def _tell(self, *command: object) -> None:
        assert self._process.stdin is not None
        with self._lock:
            print(json.dumps(command), file=self._process.stdin, flush=True)
            wrong = json.loads(_line(self._process))
        assert wrong is None, f"the mock cluster refused {command}: {wrong}"


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the mock cluster ended; what it said is on the standard error"
    return line.rstrip("\n")
