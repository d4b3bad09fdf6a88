"""Who reads what, in a group that lives in memory."""

from collections.abc import Iterable

import attrs

from formbridge.domain.assignment import assign


@attrs.define(eq=False, kw_only=True)
class MemoryGroup:
    """Members, owners of partitions, and commits. Not locked by itself.

    A partition changes hands in two steps: its owner lets go, then the other takes it; so no two
    members ever have it at once. A member is evicted by the next one that looks.
    """

    name: str
    partitions: range
    max_poll_interval: float
    commits: dict[int, int] = attrs.field(factory=dict)
    owners: dict[int, str] = attrs.field(factory=dict)
    _seen: dict[str, float] = attrs.field(factory=dict)  # member → monotonic seconds

    def beat(self, member: str, now: float) -> None:
        """Note that this member lives (a new one joins), and evict those that were silent."""
        self._seen[member] = now
        self.evict(now)

    def evict(self, now: float) -> None:
        """Take everything from members that neither polled nor held for too long."""
        for member, seen in list(self._seen.items()):
            if now - seen > self.max_poll_interval:
                self.leave(member)

    def leave(self, member: str) -> None:
        """Forget the member, and free what it had."""
        self._seen.pop(member, None)
        self.release(member, self.held(member))

    def held(self, member: str) -> frozenset[int]:
        """Return what the member has."""
        return frozenset(p for p, owner in self.owners.items() if owner == member)

    def wanted(self, member: str) -> frozenset[int]:
        """Return what the member should have once everybody let go of what is another's."""
        return frozenset(p for p, owner in self._target().items() if owner == member)

    def release(self, member: str, partitions: Iterable[int]) -> None:
        """Free those of the partitions that the member has."""
        for partition in self.held(member).intersection(partitions):
            del self.owners[partition]

    def claim(self, member: str) -> frozenset[int]:
        """Give the member those of its partitions that are free; return them."""
        free = self.wanted(member).difference(self.owners)
        self.owners.update(dict.fromkeys(free, member))
        return free

    @property
    def empty(self) -> bool:
        """Whether nobody is a member."""
        return not self._seen

    def _target(self) -> dict[int, str]:
        return assign(list(self._seen), self.partitions, self.owners)
