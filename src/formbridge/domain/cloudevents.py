"""The headers of a record: CloudEvents 1.0, binary mode of its Kafka protocol binding.

``ce_*`` headers hold the attributes, ``content-type`` the type of the payload, and the value is the
payload as it was received. What else a format reads from the envelope stands in
``formbridge-*`` headers.
Source: cloudevents/spec v1.0.2, ``cloudevents/bindings/kafka-protocol-binding.md``, section 3.2.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from formbridge.domain.envelope import JSON, NO_HEADERS, Envelope
from formbridge.domain.records import LOGGED_AT, Delivery, Headers, Record
from formbridge.domain.responses import Response
from formbridge.domain.revision import moment_of

SPECVERSION = "1.0"
TYPE = "formbridge.response.v1"
SOURCE_PREFIX = "formbridge:"
_PREFIX = SOURCE_PREFIX.encode()
FORMAT = "formbridge-format"
ROUTE = "formbridge-route"
HEADER_PREFIX = "formbridge-header-"


def event_id(response: Response, payload: bytes) -> str:
    """Return the id of this content: the same submission published twice has the same one."""
    digest = blake2b(payload, digest_size=16)
    digest.update(f"{response.source}\x1f{response.form_id}\x1f{response.response_id}".encode())
    return digest.hexdigest()


def record_of(
    response: Response, envelope: Envelope, *, format_name: str, keep: Iterable[str] = ()
) -> Record:
    """Return the record to publish for a response, keyed by its form.

    ``keep`` names the request headers that the format reads; they travel with the record.
    """
    attributes = {
        "ce_specversion": SPECVERSION,
        "ce_id": event_id(response, envelope.payload),
        "ce_source": SOURCE_PREFIX + response.source,
        "ce_type": TYPE,
        "ce_time": moment_of(envelope.received_at).isoformat(),
        "ce_subject": response.response_id,
        "content-type": envelope.content_type,
        FORMAT: format_name,
    }
    if envelope.route:
        attributes[ROUTE] = envelope.route
    for name in keep:
        if name in envelope.headers:
            attributes[HEADER_PREFIX + name] = envelope.headers[name]
    headers = tuple((name, value.encode()) for name, value in attributes.items())
    return Record(key=response.form_id.encode(), value=envelope.payload, headers=headers)


def envelope_of(
    delivery: Delivery, fields: Mapping[str, bytes], *, keep: Sequence[str] = ()
) -> Envelope:
    """Return the envelope that a delivery's headers (``fields``, by name) describe.

    ``keep`` names the request headers that a format reads.
    """
    logged_at = delivery.time if LOGGED_AT not in fields else delivery.first_logged_at
    kept = {
        name: text_of(fields[HEADER_PREFIX + name])
        for name in keep
        if HEADER_PREFIX + name in fields
    }
    content_type, route = fields.get("content-type"), fields.get(ROUTE)
    return Envelope(
        delivery.value or b"",
        JSON if content_type is None else text_of(content_type),
        kept or NO_HEADERS,
        "" if route is None else text_of(route),
        logged_at,
    )


def source_of(fields: Mapping[str, bytes]) -> str:
    """Return the source that FormBridge set; a foreign event's source says nothing about tables."""
    source = fields.get("ce_source", b"")
    return text_of(source[len(_PREFIX) :]) if source.startswith(_PREFIX) else ""


def text_of(value: bytes) -> str:
    """Return a header's value as text; what is no UTF-8 is shown as such."""
    return value.decode("utf-8", "replace")


def texts_of(headers: Headers) -> dict[str, str]:
    """Return headers as text by lower-case name; of several with one name the last counts."""
    return {name.lower(): text_of(value) for name, value in headers}
