"""How far a bridge is in each partition: what it read, and what it committed."""

from collections.abc import Iterable

import attrs

from formbridge.domain.offsets import committable, next_offsets
from formbridge.domain.records import Delivery, Offsets


@attrs.define(eq=False)
class Progress:
    """Positions and commits by partition, as next offsets."""

    _positions: dict[int, int] = attrs.field(init=False, factory=dict)
    _committed: dict[int, int] = attrs.field(init=False, factory=dict)

    def read(self, deliveries: Iterable[Delivery]) -> None:
        """Note what a poll returned."""
        self._positions |= next_offsets(deliveries)

    def behind(self, goals: Offsets) -> bool:
        """Whether there is more to read before these offsets, of what was read here.

        It knows records only: a log may end with marks of transactions, behind the last record.
        """
        return any(offset < goals.get(it, 0) for it, offset in self._positions.items())

    def due(self, waiting: Iterable[Delivery]) -> Offsets:
        """Return the offsets to commit: never beyond what waits, and none that stand already."""
        return {
            partition: offset
            for partition, offset in committable(self._positions, waiting).items()
            if offset != self._committed.get(partition)
        }

    def committed(self, offsets: Offsets) -> None:
        """Note what was committed."""
        self._committed |= offsets

    def drop(self, partitions: frozenset[int]) -> None:
        """Forget partitions that belong to another member now."""
        for partition in partitions:
            self._positions.pop(partition, None)
            self._committed.pop(partition, None)
