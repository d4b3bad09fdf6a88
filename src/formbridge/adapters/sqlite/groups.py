"""The places of groups in a topic in the file."""

from formbridge.adapters.sqlite.database import Database, File
from formbridge.adapters.sqlite.membership import group_of
from formbridge.adapters.sqlite.topics import SqliteTopic, open_topic
from formbridge.domain.errors import BadInput
from formbridge.domain.ports import Clock, Groups
from formbridge.domain.records import Offsets


class SqliteGroups(Groups):
    """Where the groups of a topic stand. Opens the file for each call: nothing is to be closed."""

    def __init__(self, file: File, topic: str, *, partitions: int, clock: Clock) -> None:
        """Change commits of this topic, which is made with ``partitions`` if it is not there."""
        self._file = file
        self._name = topic
        self._partitions = partitions
        self._clock = clock

    def reset(self, group: str, /, *, to: str | int) -> Offsets:
        """Set the commits of a group that has no living members, durably."""
        if not isinstance(to, int) and to not in {"beginning", "end"}:
            raise BadInput(f"a group is reset to 'beginning', 'end' or microseconds, not to {to!r}")
        database = self._file.open()
        try:
            topic = open_topic(database, self._name, partitions=self._partitions)
            with database.write():
                return self._reset(database, topic, group, to)
        finally:
            database.close()

    def _reset(self, database: Database, topic: SqliteTopic, group: str, to: str | int) -> Offsets:
        if group_of(database, topic, group, now=self._clock.now()).alive:
            raise BadInput(f"group {group!r} has members; stop them before it is reset")
        for table in ("owners", "members"):  # a member that was given up must not commit any more
            database.rows(
                f"DELETE FROM {table} WHERE topic = ? AND reader = ?",  # noqa: S608 - a name from above
                (topic.id, group),
            )
        offsets = {p: _offset(database, topic, p, to) for p in topic.partitions}
        database.many(
            "INSERT OR REPLACE INTO commits VALUES (?, ?, ?, ?)",
            [(topic.id, group, partition, offset) for partition, offset in offsets.items()],
        )
        return offsets


def _offset(database: Database, topic: SqliteTopic, partition: int, to: str | int) -> int:
    beginning = topic.beginning(database, partition)
    end = topic.ends(database)[partition]
    if isinstance(to, int):
        return _at(database, topic.table(partition), to, (beginning, end))
    return beginning if to == "beginning" else end


def _at(database: Database, table: str, time: int, between: tuple[int, int]) -> int:
    """Return the first offset whose record came at ``time`` or later: times grow with offsets."""
    low, high = between
    while low < high:
        middle = (low + high) // 2
        later = f"SELECT time FROM {table} WHERE offset >= ? ORDER BY offset LIMIT 1"  # noqa: S608 - own name
        if database.integer(later, (middle,)) < time:
            low = middle + 1
        else:
            high = middle
    return low
