"""A record that could not be delivered to one group, and what became of it."""

from enum import StrEnum

import attrs

from formbridge.domain.records import Delivery


class Resolution(StrEnum):
    """How a dead letter ended."""

    REPLAYED = "replayed"
    DISCARDED = "discarded"


@attrs.frozen(kw_only=True)
class DeadLetter:
    """A delivery with the reason why this group's sink could not take it.

    The delivery is whole: bytes, headers, place and time are those of the log, so that a replay is
    as good as the first delivery. ``part`` names the table that is parked, for a record that would
    have been fine; it is empty otherwise. ``buried_at`` is in microseconds since 1970.
    """

    group: str
    delivery: Delivery
    reason: str
    error: str
    buried_at: int
    part: str = ""

    @property
    def id(self) -> str:
        """The place of the record in its log: ``responses/3/17``."""
        return self.delivery.place

    @property
    def parked(self) -> bool:
        """Whether the record waits for its table rather than for a repair of itself."""
        return bool(self.part)
