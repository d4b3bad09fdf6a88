"""The embedded log: one file, used by any number of processes of one machine."""

from pathlib import Path

from formbridge.adapters.sqlite.consumer import SqliteConsumer
from formbridge.adapters.sqlite.database import Database, File
from formbridge.adapters.sqlite.groups import SqliteGroups
from formbridge.adapters.sqlite.membership import SqliteMembership
from formbridge.adapters.sqlite.publisher import SqlitePublisher
from formbridge.adapters.sqlite.reader import SqliteReader
from formbridge.adapters.sqlite.topics import LOG, SqliteTopic, find_topic, open_topic
from formbridge.domain.errors import BadSetting
from formbridge.domain.ports import Clock

TOPIC = "responses"


class SqliteBroker:
    """Opens publishers, consumers and readers of the log in ``path``; does no I/O by itself.

    ``partitions`` is for topics that do not exist yet. A member that neither polls nor holds for
    ``max_poll_interval`` seconds is evicted; one whose process ended is replaced at once.
    ``busy_timeout`` is how many seconds a call waits for other processes' writes.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        partitions: int = 4,
        max_poll_interval: float = 60.0,
        busy_timeout: float = 10.0,
    ) -> None:
        """Keep the settings."""
        if partitions < 1:
            raise BadSetting(f"partitions: a topic has 1 at least, not {partitions}")
        self._clock = clock
        self._file = File(path=path, schema=LOG, clock=clock, busy_timeout=busy_timeout)
        self._partitions = partitions
        self._max_poll_interval = max_poll_interval

    def exists(self, *, topic: str = TOPIC) -> bool:
        """Whether the file is there and has the topic."""
        if not self._file.path.exists():
            return False
        database = self._file.open()
        try:
            return find_topic(database, topic) is not None
        finally:
            database.close()

    def publisher(self, *, topic: str = TOPIC) -> SqlitePublisher:
        """Open a publisher of the topic."""
        database, opened = self._open(topic)
        return SqlitePublisher(database, opened, clock=self._clock)

    def consumer(self, *, group: str, topic: str = TOPIC) -> SqliteConsumer:
        """Open a new member of the group; it joins at its first poll or hold."""
        commits, opened = self._open(topic)
        try:
            database = self._file.open(durable=False)
        except BaseException:
            commits.close()
            raise
        membership = SqliteMembership(
            database, opened, group, clock=self._clock, lease=self._max_poll_interval
        )
        return SqliteConsumer(database, membership, commits=commits, clock=self._clock)

    def reader(self, *, topic: str = TOPIC) -> SqliteReader:
        """Open a reader of the topic."""
        return SqliteReader(*self._open(topic))

    def groups(self, *, topic: str = TOPIC) -> SqliteGroups:
        """Return the places of this topic's groups."""
        return SqliteGroups(self._file, topic, partitions=self._partitions, clock=self._clock)

    def _open(self, topic: str) -> tuple[Database, SqliteTopic]:
        database = self._file.open()
        try:
            return database, open_topic(database, topic, partitions=self._partitions)
        except BaseException:
            database.close()
            raise
