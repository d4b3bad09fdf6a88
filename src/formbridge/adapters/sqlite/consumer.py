"""A member of a group that reads a topic in the file."""

from collections.abc import Mapping
from contextlib import suppress

from formbridge.adapters.sqlite.database import Database
from formbridge.adapters.sqlite.membership import SqliteMembership
from formbridge.adapters.sqlite.reader import fetch
from formbridge.adapters.sqlite.topics import numbers
from formbridge.domain.errors import AssignmentLost, BrokerUnavailable, Closed
from formbridge.domain.ports import Clock, Consumer
from formbridge.domain.records import Batch, Delivery, Offsets, Span

SHORTEST, LONGEST = 0.001, 0.025
"""A poll that waits looks again after this many seconds: soon at first, then less often."""

HOLDING = 0.25
"""A hold looks this often, in seconds."""


class SqliteConsumer(Consumer):
    """Polls the file: an unchanged one costs one PRAGMA a look, and no lock.

    A commit is one durable transaction, in which the owners of the partitions are checked.
    """

    def __init__(
        self, database: Database, membership: SqliteMembership, *, commits: Database, clock: Clock
    ) -> None:
        """Read with one connection and commit with the other; both are closed with this."""
        self._database = database
        self._commits = commits
        self._topic = membership.topic
        self._group = membership.reader
        self._membership = membership
        self._clock = clock
        self._positions: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._lost: frozenset[int] = frozenset()
        self._version = -1
        self._turn = 0
        self._closed = False

    @property
    def topic(self) -> str:
        """The topic that is read."""
        return self._topic.name

    @property
    def group(self) -> str:
        """The group whose member this is."""
        return self._group

    def poll(self, limit: int, /, *, timeout: float) -> Batch:
        """Return what is there; look again and again until ``timeout`` if nothing is."""
        until = self._clock.monotonic() + timeout
        pause = SHORTEST
        while True:
            self._look(release=True)
            deliveries = self._take(limit)
            left = until - self._clock.monotonic()
            if deliveries or left <= 0:
                return Batch(deliveries=deliveries, lost=self._told())
            self._clock.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST)

    def commit(self, offsets: Offsets, /) -> None:
        """Store the offsets of the partitions that this member has, in one transaction."""
        self._open()
        if offsets and (lost := self._commit(offsets)):
            self._drop(lost)
            raise AssignmentLost(lost)

    def hold(self, seconds: float, /) -> frozenset[int]:
        """Stay a member; with 0 nothing is given up, as a write may be under way."""
        until = self._clock.monotonic() + seconds
        while True:
            self._look(release=seconds > 0)
            left = until - self._clock.monotonic()
            if left <= 0:
                return self._told()
            self._clock.sleep(min(HOLDING, left))

    def spans(self) -> Mapping[int, Span]:
        """Return where each partition stands: here if it is read here, else in the group."""
        self._open()
        with self._database.snapshot():
            ends = self._topic.ends(self._database)
            positions = {p: self._start(p) for p in self._topic.partitions} | self._positions
        return {p: Span(position=positions[p], end=ends[p]) for p in self._topic.partitions}

    def close(self) -> None:
        """Leave the group and release both connections."""
        if not self._closed:
            self._closed = True
            try:
                with suppress(BrokerUnavailable):  # the lease, or the end of the process, tells too
                    self._membership.leave()
            finally:
                self._commits.close()
                self._database.close()

    def _open(self) -> None:
        if self._closed:
            raise Closed(f"this consumer of {self.topic!r} is closed; open another one")

    def _look(self, *, release: bool) -> None:
        """See what others changed in the file, membership included; note what was lost."""
        self._open()
        version = self._database.integer("PRAGMA data_version")
        if version == self._version and not self._membership.due:
            return
        before = self._membership.member
        held = self._membership.tend(release=release)
        evicted = before != self._membership.member  # and has joined anew
        lost = frozenset(self._positions) - (frozenset() if evicted else held)
        self._drop(lost)
        self._lost |= lost
        for partition in held.difference(self._positions):
            self._positions[partition] = self._start(partition)
        self._ends = self._topic.ends(self._database)
        self._version = version

    def _told(self) -> frozenset[int]:
        """Return what was lost since the last call that could say so."""
        lost, self._lost = self._lost, frozenset()
        return lost

    def _drop(self, partitions: frozenset[int]) -> None:
        for partition in partitions:
            self._positions.pop(partition, None)

    def _start(self, partition: int) -> int:
        """Return the group's commit, or the beginning."""
        committed = self._database.rows(
            "SELECT next FROM commits WHERE topic = ? AND reader = ? AND partition = ?",
            (self._topic.id, self._group, partition),
        )
        beginning = self._topic.beginning(self._database, partition)
        return max(beginning, int(committed[0][0] or 0)) if committed else beginning

    def _commit(self, offsets: Offsets) -> frozenset[int]:
        """Store what may be stored; return the partitions that are another's."""
        with self._commits.write():
            owners = self._commits.rows(
                "SELECT partition, member FROM owners WHERE topic = ? AND reader = ?",
                (self._topic.id, self._group),
            )
            mine = {p for p, owner in numbers(owners).items() if owner == self._membership.member}
            self._commits.many(
                "INSERT INTO commits VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET next = max(next, excluded.next)",
                [(self._topic.id, self._group, p, offsets[p]) for p in mine.intersection(offsets)],
            )
        return frozenset(offsets) - mine

    def _take(self, limit: int) -> list[Delivery]:
        """Read a share of every partition; nothing moves on unless all of them were read."""
        taken: list[Delivery] = []
        positions = dict(self._positions)
        waiting = {p: self._ends[p] - at for p, at in positions.items() if at < self._ends[p]}
        self._turn += 1
        for partition, share in shares(waiting, limit, turn=self._turn).items():
            span = positions[partition], self._ends[partition], share
            if deliveries := fetch(self._database, self._topic, partition, span):
                positions[partition] = deliveries[-1].offset + 1
                taken += deliveries
        self._positions = positions
        return taken


def shares(waiting: Mapping[int, int], limit: int, *, turn: int) -> dict[int, int]:
    """Share the limit out between partitions by what waits in each, another one first each turn.

    None gets less than its even part unless it has less, and nothing of the limit is left unused.
    """
    order = sorted(waiting)
    order = [order[(turn + rank) % len(order)] for rank in range(len(order))]
    result, left = dict.fromkeys(order, 0), limit
    while left > 0 and (hungry := [p for p in order if result[p] < waiting[p]]):
        part = max(1, left // len(hungry))
        for partition in hungry:
            more = min(part, left, waiting[partition] - result[partition])
            result[partition] += more
            left -= more
    return {partition: share for partition, share in result.items() if share > 0}
