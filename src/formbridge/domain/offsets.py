"""How far a log was read, and what may be committed: the contiguous prefix of what is resolved."""

from collections.abc import Iterable, Mapping

from formbridge.domain.records import Delivery


def next_offsets(deliveries: Iterable[Delivery]) -> dict[int, int]:
    """Return by partition the offset behind the last of these deliveries."""
    last = {delivery.partition: delivery for delivery in deliveries}
    return {partition: delivery.offset + 1 for partition, delivery in last.items()}


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
