"""What a sink makes of a batch, and what it answers for each part of it."""

from collections.abc import Mapping, Sequence

import attrs

from formbridge.domain.identity import TableKey
from formbridge.domain.records import Delivery


@attrs.define(kw_only=True, eq=False)
class Part:
    """What goes to one place of a sink: one table, or all of it.

    ``items`` run beside ``deliveries``: what the sink's own stage made of each (a response); one
    delivery may stand there several times when its record held several responses. ``table`` is the
    table, where the place is one.
    """

    key: str
    table: TableKey | None = None
    deliveries: list[Delivery] = attrs.field(factory=list)
    items: list[object] = attrs.field(factory=list, repr=False)

    def extend(self, later: "Part") -> None:
        """Append what came later for the same place."""
        self.deliveries.extend(later.deliveries)
        self.items.extend(later.items)

    def without(self, partitions: frozenset[int]) -> "Part":
        """Return the part without what was read of these partitions."""
        keep = [index for index, it in enumerate(self.deliveries) if it.partition not in partitions]
        return Part(
            key=self.key,
            table=self.table,
            deliveries=[self.deliveries[index] for index in keep],
            items=[self.items[index] for index in keep],
        )


@attrs.frozen(kw_only=True)
class Failure:
    """A delivery that can never be written, with the reason and the name of its error class."""

    delivery: Delivery
    reason: str
    error: str


@attrs.frozen(kw_only=True)
class Plan:
    """A batch as a sink will take it: parts in the order of their first record, and what failed."""

    parts: Mapping[str, Part] = attrs.field(factory=dict)
    failures: Sequence[Failure] = ()


@attrs.frozen(kw_only=True)
class Written:
    """Everything of the part is in the sink, durably, except the failures.

    ``changed`` counts what really changed there; the rest was there already.
    """

    key: str
    changed: int = 0
    failures: Sequence[Failure] = ()


@attrs.frozen(kw_only=True)
class NotNow:
    """Nothing of the part is known to be in the sink; offer it again after ``seconds``."""

    key: str
    seconds: float
    reason: str


@attrs.frozen(kw_only=True)
class Unavailable:
    """This part cannot be written until a person mends its place; the others go on."""

    key: str
    reason: str


Outcome = Written | NotNow | Unavailable
