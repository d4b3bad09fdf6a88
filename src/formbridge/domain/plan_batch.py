"""The first decision: a batch of deliveries → the parts that a table sink will write.

Deliveries that cannot be read become failures; their neighbours go on.
"""

from collections.abc import Callable, Sequence

from formbridge.domain.arrivals import arrival_of
from formbridge.domain.errors import Undecodable
from formbridge.domain.identity import TableKey
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.domain.sinks import Failure, Part, Plan

Prepare = Callable[[Response, Delivery], object]
"""What a sink wants to have of each response."""

Read = Callable[[Delivery], Sequence[Response]]
"""Reads the responses of a delivery: usually one. Raises ``Undecodable``."""


def plan_batch(
    deliveries: Sequence[Delivery], read: Read, *, prepare: Prepare = arrival_of
) -> Plan:
    """Sort the responses of these deliveries by their table, in the order of the log.

    An item of a part is what ``prepare`` makes of a response. The key of a part is its table as
    text.
    """
    parts: dict[tuple[str, str], Part] = {}
    failures: list[Failure] = []
    for delivery in deliveries:
        try:
            responses = read(delivery)
        except Undecodable as error:
            failures.append(failure_of(delivery, error))
            continue
        for response in responses:
            place = (response.source, response.form_id)
            part = parts.get(place) or parts.setdefault(place, _part_of(response))
            part.deliveries.append(delivery)
            part.items.append(prepare(response, delivery))
    return Plan(parts={part.key: part for part in parts.values()}, failures=failures)


def _part_of(response: Response) -> Part:
    table = TableKey(form_id=response.form_id, source=response.source)
    return Part(key=str(table), table=table)


def failure_of(delivery: Delivery, error: Exception) -> Failure:
    """Return the failure that an error makes of a delivery; the error's text holds no answers."""
    return Failure(delivery=delivery, reason=str(error), error=type(error).__name__)
