"""Appends to a topic of the cluster."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Lock

from confluent_kafka import Producer

from formbridge.adapters.kafka.outbox import Call, Outbox
from formbridge.domain.errors import BadInput, Closed
from formbridge.domain.ports import AsyncPublisher
from formbridge.domain.records import Record


class KafkaPublisher(AsyncPublisher):
    """Publishes with an idempotent producer: acknowledged is durable, in order, and once.

    Shared by threads and tasks. A full queue waits. What the cluster does not acknowledge within
    ``delivery.timeout.ms`` raises ``BrokerUnavailable``.
    """

    def __init__(self, make: Callable[[], Producer], *, topic: str) -> None:
        """Publish with the producer that ``make`` returns: one at a time, the first when needed."""
        self._make = make
        self._topic = topic
        self._outbox: Outbox | None = None
        self._lock = Lock()
        self._closed = False

    def publish(self, records: Sequence[Record], /) -> None:
        """Return when every record is acknowledged by all in-sync replicas."""
        outbox, call = self._begin(records)
        outbox.send(records, call)
        call.done.result()

    async def publish_async(self, records: Sequence[Record], /) -> None:
        """Do the same while the event loop goes on."""
        outbox, call = self._begin(records)
        for seconds in outbox.sending(records, call):
            await asyncio.sleep(seconds)
        await asyncio.wrap_future(call.done)

    def close(self) -> None:
        """Wait a little for what is under way, and release the producer."""
        with self._lock:
            self._closed = True
            outbox, self._outbox = self._outbox, None
        if outbox is not None:
            outbox.close()

    def _begin(self, records: Sequence[Record]) -> tuple[Outbox, Call]:
        _check(records)
        return self._opened(), Call(self._topic, len(records))

    def _opened(self) -> Outbox:
        with self._lock:
            if self._closed:
                raise Closed(f"this publisher of {self._topic!r} is closed; open another one")
            if self._outbox is not None and self._outbox.broken:
                self._outbox.close()
                self._outbox = None
            self._outbox = self._outbox or Outbox(self._make(), topic=self._topic)
            return self._outbox


def _check(records: Sequence[Record]) -> None:
    """Refuse what is not bytes: the client would encode text by itself."""
    for record in records:
        for content in (record.key, record.value):
            if content is not None and type(content) is not bytes:
                kind = type(content).__name__
                raise BadInput(f"key and value of a record are bytes or None, not {kind}")
        for name, value in record.headers:
            if type(value) is not bytes or type(name) is not str:
                kinds = f"{type(name).__name__} and {type(value).__name__}"
                raise BadInput(f"a header of a record is a name of text and bytes, not {kinds}")
