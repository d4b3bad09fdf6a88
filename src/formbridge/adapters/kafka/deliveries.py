"""Messages of the SDK → deliveries."""

from collections.abc import Callable, Iterable
from functools import partial

from confluent_kafka import Message

from formbridge.domain.records import Delivery, Headers

MICROSECONDS = 1000
"""In one of Kafka's milliseconds."""
LATEST = 253_402_300_799_999
"""The last of the milliseconds that a date can have: the end of the year 9999."""

NO_NAME = "(<NULL>,"
"""How Python shows a header whose name the client could not read; nothing may touch the name."""

Pairs = Iterable[tuple[str, bytes | None]]

_new = tuple.__new__  # half the cost of a named tuple's own
_pairs: Callable[[Message], Pairs | None] = partial(Message.headers)  # type: ignore[assignment]  # a list, of bytes or null; see _named


def delivery_of(message: Message, topic: str) -> Delivery:
    """Return the delivery of a message that carries no error.

    A topic that a foreign producer made may keep that producer's times: then they are taken.
    """
    try:
        headers = _pairs(message)
    except SystemError:
        headers = _named(message)
    _, milliseconds = message.timestamp()
    if not 0 <= milliseconds <= LATEST:
        milliseconds = min(max(milliseconds, 0), LATEST)
    return _new(
        Delivery,
        (
            topic,
            message.partition(),
            message.offset(),
            message.key(),
            message.value(),
            _headers(headers) if headers else (),
            milliseconds * MICROSECONDS,
        ),
    )


def _named(message: Message) -> Pairs:
    """Return the headers without those whose names are not UTF-8, as clients in C may send them.

    For these the client makes a name that is NULL, and goes on with an error set: what it made is
    what it returns when asked again. Python does not look for that error where it calls a method
    often, uses the name, and the process is gone; it does where C calls it, hence ``partial``.
    Source: ``c_headers_to_py`` of confluent-kafka 2.16; ``_Py_CheckFunctionResult`` of CPython.
    """
    return [pair for pair in _pairs(message) or () if not repr(pair).startswith(NO_NAME)]


def _headers(headers: Pairs) -> Headers:
    """Return the headers; one without a value (null, which FormBridge writes never) has b""."""
    for _, value in headers:
        if value is None:
            return tuple([(name, it or b"") for name, it in headers])
    return tuple(headers)  # type: ignore[arg-type]  # none of them is null
