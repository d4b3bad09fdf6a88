"""The first decision: a batch of deliveries → the parts that a table sink will write.

Deliveries that cannot be read become failures; their neighbours go on.
"""

from collections.abc import Callable, Sequence

from formbridge.domain.errors import Undecodable
from formbridge.domain.identity import TableKey
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.domain.sinks import Failure, Part, Plan

Read = Callable[[Delivery], Sequence[Response]]
"""Reads the responses of a delivery: usually one. Raises ``Undecodable``."""


def plan_batch(deliveries: Sequence[Delivery], read: Read) -> Plan:
    """Sort the responses of these deliveries by their table, in the order of the log.

    The key of a part is its table as text; ``table_of`` gives the table itself.
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
            part = parts.get(place)
            if part is None:
                key = str(TableKey(form_id=response.form_id, source=response.source))
                part = parts[place] = Part(key=key)
            part.deliveries.append(delivery)
            part.items.append(response)
    return Plan(parts={part.key: part for part in parts.values()}, failures=failures)


def table_of(part: Part) -> TableKey:
    """Return the table of a part that ``plan_batch`` made."""
    response = part.items[0]
    if not isinstance(response, Response):
        message = f"part {part.key!r} holds {type(response).__name__}, not responses"
        raise TypeError(message)
    return TableKey(form_id=response.form_id, source=response.source)


def failure_of(delivery: Delivery, error: Exception) -> Failure:
    """Return the failure that an error makes of a delivery; the error's text holds no answers."""
    return Failure(delivery=delivery, reason=str(error), error=type(error).__name__)
