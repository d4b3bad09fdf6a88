"""What a member has, as the rebalances tell it: partitions, how far they were read, what is lost.

A partition may be taken away and come back between two polls. Each time that it comes it gets a
new epoch, and what was taken from the client in an earlier one is dropped, not returned.
Source of the lesson: "Rebalances" in librdkafka's INTRODUCTION.md; what ``consume`` returns is
already free of it (librdkafka 1.9, "purge outdated messages").
"""

from collections.abc import Iterable
from itertools import count

import attrs

from formbridge.domain.offsets import next_offsets
from formbridge.domain.records import Delivery, Offsets


@attrs.define(eq=False)
class Membership:
    """The partitions of one member. Changed inside the client's calls, in the same thread."""

    epochs: dict[int, int] = attrs.field(factory=dict)
    positions: dict[int, int] = attrs.field(factory=dict)
    """By partition, the next offset; missing until something was read."""
    fresh: bool = False
    """Whether partitions came since the last look."""
    _read: dict[int, int] = attrs.field(factory=dict)  # as positions, by deliveries only
    _committed: dict[int, int] = attrs.field(factory=dict)
    _lost: set[int] = attrs.field(factory=set)
    _numbers: "count[int]" = attrs.field(factory=count)

    def assigned(self, partitions: Iterable[int]) -> None:
        """Take new partitions."""
        self.fresh = True
        for partition in partitions:
            self.epochs[partition] = next(self._numbers)

    def drop(self, partitions: Iterable[int]) -> None:
        """Forget partitions, and remember that those which were here are lost."""
        for partition in list(partitions):
            if self.epochs.pop(partition, None) is not None:
                self._lost.add(partition)
            for kept in (self.positions, self._read, self._committed):
                kept.pop(partition, None)

    def told(self) -> frozenset[int]:
        """Return what was lost since the last time."""
        lost = frozenset(self._lost)
        self._lost.clear()
        return lost

    def read(self, deliveries: Iterable[Delivery]) -> None:
        """Note what a poll returns."""
        read = next_offsets(deliveries)
        self._read |= read
        for partition, offset in read.items():
            self.reached(partition, offset)

    def reached(self, partition: int | None, offset: int | None) -> None:
        """Note that everything before ``offset`` was read, as far as there are records."""
        if partition in self.epochs and offset is not None:
            self.positions[partition] = max(offset, self.positions.get(partition, 0))

    def to_commit(self, offsets: Offsets) -> dict[int, int]:
        """Return what of these next offsets is here, and new to the cluster.

        When all that was read is resolved, so are the marks of transactions that stand behind it.
        """
        wanted = {}
        for partition, offset in offsets.items():
            if partition in self.epochs:
                whole = offset == self._read.get(partition)
                due = max(offset, self.positions[partition]) if whole else offset
                if due > self._committed.get(partition, -1):
                    wanted[partition] = due
        return wanted

    def resolved(self) -> dict[int, int]:
        """Return the next offsets that are committed, and behind which there are marks only."""
        return {
            partition: offset
            for partition, offset in self._read.items()
            if self._committed.get(partition) == offset < self.positions[partition]
        }

    def committed(self, partition: int, offset: int) -> None:
        """Note a commit."""
        self._committed[partition] = offset
