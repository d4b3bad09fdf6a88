"""Made-up responses and payloads, so that a test says only what it is about."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from formbridge.domain.answers import Value
from formbridge.domain.records import Delivery, Headers
from formbridge.domain.responses import Operation, Response, Shape, Status

SUBMITTED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LOGGED_AT = 1_772_438_400_000_000
"""2026-03-02 08:00:00 UTC in microseconds: when the log took the record with offset 0."""


def a_response(
    response_id: str = "r1",
    /,
    *,
    form_id: str = "form",
    answers: Mapping[str, Value] | None = None,
    submitted_at: datetime | None = SUBMITTED_AT,
    updated_at: datetime | None = None,
    status: Status = Status.COMPLETE,
    operation: Operation = Operation.UPSERT,
    source: str = "",
) -> Response:
    """Return a response with these answers by question id; without any it has one."""
    given = {"q1": "yes"} if answers is None else answers
    return Response(
        form_id=form_id,
        response_id=response_id,
        submitted_at=submitted_at,
        updated_at=updated_at,
        status=status,
        operation=operation,
        shape=Shape.of(*given),
        values=list(given.values()),
        source=source,
    )


def a_payload(
    response_id: str = "r1",
    /,
    *,
    form_id: str = "form",
    answers: Mapping[str, Value] | None = None,
    submitted_at: str = "2026-03-02T08:00:00Z",
    **more: Value,
) -> bytes:
    """Return a payload in the ``native`` format; ``more`` are keys such as ``updated_at``."""
    given = {"q1": "yes"} if answers is None else answers
    body = {
        "form_id": form_id,
        "response_id": response_id,
        "submitted_at": submitted_at,
        "answers": [{"question_id": key, "value": value} for key, value in given.items()],
        **more,
    }
    return json.dumps(body).encode()


def a_delivery(
    value: bytes | None = None,
    /,
    *,
    offset: int = 0,
    partition: int = 0,
    topic: str = "responses",
    key: bytes | None = b"form",
    headers: Headers = (),
) -> Delivery:
    """Return a delivery of this payload (or a made-up one), logged ``offset`` seconds later."""
    payload = a_payload() if value is None else value
    time = LOGGED_AT + offset * 1_000_000
    return Delivery(topic, partition, offset, key, payload, headers, time)
