"""Who reads what, across processes: members with leases, and owners of partitions, in the file.

A partition changes hands in two steps: its owner lets go, then the other takes it. Every member
computes the same assignment, so nobody has to lead. All of it is written without a sync: after a
loss of power no process of these members lives.
"""

from collections.abc import Collection

import attrs

from formbridge.adapters.sqlite.database import Database
from formbridge.adapters.sqlite.processes import is_gone, this_process
from formbridge.adapters.sqlite.topics import SqliteTopic, numbers
from formbridge.domain.assignment import assign
from formbridge.domain.ports import Clock

LOOK = 1.0
"""How often a member looks for others that are gone although nothing changed, in seconds."""


@attrs.frozen(kw_only=True)
class Group:
    """The group as it stands in the file; ``gone`` are members that ended or were silent."""

    alive: frozenset[int]
    gone: frozenset[int]
    owners: dict[int, int]

    def held(self, member: int) -> frozenset[int]:
        """Return what the member has."""
        return frozenset(p for p, owner in self.owners.items() if owner == member)

    def wanted(self, member: int, partitions: Collection[int]) -> frozenset[int]:
        """Return what the member should have once everybody let go of what is another's."""
        held = {p: name(owner) for p, owner in self.owners.items() if owner in self.alive}
        target = assign([name(each) for each in self.alive], sorted(partitions), held)
        return frozenset(p for p, owner in target.items() if owner == name(member))

    def taken(self) -> frozenset[int]:
        """Return what somebody who lives has."""
        return frozenset(p for p, owner in self.owners.items() if owner in self.alive)


def name(member: int) -> str:
    """Return a text that sorts as the number does."""
    return f"{member:019}"


def group_of(
    database: Database, topic: SqliteTopic, reader: str, *, now: int, me: int = 0
) -> Group:
    """Read the group; ``me`` lives, whatever its lease says."""
    members = database.rows(
        "SELECT id, expires, process FROM members WHERE topic = ? AND reader = ?",
        (topic.id, reader),
    )
    owners = database.rows(
        "SELECT partition, member FROM owners WHERE topic = ? AND reader = ?", (topic.id, reader)
    )
    gone = {
        int(number or 0)
        for number, expires, process in members
        if number != me and (int(expires or 0) < now or is_gone(str(process)))
    }
    return Group(
        alive=frozenset(int(each[0] or 0) for each in members) - gone,
        gone=frozenset(gone),
        owners=numbers(owners),
    )


class SqliteMembership:
    """One member of one group. ``lease`` is the silence in seconds after which it is evicted."""

    def __init__(
        self, database: Database, topic: SqliteTopic, reader: str, *, clock: Clock, lease: float
    ) -> None:
        """Join nothing yet: ``tend`` does. ``member`` is 0 until then."""
        self.member = 0
        self.topic = topic
        self.reader = reader
        self._database = database
        self._clock = clock
        self._lease = lease
        self._beat_at = self._looked_at = 0.0
        self._process = ""

    @property
    def due(self) -> bool:
        """Whether it is time to look even if nothing changed."""
        return self._clock.monotonic() - self._looked_at >= min(LOOK, self._lease / 3)

    def tend(self, *, release: bool) -> frozenset[int]:
        """Join, live, let go of what others should have if ``release``, take what is free.

        Returns what this member has now. Writes only when there is something to say.
        """
        self._looked_at = self._clock.monotonic()
        with self._database.snapshot():
            group = self._group()
        if self._settled(group, release=release):
            return group.held(self.member)
        with self._database.write():
            return self._write(release=release)

    def leave(self) -> None:
        """Give everything back."""
        if self.member:
            with self._database.write():
                self._remove(self.member)
            self.member = 0

    def _group(self) -> Group:
        now = self._clock.now()
        return group_of(self._database, self.topic, self.reader, now=now, me=self.member)

    def _settled(self, group: Group, *, release: bool) -> bool:
        beating = self._looked_at - self._beat_at < self._lease / 3
        if group.gone or self.member not in group.alive or not beating:
            return False
        held, wanted = group.held(self.member), group.wanted(self.member, self.topic.partitions)
        return not (release and held - wanted) and not (wanted - group.taken())

    def _write(self, *, release: bool) -> frozenset[int]:
        for member in self._group().gone:
            self._remove(member)
        self._live()
        group = self._group()
        wanted = group.wanted(self.member, self.topic.partitions)
        held = group.held(self.member)
        if release:
            self._free(held - wanted)
            held &= wanted
        claimed = wanted - group.taken()
        self._take(claimed)
        return held | claimed

    def _live(self) -> None:
        """Prolong the lease, or join if nobody knows this member (any more)."""
        expires = self._clock.now() + round(self._lease * 1_000_000)
        known = self._database.rows(
            "UPDATE members SET expires = ? WHERE id = ? RETURNING id", (expires, self.member)
        )
        if not known:
            self._process = self._process or this_process()
            self.member = self._database.integer(
                "INSERT INTO members (topic, reader, expires, process) VALUES (?, ?, ?, ?)"
                " RETURNING id",
                (self.topic.id, self.reader, expires, self._process),
            )
        self._beat_at = self._clock.monotonic()

    def _take(self, partitions: Collection[int]) -> None:
        place = self.topic.id, self.reader
        self._database.many(
            "INSERT INTO owners VALUES (?, ?, ?, ?)",
            [(*place, partition, self.member) for partition in partitions],
        )

    def _free(self, partitions: Collection[int]) -> None:
        self._database.many(
            "DELETE FROM owners WHERE topic = ? AND reader = ? AND partition = ?",
            [(self.topic.id, self.reader, partition) for partition in partitions],
        )

    def _remove(self, member: int) -> None:
        self._database.rows(
            "DELETE FROM owners WHERE topic = ? AND reader = ? AND member = ?",
            (self.topic.id, self.reader, member),
        )
        self._database.rows("DELETE FROM members WHERE id = ?", (member,))
