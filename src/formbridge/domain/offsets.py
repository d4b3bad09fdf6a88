"""How far a log was read, and what may be committed: the contiguous prefix of what is resolved."""

from collections.abc import Iterable, Mapping
from operator import itemgetter

from formbridge.domain.records import Delivery

_place = itemgetter(Delivery._fields.index("partition"), Delivery._fields.index("offset"))


def next_offsets(deliveries: Iterable[Delivery]) -> dict[int, int]:
    """Return by partition the offset behind the last of these deliveries."""
    last: dict[int, int] = dict(map(_place, deliveries))
    return {partition: offset + 1 for partition, offset in last.items()}


def committable(positions: Mapping[int, int], waiting: Iterable[Delivery]) -> dict[int, int]:
    """Return by partition the next offset that may be committed.

    ``positions`` are the next offsets to read; ``waiting`` is what was read and is not resolved:
    its lowest offset bounds the commit of its partition.
    """
    offsets = dict(positions)
    for delivery in waiting:
        if delivery.offset < offsets.get(delivery.partition, -1):
            offsets[delivery.partition] = delivery.offset
    return offsets
