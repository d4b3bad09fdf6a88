"""Messages of the SDK → deliveries."""

from collections.abc import Iterable

from confluent_kafka import Message

from formbridge.domain.records import Delivery, Headers

MICROSECONDS = 1000
"""In one of Kafka's milliseconds."""

_new = tuple.__new__  # half the cost of a named tuple's own


def delivery_of(message: Message, topic: str) -> Delivery:
    """Return the delivery of a message that carries no error.

    A topic that a foreign producer made may keep that producer's times: then they are taken.
    """
    headers = message.headers()
    _, milliseconds = message.timestamp()
    return _new(
        Delivery,
        (
            topic,
            message.partition(),
            message.offset(),
            message.key(),
            message.value(),
            _headers(headers) if headers else (),  # type: ignore[arg-type]  # a list of bytes or null
            max(milliseconds, 0) * MICROSECONDS,
        ),
    )


def _headers(headers: Iterable[tuple[str, bytes | None]]) -> Headers:
    """Return the headers; one without a value (null, which FormBridge writes never) has b""."""
    for _, value in headers:
        if value is None:
            return tuple([(name, it or b"") for name, it in headers])
    return tuple(headers)  # type: ignore[arg-type]  # none of them is null
