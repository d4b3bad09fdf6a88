"""The stage that table and function sinks put in front of themselves: delivery → responses."""

import re
from collections.abc import Mapping, Sequence

import attrs

from formbridge.domain.cloudevents import FORMAT, envelope_of, source_of, text_of
from formbridge.domain.envelope import JSON, NO_HEADERS, Envelope
from formbridge.domain.errors import BadDescription, Undecodable
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.formats import Format, load_format, shipped_formats

MAGIC = b"\0"
FRAME = re.compile(rb"\0.{4}(?=\s*[\[{])", re.DOTALL)
"""A zero byte and a schema's number, before JSON: no JSON begins so.

Source: "Wire format" in the documentation of Confluent's Schema Registry.
"""

_new = tuple.__new__  # half the cost of a named tuple's own


@attrs.define(eq=False)
class Decoding:
    """Reads deliveries with the format that their record names, else with the default.

    ``default`` also serves records that name it, so that a corrected description under the same
    name repairs what a replay brings. Other formats are those that ship with FormBridge and
    ``others``, by name.
    """

    default: Format
    others: Mapping[str, Format] = attrs.field(factory=dict)
    _formats: dict[bytes, Format] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Start with what was given; shipped formats are loaded when a record asks for one."""
        formats = {**self.others, self.default.name: self.default}
        self._formats = {name.encode(): form for name, form in formats.items()}

    def __call__(self, delivery: Delivery) -> Sequence[Response]:
        """Return the responses of a delivery; raise ``Undecodable``."""
        if delivery.value is None:
            problem, remedy = "the record has no value", "publish a response that is marked delete"
            raise Undecodable("$", problem, remedy)
        if delivery.value.startswith(MAGIC):
            delivery = delivery._replace(value=unframed(delivery.value))
        if not delivery.headers:
            return self.default.read(
                _new(Envelope, (delivery.value, JSON, NO_HEADERS, "", delivery.time))
            )
        fields = {name.lower(): value for name, value in delivery.headers}
        named = fields.get(FORMAT)
        form = self.default if named is None else self._format(named)
        envelope = envelope_of(delivery, fields, keep=form.headers)
        return form.read(envelope, source_of(fields))

    def _format(self, header: bytes) -> Format:
        known = self._formats.get(header)
        if known is not None:
            return known
        name = text_of(header)
        if name not in shipped_formats():
            problem = f"the record was published with the format {name!r}, which is unknown here"
            raise Undecodable("$", problem, "give this sink the description file of that format")
        try:
            return self._formats.setdefault(header, load_format(name))
        except BadDescription as error:
            raise Undecodable("$", str(error)) from error


def unframed(value: bytes) -> bytes:
    """Return a value without the five bytes that a JSON Schema serializer puts before it."""
    frame = FRAME.match(value)
    return value if frame is None else value[frame.end() :]
