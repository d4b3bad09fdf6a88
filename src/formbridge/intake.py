"""Intake: a payload as it was received → a record in the log, durably, once."""

from collections.abc import Mapping, Sequence

import attrs

from formbridge.domain.cloudevents import event_id, record_of
from formbridge.domain.envelope import JSON, NO_HEADERS, Envelope
from formbridge.domain.ports import AsyncPublisher, Clock, Publisher
from formbridge.domain.records import Record
from formbridge.formats import Format


@attrs.frozen(kw_only=True)
class Receipt:
    """What was accepted. The same content gives the same ``event_id``, however often it comes."""

    form_id: str
    response_id: str
    event_id: str


@attrs.frozen(kw_only=True)
class Intake:
    """Accepts payloads of one format and publishes them.

    ``source`` tells apart systems whose form ids may collide; a table belongs to source and form.
    Raises ``Undecodable`` for a payload that no sink could read, and ``BrokerUnavailable`` when the
    log did not take it: then answer 503, and let the sender try again.
    """

    publisher: Publisher
    format: Format
    clock: Clock
    source: str = ""

    def accept(
        self,
        payload: bytes,
        *,
        content_type: str = JSON,
        headers: Mapping[str, str] = NO_HEADERS,
        route: str = "",
    ) -> tuple[Receipt, ...]:
        """Publish one payload; return what was in it when the log has it durably."""
        return self.accept_all([self._envelope(payload, content_type, headers, route)])

    async def accept_async(
        self,
        payload: bytes,
        *,
        content_type: str = JSON,
        headers: Mapping[str, str] = NO_HEADERS,
        route: str = "",
    ) -> tuple[Receipt, ...]:
        """Do the same as ``accept`` while the event loop goes on, for hosts such as ASGI's."""
        envelope = self._envelope(payload, content_type, headers, route)
        records, receipts = self._prepared([envelope])
        if isinstance(self.publisher, AsyncPublisher):
            await self.publisher.publish_async(records)
        else:
            from asyncio import to_thread  # noqa: PLC0415 - who awaits has loaded it; others need not

            await to_thread(self.publisher.publish, records)
        return receipts

    def accept_all(self, envelopes: Sequence[Envelope]) -> tuple[Receipt, ...]:
        """Publish several payloads in one durable step.

        A payload that cannot be read refuses them all. After ``BrokerUnavailable`` some may have
        been taken: sending all of them again is safe.
        """
        records, receipts = self._prepared(envelopes)
        self.publisher.publish(records)
        return receipts

    def prepare(self, envelope: Envelope) -> list[tuple[Record, Receipt]]:
        """Return the records that a payload makes, one per response, without publishing them."""
        prepared = []
        for single in self.format.split(envelope):
            for response in self.format.read(single, source=self.source):
                record = record_of(
                    response, single, format_name=self.format.name, keep=self.format.headers
                )
                receipt = Receipt(
                    form_id=response.form_id,
                    response_id=response.response_id,
                    event_id=event_id(response, single.payload),
                )
                prepared.append((record, receipt))
        return prepared

    def _envelope(
        self, payload: bytes, content_type: str, headers: Mapping[str, str], route: str
    ) -> Envelope:
        lowered = {name.lower(): value for name, value in headers.items()}
        return Envelope(payload, content_type, lowered, route, self.clock.now())

    def _prepared(self, envelopes: Sequence[Envelope]) -> tuple[list[Record], tuple[Receipt, ...]]:
        pairs = [pair for envelope in envelopes for pair in self.prepare(envelope)]
        return [record for record, _ in pairs], tuple(receipt for _, receipt in pairs)
